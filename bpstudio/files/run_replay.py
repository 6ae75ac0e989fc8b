"""Whether a recorded run comes out the same on this machine: replayed between its states."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from bpstudio.core.training import Training, TrainingState, advance, next_portion, prepared
from bpstudio.files.run_values import RecordedRun, RunSegment

SECONDS = 1.0  # that opening a file may replay for, about
BATCH_LOSSES = "batch_losses"  # the curve that has C of each batch before its update

Floats = NDArray[np.float64]
Kept = tuple[int, TrainingState]


@dataclass(frozen=True, slots=True)
class Replay:
    """What came of replaying: how many updates, whether all, and where it first differs."""

    updates: int
    complete: bool
    difference: str = ""


def verify(
    run: RecordedRun,
    seconds: float = SECONDS,
    clock: Callable[[], float] = perf_counter,
    cancelled: Callable[[], bool] = lambda: False,
) -> Replay:
    """Replay the run from its start for about that long, and compare every bit that was kept.

    Getting the engine ready does not count. It ends some 30 ms after ``cancelled`` says so.
    """
    trainings = [prepared(segment.training) for segment in run.segments]
    end, done, losses = clock() + seconds, 0, _losses(run)
    for segment, training, before, after in _gaps(run, trainings):
        stretch = _Stretch(segment, training, losses)
        for made, difference in stretch.replayed(before, after, clock):
            done += made
            if difference or cancelled() or clock() >= end:
                return Replay(done, not difference and done == run.length, difference)
    return Replay(done, True)


def _losses(run: RecordedRun) -> Floats:
    """C of each update from the first on, as far as they were kept one by one."""
    curve = run.curves.get(BATCH_LOSSES)
    return np.empty(0) if curve is None or curve.stride > 1 else curve.values


def _gaps(
    run: RecordedRun, trainings: Sequence[Training]
) -> Iterator[tuple[RunSegment, Training, Kept, Kept]]:
    """Two states with nothing kept between them, in order; within a segment each."""
    for segment, training in zip(run.segments, trainings, strict=True):
        for before, after in pairwise(segment.states):
            yield segment, training, before, after


@dataclass(frozen=True, slots=True, eq=False)
class _Stretch:
    """What replaying a stretch is compared with."""

    segment: RunSegment
    training: Training
    losses: Floats

    def replayed(
        self, before: Kept, after: Kept, clock: Callable[[], float]
    ) -> Iterator[tuple[int, str]]:
        """Portions of the updates between two states: how many, and what differs."""
        (T, state), (end, kept), portion = before, after, 1
        while (left := end - T) > 0:
            started, asked = clock(), min(portion, left)
            stretch = advance(self.training, state, asked)
            made, state = len(stretch.batch_losses), stretch.state
            difference = self._compared(T, stretch.batch_losses)
            if not difference and made < asked:
                difference = f"here {stretch.halt}"
            T += made
            if not difference and made == left:
                difference = self._compared_states(T, state, kept)
            yield made, difference
            if difference:
                return
            portion = next_portion(asked, clock() - started)

    def _compared(self, T: int, found: Floats) -> str:
        """The first loss that is another one."""
        kept = self.losses[T : T + len(found)]
        differs = np.flatnonzero(kept.view(np.int64) != found[: len(kept)].view(np.int64))
        if not differs.size:
            return ""
        n = int(differs[0])
        return (
            f"the loss of {self._name(T + n)} is {float(found[n])!r} here, {float(kept[n])!r} there"
        )

    def _compared_states(self, T: int, found: TrainingState, kept: TrainingState) -> str:
        same = all(
            _bits(getattr(found, name)) == _bits(getattr(kept, name))
            for name in ("parameters", "slots", "sums", "t", "epoch", "batch")
        )
        return "" if same else f"the state before {self._name(T)} is another here"

    def _name(self, T: int) -> str:
        epoch, batch = self.segment.place(T)
        return f"e{epoch}/b{batch}"


def _bits(value: object) -> bytes:
    return np.asarray(value).tobytes()
