"""How the numbers of a layer are spread: counts in bins that fit together from moment to moment.

The limits are powers of two and the bins lie evenly around 0, so that a histogram is brought to
a wider limit by adding neighbouring bins: exactly, without the numbers it was made of.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

BINS = 128
_FEWEST = 16
_PER_ROOT = 4  # bins for each √n numbers
_SMALLEST = -1022  # exponent of the smallest limit, that of the normal numbers


@dataclass(frozen=True, slots=True, eq=False)
class Histogram:
    """Counts (BINS,) of numbers from −limit to limit; those that are not finite are apart."""

    limit: float
    counts: Integers
    not_finite: int = 0

    @property
    def edges(self) -> Floats:
        """Borders of the bins, (BINS + 1,)."""
        return np.linspace(-self.limit, self.limit, BINS + 1)

    @property
    def total(self) -> int:
        """How many finite numbers there are."""
        return int(self.counts.sum())

    def coarse(self) -> tuple[Floats, Integers]:
        """Edges and counts of as many bins as so many numbers fill, a power of two."""
        bins = BINS
        while bins > _FEWEST and bins > _PER_ROOT * math.sqrt(self.total):
            bins //= 2
        counts = self.counts.reshape(bins, -1).sum(axis=1)
        return np.linspace(-self.limit, self.limit, bins + 1), counts

    def widened(self, limit: float) -> Histogram:
        """The same numbers in the bins of a limit that is as large or a power of two larger."""
        counts = self.counts
        for _ in range(round(math.log2(limit) - math.log2(self.limit))):
            counts = _with_half_the_bins(counts)
        return Histogram(limit, counts, self.not_finite)


def histogram(values: Floats) -> Histogram:
    """The numbers in bins up to the smallest power of two that none exceeds."""
    finite = values[np.isfinite(values)].ravel()
    largest = float(np.abs(finite).max(initial=0.0))
    limit = _power_of_two(largest)
    # divided first: twice a large limit would overflow
    place = np.floor((finite / limit + 1.0) * (BINS // 2)).astype(np.int64)
    counts = np.bincount(np.minimum(place, BINS - 1), minlength=BINS)
    return Histogram(limit, counts, values.size - finite.size)


def over_time(histograms: Sequence[Histogram]) -> tuple[float, Floats]:
    """The common limit, and the share of each moment's numbers in each bin: (moments, BINS)."""
    limit = max(each.limit for each in histograms)
    counts = np.array([each.widened(limit).counts for each in histograms], dtype=np.float64)
    return limit, counts / np.maximum(counts.sum(axis=1, keepdims=True), 1.0)


def _power_of_two(largest: float) -> float:
    if largest == 0.0:
        return 1.0
    mantissa, exponent = math.frexp(largest)
    exponent = exponent - 1 if mantissa == 0.5 else exponent
    return math.ldexp(1.0, min(max(exponent, _SMALLEST), 1023))


def _with_half_the_bins(counts: Integers) -> Integers:
    """Neighbours added, in the middle half of the bins."""
    pairs = counts.reshape(-1, 2).sum(axis=1)
    return np.pad(pairs, BINS // 4)
