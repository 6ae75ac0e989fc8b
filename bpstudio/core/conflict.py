"""The conflict between the samples of a batch: which of them pull a parameter which way.

The mean gradient is what is left after the samples' own gradients g have cancelled one another.
|Σ g| / Σ |g| is 1 where all pull the same way, and 0 where they cancel.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bpstudio.core.errors import InputError
from bpstudio.core.sequence import Indices
from bpstudio.core.sums import per_sample
from bpstudio.core.trace import Trace

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Conflict:
    """What each sample of the batch says about one parameter; arrays (n,) in the batch's order.

    ``gradients`` are ∂C_0/∂w, ``shares`` their part in Σ |g|, 0..1; ``net`` is Σ g, ``size``
    Σ |g|, ``agreement`` |Σ g| / Σ |g| (NaN where every g is 0).
    """

    rows: tuple[int, ...]
    gradients: Floats
    shares: Floats
    net: float
    size: float
    agreement: float

    def largest(self, count: int | None = None) -> NDArray[np.int64]:
        """Positions of the samples that pull hardest, the hardest first."""
        return np.argsort(-np.abs(self.gradients), kind="stable")[:count]

    @property
    def ups(self) -> int:
        """Samples whose own step would raise the parameter (g < 0)."""
        return int((self.gradients < 0).sum())

    @property
    def downs(self) -> int:
        """Samples whose own step would lower it (g > 0)."""
        return int((self.gradients > 0).sum())


def sample_conflict(trace: Trace, l: int, j: int, k: int | None = None) -> Conflict:
    """The conflict about w_jk^(l), or about b_j^(l) without k; O(n).

    InputError where the parameter does not exist.
    """
    _require_parameter(trace, l, j, k)
    gradients = per_sample(trace, Indices(-1, l, j, -1 if k is None else k, -1, -1))
    with np.errstate(all="ignore"):
        sizes = np.abs(gradients)
        net, size = float(gradients.sum()), float(sizes.sum())
        shares = sizes / size
    return Conflict(trace.rows, gradients, shares, net, size, _agreement(net, size))


def _agreement(net: float, size: float) -> float:
    """|net| / size, at most 1 in spite of rounding; NaN where nothing pulls."""
    return min(abs(net) / size, 1.0) if size else math.nan


def agreement_words(agreement: float) -> str:
    """What |Σ g| / Σ |g| means, in plain words."""
    if np.isnan(agreement):
        return "no row pulls"
    for least, words in _WORDS:
        if agreement >= least:
            return words
    return "the rows cancel each other out"


_WORDS = (
    (0.995, "all rows pull the same way"),
    (0.7, "most rows pull the same way"),
    (0.3, "the rows disagree in part"),
    (0.05, "the rows largely cancel each other out"),
)


def _require_parameter(trace: Trace, l: int, j: int, k: int | None) -> None:
    layer = trace.network.layer(l)
    n, n_in = layer.W.shape
    if not 0 <= j < n or (k is not None and not 0 <= k < n_in):
        raise InputError(
            f"layer {l} has no such parameter: j = 0..{n - 1}, k = 0..{n_in - 1}, "
            f"given j = {j}, k = {k}"
        )
    if k is None and layer.b is None:
        raise InputError(f"layer {l} has no biases")
