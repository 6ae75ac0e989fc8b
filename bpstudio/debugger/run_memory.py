"""A run and its recording as a value: what it takes to go on bit for bit in another process."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bpstudio.core.errors import InputError
from bpstudio.core.training_values import TrainingState
from bpstudio.debugger.history import Series
from bpstudio.debugger.recording import Recording, Segment, Visit
from bpstudio.debugger.run import TrainingRun
from bpstudio.debugger.run_values import RunLeft, RunStand
from bpstudio.debugger.tape import Tape
from bpstudio.debugger.training_stops import Seen, TrainingStop


@dataclass(frozen=True, slots=True, eq=False)
class RunMemory:
    """A recording of ``length`` updates with how its run was left.

    ``states`` are those that are kept, each before the update of the same place in ``numbers``,
    ascending; the last is the one that the run goes on from. ``visited``: the update on show, whose
    state is among them. ``parent``: the place of the recording that it branched off, among those
    that are remembered with it. ``series`` are the curves in the order of `Curves.series`,
    ``layers`` those of layers; ``seen`` is what its conditions look back at.
    """

    name: str
    length: int
    segments: tuple[Segment, ...]
    numbers: Sequence[int]
    states: Sequence[TrainingState]
    series: tuple[Series, ...]
    layers: Mapping[int, tuple[Series, Series]]
    stand: RunStand
    parent: int | None = None
    branched_at: int = 0
    visited: int | None = None
    seen: Seen = field(default_factory=Seen)


def remembered_run(
    recording: Recording, run: TrainingRun, parent: int | None, visit: Visit | None = None
) -> RunMemory:
    """A run as it stands, while it may go on. It takes microseconds: nothing is copied.

    Everything is of the moment of its last snapshot.
    """
    left = run.left()
    numbers, states = recording.kept(left.steps)
    numbers.append(left.steps)
    states.append(left.state)
    if visit is not None:
        _insert(visit, numbers, states)
    return RunMemory(
        recording.name,
        left.steps,
        _segments(recording, left.coming),
        numbers,
        states,
        left.series,
        left.layers,
        left.stand,
        parent,
        recording.branched_at,
        None if visit is None else visit.T,
        left.seen,
    )


def _insert(visit: Visit, numbers: list[int], states: list[TrainingState]) -> None:
    """The state of a visited update, in its place."""
    at = bisect_left(numbers, visit.T)
    if numbers[at] != visit.T:
        numbers.insert(at, visit.T)
        states.insert(at, visit.state)


def _segments(recording: Recording, coming: Segment | None) -> tuple[Segment, ...]:
    """Those of the recording, with the one that a run which gets ready begins."""
    if coming is None:
        return recording.segments
    return (*(each for each in recording.segments if each.first < coming.first), coming)


def recalled_recording(memory: RunMemory, parent: Recording | None) -> Recording:
    """The recording, ready to be visited."""
    made = Recording(memory.name, parent=parent)
    made.branched_at = memory.branched_at
    made.recall(memory.segments, memory.numbers, memory.states, memory.length)
    return made


def recalled_run(
    memory: RunMemory,
    recording: Recording,
    batches_per_second: float | None,
    stops: tuple[TrainingStop, ...],
) -> TrainingRun:
    """The run as it was left, no thread started; `resume` goes on with one that was paused."""
    last = memory.segments[-1]
    if set(memory.layers) != set(range(2, last.training.network.L + 1)):
        raise InputError(f"run {memory.name!r} has curves of layers that its network does not have")
    tape = Tape(recording, last.data, last.why, begun=True)
    epochs = memory.stand.epochs
    run = TrainingRun(last.training, epochs, batches_per_second, tape=tape, stops=stops)
    run.recall(
        RunLeft(
            memory.stand,
            memory.states[-1],
            memory.length,
            memory.series,
            memory.layers,
            memory.seen,
        )
    )
    return run
