"""How well a network does on rows of data: functions of (network, X, Y), in portions.

X (n, n_1) and Y (n, n_L) are scaled; classes are the outputs j, the class of a row is where its
largest output or target is. A single output has two: 0 below ½ and 1 from there on.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from bpstudio.core.losses import find_loss
from bpstudio.core.network import Network
from bpstudio.core.passes import forward

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

_PORTION_BYTES = 2**25  # of one array of activations


def evaluate(network: Network, X: Floats, Y: Floats, loss: str) -> tuple[float, float]:
    """Mean C_0 over all rows and the share classified rightly."""
    total, right = 0.0, 0
    for rows, a in _outputs(network, X):
        part, hits = judge(a, Y[rows], loss)
        total += part
        right += hits
    return total / len(X), right / len(X)


def judge(a: Floats, Y: Floats, loss: str) -> tuple[float, int]:
    """Σ C_0 over the samples and how many are classified rightly. a, Y (n, n_L)."""
    total = float(find_loss(loss).C_j(a, Y).sum())
    return total, int((classes(a) == classes(Y)).sum())


def classes(values: Floats) -> Integers:
    """The class of each row of outputs or targets (n, n_L): (n,)."""
    if values.shape[1] == 1:
        return np.asarray(values[:, 0] >= 0.5, dtype=np.int64)
    return np.asarray(values.argmax(axis=1))


def outputs(network: Network, X: Floats) -> Floats:
    """a^(L) of every row: (n, n_L)."""
    found = np.empty((len(X), network.sizes[-1]))
    for rows, a in _outputs(network, X):
        found[rows] = a
    return found


def accuracy(network: Network, X: Floats, Y: Floats) -> float:
    """The share of rows that are classified rightly; NaN without rows."""
    matrix = confusion_matrix(network, X, Y)
    return float(_share(np.trace(matrix), matrix.sum()))


def confusion_matrix(network: Network, X: Floats, Y: Floats) -> Integers:
    """How many rows of class i were taken for class j, [i, j]: targets down, outputs across."""
    count = max(network.sizes[-1], 2)
    matrix = np.zeros(count * count, dtype=np.int64)
    for rows, a in _outputs(network, X):
        matrix += np.bincount(classes(Y[rows]) * count + classes(a), minlength=count * count)
    return matrix.reshape(count, count)


def precision(matrix: Integers) -> Floats:
    """For each class, the share of what was taken for it that is it; NaN where nothing was."""
    return _share(np.diag(matrix), matrix.sum(axis=0))


def recall(matrix: Integers) -> Floats:
    """For each class, the share of its rows that were recognised; NaN where it has none."""
    return _share(np.diag(matrix), matrix.sum(axis=1))


def r_squared(a: Floats, y: Floats) -> float:
    """R² = 1 − Σ (a − y)² / Σ (y − mean)² of a target's outputs (n,); NaN where it never varies."""
    spread = float(np.square(y - y.mean()).sum())
    return 1.0 - float(np.square(a - y).sum()) / spread if spread else math.nan


def _outputs(network: Network, X: Floats) -> Iterator[tuple[slice, Floats]]:
    """Portions of the rows, and a^(L) of each."""
    portion = max(1, _PORTION_BYTES // (8 * max(network.sizes)))
    for start in range(0, len(X), portion):
        rows = slice(start, start + portion)
        yield rows, forward(network, X[rows])[1][-1]


def _share(part: NDArray[np.generic] | Floats, whole: NDArray[np.generic] | Floats) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.divide(part, whole, dtype=np.float64)
    return np.where(np.asarray(whole) == 0, np.nan, share)
