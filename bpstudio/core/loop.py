"""Training as a loop over batches in plain numpy: for wide layers, and where numba is absent."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from bpstudio.core.losses import find_loss
from bpstudio.core.network import Network
from bpstudio.core.optimisers import UpdateSettings, update_terms
from bpstudio.core.parameters import unflatten, views
from bpstudio.core.passes import backward, forward

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

# how a call ended; `compiled` has the same numbers
DONE, INTERRUPTED, LOSS, GRADIENT, UPDATE = range(5)

_PORTION_BYTES = 2**25  # of one array of activations while evaluating


def train(
    network: Network,
    parameters: Floats,
    loss: str,
    lr: float,
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
) -> tuple[int, int, int]:
    """Updates first … last − 1, counted from the first batch of orders[0].

    ``orders`` has a row of sample numbers for each epoch. Changes ``parameters`` and ``sums`` (Σ
    C_0 and the samples classified rightly, of the epoch so far) in place, fills ``losses`` (C
    before each update) and, at its end, the epoch's row of ``epochs`` (loss and accuracy, of the
    training samples before their updates and of the validation samples after the epoch). Ends
    early, before an update, when stop[0] is set or a number is not finite.
    → (updates done, how it ended, number of the parameter concerned).
    """
    living = unflatten(network, _read_only_view(parameters))  # follows every update
    gradient = np.empty_like(parameters)
    per_epoch = math.ceil(len(X) / batch_size)
    for t in range(first, last):
        if stop[0]:
            return t - first, INTERRUPTED, 0
        epoch, batch = divmod(t, per_epoch)
        rows = orders[epoch, batch * batch_size : (batch + 1) * batch_size]
        total, right = _sweep(living, X[rows], Y[rows], loss, gradient)
        losses[t - first] = total / len(rows)
        how, where = _update(losses[t - first], parameters, gradient, lr)
        if how != DONE:
            return t - first, how, where
        sums += total, right
        if batch == per_epoch - 1:
            epochs[epoch, :2] = sums / len(X)
            sums[:] = 0.0
            if len(X_validation):
                epochs[epoch, 2:] = evaluate(living, X_validation, Y_validation, loss)
    return last - first, DONE, 0


def evaluate(network: Network, X: Floats, Y: Floats, loss: str) -> tuple[float, float]:
    """Mean C_0 over all rows and the share classified rightly, in portions."""
    total, right = 0.0, 0
    portion = max(1, _PORTION_BYTES // (8 * max(network.sizes)))
    for start in range(0, len(X), portion):
        rows = slice(start, start + portion)
        a = forward(network, X[rows])[1][-1]
        part, hits = judge(a, Y[rows], loss)
        total += part
        right += hits
    return total / len(X), right / len(X)


def judge(a: Floats, Y: Floats, loss: str) -> tuple[float, int]:
    """Σ C_0 over the samples and how many are classified rightly. a, Y (n, n_L).

    Rightly: the largest output is where the largest target is; with one output, both lie on the
    same side of ½.
    """
    total = float(find_loss(loss).C_j(a, Y).sum())
    if a.shape[1] == 1:
        return total, int(((a >= 0.5) == (Y >= 0.5)).sum())
    return total, int((a.argmax(axis=1) == Y.argmax(axis=1)).sum())


def _sweep(
    network: Network, X: Floats, Y: Floats, loss: str, gradient: Floats
) -> tuple[float, int]:
    """One batch: the mean gradient, Σ C_0 and how many are classified rightly."""
    zs, a_s = forward(network, X)
    dC_dzs = backward(network, zs, a_s, Y, loss).dC_dz
    for (dW, db), dC_dz, below in zip(views(network, gradient), dC_dzs, a_s, strict=False):
        np.matmul(dC_dz.T, below, out=dW)
        if db is not None:
            dC_dz.sum(axis=0, out=db)
    gradient /= len(X)
    return judge(a_s[-1], Y, loss)


def _update(C: float, parameters: Floats, gradient: Floats, lr: float) -> tuple[int, int]:
    """New parameters in place, unless a number on the way to them is not finite."""
    if not math.isfinite(C):
        return LOSS, 0
    where = _first_not_finite(gradient)
    if where >= 0:
        return GRADIENT, where
    new = update_terms(UpdateSettings(lr=lr), 0, parameters, gradient, {}, True, 1.0)["update"]
    where = _first_not_finite(new)
    if where >= 0:
        return UPDATE, where
    parameters[:] = new
    return DONE, 0


def _first_not_finite(values: Floats) -> int:
    finite = np.isfinite(values)
    return -1 if finite.all() else int(finite.argmin())


def _read_only_view(values: Floats) -> Floats:
    view = values.view()
    view.flags.writeable = False
    return view
