"""Stop conditions of training: looked at for every update, over a stretch of them at once.

A stretch is trained, its numbers are recorded, and the conditions are evaluated over all of it;
where one holds, the run goes back to the state before that update, which replay gives to the bit.
"""

from __future__ import annotations

import math
import sys
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from bpstudio.core.early_stopping import EarlyStopping
from bpstudio.core.errors import InputError
from bpstudio.core.notation import format_reading
from bpstudio.core.records import Probes, Records
from bpstudio.core.training_values import Stretch, Training, TrainingState
from bpstudio.debugger.expressions import Expression, evaluate, parse, truth
from bpstudio.debugger.expressions.places import written
from bpstudio.debugger.expressions.subscripts import MOST_PAST
from bpstudio.debugger.training_scope import (
    TrainingScope,
    Window,
    probes_of,
    training_expression,
)

Floats = NDArray[np.float64]

NEVER = EarlyStopping(patience=sys.maxsize)  # it only counts how long there was no better one


@dataclass(frozen=True, slots=True)
class TrainingStop:
    """A condition on the updates of a run; ``log``: it is counted and does not stop the run."""

    id: int
    text: str
    log: bool = False
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class TrainingHit:
    """A condition that held: which, before which update, and the numbers it read."""

    stop: TrainingStop
    T: int
    epoch: int
    batch: int
    numbers: tuple[tuple[str, float], ...]

    @property
    def read(self) -> str:
        """The numbers in words: "loss = 0.5916, step = 11 888"; "" for none."""
        return ", ".join(f"{name} = {format_reading(value)}" for name, value in self.numbers)

    def __str__(self) -> str:
        where = f" with {self.read}" if self.read else ""
        return f"{self.stop.text}{where}; stopped before the update of e{self.epoch}/b{self.batch}"


@dataclass(frozen=True, slots=True)
class Look:
    """What came of looking at a stretch: the first hit that stops, how many updates stand.

    ``counts``: how often each condition held among the updates that stand and the one of the hit.
    """

    hit: TrainingHit | None
    updates: int
    counts: dict[int, int]


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """What conditions have of the updates before now: the last of them, as far as they look back.

    ``waiting`` counts how long there was no better validation loss; ``last_epoch`` is the row of
    the last whole epoch, see `Window`.
    """

    past: Window | None = None
    waiting: EarlyStopping = NEVER
    last_epoch: tuple[float, ...] = (math.nan,) * 5


