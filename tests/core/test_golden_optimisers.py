"""After 100 updates of every optimiser the parameters are PyTorch's."""

from __future__ import annotations

import importlib
import json
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bpstudio.core.network import Network
from bpstudio.core.optimisers import OPTIMISERS, UpdateSettings
from bpstudio.core.parameters import unflatten
from bpstudio.core.schedules import Schedule
from bpstudio.core.training import Training, TrainingSettings, advance, prepared
from tests.core.training_cases import ENGINES, distance

ROOT = Path(__file__).resolve().parents[2]
GOLDEN = json.loads((ROOT / "tests" / "data" / "golden_optimisers.json").read_text())


@pytest.fixture
def script(monkeypatch):
    """The script that made the file."""
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    return importlib.import_module("golden_optimisers")


def _ours(script, optimizer, variant, engine):
    """All parameters after the updates, by our engine from the file's start."""
    settings = {**script.OPTIMISERS[optimizer], **script.VARIANTS[variant]}
    if "schedule" in settings:
        settings["schedule"] = Schedule(*settings["schedule"])
    update = UpdateSettings(optimizer, **settings)
    chosen = TrainingSettings(batch_size=script.BATCH_SIZE, shuffle=False, update=update)
    vector = np.array(GOLDEN["parameters"])
    vector.flags.writeable = False
    net = unflatten(Network.create(script.SIZES), vector)
    X, Y = np.array(GOLDEN["X"]), np.array(GOLDEN["Y"])
    run = prepared(replace(Training.from_arrays(net, X, Y, chosen), engine=engine))
    return advance(run, run.start(), script.UPDATES).state.parameters


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("case", GOLDEN["cases"])
def test_after_100_updates_the_parameters_are_those_of_pytorch(script, case, engine):
    found = _ours(script, *case.split(": "), engine)
    assert distance(found, GOLDEN["cases"][case]) < 1e-12


def test_the_file_has_every_optimiser_with_every_variant(script):
    expected = {f"{name}: {variant}" for name in OPTIMISERS for variant in script.VARIANTS}
    assert set(GOLDEN["cases"]) == expected
    ends = {tuple(row) for row in GOLDEN["cases"].values()}
    assert len(ends) == len(expected)  # every setting makes a difference


@pytest.mark.slow
@pytest.mark.parametrize("case", GOLDEN["cases"])
def test_pytorch_itself_comes_to_the_same(script, case):
    optimizer, variant = case.split(": ")
    given = {name: GOLDEN[name] for name in ("parameters", "X", "Y")}
    theirs = script.trained(optimizer, variant, **given)
    for engine in ENGINES:
        assert distance(_ours(script, optimizer, variant, engine), theirs) < 1e-12


@pytest.mark.slow
def test_the_file_is_what_the_script_makes(script):
    assert script.start() == {name: GOLDEN[name] for name in ("parameters", "X", "Y")}
