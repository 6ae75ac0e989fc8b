"""What a session or a recorded run holds, for `bpstudio info`."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bpstudio.core.errors import InputError
from bpstudio.core.network import Network
from bpstudio.files.session_file import load_session
from bpstudio.files.session_values import SavedRun, SavedSession


@dataclass(frozen=True, slots=True)
class RunSummary:
    """A run: its updates, from which e/b to which, and where it branched off."""

    name: str
    updates: int
    first: str
    last: str
    states: int
    current: bool
    parent: str | None
    branched_at: str | None


@dataclass(frozen=True, slots=True)
class Summary:
    """The data, the network as it stands, and the runs of a file, a session or a recorded run."""

    file: str
    kind: str
    data: str
    rows: int
    sizes: tuple[int, ...]
    activations: tuple[str, ...]
    runs: tuple[RunSummary, ...]


def summary(path: str | os.PathLike[str]) -> Summary:
    """What a file holds. InputError where it is no session and no recorded run."""
    saved = load_session(path)
    network = _network(saved)
    activations = tuple(layer.activation for layer in network.layers)
    runs = tuple(_runs(saved))
    kind = "recorded run" if saved.only_run else "session"
    data = saved.data
    return Summary(os.fspath(path), kind, data.name, len(data), network.sizes, activations, runs)


def _network(saved: SavedSession) -> Network:
    if saved.network is not None:
        return saved.network
    if saved.current is None:
        raise InputError("it has neither a network nor a run that reached one")
    return saved.runs[saved.current].segments[-1].training.network


def _runs(saved: SavedSession) -> Iterator[RunSummary]:
    for n, run in enumerate(saved.runs):
        in_order = run.parent is not None and run.parent < n
        parent = saved.runs[run.parent].name if in_order and run.parent is not None else None
        at = None if parent is None else _place(run, run.branched_at)
        ends = (_place(run, 0), _place(run, run.length))
        states, current = len(run.numbers), n == saved.current
        yield RunSummary(run.name, run.length, *ends, states, current, parent, at)


def _place(run: SavedRun, T: int) -> str:
    epoch, batch = [s for s in run.segments if s.first <= T][-1].place(T)
    return f"e{epoch}/b{batch}"


def summary_text(found: Summary) -> str:
    """For people, several lines."""
    network = f"{'–'.join(map(str, found.sizes))}, {', '.join(found.activations)}"
    lines = [
        f"{found.file}: a {found.kind}",
        f"  data: {found.data}, {found.rows:,} rows",
        f"  network: {network}",
        *(f"  {_line(run)}" for run in found.runs),
    ]
    return "\n".join(lines if found.runs else [*lines, "  nothing was trained yet"])


def _line(run: RunSummary) -> str:
    branch = f", branched off {run.parent} at {run.branched_at}" if run.parent else ""
    current = ", the current one" if run.current else ""
    updates = f"{run.updates:,} update{'' if run.updates == 1 else 's'}"
    return f"{run.name}: {updates}, {run.first} to {run.last}{branch}{current}"


def summary_object(found: Summary) -> dict[str, Any]:
    """As JSON has it."""
    runs = [{name: getattr(run, name) for name in RunSummary.__slots__} for run in found.runs]
    kept = {name: getattr(found, name) for name in Summary.__slots__}
    return {**kept, "runs": runs}
