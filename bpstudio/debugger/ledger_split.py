"""Whose doing the changes of a parameter were: each split over the samples of its batch."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bpstudio.core.dataset import Dataset
from bpstudio.core.network import Network
from bpstudio.core.optimisers import clip_scale_at
from bpstudio.core.parameters import parameter_index, views, weight_mask
from bpstudio.core.passes import Backward, backward, forward
from bpstudio.core.training import Probes, Training, TrainingState, advance, epoch_order
from bpstudio.core.update_parts import PARTS, UpdateParts, update_parts
from bpstudio.debugger.ledger import stretches_of
from bpstudio.debugger.ledger_shares import Doing, Shares, shares_of
from bpstudio.debugger.ledger_values import Ledger
from bpstudio.debugger.recording import Segment

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

MOST_UPDATES = 10_000  # the last ones, whose samples are looked at
MOST_SAMPLES = 1_000_000  # in their batches together
ROUNDING = "rounding"


@dataclass(frozen=True, slots=True, eq=False)
class Split:
    """The changes by updates ``first`` … ``ledger.until`` − 1, each as a sum.

    The part of a sample is its own gradient/n times what the optimiser makes of a gradient of
    this update: −η for gradient descent, see `update_parts`. One number a sample of a batch:
    ``T``, ``row``, ``label`` (its class; −1 for none) and ``part``. ``others`` has one number an
    update for each of `update_parts.PARTS` that there is, and for what rounding leaves over.
    """

    ledger: Ledger
    first: int
    T: Integers
    row: Integers
    label: Integers
    part: Floats
    others: Mapping[str, Floats]
    classes: tuple[str, ...]

    @property
    def is_whole(self) -> bool:
        """Whether every update is in it; else only the last ones are."""
        return self.first == 0

    def up_to(self, ledger: Ledger) -> Split:
        """The same of a ledger that ends earlier, or with a change by hand."""
        n = int(np.searchsorted(self.T, ledger.until))
        count = max(ledger.until - self.first, 0)
        others = {name: values[:count] for name, values in self.others.items()}
        columns = (self.T[:n], self.row[:n], self.label[:n], self.part[:n])
        return Split(ledger, self.first, *columns, others, self.classes)

    def by_sample(self) -> Shares:
        """What each sample did, by its row in the data file."""
        return shares_of(self.row, self.T, self.part)

    def by_class(self) -> Shares:
        """What the samples of each class did, by the number of the class, update by update."""
        columns = self.class_columns()
        at, label = np.nonzero(~np.isnan(columns))
        return shares_of(label, at + self.first, columns[at, label])

    def class_columns(self) -> Floats:
        """What each class did in each update, (updates, classes); NaN where it had no sample."""
        shape = (self.ledger.until - self.first, len(self.classes))
        if not shape[1]:
            return np.empty(shape)
        cell = (self.T - self.first) * shape[1] + self.label
        cells = shape[0] * shape[1]
        sums = np.bincount(cell, self.part, cells).astype(np.float64)
        sums[np.bincount(cell, minlength=cells) == 0] = np.nan
        return sums.reshape(shape)

    def rest(self) -> tuple[Doing, ...]:
        """What no sample did: momentum, penalty and the like, changes by hand, earlier updates."""
        names = [name for name in (*PARTS, ROUNDING) if name in self.others]
        made = [Doing.of(name, self.first, self.others[name]) for name in names]
        ledger = self.ledger
        entries = [ledger.entry(n) for n in ledger.whys]
        by_hand = [
            Doing(e.why, 1, e.change, e.T) for e in entries if self.is_whole or self.first < e.T
        ]
        if self.is_whole:
            return (*made, *by_hand)
        begin = ledger.up_to(self.first).now
        earlier = Doing("earlier updates", self.first, begin - ledger.start, self.first - 1)
        return (*made, *by_hand, earlier)


def split_steps(ledger: Ledger) -> Generator[float, None, Split]:
    """Split the last `MOST_UPDATES` changes, or as many as have `MOST_SAMPLES` samples.

    Yields the share that is done after each update.
    """
    until = ledger.until
    first = max(0, until - _window(ledger))
    sheet = _Sheet(ledger, first)
    for update in _updates(ledger, first):
        sheet.split(update)
        yield (update.T + 1 - first) / (until - first)
    return sheet.done()


def _window(ledger: Ledger) -> int:
    return min(MOST_UPDATES, max(1, MOST_SAMPLES // _batch(ledger)))


def _batch(ledger: Ledger) -> int:
    """Samples of the largest batch."""
    trainings = [segment.training for segment, _ in stretches_of(ledger.recording, ledger.until)]
    return max(min(t.settings.batch_size, len(t.X)) for t in trainings)


class _Update(NamedTuple):
    """An update: its state before it, its samples by their place in X, and ∂C/∂w.

    ``gradient`` is the mean over the batch without penalty.
    """

    T: int
    segment: Segment
    state: TrainingState
    chosen: Integers
    gradient: float


def _updates(ledger: Ledger, first: int) -> Iterator[_Update]:
    """Each update from ``first`` on."""
    index = _index(ledger)
    probes = Probes((index,), layers=False)
    for segment, last in stretches_of(ledger.recording, ledger.until):
        begin = max(segment.first, first)
        if begin >= last:
            continue
        state = segment.start if begin == segment.first else ledger.recording.visit(begin).state
        training = segment.training
        state, known, order = training.fitted(state), -1, np.empty(0, dtype=np.int64)
        size = training.settings.batch_size
        for T in range(begin, last):
            if state.epoch != known:
                known, order = state.epoch, _order(training, state.epoch)
            chosen = order[state.batch * size : (state.batch + 1) * size]
            stretch = advance(training, state, 1, probes=probes)
            assert stretch.records is not None, "there are records where there are probes"
            gradient = float(stretch.records.gradient(index)[0])
            yield _Update(T, segment, state, chosen, gradient)
            state = stretch.state


def _index(ledger: Ledger) -> int:
    """Of the parameter among all."""
    network = ledger.recording.segments[0].training.network
    return parameter_index(network, ledger.l, ledger.j, ledger.k)


def _order(training: Training, epoch: int) -> Integers:
    settings = training.settings
    return epoch_order(settings.seed, epoch, training.samples.n, settings.shuffle)


class _Sheet:
    """The parts while they are worked out; columns have room for all of them from the start."""

    def __init__(self, ledger: Ledger, first: int) -> None:
        self._ledger, self._first = ledger, first
        T, before, after = ledger.columns
        begin = int(np.searchsorted(T, first))
        is_update = np.ones(len(ledger) - begin, dtype=bool)
        is_update[[at - begin for at in ledger.whys if at >= begin]] = False
        self._changes = (after[begin:] - before[begin:])[is_update]
        room = (ledger.until - first) * _batch(ledger)
        self._numbers = np.empty((3, room), dtype=np.int64)  # T, row, label
        self._parts, self._count = np.empty(room), 0
        self._others: dict[str, Floats] = {}
        self._index = _index(ledger)

    def split(self, update: _Update) -> None:
        """One update."""
        T, segment, state, chosen, gradient = update
        found = _sweep(segment.training, state, chosen)
        gradients = found.gradients(self._ledger.l, self._ledger.j, self._ledger.k)
        parts = self._parts_of(segment.training, state, gradient, found)
        shares = parts.factor * gradients / len(chosen)
        self._write(T, segment.data, segment.data.training[chosen], shares)
        self._write_others(T, parts, float(shares.sum()))

    def _write(self, T: int, data: Dataset, places: Integers, shares: Floats) -> None:
        here = slice(self._count, self._count + len(shares))
        self._numbers[0, here] = T
        self._numbers[1, here] = data.rows[places]
        self._numbers[2, here] = -1 if data.labels is None else data.labels[places]
        self._parts[here] = shares
        self._count = here.stop

    def _parts_of(
        self, training: Training, state: TrainingState, gradient: float, found: _Sweep
    ) -> UpdateParts:
        settings, index = training.settings.update, self._index
        rows = zip(settings.slots, state.slots, strict=True)
        slots = {name: np.asarray(row[index]) for name, row in rows}
        w, g = np.asarray(state.parameters[index]), np.asarray(gradient)
        scale = 1.0 if settings.clip is None else found.clip_scale(training, state)
        return update_parts(settings, state.t, w, g, slots, self._ledger.k is not None, scale)

    def _write_others(self, T: int, parts: UpdateParts, by_samples: float) -> None:
        known = by_samples
        for name, value in parts.others.items():
            self._other(name)[T - self._first] = value
            known += float(value)
        self._other(ROUNDING)[T - self._first] = self._changes[T - self._first] - known

    def _other(self, name: str) -> Floats:
        """The column of a name; 0 where an update had no such part."""
        return self._others.setdefault(name, np.zeros(self._ledger.until - self._first))

    def done(self) -> Split:
        """All of it."""
        T, row, label = self._numbers[:, : self._count]
        part = self._parts[: self._count]
        data = self._ledger.recording.segments[-1].data
        classes = () if data.labels is None else tuple(data.target_names)
        return Split(self._ledger, self._first, T, row, label, part, self._others, classes)


class _Sweep(NamedTuple):
    """A pass over the batch of an update."""

    network: Network
    a: tuple[Floats, ...]
    back: Backward

    def gradients(self, l: int, j: int, k: int | None) -> Floats:
        """∂C_0/∂w (or ∂b) of each sample, (n,)."""
        dC_dz = self.back.dC_dz[l - 2][:, j]
        return np.asarray(dC_dz if k is None else dC_dz * self.a[l - 2][:, k])

    def clip_scale(self, training: Training, state: TrainingState) -> float:
        """What clipping multiplies the whole gradient by."""
        gradient, n = np.empty(len(state.parameters)), len(self.a[0])
        places = views(self.network, gradient)
        for (dW, db), dC_dz, below in zip(places, self.back.dC_dz, self.a, strict=False):
            dW[:] = dC_dz.T @ below / n
            if db is not None:
                db[:] = dC_dz.sum(axis=0) / n
        mask = weight_mask(self.network)
        return clip_scale_at(training.settings.update, state.parameters, gradient, mask)


def _sweep(training: Training, state: TrainingState, chosen: Integers) -> _Sweep:
    network = training.network_at(state)
    with np.errstate(all="ignore"):
        zs, a = forward(network, training.X[chosen])
        return _Sweep(
            network, a, backward(network, zs, a, training.Y[chosen], training.settings.loss)
        )
