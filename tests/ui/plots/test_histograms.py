"""Histograms of a layer, now and over a run."""

from __future__ import annotations

import numpy as np
from pytestqt.qtbot import QtBot

from bpstudio.core.histograms import BINS, histogram
from bpstudio.core.notation import format_number
from bpstudio.core.parameters import unflatten
from bpstudio.core.trace import compute_trace
from bpstudio.debugger.session import Session
from bpstudio.ui.plots.moments import MOST_RECORDED
from tests.ui.plots.conftest import MakeView, settle, train


def test_the_bars_count_the_weights_of_the_layer(make_view: MakeView, session: Session) -> None:
    view = make_view("histograms", session)
    x, y = view.bars.getData()
    edges, counts = histogram(session.network.layer(2).W).coarse()
    assert np.array_equal(x, edges)
    assert np.array_equal(y, counts)
    view.layer.control.button("4").click()
    assert view.bars.getData()[1].sum() == session.network.layer(4).W.size


def test_gradients_are_the_mean_over_the_pass(make_view: MakeView, session: Session) -> None:
    view = make_view("histograms", session)
    view.kind.button("gradients").click()
    gradient = session.debugger.trace.mean_dC_dw(2)
    assert np.array_equal(view.bars.getData()[1], histogram(gradient).coarse()[1])
    assert format_number(float(gradient.max())) in view.side.text()


def test_a_run_is_an_image_with_a_column_for_each_moment(
    make_view: MakeView, session: Session, qtbot: QtBot
) -> None:
    view = make_view("histograms", session)
    view.time.button("run").click()
    train(qtbot, session)
    settle(qtbot, view)
    updates = [moment.update for moment in view.moments]
    assert updates[0] == 0
    assert updates[-1] == session.snapshot.steps_done
    assert updates == sorted(set(updates))
    assert view.image.image.shape == (BINS, len(updates), 3)
    columns = view.numbers().columns
    assert columns[:3] == ("from", "to", "update 0")
    assert sum(row[2] for row in view.numbers().rows) == session.network.layer(2).W.size


def test_a_run_that_nobody_looked_at_is_shown_from_its_recording(
    make_view: MakeView, session: Session, qtbot: QtBot
) -> None:
    train(qtbot, session, epochs=20)
    view = make_view("histograms", session)
    session.visit(7)  # the rows of that update are not those of the moments
    view.time.button("run").click()
    settle(qtbot, view)
    recording = session.recording
    assert recording is not None
    updates = [moment.update for moment in view.moments]
    assert (len(updates), updates[0], updates[-1]) == (MOST_RECORDED, 0, recording.length)
    assert f"{MOST_RECORDED} moments of the run" in view.side.text()
    T, moment = updates[30], view.moments[30]
    network = unflatten(session.network, recording.visit(T).state.parameters)
    left = session.debugger.left
    assert left is not None
    trace = compute_trace(network, left[1].batch(left[2]), "sse")
    for kind, numbers in (("weights", network.layer(3).W), ("gradients", trace.mean_dC_dw(3))):
        assert np.array_equal(moment.spread[kind, 3].counts, histogram(numbers).counts)


def test_moments_of_another_experiment_are_not_mixed_in(
    make_view: MakeView, session: Session, qtbot: QtBot
) -> None:
    view = make_view("histograms", session)
    view.time.button("run").click()
    train(qtbot, session, epochs=1)
    settle(qtbot, view)
    view.hide()
    session.change(seed=3)
    train(qtbot, session, epochs=2)
    view.show()
    settle(qtbot, view)
    assert session.recording is not None
    expected = histogram(session.recording.visit(0).state.parameters[:20])  # layer 2: 5 × 4
    assert np.array_equal(view.moments[0].spread["weights", 2].counts, expected.counts)


def test_a_run_that_began_again_forgets_what_was_seen(
    make_view: MakeView, session: Session, qtbot: QtBot
) -> None:
    view = make_view("histograms", session)
    train(qtbot, session)
    settle(qtbot, view)
    session.restart()
    settle(qtbot, view)
    assert [moment.update for moment in view.moments] == [0]


def test_the_read_out_has_the_bin_under_the_pointer(make_view: MakeView, session: Session) -> None:
    view = make_view("histograms", session)
    made = histogram(session.network.layer(2).W)
    edges, counts = made.coarse()
    fullest = int(counts.argmax())
    text = view.at(float(edges[fullest : fullest + 2].mean()), 0.0)
    assert format_number(float(edges[fullest])) in text
    assert f"<b>{counts[fullest]}</b>" in text
    assert "<b>0</b>" in view.at(10 * made.limit, 0.0)


def test_a_smaller_network_shows_a_layer_that_it_has(
    make_view: MakeView, session: Session, qtbot: QtBot
) -> None:
    view = make_view("histograms", session)
    view.layer.control.button("4").click()
    session.change(hidden=(2,), activations=("tanh",))
    settle(qtbot, view)
    assert view.bars.getData()[1].sum() == session.network.layer(3).W.size


def test_a_visit_to_the_past_shows_its_weights_and_forgets_nothing(
    make_view: MakeView, session: Session, qtbot: QtBot
) -> None:
    view = make_view("histograms", session)
    train(qtbot, session)
    settle(qtbot, view)
    seen = view.moments
    session.visit(5)
    settle(qtbot, view)
    expected = histogram(session.debugger.trace.network.layer(2).W)
    assert np.array_equal(view.bars.getData()[1], expected.coarse()[1])
    assert "Update 5" in view.at(0.0, 0.0)
    assert view.moments == seen


def test_the_numbers_are_those_of_the_bars_while_others_are_worked_out(
    make_view: MakeView, session: Session, qtbot: QtBot
) -> None:
    view = make_view("histograms", session)
    before = view.side.text()
    session.debugger.set_weight(2, 0, 0, 77.0)
    view.show_summary()
    assert view.side.text() == before
    settle(qtbot, view)
    assert "77" in view.side.text()
