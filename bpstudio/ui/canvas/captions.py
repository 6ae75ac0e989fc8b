"""Which wording of each column's caption fits beside its neighbours: arithmetic on widths."""

from __future__ import annotations

from collections.abc import Collection, Sequence

Choice = tuple[int, float]
"""Which wording, and its left end."""
Span = tuple[float, float]
"""Left and right end."""

_MARGIN = 4.0


def fitting_captions(
    centers: Sequence[float],
    widths: Sequence[Sequence[float]],
    room: float,
    between: float,
    alike: Collection[int] = (),
) -> list[Choice | None]:
    """For each column the longest wording that fits, and its left end; None where none does.

    ``widths`` are those of its wordings, longest first. The columns at both ends are served
    first. Columns that are ``alike`` (the hidden layers) all take the shortest where one has to.
    """
    chosen = _choose(centers, widths, room, between)
    levels = {choice[0] for n in alike if (choice := chosen[n]) is not None}
    if len(levels) < 2:
        return chosen
    level = max(levels)
    shorter = [each[level:] if n in alike else each for n, each in enumerate(widths)]
    again = _choose(centers, shorter, room, between)
    return [
        (choice[0] + level, choice[1]) if choice is not None and n in alike else choice
        for n, choice in enumerate(again)
    ]


def _choose(
    centers: Sequence[float], widths: Sequence[Sequence[float]], room: float, between: float
) -> list[Choice | None]:
    last = len(centers) - 1
    chosen: list[Choice | None] = [None] * len(centers)
    for n in sorted(range(last + 1), key=lambda n: (min(n, last - n), -n)):
        spans = [
            (choice[1], choice[1] + widths[other][choice[0]])
            for other, choice in enumerate(chosen)
            if choice is not None
        ]
        needed = _needed_beside(n, centers, widths, chosen)
        chosen[n] = _first_fitting(centers[n], widths[n], room, between, spans, needed)
    return chosen


def _needed_beside(
    n: int,
    centers: Sequence[float],
    widths: Sequence[Sequence[float]],
    chosen: Sequence[Choice | None],
) -> list[Span]:
    """What the neighbours of a column need at the least, where they have nothing yet."""
    beside = [m for m in (n - 1, n + 1) if 0 <= m < len(centers) and chosen[m] is None]
    return [(centers[m] - widths[m][-1] / 2, centers[m] + widths[m][-1] / 2) for m in beside]


def _first_fitting(
    center: float,
    widths: Sequence[float],
    room: float,
    between: float,
    taken: Sequence[Span],
    needed: Sequence[Span],
) -> Choice | None:
    for which, width in enumerate(widths):
        left = min(max(center - width / 2, _MARGIN), room - width - _MARGIN)
        # the shortest wording gives way to nobody who has nothing yet
        others = taken if which == len(widths) - 1 else (*taken, *needed)
        clear = all(left + width + between <= a or b + between <= left for a, b in others)
        if clear and abs(left + width / 2 - center) <= width / 2:
            return which, left
    return None
