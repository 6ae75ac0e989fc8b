"""What stop conditions read at an update, from a run gone over again."""

from __future__ import annotations

import math
from collections.abc import Iterator
from time import sleep

import numpy as np
import pytest

from bpstudio.debugger import stop_values as module
from bpstudio.debugger.history import Series
from bpstudio.debugger.session import Session
from bpstudio.debugger.stop_values import Value, stalled, stop_values
from bpstudio.debugger.training_stops import TrainingStop
from bpstudio.files.example import load_example

EPOCH = (0.5, 0.75, 0.25, 0.875, 2.0)


@pytest.fixture
def session() -> Iterator[Session]:
    made = Session(load_example())
    made.change(epochs=3)
    made.train()
    while made.is_training:
        sleep(0.01)
        made.poll()
    yield made
    made.close()


def value(session: Session, T: int, text: str) -> Value:
    assert session.recording is not None
    return stop_values(session.recording, T, [TrainingStop(1, text)], EPOCH)[1]


def test_a_comparison_reads_its_left_side(session: Session) -> None:
    assert session.snapshot is not None
    assert value(session, 20, "loss > 2 * loss[-10]") == session.snapshot.batch_losses.values[20]
    assert value(session, 20, "step > 3") == 20
    assert value(session, 20, "epoch * 100 + batch > 3") == 108


def test_anything_else_reads_whether_it_holds(session: Session) -> None:
    assert value(session, 5, "isnan(grad)") is False
    assert value(session, 5, "not isnan(grad)") is True


def test_one_that_does_not_fit_the_network_leaves_the_others_their_values(
    session: Session,
) -> None:
    assert session.recording is not None
    stops = [TrainingStop(1, "norm(dC_dw[9]) > 1"), TrainingStop(2, "step > 3")]
    assert stop_values(session.recording, 20, stops, EPOCH) == {1: None, 2: 20.0}


def test_the_update_that_comes_next_is_looked_at_as_well(session: Session) -> None:
    assert value(session, 36, "norm(dC_dw[3]) < 1e-6") is not None


def test_what_looks_back_before_the_run_is_not_there_yet(session: Session) -> None:
    assert value(session, 9, "loss[-10] > 2") is None
    assert value(session, 10, "loss[-10] > 2") is not None


def test_the_validation_is_that_of_the_last_whole_epoch(session: Session) -> None:
    assert value(session, 20, "loss(validation) < 0.1") == EPOCH[2]
    assert value(session, 20, "accuracy(validation) > 0.9") == EPOCH[3]


def test_epochs_without_a_better_validation_loss_are_counted(session: Session) -> None:
    assert value(session, 20, "stalled >= 2") == 2
    losses = Series(np.array([3.0, 1.0, 2.0, 1.5, 0.5]), 1, 5, 0.5)
    assert [stalled(losses, epochs) for epochs in range(1, 6)] == [0, 0, 1, 2, 0]
    assert math.isnan(stalled(losses, 0))


def test_a_count_over_more_than_can_be_gone_over_again_is_left_out(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert value(session, 30, "sign_flips(w[3][2,2]) > 5") is not None
    monkeypatch.setattr(module, "MOST_WORK", 1000)  # one update has 82 parameters · 10 rows
    assert value(session, 30, "sign_flips(w[3][2,2]) > 5") is None
    assert value(session, 30, "loss > 5") is not None
    monkeypatch.setattr(module, "MOST_WORK", 100)
    assert value(session, 30, "loss > 5") is None


def test_looking_leaves_the_run_as_it_is(session: Session) -> None:
    assert session.recording is not None
    before = session.recording.visit(36).state.parameters.copy()
    value(session, 36, "sign_flips(w[3][2,2]) > 5")
    assert session.recording.length == 36
    assert session.recording.visit(36).state.parameters.tobytes() == before.tobytes()


def test_a_change_of_settings_is_looked_back_across(session: Session) -> None:
    session.change(lr=0.25, epochs=1)
    session.train()
    while session.is_training:
        sleep(0.01)
        session.poll()
    assert session.recording is not None
    assert session.snapshot is not None
    changed = session.recording.segments[-1].first
    assert changed == 36
    assert value(session, changed + 2, "loss[-10] > 2") == pytest.approx(
        session.snapshot.batch_losses.values[changed - 8], rel=1e-12
    )
    assert value(session, changed + 2, "sign_flips(dC_dw[3][2,1]) > 3") is not None
