"""Recorded runs as files: there and back to the bit."""

from __future__ import annotations

import json
import zipfile
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bpstudio.core.dataset import Dataset
from bpstudio.core.errors import InputError
from bpstudio.core.optimisers import OPTIMISERS, UpdateSettings
from bpstudio.core.schedules import Schedule
from bpstudio.core.splitting import groups_of, sides_of
from bpstudio.core.training import TrainingSettings
from bpstudio.files.run_file import load_run, save_run
from bpstudio.files.run_replay import verify
from bpstudio.files.run_values import RecordedRun
from tests.files import runs

ONE_FOLDER = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=25
)
SLOTS = ("parameters", "slots", "epoch", "batch", "sums", "t", "remembers")


def same_data(one: Dataset, other: Dataset) -> bool:
    names = [field.name for field in fields(Dataset) if "scaling" not in field.name]
    return all(
        np.array_equal(getattr(one, name), getattr(other, name))
        if isinstance(getattr(one, name), np.ndarray)
        else getattr(one, name) == getattr(other, name)
        for name in (*names, "X", "Y")
    )


def assert_same(one: RecordedRun, other: RecordedRun) -> None:
    told = ("name", "length", "why", "experiment", "source")
    assert all(getattr(one, name) == getattr(other, name) for name in told)
    assert len(one.segments) == len(other.segments)
    for here, there in zip(one.segments, other.segments, strict=True):
        assert (here.first, here.why) == (there.first, there.why)
        assert here.training.settings == there.training.settings
        assert here.training.engine == there.training.engine
        assert here.training.X.tobytes() == there.training.X.tobytes()
        assert here.training.Y_validation.tobytes() == there.training.Y_validation.tobytes()
        assert same_data(here.data, there.data)
        for (T, state), (at, found) in zip(here.states, there.states, strict=True):
            assert at == T
            for name in SLOTS:
                mine, theirs = getattr(state, name), getattr(found, name)
                assert np.asarray(mine).tobytes() == np.asarray(theirs).tobytes()
    for name, curve in one.curves.items():
        found_curve = other.curves[name]
        assert curve.values.tobytes() == found_curve.values.tobytes()
        assert (curve.stride, curve.count) == (found_curve.stride, found_curve.count)


updates = st.builds(
    UpdateSettings,
    optimizer=st.sampled_from(list(OPTIMISERS)),
    lr=st.floats(1e-3, 0.2),
    l1=st.sampled_from([0.0, 1e-3]),
    l2=st.sampled_from([0.0, 1e-2]),
    clip=st.sampled_from([None, 0.5]),
    schedule=st.sampled_from([Schedule(), Schedule("cosine", 5, 0.2, 2), Schedule("step", 3)]),
)


@ONE_FOLDER
@given(
    rules=st.lists(updates, min_size=1, max_size=3),
    batch_size=st.integers(1, 13),
    seed=st.integers(0, 2**31),
    shuffle=st.booleans(),
    bias=st.booleans(),
    counts=st.lists(st.integers(1, 9), min_size=1, max_size=4),
    task=st.sampled_from(["classification", "regression"]),
)
def test_every_run_comes_back_to_the_bit_and_replays(
    rules: list[UpdateSettings],
    batch_size: int,
    seed: int,
    shuffle: bool,
    bias: bool,
    counts: list[int],
    task: str,
    tmp_path: Path,
) -> None:
    dataset = runs.data(task=task)
    pieces = [
        (
            runs.training(
                TrainingSettings(batch_size=batch_size, seed=seed, shuffle=shuffle, update=rule),
                dataset,
                bias,
            ),
            dataset,
            counts,
        )
        for rule in rules
    ]
    run = runs.run(pieces)
    save_run(run, tmp_path / "r.bps")
    found = load_run(tmp_path / "r.bps")
    assert_same(run, found)
    replay = verify(found, seconds=60.0)
    assert (replay.complete, replay.difference) == (True, "")


def test_numbers_changed_by_hand_come_back_to_the_bit(tmp_path: Path) -> None:
    dataset = runs.data().with_input(3, 1, 0.1 + 0.2).with_target(2, 0, 0.7)
    save_run(runs.run([(runs.training(dataset=dataset), dataset, (4,))]), tmp_path / "r.bps")
    (segment,) = load_run(tmp_path / "r.bps").segments
    assert segment.data.X.tobytes() == dataset.X.tobytes()
    assert segment.data.Y.tobytes() == dataset.Y.tobytes()


def test_each_segment_has_its_own_data_and_equal_ones_are_kept_once(tmp_path: Path) -> None:
    first = runs.data()
    second = first.with_input(3, 1, 5.0)
    pieces = [(runs.training(dataset=each), each, (3,)) for each in (first, second, first)]
    save_run(runs.run(pieces), tmp_path / "r.bps")
    found = load_run(tmp_path / "r.bps").segments
    assert found[0].data is found[2].data
    assert [s.data.X[3, 1] for s in found] == [first.X[3, 1], 5.0, first.X[3, 1]]
    names = list(runs.members(tmp_path / "r.bps"))
    assert "data/1/features.npy" in names
    assert "data/1/rows.npy" not in names
    assert not any(name.startswith("data/2") for name in names)


