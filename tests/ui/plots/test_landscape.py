"""The loss along weights."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from bpstudio.core.landscape import Parameter
from bpstudio.core.losses import find_loss
from bpstudio.core.notation import format_number
from bpstudio.core.parameters import unflatten
from bpstudio.core.passes import forward
from bpstudio.debugger.session import Session
from bpstudio.ui.plots.landscape import CONTOUR, CURVE, MOST_VISITS, symbol_html
from tests.ui.panels.conftest import Attempts
from tests.ui.plots.conftest import MakeView, settle, train

PAIR = (Parameter(4, 0, 0), Parameter(4, 0, 1))


def loss_with(session: Session, values: list[float], along: tuple[Parameter, ...]) -> float:
    """C of the pass with other weights."""
    network, trace = session.network, session.debugger.trace
    for parameter, value in zip(along, values, strict=True):
        network = parameter.put(network, value)
    a = forward(network, trace.X)[1][-1]
    return float(find_loss(trace.loss).C_j(a, trace.Y).sum(axis=1).mean())


def test_the_curve_is_the_loss_with_another_weight(make_view: MakeView, session: Session) -> None:
    view = make_view("landscape", session)
    x, y = view.curve.getOriginalDataset()
    assert len(x) == CURVE[-1]
    for n in (0, 40, CURVE[-1] - 1):
        assert y[n] == pytest.approx(loss_with(session, [x[n]], (Parameter(2, 0, 0),)))


def test_the_mark_is_where_the_weight_stands(make_view: MakeView, session: Session) -> None:
    view = make_view("landscape", session)
    xs, ys = view.here.getData()
    assert xs[0] == session.network.layer(2).W[0, 0]
    assert ys[0] == pytest.approx(float(session.debugger.trace.C.mean()))
    assert f"{format_number(float(ys[0]), 5)}<" in view.summary()


def test_two_weights_give_a_contour(make_view: MakeView, session: Session, qtbot: QtBot) -> None:
    view = make_view("landscape", session)
    view.choice.choose(*PAIR)
    settle(qtbot, view)
    rows = view.numbers().rows
    assert len(rows) == CONTOUR[-1] ** 2
    for n in (0, 700, len(rows) - 1):
        *values, loss = rows[n]
        assert loss == pytest.approx(loss_with(session, values, PAIR))
    assert [field.text() for field in (view.choice.first, view.choice.second)] == [
        "w/l4/j0/k0",
        "w/l4/j0/k1",
    ]
    x, y = view.here.getData()
    assert [x[0], y[0]] == session.network.layer(4).W[0, :2].tolist()


def test_all_training_rows_may_be_taken(
    make_view: MakeView, session: Session, qtbot: QtBot
) -> None:
    view = make_view("landscape", session)
    view.choice.rows.button("training").click()
    settle(qtbot, view)
    data, W = session.data, session.network.layer(2).W
    a = forward(session.network, data.X[data.training])[1][-1]
    expected = float(np.square(a - data.Y[data.training]).sum(axis=1).mean())
    assert view.here.getData()[1][0] == pytest.approx(expected)
    assert view.here.getData()[0][0] == W[0, 0]


def test_what_is_typed_is_taken_and_what_is_no_weight_refused(
    make_view: MakeView, session: Session, attempts: Attempts, qtbot: QtBot
) -> None:
    view = make_view("landscape", session)
    view.choice.first.setText("b/l3/j2")
    view.choice.first.editingFinished.emit()
    settle(qtbot, view)
    assert view.numbers().columns == ("b/l3/j2", "loss")
    view.choice.first.setText("w/l3/j9/k0")
    view.choice.first.editingFinished.emit()
    assert "layer 3 has 6 nodes" in attempts.refused[-1]
    assert view.choice.first.property("invalid")
    assert view.numbers().columns == ("b/l3/j2", "loss")
    view.choice.first.setText("w/l3/j1/k0")
    view.choice.second.setText("w/l3/j1/k0")
    view.choice.second.editingFinished.emit()
    assert "given twice" in attempts.refused[-1]
    view.choice.first.clear()
    view.choice.second.clear()
    view.choice.first.editingFinished.emit()
    assert view.choice.first.text() == "b/l3/j2"


def test_the_weight_of_the_current_step_is_a_button_away(
    make_view: MakeView, session: Session, qtbot: QtBot
) -> None:
    view = make_view("landscape", session)
    session.debugger.goto("s52/back/l3/j2/k1/dC_dw")
    view.choice.take.click()
    settle(qtbot, view)
    assert view.numbers().columns == ("w/l3/j2/k1", "loss")


def test_a_weight_that_is_changed_moves_the_mark_and_at_last_the_range(
    make_view: MakeView, session: Session, qtbot: QtBot
) -> None:
    view = make_view("landscape", session)
    before = view.curve.getOriginalDataset()[0]
    session.debugger.set_weight(2, 0, 0, float(before[70]))
    settle(qtbot, view)
    assert view.here.getData()[0][0] == before[70]
    assert np.array_equal(view.curve.getOriginalDataset()[0], before)
    session.debugger.set_weight(2, 0, 0, 100.0)
    settle(qtbot, view)
    x = view.curve.getOriginalDataset()[0]
    assert x[0] < 100.0 < x[-1]


def test_a_network_that_lacks_the_weight_shows_another(
    make_view: MakeView, session: Session, qtbot: QtBot
) -> None:
    view = make_view("landscape", session)
    view.choice.choose(Parameter(3, 5, 4))
    session.change(hidden=(2, 2), activations=("tanh", "tanh"))
    settle(qtbot, view)
    assert view.numbers().columns == ("w/l2/j0/k0", "loss")


def test_the_read_out_is_the_loss_at_the_pointer(make_view: MakeView, session: Session) -> None:
    view = make_view("landscape", session)
    text = view.at(0.123, 0.0)
    assert format_number(loss_with(session, [0.123], (Parameter(2, 0, 0),))) in text


def test_the_path_is_where_the_weights_were_in_the_run(
    make_view: MakeView, session: Session, qtbot: QtBot
) -> None:
    view = make_view("landscape", session)
    view.choice.choose(*PAIR)
    train(qtbot, session, epochs=20)
    settle(qtbot, view)
    recording = session.recording
    assert recording is not None
    x, y = view.path.getOriginalDataset()
    assert 2 < len(x) <= MOST_VISITS
    at_start = unflatten(session.network, recording.visit(0).state.parameters).layer(4).W
    assert (x[0], y[0]) == (at_start[0, 0], at_start[0, 1])
    assert (x[-1], y[-1]) == tuple(session.network.layer(4).W[0, :2])
    assert "Dots" in view.side.text()
    session.restart()
    settle(qtbot, view)
    assert view.path.getOriginalDataset()[0] is None or not len(view.path.getOriginalDataset()[0])


def test_a_range_that_the_run_left_is_put_round_the_weights_again(
    make_view: MakeView, session: Session, qtbot: QtBot
) -> None:
    view = make_view("landscape", session)
    view.choice.reach.setValue(0.01)
    settle(qtbot, view)
    train(qtbot, session, epochs=20)
    settle(qtbot, view)
    x = view.curve.getOriginalDataset()[0]
    assert x[0] < session.network.layer(2).W[0, 0] < x[-1]


def test_a_typed_reach_is_how_far_the_curve_goes(
    make_view: MakeView, session: Session, qtbot: QtBot
) -> None:
    view = make_view("landscape", session)
    view.choice.reach.selectAll()
    qtbot.keyClicks(view.choice.reach, "0.25")
    qtbot.keyClick(view.choice.reach, Qt.Key.Key_Return)
    settle(qtbot, view)
    x = view.curve.getOriginalDataset()[0]
    assert x[-1] - x[0] == pytest.approx(0.5)


def test_parameters_have_the_symbols_of_the_page() -> None:
    assert symbol_html(Parameter(4, 0, 0), 4) == "<i>w</i><sub>00</sub><sup>(L)</sup>"
    assert symbol_html(Parameter(3, 2, 11), 4) == "<i>w</i><sub>2,11</sub><sup>(L\u22121)</sup>"
    assert symbol_html(Parameter(2, 3), 4) == "<i>b</i><sub>3</sub><sup>(2)</sup>"
