"""Training as a loop over batches in plain numpy: for wide layers, and where numba is absent."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bpstudio.core import records
from bpstudio.core.background import window_first
from bpstudio.core.metrics import evaluate, judge
from bpstudio.core.network import Network
from bpstudio.core.optimisers import UpdateSettings, clip_scale_at, update_terms
from bpstudio.core.parameters import unflatten, views, weight_mask
from bpstudio.core.passes import Backward, backward, forward

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

# how a call ended; `compiled` has the same numbers
DONE, INTERRUPTED, LOSS, GRADIENT, UPDATE = range(5)


def train(
    network: Network,
    parameters: Floats,
    slots: Floats,
    t: int,
    update: UpdateSettings,
    loss: str,
    batch_size: int,
    X: Floats,
    Y: Floats,
    X_validation: Floats,
    Y_validation: Floats,
    orders: Integers,
    first: int,
    last: int,
    stop: NDArray[np.uint8],
    sums: Floats,
    losses: Floats,
    epochs: Floats,
    watched: Integers,
    recorded: Floats,
) -> tuple[int, int, int]:
    """Updates first … last − 1, counted from the first batch of orders[0]; t are done before.

    ``orders`` has a row of sample numbers for each epoch. Changes ``parameters``, ``slots`` and
    ``sums`` (Σ C_0 and the samples classified rightly, of the epoch so far) in place, fills
    ``losses`` (C before each update) and, at its end, the epoch's row of ``epochs`` (loss and
    accuracy, of the training samples before their updates and of the validation samples after
    the epoch); a row of ``recorded`` for each update, if it has any (see `records`). Ends early,
    before an update, when stop[0] is set or a number is not finite.
    → (updates done, how it ended, number of the parameter concerned).
    """
    living = unflatten(network, _read_only_view(parameters))  # follows every update
    is_weight = weight_mask(network) if update.has_penalty else True
    work = _Work(living, parameters, slots, np.empty_like(parameters), update, is_weight, watched)
    per_epoch = math.ceil(len(X) / batch_size)
    for done in range(last - first):
        window_first.let_pass()
        if stop[0]:
            return done, INTERRUPTED, 0
        epoch, batch = divmod(first + done, per_epoch)
        rows = orders[epoch, batch * batch_size : (batch + 1) * batch_size]
        record = recorded[done] if len(recorded) else None
        judged, how, where = work.batch(t + done, X[rows], Y[rows], loss, record)
        losses[done] = judged[0] / len(rows)
        if how != DONE:
            return done, how, where
        sums += judged
        if batch == per_epoch - 1:
            epochs[epoch, :2] = sums / len(X)
            sums[:] = 0.0
            if len(X_validation):
                epochs[epoch, 2:] = evaluate(living, X_validation, Y_validation, loss)
    return last - first, DONE, 0


@dataclass(frozen=True, slots=True, eq=False)
class _Work:
    """What a batch changes in place, and what it needs for that; as of `train`."""

    living: Network
    parameters: Floats
    slots: Floats
    gradient: Floats
    update: UpdateSettings
    is_weight: NDArray[np.bool_] | bool
    watched: Integers

    def batch(
        self, t: int, X: Floats, Y: Floats, loss: str, record: Floats | None
    ) -> tuple[tuple[float, int], int, int]:
        """Update t: (Σ C_0, classified rightly), how it ended, the parameter concerned."""
        a_s, back = self._sweep(X, Y, loss)
        judged = judge(a_s[-1], Y, loss)
        if not math.isfinite(judged[0] / len(X)):
            return judged, LOSS, 0
        where = _first_not_finite(self.gradient)
        if where >= 0:
            return judged, GRADIENT, where
        if record is None:
            where = self._apply(t)
        else:
            where = self._apply_recorded(t, a_s, back, judged[1] / len(X), record)
        return judged, DONE if where < 0 else UPDATE, max(where, 0)

    def _sweep(self, X: Floats, Y: Floats, loss: str) -> tuple[tuple[Floats, ...], Backward]:
        """Activations and factors of one batch; the mean gradient goes into ``gradient``."""
        zs, a_s = forward(self.living, X)
        back = backward(self.living, zs, a_s, Y, loss)
        places = views(self.living, self.gradient)
        for (dW, db), dC_dz, below in zip(places, back.dC_dz, a_s, strict=False):
            np.matmul(dC_dz.T, below, out=dW)
            if db is not None:
                dC_dz.sum(axis=0, out=db)
        self.gradient[:] /= len(X)
        return a_s, back

    def _apply(self, t: int) -> int:
        """New parameters and slots in place; −1, or untouched and the index of one not finite."""
        w, names = self.parameters, self.update.slots
        scale = clip_scale_at(self.update, w, self.gradient, self.is_weight)
        before = dict(zip(names, self.slots, strict=True))
        found = update_terms(self.update, t, w, self.gradient, before, self.is_weight, scale)
        where = _first_not_finite(found["update"], *(found[name] for name in names))
        if where < 0:
            w[:] = found["update"]
            for name in names:
                before[name][:] = found[name]
        return where

    def _apply_recorded(
        self, t: int, a_s: tuple[Floats, ...], back: Backward, accuracy: float, record: Floats
    ) -> int:
        before = self.parameters.copy()
        row = records.Row(self.living, self.watched, record)
        row.before(before, self.gradient, a_s, back, accuracy)
        where = self._apply(t)
        row.after(before, self.parameters)
        return where


def _first_not_finite(*vectors: Floats) -> int:
    finite = np.isfinite(vectors[0])
    for values in vectors[1:]:
        finite &= np.isfinite(values)
    return -1 if finite.all() else int(finite.argmin())


def _read_only_view(values: Floats) -> Floats:
    view = values.view()
    view.flags.writeable = False
    return view
