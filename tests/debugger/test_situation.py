"""What the diagnoses are told of a session."""

from __future__ import annotations

import time
from collections.abc import Iterator

import numpy as np
import pytest

from bpstudio.core.dataset import Dataset
from bpstudio.core.diagnoses import diagnose
from bpstudio.debugger.experiment import Experiment
from bpstudio.debugger.session import Session
from bpstudio.debugger.situation import MOST_ROWS, sampled, situation_of
from bpstudio.files.example import load_example


@pytest.fixture
def session() -> Iterator[Session]:
    made = Session(load_example())
    yield made
    made.close()


def train(session: Session, epochs: int) -> None:
    session.change(epochs=epochs)
    session.train()
    while session.is_training:
        session.poll()
        time.sleep(0.002)


def test_before_training_there_are_no_curves(session: Session) -> None:
    situation = situation_of(session)
    assert (situation.losses, situation.updates, situation.finished) == (None, 0, False)
    assert situation.network is session.network


def test_the_pass_is_over_the_training_rows_and_not_over_that_of_the_debugger(
    session: Session,
) -> None:
    trace = situation_of(session).trace
    assert trace is not None
    assert set(trace.rows) == set(session.data.rows[session.data.training].tolist())
    assert session.debugger.rows == (52,)


def test_after_training_the_curves_are_those_of_the_run(session: Session) -> None:
    train(session, 8)
    situation, snapshot = situation_of(session), session.snapshot
    assert snapshot is not None
    assert situation.losses is snapshot.epoch_losses.values
    assert situation.validation is snapshot.validation_losses.values
    assert (situation.updates, situation.finished) == (96, True)


def test_all_is_in_order_with_the_example(session: Session) -> None:
    session.change(seed=0)
    train(session, 30)
    assert {d.level for d in diagnose(situation_of(session))} == {"ok"}


def test_what_the_optimiser_remembers_is_part_of_the_next_update(session: Session) -> None:
    session.change(optimizer="momentum", lr=0.05)
    train(session, 5)
    remembered = situation_of(session).norms
    session.change(optimizer="sgd")  # keeps the weights
    plain = situation_of(session).norms
    assert remembered is not None
    assert plain is not None
    assert remembered[0].gradient == plain[0].gradient
    assert remembered[0].update != pytest.approx(plain[0].update, rel=0.1)


def test_a_visit_to_the_past_is_judged_by_what_was_known_then(session: Session) -> None:
    session.change(optimizer="momentum", lr=0.05)
    train(session, 4)
    assert session.snapshot is not None
    known = session.snapshot.epoch_losses.values.tolist()
    session.visit(36)
    then = situation_of(session).norms
    session.present()
    session.change(lr=0.5)
    train(session, 8)
    session.visit(36)  # before the first update of the fourth epoch
    there = situation_of(session)
    assert there.losses is not None
    assert there.losses.tolist() == known[:3]
    assert (there.updates, there.finished, there.lr) == (36, False, 0.05)
    assert there.norms == then
    session.visit(48 + 96)
    assert situation_of(session).finished


def test_a_setting_changed_in_the_past_is_the_one_that_is_judged(session: Session) -> None:
    train(session, 2)
    session.visit(3)
    session.change(lr=0.125)
    assert situation_of(session).lr == 0.125


@pytest.mark.parametrize(("n", "expected"), [(3, 3), (4000, MOST_ROWS)])
def test_a_sample_is_spread_over_all_training_rows(n: int, expected: int) -> None:
    data = Dataset.from_arrays(np.zeros((n, 1)), np.zeros(n)).split(0, 0)
    positions = sampled(data, MOST_ROWS)
    assert len(set(positions.tolist())) == expected
    assert (positions[0], positions[-1]) == (0, n - 1)


@pytest.mark.parametrize(("hidden", "most"), [((64,), MOST_ROWS - 1), ((8000,), 0)])
def test_a_large_network_is_passed_by_fewer_rows_or_none(hidden: tuple[int], most: int) -> None:
    rng = np.random.default_rng(0)
    data = Dataset.from_arrays(rng.normal(size=(600, 400)), rng.normal(size=600))
    session = Session(data, Experiment(hidden=hidden, activations=("relu",)))
    trace = situation_of(session).trace
    assert (0 if trace is None else len(trace.rows)) <= most
    assert "inputs" in {d.kind for d in diagnose(situation_of(session))}
    session.close()
