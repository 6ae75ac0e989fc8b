"""Recorded runs for the tests of their files, and files that were tampered with."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np

from bpstudio.core.dataset import Dataset
from bpstudio.core.network import Network
from bpstudio.core.rejected import Rejected
from bpstudio.core.training import Training, TrainingSettings, advance
from bpstudio.files.run_replay import BATCH_LOSSES
from bpstudio.files.run_values import Curve, DataSource, RecordedRun, RunSegment


def data(n: int = 12, task: str = "classification") -> Dataset:
    """Random rows with three features, a quarter of them for validation."""
    rng = np.random.default_rng(5)
    X = rng.normal(size=(n, 3))
    Y = np.eye(2)[rng.integers(0, 2, size=n)] if task == "classification" else X[:, :2] ** 2
    made = Dataset.from_arrays(X, Y, scale="standard").split(0.25, 0)
    rejected = (Rejected(n, n + 1, "x0", "it has no value", True),)
    return replace(made, rejected=rejected, notes=("a note",))


def training(
    settings: TrainingSettings | None = None, dataset: Dataset | None = None, bias: bool = True
) -> Training:
    """Of a small network, in numpy's engine, which needs no compiler."""
    network = Network.create([3, 4, 2], "tanh", seed=1, bias=bias)
    made = Training.of(network, dataset or data(), settings or TrainingSettings(batch_size=4))
    return replace(made, engine="numpy")


def run(
    pieces: Iterable[tuple[Training, Dataset, Iterable[int]]] | None = None, name: str = "Run 1"
) -> RecordedRun:
    """A run trained piece by piece: (training, its data, updates between the states kept)."""
    T, segments, losses, state = 0, [], [], None
    for each, dataset, counts in pieces or [(training(), data(), (3, 1, 7))]:
        state = each.start() if state is None else each.start_after(state, each)
        states, first = [(T, state)], T
        for count in counts:
            stretch = advance(each, state, count)
            assert stretch.halt is None
            state, T = stretch.state, T + count
            losses.append(stretch.batch_losses)
            states.append((T, state))
        segments.append(RunSegment(first, each, dataset, tuple(states), f"segment {len(segments)}"))
    for n, segment in enumerate(segments[:-1]):  # the last state is the start of the next one
        segments[n] = replace(segment, states=segment.states[:-1])
    curves = {BATCH_LOSSES: Curve(np.concatenate(losses), 1, T)}
    source = DataSource("/data/d.csv", "0" * 64, ("y",), None)
    return RecordedRun(name, T, tuple(segments), curves, "all is done", {"lr": 0.1}, source)


def members(path: Path) -> dict[str, bytes]:
    """What a file holds, in order."""
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def write(path: Path, contents: Mapping[str, bytes], method: int = zipfile.ZIP_STORED) -> None:
    """A zip of these members."""
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, content in contents.items():
            archive.writestr(name, content)


def signed(contents: Mapping[str, bytes]) -> dict[str, bytes]:
    """The same members with a manifest that fits them; a run, or a session where it is one."""
    kind = "session" if "session.json" in contents else "run"
    others = {name: content for name, content in contents.items() if name != "manifest.json"}
    entries = {
        name: {"size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        for name, content in others.items()
    }
    manifest = {"format": f"bpstudio-{kind}", "version": 1, "members": entries}
    return {"manifest.json": json.dumps(manifest).encode(), **others}


def tampered(source: Path, path: Path, change: Callable[[dict[str, Any]], None]) -> None:
    """A file whose run.json, or session.json, is another one, with hashes that fit."""
    contents = members(source)
    name = "session.json" if "session.json" in contents else "run.json"
    found = json.loads(contents[name])
    change(found)
    write(path, signed({**contents, name: json.dumps(found).encode()}))


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in a JSON value."""
    yield path
    if isinstance(value, dict | list):
        items = value.items() if isinstance(value, dict) else enumerate(value)
        for key, inner in items:
            yield from places(inner, (*path, key))


def putting(place: tuple[Any, ...], value: Any) -> Callable[[dict[str, Any]], None]:
    """What puts a value at a place of a JSON value."""

    def change(found: Any) -> None:
        for key in place[:-1]:
            found = found[key]
        found[place[-1]] = value

    return change


def npy(array: np.ndarray[Any, Any]) -> bytes:
    """An array as numpy writes it."""
    file = BytesIO()
    np.save(file, array)
    return file.getvalue()
