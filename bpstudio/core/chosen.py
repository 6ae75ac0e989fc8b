"""The chosen steps of a sequence as a sequence of their own: counted and found by arithmetic.

Nothing is listed: 10⁹ chosen steps cost what 100 do.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import overload

from bpstudio.core.regions import Region
from bpstudio.core.selection import Selection, pieces, region_fits
from bpstudio.core.sequence import StepSequence


@dataclass(frozen=True, slots=True)
class _Part:
    """The chosen steps of one region: the same pieces of some of its lines."""

    start: int
    width: int
    lines: range
    pieces: tuple[range, ...]

    @property
    def per_line(self) -> int:
        return sum(map(len, self.pieces))

    def __len__(self) -> int:
        return len(self.lines) * self.per_line

    def number(self, n: int) -> int:
        """The n-th, counted from the beginning of the sample."""
        line, rest = divmod(n, self.per_line)
        for piece in self.pieces:
            if rest < len(piece):
                return self.start + self.lines[line] * self.width + piece[rest]
            rest -= len(piece)
        raise IndexError(n)

    def below(self, number: int) -> int:
        """How many of them come before a step, counted from the beginning of the sample."""
        line, place = divmod(number - self.start, self.width)
        if line < self.lines.start:
            return 0
        if line >= self.lines.stop:
            return len(self)
        before = sum(_below(piece, place) for piece in self.pieces)
        return (line - self.lines.start) * self.per_line + before


def _below(piece: range, place: int) -> int:
    return min(max(0, -(-(place - piece.start) // piece.step)), len(piece))


class _Parts:
    """The chosen steps of a sample, or of what comes after the last one."""

    def __init__(self, regions: Sequence[Region], chosen: Selection) -> None:
        made = (_part(region, chosen) for region in regions if region_fits(region, chosen))
        self._parts = tuple(part for part in made if len(part))
        self._starts = list(accumulate(map(len, self._parts), initial=0))

    def __len__(self) -> int:
        return self._starts[-1]

    def number(self, n: int) -> int:
        which = bisect_right(self._starts, n) - 1
        return self._parts[which].number(n - self._starts[which])

    def below(self, number: int) -> int:
        return sum(part.below(number) for part in self._parts if part.start <= number)


def _part(region: Region, chosen: Selection) -> _Part:
    lines = range(region.nodes) if chosen.j is None else range(chosen.j, chosen.j + 1)
    return _Part(region.start, region.width, lines, pieces(region, chosen))


class ChosenSteps(Sequence[int]):
    """Numbers of the steps that a selection chooses, ascending; its window does not count here.

    There may be none.
    """

    def __init__(self, sequence: StepSequence, chosen: Selection) -> None:
        self._sequence = sequence
        self._sample = _Parts(sequence.sample_regions, chosen)
        self._batch = _Parts(sequence.batch_regions if chosen.s is None else (), chosen)
        self._positions = _positions(sequence, chosen)

    def __len__(self) -> int:
        return len(self._positions) * len(self._sample) + len(self._batch)

    @overload
    def __getitem__(self, n: int) -> int: ...
    @overload
    def __getitem__(self, n: slice) -> list[int]: ...
    def __getitem__(self, n: int | slice) -> int | list[int]:
        """The number of the n-th chosen step."""
        if isinstance(n, slice):
            return [self[m] for m in range(*n.indices(len(self)))]
        n = n + len(self) if n < 0 else n
        if not 0 <= n < len(self):
            raise IndexError(n)
        of_samples = len(self._positions) * len(self._sample)
        if n >= of_samples:
            return self._sequence.batch_start + self._batch.number(n - of_samples)
        sample, rest = divmod(n, len(self._sample))
        return self._positions[sample] * self._sequence.sample_length + self._sample.number(rest)

    def below(self, number: int) -> int:
        """How many chosen steps come before step ``number``."""
        length, start = self._sequence.sample_length, self._sequence.batch_start
        if number >= start:
            of_samples = len(self._positions) * len(self._sample)
            return of_samples + self._batch.below(number - start)
        sample, rest = divmod(number, length)
        whole = min(max(sample - self._positions.start, 0), len(self._positions))
        within = self._sample.below(rest) if sample in self._positions else 0
        return whole * len(self._sample) + within


def _positions(sequence: StepSequence, chosen: Selection) -> range:
    """The samples of the batch that are chosen."""
    if chosen.s is None:
        return range(len(sequence.rows))
    position = sequence.positions.get(chosen.s)
    return range(0) if position is None else range(position, position + 1)
