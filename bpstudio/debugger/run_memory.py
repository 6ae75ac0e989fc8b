"""A run and its recording as a value: what it takes to go on bit for bit in another process."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from bpstudio.core.errors import InputError
from bpstudio.core.training_values import Halt, TrainingState
from bpstudio.debugger.history import Series
from bpstudio.debugger.recording import Recording, Segment, Visit
from bpstudio.debugger.run import RunSnapshot, Tape, TrainingRun
from bpstudio.debugger.training_stops import Seen, TrainingHit, TrainingStop


@dataclass(frozen=True, slots=True)
class RunStand:
    """How a run was left. ``end`` is the epoch at which it is over, None for no end.

    One that was on its way is paused. ``epochs``: how many it was to add; ``passed_over``: the
    update at whose condition it stopped last, −1 for none. The rest as in `RunSnapshot`.
    """

    state: Literal["paused", "finished", "failed"]
    epochs: int | None = None
    end: int | None = None
    why: str | None = None
    halt: Halt | None = None
    error: str | None = None
    hit: TrainingHit | None = None
    passed_over: int = -1
    stop_counts: Mapping[int, int] = field(default_factory=dict)


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
    now = run.snapshot()
    T, state = now.steps_done, now.training_state
    numbers, states = recording.kept(T)
    numbers.append(T)
    states.append(state)
    if visit is not None:
        _insert(visit, numbers, states)
    return RunMemory(
        recording.name,
        T,
        _segments(recording, run, T, state),
        numbers,
        states,
        (
            *(now.batch_losses, now.epoch_losses, now.epoch_accuracies),
            *(now.validation_losses, now.validation_accuracies),
        ),
        {layer.l: (layer.grad_norms, layer.update_ratios) for layer in now.layers},
        _stand(run, now),
        parent,
        recording.branched_at,
        None if visit is None else visit.T,
        now.seen if now.state in ("preparing", "running") else run._watch.seen(T),
    )


def _insert(visit: Visit, numbers: list[int], states: list[TrainingState]) -> None:
    """The state of a visited update, in its place."""
    at = bisect_left(numbers, visit.T)
    if numbers[at] != visit.T:
        numbers.insert(at, visit.T)
        states.insert(at, visit.state)


def _segments(
    recording: Recording, run: TrainingRun, T: int, state: TrainingState
) -> tuple[Segment, ...]:
    """Those of the recording; that of a run which gets ready is perhaps not there yet."""
    segments, tape = recording.segments, run._tape
    if run._recalled or run._first < T or tape is None:
        return segments
    before = [segment for segment in segments if segment.first < T]
    return (*before, Segment(T, state, run._training, tape.data, tape.why))


def _stand(run: TrainingRun, now: RunSnapshot) -> RunStand:
    return RunStand(
        now.state if now.state == "finished" or now.state == "failed" else "paused",
        run._epochs,
        run._end,
        now.why,
        now.halt,
        now.error,
        now.hit,
        run._passed_over if now.hit is None else now.hit.T,
        now.stop_counts,
    )


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
    last, stand = memory.segments[-1], memory.stand
    tape = Tape(recording, last.data, last.why, begun=True)
    run = TrainingRun(last.training, stand.epochs, batches_per_second, tape=tape, stops=stops)
    layers = memory.layers
    if layers.keys() != run._curves.layers().keys():
        raise InputError(f"run {memory.name!r} has curves of layers that its network does not have")
    run._curves.recall(memory.series, layers)
    run._recalled = run._paused = True
    run._state, run._steps = last.training.fitted(memory.states[-1]), memory.length
    run._end = stand.end
    run._watch.recall(memory.seen)
    run._hit, run._passed_over = stand.hit, stand.passed_over
    run._counts = dict(stand.stop_counts)
    network = last.training.network_at(run._state)
    run._snapshot = run._look(stand.state, network, stand.why, stand.halt, stand.error)
    return run