def test_the_same_run_gives_the_same_bytes(tmp_path: Path) -> None:
    save_run(runs.run(), tmp_path / "a.bps")
    save_run(load_run(tmp_path / "a.bps"), tmp_path / "b.bps")
    assert (tmp_path / "a.bps").read_bytes() == (tmp_path / "b.bps").read_bytes()


def test_any_tool_can_read_it(tmp_path: Path) -> None:
    run = runs.run()
    save_run(run, tmp_path / "r.bps")
    with zipfile.ZipFile(tmp_path / "r.bps") as archive:
        assert archive.testzip() is None
        assert {info.compress_type for info in archive.infolist()} == {zipfile.ZIP_STORED}
        manifest = json.loads(archive.read("manifest.json"))
        assert (manifest["format"], manifest["version"]) == ("bpstudio-run", 1)
        states = json.loads(archive.read("run.json"))["segments"][0]["states"]
        with archive.open(states["parameters"]) as member:
            parameters = np.load(member, allow_pickle=False)
    expected = [state.parameters for _, state in run.segments[0].states]
    np.testing.assert_array_equal(parameters, expected)


def test_a_run_of_no_updates_is_one(tmp_path: Path) -> None:
    run = runs.run()
    (segment,) = run.segments
    start = replace(segment, states=segment.states[:1])
    save_run(replace(run, length=0, segments=(start,), curves={}), tmp_path / "r.bps")
    found = load_run(tmp_path / "r.bps")
    assert (found.length, found.place(0)) == (0, (0, 0))
    assert verify(found).complete


def test_another_suffix_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"does not end in \.bps"):
        save_run(runs.run(), tmp_path / "r.zip")


def test_a_replay_that_differs_names_the_first_place(tmp_path: Path) -> None:
    run = runs.run()
    (segment,) = run.segments
    T, state = segment.states[1]
    changed = replace(state, parameters=np.nextafter(state.parameters, 9.0))
    states = (segment.states[0], (T, changed), *segment.states[2:])
    other = replace(run, segments=(replace(segment, states=states),))
    assert verify(other).difference == "the state before e1/b0 is another here"
    curve = run.curves["batch_losses"]
    losses = curve.values.copy()
    losses[5] = 0.25
    other = replace(run, curves={"batch_losses": replace(curve, values=losses)})
    found = verify(other)
    assert found.difference.startswith("the loss of e1/b2 is ")
    assert found.difference.endswith(" here, 0.25 there")
    assert not found.complete


def test_replaying_ends_when_the_time_is_over() -> None:
    ticks = iter(range(100))
    found = verify(runs.run(), seconds=1.5, clock=lambda: float(next(ticks)))
    assert not found.complete
    assert 0 < found.updates < 11
    assert found.difference == ""


def test_columns_with_a_scaling_of_their_own_keep_it_in_the_file(tmp_path: Path) -> None:
    dataset = runs.data().with_own_scalings(["minmax", None, "none"])
    save_run(runs.run([(runs.training(dataset=dataset), dataset, (4,))]), tmp_path / "r.bps")
    (segment,) = load_run(tmp_path / "r.bps").segments
    assert segment.data.scaling.own == ("minmax", None, "none")
    assert segment.data.rescale("standard").X.tobytes() == dataset.rescale("standard").X.tobytes()


def test_a_file_with_scalings_for_another_number_of_columns_is_refused(tmp_path: Path) -> None:
    save_run(runs.run(), tmp_path / "r.bps")

    def change(found: dict[str, Any]) -> None:
        found["data"][0]["scaling"]["own"] = ["none"]

    runs.tampered(tmp_path / "r.bps", tmp_path / "bad.bps", change)
    with pytest.raises(InputError, match="its scaling do not fit the data"):
        load_run(tmp_path / "bad.bps")


def test_groups_and_what_a_column_says_of_the_split_come_back(tmp_path: Path) -> None:
    n = len(runs.data())
    groups = groups_of("plot", [f"p{row // 3}" for row in range(n)])
    sides = sides_of("set", ["train", "test"] * (n // 2), ("test",))
    dataset = replace(runs.data(), groups=groups, sides=sides)
    save_run(runs.run([(runs.training(dataset=dataset), dataset, (4,))]), tmp_path / "r.bps")
    (segment,) = load_run(tmp_path / "r.bps").segments
    for order, seed in (("random", 5), ("by column", 0)):
        made = segment.data.split(0.3, seed, order).validation
        assert made.tolist() == dataset.split(0.3, seed, order).validation.tolist()

    def change(found: dict[str, Any]) -> None:
        found["data"][0]["groups"]["names"] = ["p0"]

    runs.tampered(tmp_path / "r.bps", tmp_path / "bad.bps", change)
    with pytest.raises(InputError, match=r"outside 0\.\.0"):
        load_run(tmp_path / "bad.bps")