class StopWatch:
    """The conditions of one run, with the numbers of its last updates."""

    def __init__(
        self, training: Training, stops: tuple[TrainingStop, ...], layers: bool = False
    ) -> None:
        """``layers``: record them in any case. InputError where a condition does not fit."""
        self._training = training
        self._stops = tuple(stop for stop in stops if stop.enabled)
        self._expressions = tuple(training_expression(s.text, training) for s in self._stops)
        asked = probes_of(training, self._expressions)
        self.probes: Probes | None = None
        if self._stops or layers:
            self.probes = Probes(asked.watched, asked.layers or layers)
        self._past: Window | None = None
        self._waiting = NEVER
        self._last_epoch = np.full(5, np.nan)  # what the last whole epoch came to

    def go_on_from(self, before: StopWatch) -> None:
        """Look back on the last updates of a watch that this one takes the place of.

        A network of other sizes has nothing in common with them; what they did not record is not
        there; and validation losses of other rows or another loss are not to be compared.
        """
        old, new = before._training, self._training
        if old.network.sizes != new.network.sizes:
            return
        self._past = None if before._past is None else self._told(before._past)
        same_rows = np.array_equal(old.X_validation, new.X_validation)
        if same_rows and old.settings.loss == new.settings.loss:
            self._waiting, self._last_epoch = before._waiting, before._last_epoch

    def seen(self, T: int) -> Seen:
        """What it has of the updates before update T."""
        past = self._past
        if past is not None and past.first + len(past) != T:
            past = None
        return Seen(past, self._waiting, tuple(self._last_epoch.tolist()))

    def recall(self, seen: Seen) -> None:
        """Have what another watch had, as far as this one asks for it."""
        self._waiting, self._last_epoch = seen.waiting, np.array(seen.last_epoch)
        self._past = None if seen.past is None else self._told(seen.past)

    def _told(self, past: Window) -> Window | None:
        records = None if self.probes is None else past.records.told(self.probes)
        return None if records is None else replace(past, records=records)

    def look(self, before: TrainingState, T: int, stretch: Stretch, skip: int = -1) -> Look:
        """The first update at which a condition holds; that of number ``skip`` is passed over."""
        done = len(stretch.batch_losses)
        if not self._stops or done == 0:
            self._note_epochs(stretch.epochs)
            return Look(None, done, {})
        window = self._window(before, T, stretch)
        met = [self._met(expression, window, T) for expression in self._expressions]
        for stop, numbers in zip(self._stops, met, strict=True):
            if not stop.log and skip in range(T, T + done):
                numbers[skip - T] = False
        first, stopping = self._first(met, done)
        stands = min(first, done)
        counts = {  # a log condition meets the update of the hit when the run goes on
            stop.id: int(numbers[: stands if stop.log else stands + 1].sum())
            for stop, numbers in zip(self._stops, met, strict=True)
        }
        hit = None if stopping is None else self._hit(stopping, window, T, first)
        self._past = _tail(window, len(window) - done + min(first, done))
        per_epoch = self._training.batches_per_epoch
        self._note_epochs(stretch.epochs[: (before.batch + min(first, done)) // per_epoch])
        return Look(hit, min(first, done), counts)

    def _met(self, expression: Expression, window: Window, T: int) -> NDArray[np.bool_]:
        scope = TrainingScope(self._training, window)
        result = np.logical_and(truth(evaluate(expression, scope)), scope.known)
        return np.array(np.broadcast_to(result, len(window))[T - window.first :])

    def _first(self, met: list[NDArray[np.bool_]], done: int) -> tuple[int, int | None]:
        """The first update at which the run stops, and by which condition."""
        best, which = done, None
        for number, (stop, numbers) in enumerate(zip(self._stops, met, strict=True)):
            if not stop.log and numbers.any() and int(numbers.argmax()) < best:
                best, which = int(numbers.argmax()), number
        return best, which

    def _hit(self, number: int, window: Window, T: int, place: int) -> TrainingHit:
        at = T + place - window.first
        expression = self._expressions[number]
        numbers = tuple(
            (text, float(np.broadcast_to(self._read(text, window), len(window))[at]))
            for text in (written(reading) for reading in expression.reads)
            if text != "L"
        )
        epoch, batch = int(window.epoch[at]), int(window.batch[at])
        return TrainingHit(self._stops[number], T + place, epoch, batch, numbers)

    def _read(self, text: str, window: Window) -> Floats:
        reading = parse(text) if "[" not in text or text.count("[") > 1 else _read_whole(text)
        return np.asarray(
            evaluate(reading.at(self._training.network.L), TrainingScope(self._training, window)),
            dtype=np.float64,
        )

    def _window(self, before: TrainingState, T: int, stretch: Stretch) -> Window:
        """The stretch with the last updates before it."""
        done, per_epoch = len(stretch.batch_losses), self._training.batches_per_epoch
        assert stretch.records is not None
        number = before.epoch * per_epoch + before.batch + np.arange(done)
        epoch, batch = np.divmod(number, per_epoch)
        rows = np.vstack((self._last_epoch, self._with_waiting(stretch.epochs)))
        epochs = rows[np.clip(epoch - before.epoch, 0, len(rows) - 1)]
        new = Window(T, stretch.batch_losses, epoch, batch, stretch.records, epochs)
        return (
            new
            if self._past is None or self._past.first + len(self._past) != T
            else joined(self._past, new)
        )

    def _note_epochs(self, ended: Floats) -> None:
        """These epochs are over and stay so."""
        if len(ended):
            self._waiting, waited = self._waiting.after_each(ended[:, 2])
            self._last_epoch = np.append(ended[-1], waited[-1])

    def _with_waiting(self, epochs: Floats) -> Floats:
        """The epochs' rows with one more column: the epochs since the best validation loss."""
        return np.column_stack((epochs, self._waiting.after_each(epochs[:, 2])[1]))


def _read_whole(text: str) -> Expression:
    """``dC_dw[3]`` alone is read as its norm."""
    try:
        return parse(text)
    except InputError:
        return parse(f"norm({text})")


def joined(past: Window, new: Window) -> Window:
    """The windows of updates that follow on each other, with the same probes, as one."""

    def both(name: str) -> Floats:
        return np.concatenate((getattr(past, name), getattr(new, name)))

    records = Records.joined((past.records, new.records))
    numbers = (both("losses"), both("epoch"), both("batch"))
    return Window(past.first, *numbers, records, both("epochs"))


def _tail(window: Window, stop: int) -> Window | None:
    """The last updates before number ``stop`` of a window, as many as a condition looks back."""
    start = max(0, stop - MOST_PAST)
    if stop <= 0:
        return None
    part = slice(start, stop)
    records = Records(window.records.probes, window.records.n_layers, window.records.table[part])
    return Window(
        window.first + start,
        window.losses[part],
        window.epoch[part],
        window.batch[part],
        records,
        window.epochs[part],
    )
