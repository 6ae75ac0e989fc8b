"""Who changed this parameter? Its ledger, made by training a recorded run again from its start.

What the run itself recorded at the end is the check.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from time import perf_counter

import numpy as np

from bpstudio.core.errors import InputError
from bpstudio.core.parameters import parameter_index
from bpstudio.core.training import Probes, Training, TrainingState, advance
from bpstudio.debugger.ledger_columns import Columns, Writing
from bpstudio.debugger.ledger_values import Entry, Ledger
from bpstudio.debugger.recording import Recording, Segment

__all__ = ["Columns", "Entry", "Ledger", "ledger_steps", "stretches_of"]

_SECONDS = 0.004  # of training again between two looks


def ledger_steps(
    recording: Recording, l: int, j: int, k: int | None, until: int | None = None
) -> Generator[float, None, Ledger]:
    """Make the ledger of a parameter; yields the share that is done, every few milliseconds.

    ``until``: the update before which it ends; None for all that was recorded. InputError where
    nothing was.
    """
    until = recording.length if until is None else until
    if not recording.segments:
        raise InputError("nothing was trained yet; train to see what changes a weight")
    first = recording.segments[0]
    index = parameter_index(first.training.network, l, j, k)
    start = float(first.start.parameters[index])
    pages = _Pages(index, start, until + len(recording.segments))
    for segment, last in stretches_of(recording, until):
        pages.turn(recording, segment)
        for part in _replayed(segment, last, index):
            pages.write(part)
            yield float(part.T[-1] + 1) / until
    now = float(recording.visit(until).state.parameters[index])
    digest = pages.digest()
    return Ledger(recording, l, j, k, until, start, now, digest.columns, pages.whys, digest)


class _Pages:
    """A ledger while it is written: its parts so far."""

    def __init__(self, index: int, start: float, room: int) -> None:
        self._index = index
        self._entries = Writing(start, room)
        self._segment: Segment | None = None
        self.whys: dict[int, str] = {}
        self.write, self.digest = self._entries.write, self._entries.digest

    def turn(self, recording: Recording, segment: Segment) -> None:
        """Another segment begins: what changed with it is an entry of its own."""
        previous, self._segment = self._segment, segment
        if previous is None:
            return
        begins, entries = float(segment.start.parameters[self._index]), self._entries
        value = entries.end if entries.count else begins
        why = _why(recording, previous, segment, begins != value)
        if why:
            self.whys[entries.count] = why
            entries.write(Columns.of(segment.first, value, begins))


def stretches_of(recording: Recording, until: int) -> Iterator[tuple[Segment, int]]:
    """The segments of a recording, each with the update before which it ends.

    The last is the one that the state before update ``until`` belongs to; it may be empty.
    """
    segments = recording.segments
    ends = [*(segment.first for segment in segments[1:]), until]
    for segment, end in zip(segments, ends, strict=True):
        if segment.first <= until:
            yield segment, min(end, until)


def _why(recording: Recording, previous: Segment, segment: Segment, moved: bool) -> str:
    """What is said of the border between two segments; nothing where it concerns no update."""
    words = _with_hand(segment.why) if moved else segment.why
    if segment.first == recording.branched_at and recording.parent is not None:
        return f"branch: {words}" if words else "branch"
    if not moved:  # what was changed by hand is another parameter
        same = segment.training.settings == previous.training.settings
        return "" if same else words.removeprefix(f"{_BY_HAND}, ")
    return words


_BY_HAND = "changed by hand"


def _with_hand(why: str) -> str:
    """The words of a border at which the parameter is another one, which no update did."""
    if _BY_HAND in why:
        return why
    if why in ("", "trained on"):
        return _BY_HAND
    return f"{_BY_HAND}, {why}"


def _replayed(segment: Segment, last: int, index: int) -> Iterator[Columns]:
    """The entries of a segment's updates up to ``last``, in pieces of some milliseconds."""
    T, state, piece = segment.first, segment.start, 1
    probes = Probes((index,), layers=False)
    while last > T:
        started = perf_counter()
        piece = min(piece, last - T)
        part, state = _piece(segment.training, state, T, piece, probes)
        yield part
        T += piece
        pace = min(max(_SECONDS / max(perf_counter() - started, 1e-9), 0.25), 4.0)
        piece = max(1, round(piece * pace))


def _piece(
    training: Training, state: TrainingState, T: int, updates: int, probes: Probes
) -> tuple[Columns, TrainingState]:
    stretch = advance(training, state, updates, probes=probes)
    assert stretch.halt is None, "what was trained once is trained again"
    assert stretch.records is not None, "there are records where there are probes"
    records, index = stretch.records, probes.watched[0]
    before, after = records.value(index).copy(), records.value_after(index).copy()
    return Columns(np.arange(T, T + updates), before, after), stretch.state
