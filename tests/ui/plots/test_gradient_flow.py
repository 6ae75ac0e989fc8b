"""Gradient flow: bars of a pass, curves of a run."""

from __future__ import annotations

import math

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from bpstudio.core.layer_flow import layer_flow
from bpstudio.core.notation import format_number
from bpstudio.debugger.history import Series
from bpstudio.debugger.layer_series import LayerSeries
from bpstudio.debugger.session import Session
from bpstudio.ui.plots.gradient_flow import MOST_POINTS, at_once, averaged, percent
from bpstudio.ui.plots.panel import EVERYTHING
from bpstudio.ui.theme import Appearance
from tests.ui.plots.conftest import MakeView, train


def heights(view: object) -> list[float]:
    """The tops of the bars, undone from the log scale."""
    opts = [bar.opts for bar in view.bars]  # type: ignore[attr-defined]
    return [10 ** (o["y0"][0] + o["height"][0]) for o in opts]


def test_a_bar_is_the_norm_of_its_layer(make_view: MakeView, session: Session) -> None:
    view = make_view("gradient_flow", session)
    flow = layer_flow(session.debugger.trace)
    assert heights(view) == pytest.approx([f.grad_norm for f in flow])
    view.quantity.button("ratio").click()
    assert heights(view) == pytest.approx([f.update_ratio for f in flow])


def test_the_read_out_has_the_exact_numbers_of_the_layer_under_the_pointer(
    make_view: MakeView, session: Session
) -> None:
    view = make_view("gradient_flow", session)
    flow = layer_flow(session.debugger.trace)[1]
    text = view.at(3.2, -1.0)
    assert "Layer 3" in text
    for number in (flow.grad_norm, flow.weight_norm, flow.update_norm, flow.update_ratio):
        assert format_number(number, 6) in text
    assert view.at(9.0, 0.0) == ""


def test_bars_follow_the_network(make_view: MakeView, session: Session) -> None:
    view = make_view("gradient_flow", session)
    before = heights(view)
    session.debugger.set_weight(4, 0, 0, 3.0)
    assert heights(view) != before
    session.change(hidden=(3,), activations=("tanh",))
    assert len(view.bars) == 2


def test_a_gradient_of_zero_has_no_bar(make_view: MakeView, session: Session) -> None:
    session.change(init="zeros", bias=False)
    view = make_view("gradient_flow", session)
    shown = [f for f in layer_flow(session.debugger.trace) if f.grad_norm > 0]
    assert len(view.bars) == len(shown) < 3


def test_over_time_there_is_a_curve_a_layer(
    make_view: MakeView, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    values = np.array([0.5, 0.25, 0.0, math.nan])
    series = Series(values, 1, 4, 0.1)
    recorded = tuple(LayerSeries(l, series, series) for l in (2, 3, 4))
    monkeypatch.setattr(Session, "layer_series", lambda _self: recorded)
    view = make_view("gradient_flow", session)
    assert view.bars
    view.time.button("run").click()
    assert not view.bars
    x, y = view.curves[0].getOriginalDataset()
    assert x.tolist() == [0, 1, 2, 3]
    assert np.isnan(y).tolist() == [False, False, True, True]
    assert "layer 4" in view.at(1.1, 0.0)
    assert format_number(0.25, 6) in view.at(1.1, 0.0)
    assert view.numbers().columns == ["update", "layer 2", "layer 3", "layer 4"]
    assert view.numbers().rows[1] == [1.0, 0.25, 0.25, 0.25]


def test_a_run_without_records_has_bars_only(make_view: MakeView, session: Session) -> None:
    view = make_view("gradient_flow", session)
    assert not view.time.isVisible()


def test_the_numbers_are_a_row_a_layer(make_view: MakeView, session: Session) -> None:
    table = make_view("gradient_flow", session).numbers()
    flow = layer_flow(session.debugger.trace)
    assert [row[0] for row in table.rows] == [2, 3, 4]
    assert table.rows[0][1] == flow[0].grad_norm


def test_another_theme_draws_the_same_numbers(
    make_view: MakeView, session: Session, appearance: Appearance
) -> None:
    view = make_view("gradient_flow", session)
    before, text = heights(view), view.side.text()
    appearance.choose("dark")
    view.refresh(EVERYTHING)
    assert heights(view) == before
    assert view.side.text() != text


def test_what_does_not_concern_it_draws_nothing(
    make_view: MakeView, session: Session, qtbot: QtBot
) -> None:
    view = make_view("gradient_flow", session)
    bars = view.bars
    session.debugger.step_into()
    assert view.bars is bars


def test_the_curves_of_a_run_are_those_it_recorded(
    make_view: MakeView, session: Session, qtbot: QtBot
) -> None:
    view = make_view("gradient_flow", session)
    train(qtbot, session, epochs=5)
    view.time.button("run").click()
    recorded = session.layer_series()
    assert view.current.value() == session.snapshot.steps_done
    assert recorded[0].grad_norms.count == session.snapshot.steps_done
    for n, series in enumerate(recorded):
        x, y = view.curves[2 * n].getOriginalDataset()
        assert np.array_equal(x, series.grad_norms.positions())
        assert np.array_equal(y, series.grad_norms.values)


def test_a_long_run_is_drawn_by_means_of_neighbouring_updates() -> None:
    values = np.arange(1.0, 251.0)
    values[7] = np.nan
    series = Series(values, 2, 500, 250.0)
    x, y = averaged(series)
    assert at_once(series) == 6  # three points, each of two updates
    assert len(x) == 250 // 3 <= MOST_POINTS
    assert (x[0], y[0]) == (2.5, 2.0)
    assert np.flatnonzero(np.isnan(y)).tolist() == [2]


def test_a_visited_update_is_marked_on_the_curves(
    make_view: MakeView, session: Session, qtbot: QtBot
) -> None:
    view = make_view("gradient_flow", session)
    train(qtbot, session, epochs=5)
    view.time.button("run").click()
    session.visit(17)
    assert view.current.value() == 17
    assert view.current.isVisible()


@pytest.mark.parametrize(
    ("share", "words"),
    [(0.0, "0"), (0.2145, "21.45"), (0.0000213, "0.0021"), (2.1e-6, "2.10\u2009×\u200910⁻⁴")],
)
def test_a_small_ratio_is_told_from_nothing(share: float, words: str) -> None:
    assert percent(share) == f"{words}\u202f%"
