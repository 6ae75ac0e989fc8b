"""Training by mini-batches, as a function from one state of a run to a later one.

A state is a value and, with the run's `Training`, determines everything that follows: the order of
an epoch comes from the seed and its number alone. So a run goes on bit for bit the same from any
of its states, in one stretch or in many.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from bpstudio.core import kernels, loop, metrics
from bpstudio.core.blas import one_blas_thread
from bpstudio.core.losses import LOSSES
from bpstudio.core.network import Network
from bpstudio.core.orders import epoch_order, epoch_orders
from bpstudio.core.parameters import layer_table, parameter_name
from bpstudio.core.records import Probes, Records
from bpstudio.core.training_values import (
    Halt,
    Stretch,
    Training,
    TrainingSettings,
    TrainingState,
)

__all__ = [
    "Halt",
    "Probes",
    "Records",
    "Stretch",
    "Training",
    "TrainingSettings",
    "TrainingState",
    "Watcher",
    "advance",
    "epoch_order",
    "evaluate",
    "next_portion",
    "prepared",
    "train_epoch",
    "train_lines",
]

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

PORTION_SECONDS = 0.03  # a window shows what came of a stretch after each

_ORDERED_SAMPLES = 2**17  # whose order is made at once, some ms of work and 1 MB
_LOSS_CODES = {name: code for code, name in enumerate(LOSSES)}


def prepared(training: Training, cancelled: Callable[[], bool] = lambda: False) -> Training:
    """The same training with its engine ready to run; this may take seconds the first time.

    Its samples are scaled, which takes a second for a large data set.
    """
    training.samples.parts()
    return replace(training, engine=kernels.prepare(training.engine, cancelled))


def advance(
    training: Training,
    state: TrainingState,
    updates: int,
    stop: NDArray[np.uint8] | None = None,
    probes: Probes | None = None,
) -> Stretch:
    """The run ``updates`` updates later; the interpreter is left to other threads meanwhile.

    Ends early, before an update, when another thread sets stop[0] or a number is not finite.
    The state may come from a run with other settings (see `Training.fitted`).
    With ``probes`` the stretch has records of its updates. InputError where they do not fit.
    """
    flag = np.zeros(1, dtype=np.uint8) if stop is None else stop
    if probes is not None:
        probes.require(len(state.parameters))
    state = training.fitted(state)
    at_once = max(1, _ORDERED_SAMPLES // training.samples.n) * training.batches_per_epoch
    parts = [_advance(training, state, min(updates, at_once), flag, probes)]
    while (updates := updates - at_once) > 0 and parts[-1].halt is None:
        parts.append(_advance(training, parts[-1].state, min(updates, at_once), flag, probes))
    return parts[0] if len(parts) == 1 else _joined(parts)


def _joined(parts: Sequence[Stretch]) -> Stretch:
    losses = np.concatenate([part.batch_losses for part in parts])
    epochs = np.concatenate([part.epochs for part in parts])
    recorded = [part.records for part in parts if part.records is not None]
    records = Records.joined(recorded) if recorded else None
    return Stretch(parts[-1].state, losses, epochs, parts[-1].halt, records)


def _advance(
    training: Training,
    state: TrainingState,
    updates: int,
    flag: NDArray[np.uint8],
    probes: Probes | None,
) -> Stretch:
    """`advance` by one call of the engine."""
    per_epoch = training.batches_per_epoch
    first, last = state.batch, state.batch + updates
    orders = _orders(training, state.epoch, max(1, math.ceil(last / per_epoch)))
    parameters, slots, sums = state.parameters.copy(), state.slots.copy(), np.array(state.sums)
    losses, epochs = np.empty(updates), np.full((len(orders), 4), math.nan)
    watched, table = _record_table(training, updates, probes)
    into = (flag, sums, losses, epochs, watched, table)
    done, how, where = _run(training, parameters, slots, state.t, orders, first, last, *into)
    parameters.flags.writeable = slots.flags.writeable = False
    finished, batch = divmod(first + done, per_epoch)
    place = (state.epoch + finished, batch)
    score = (float(sums[0]), float(sums[1]))
    after = TrainingState(parameters, slots, *place, score, state.t + done, state.remembers)
    halt = None if how == loop.DONE else _halt(training, how, place, losses[done], where)
    records = None
    if probes is not None:
        records = Records(probes, len(training.network.layers), table[:done])
    return Stretch(after, losses[:done], epochs[:finished], halt, records)


def _record_table(
    training: Training, updates: int, probes: Probes | None
) -> tuple[Integers, Floats]:
    """Numbers of the watched parameters, and the table to record in; no rows without probes."""
    if probes is None:
        return np.empty(0, dtype=np.int64), np.empty((0, 0))
    columns = probes.columns(len(training.network.layers))
    return np.array(probes.watched, dtype=np.int64), np.empty((updates, columns))


def train_epoch(
    network: Network, X: Floats, Y: Floats, settings: TrainingSettings, epoch: int = 0
) -> tuple[Network, Floats]:
    """One epoch from these parameters: the network after it, and C of each batch.

    An optimiser starts with nothing remembered: go on from a state by `advance`, not epoch by
    epoch by this. Fewer batches come back where training halted because a number was not finite.
    """
    training = prepared(Training.from_arrays(network, X, Y, settings))
    state = replace(training.start(), epoch=epoch)
    stretch = advance(training, state, training.batches_per_epoch)
    return training.network_at(stretch.state), stretch.batch_losses


def evaluate(network: Network, X: Floats, Y: Floats, loss: str) -> tuple[float, float]:
    """C, the mean loss over all rows, and the accuracy (which means something for classes only)."""
    with np.errstate(all="ignore"), one_blas_thread():
        return metrics.evaluate(network, X, Y, loss)


def next_portion(portion: int, seconds: float) -> int:
    """How many updates the next stretch should have, after one of ``portion`` took that long."""
    factor = min(max(PORTION_SECONDS / max(seconds, 1e-9), 0.25), 4.0)
    return max(1, round(portion * factor))


class Watcher(Protocol):
    """Looks at every stretch of a run on its way."""

    @property
    def probes(self) -> Probes | None:
        """What it wants recorded of each update."""

    def watched(self, before: TrainingState, stretch: Stretch) -> tuple[Stretch, str]:
        """The updates of a stretch that stand, and why the run ends with them ("": it goes on)."""


def train_lines(
    training: Training,
    epochs: int,
    clock: Callable[[], float],
    stop: NDArray[np.uint8] | None = None,
    watcher: Watcher | None = None,
) -> Iterator[dict[str, Any]]:
    """What `train` reports: an object for each epoch, then one for the end.

    Ends early when another thread, or a signal, sets stop[0], or the watcher says why.

    Keys: epoch, loss, then validation_loss, accuracy and validation_accuracy where they exist;
    at the end done, why, steps (updates) and seconds, by the clock, of the updates alone.
    """
    training = prepared(training)
    probes = None if watcher is None else watcher.probes
    state, why = training.start(), ""
    left = epochs * training.batches_per_epoch
    steps, seconds, portion = 0, 0.0, 1
    while left > 0 and not why:
        started = clock()
        stretch = advance(training, state, min(portion, left), stop, probes)
        taken = clock() - started
        if watcher is not None:
            stretch, why = watcher.watched(state, stretch)
        yield from _epoch_lines(training, state.epoch, stretch.epochs)
        state, done = stretch.state, len(stretch.batch_losses)
        steps, left, seconds = steps + done, left - done, seconds + taken
        portion = next_portion(portion, taken)
        why = why or ("" if stretch.halt is None else str(stretch.halt))
    yield {"done": True, "why": why or why_done(epochs), "steps": steps, "seconds": seconds}


def why_done(epochs: int) -> str:
    """Why a run ended that nothing stopped."""
    return "its one epoch is done" if epochs == 1 else f"all {epochs} epochs are done"


def _epoch_lines(training: Training, first: int, epochs: Floats) -> Iterator[dict[str, Any]]:
    names = ["loss", "accuracy", "validation_loss", "validation_accuracy"]
    if training.samples.n_validation == 0:
        names[2:] = []
    if not training.classification:
        names[1::2] = [""] * len(names[1::2])
    for epoch, row in enumerate(epochs.tolist(), start=first):
        pairs = zip(names, row, strict=False)
        yield {"epoch": epoch, **{name: value for name, value in pairs if name}}


def _orders(training: Training, epoch: int, count: int) -> Integers:
    """The orders of that many epochs, (count, n)."""
    s = training.settings
    return epoch_orders(s.seed, epoch, count, training.samples.n, s.shuffle)


def _run(
    training: Training,
    parameters: Floats,
    slots: Floats,
    t: int,
    orders: Integers,
    first: int,
    last: int,
    *into: Any,
) -> tuple[int, int, int]:
    """The engine at work; ``into`` are the arrays it fills."""
    s = training.settings
    rest = (s.batch_size, *training.samples.parts(), orders, first, last, *into)
    if training.engine == "compiled":
        run, table = kernels.compiled_loop(), layer_table(training.network)
        rule = kernels.update_arguments(s.update, t, last - first)
        return run(table, parameters, slots, t, *rule, _LOSS_CODES[s.loss], *rest)
    with np.errstate(all="ignore"), one_blas_thread():
        return loop.train(training.network, parameters, slots, t, s.update, s.loss, *rest)


def _halt(training: Training, how: int, place: tuple[int, int], C: float, where: int) -> Halt:
    if how == loop.INTERRUPTED:
        return Halt("interrupted", *place)
    if how == loop.LOSS:
        return Halt("loss", *place, float(C))
    name = parameter_name(training.network, where)
    return Halt("gradient" if how == loop.GRADIENT else "update", *place, float(C), name)
