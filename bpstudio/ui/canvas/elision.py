"""Which nodes of a wide layer are shown, and which are folded into "⋮ 40 more"."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

WHOLE = 32  # a layer up to this width is shown whole
HEAD, SHORT_HEAD = 12, 6
TAIL = 4
AROUND = 3  # neighbours of the current node
SMALLEST_GAP = 3
UNFOLD = 12  # nodes a click on a gap brings out


@dataclass(frozen=True, slots=True)
class Shown:
    """The nodes shown of a layer of n, ascending, and the gaps between as (first, stop).

    ``unfolded``: the stretches among the nodes that were brought out by hand.
    """

    n: int
    nodes: tuple[int, ...]
    gaps: tuple[tuple[int, int], ...] = ()
    unfolded: tuple[tuple[int, int], ...] = ()

    @property
    def slots(self) -> int:
        """How many places there are in the column."""
        return len(self.nodes) + len(self.gaps)


def elide(
    n: int,
    current: int | None = None,
    path: Collection[int] = (),
    head: int = HEAD,
    unfolded: Iterable[tuple[int, int]] = (),
) -> Shown:
    """First ``head``, ``current`` ± 3, ``path`` and last 4 nodes; all up to 32.

    A gap of fewer than three nodes is not worth a sign: its nodes are shown.
    """
    if n <= WHOLE:
        return Shown(n, tuple(range(n)))
    chosen = {*range(head), *range(n - TAIL, n), *path}
    if current is not None:
        chosen |= set(range(current - AROUND, current + AROUND + 1))
    stretches = merged(unfolded)
    for first, stop in stretches:
        chosen |= set(range(first, stop))
    inside = sorted(j for j in chosen if 0 <= j < n)
    gaps = [(a + 1, b) for a, b in pairwise(inside) if b > a + 1]
    small = {j for first, stop in gaps if stop - first < SMALLEST_GAP for j in range(first, stop)}
    kept = tuple(gap for gap in gaps if gap[1] - gap[0] >= SMALLEST_GAP)
    return Shown(n, tuple(sorted({*inside, *small})), kept, stretches)


def merged(stretches: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Stretches in order, those that touch as one."""
    joined: list[tuple[int, int]] = []
    for first, stop in sorted(stretches):
        if joined and first <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(stop, joined[-1][1]))
        else:
            joined.append((first, stop))
    return tuple(joined)


_NUMBERED = re.compile(r"^(\D*)(\d+)(?:\D(\d+))?$")
_PIXEL_PREFIXES = {"p", "px", "pixel", "pixel_", "pix"}
_SMALLEST_SIDE = 8


@lru_cache(maxsize=16)
def image_shape(names: tuple[str, ...]) -> tuple[int, int] | None:
    """Rows and columns where the names are those of a square image's pixels, else None.

    Pixels carry their row and column (p0_0, 1x1), or the word and a running number (pixel0); a
    square has at least 8 × 8.
    """
    side = round(len(names) ** 0.5)
    if side < _SMALLEST_SIDE or side * side != len(names):
        return None
    matches = [match for match in map(_NUMBERED.match, names) if match]
    if len(matches) < len(names) or len({match[1] for match in matches}) > 1:
        return None
    if matches[0][3] is None:
        found, wanted = [int(match[2]) for match in matches], list(range(side * side))
        running = [number - found[0] for number in found] == wanted
        return (side, side) if running and matches[0][1].lower() in _PIXEL_PREFIXES else None
    return (side, side) if _is_grid(matches, side) else None


def _is_grid(matches: Sequence[re.Match[str]], side: int) -> bool:
    if any(match[3] is None for match in matches):
        return False
    places = [(int(match[2]), int(match[3])) for match in matches]
    top, left = places[0]
    wanted = [(top + n // side, left + n % side) for n in range(side * side)]
    return places == wanted
