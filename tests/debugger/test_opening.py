"""Data made ready beforehand open as data do that are made ready on the spot."""

from __future__ import annotations

import pytest

from bpstudio.core.errors import InputError
from bpstudio.debugger import opening
from bpstudio.debugger.experiment import Experiment
from bpstudio.debugger.opening import prepare
from bpstudio.debugger.session import Session
from bpstudio.files.example import load_example


def small_session() -> Session:
    return Session(load_example(), Experiment(hidden=(2,), activations=("tanh",)))


def state(session: Session) -> tuple[object, ...]:
    data, weights = session.data, [layer.W.tobytes() for layer in session.network.layers]
    arrays = (data.X, data.Y, data.training, data.validation)
    return (session.experiment, session.row, weights, *(array.tobytes() for array in arrays))


def test_both_roads_lead_to_the_same_session() -> None:
    one, other, dataset = small_session(), small_session(), load_example()
    one.open_data(dataset)
    one.change(seed=3, validation=0.4, scale="minmax", split="stratified")
    settings = {"seed": 3, "validation": 0.4, "scale": "minmax", "split": "stratified"}
    other.open_prepared(prepare(dataset, other.experiment, **settings))
    assert state(one) == state(other)


def test_settings_changed_in_the_meantime_are_kept() -> None:
    session, dataset = small_session(), load_example()
    opening = prepare(dataset, session.experiment, scale="minmax")
    session.change(seed=5)
    session.open_prepared(opening)
    assert (session.experiment.seed, session.experiment.scale) == (5, "minmax")
    assert session.data.scaling.kind == "minmax"


def test_an_impossible_split_is_refused_beforehand() -> None:
    with pytest.raises(InputError, match="leaves no row"):
        prepare(load_example(), Experiment(), validation=0.999)


def test_opening_is_one_notification() -> None:
    session, heard = small_session(), []
    session.subscribe(heard.append)
    session.open_prepared(prepare(load_example(), session.experiment))
    assert len(heard) == 1
    assert {"data", "experiment", "run"} <= heard[0]


def test_large_data_open_before_all_samples_are_scaled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "AT_ONCE", 0)
    session = small_session()
    made = prepare(load_example(), session.experiment, scale="minmax")
    session.open_prepared(made)
    shown = session.debugger.trace.X.tobytes()
    assert not {"X", "parts"} & vars(session.data).keys()
    made.ready_to_train()
    assert "parts" in vars(session.data)
    assert session.data.X[session.data.position(session.row)].tobytes() == shown
