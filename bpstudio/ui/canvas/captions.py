"""Which wording of each column's caption fits beside its neighbours: arithmetic on widths."""

from __future__ import annotations

from collections.abc import Collection, Sequence

Choice = tuple[int, float]
"""Which wording, and its left end."""

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
        taken = _taken(n, centers, widths, chosen)
        chosen[n] = _first_fitting(centers[n], widths[n], room, between, taken)
    return chosen


def _taken(
    n: int,
    centers: Sequence[float],
    widths: Sequence[Sequence[float]],
    chosen: Sequence[Choice | None],
) -> list[tuple[float, float]]:
    """Room that others have, and that the neighbours need at the least."""
    taken = []
    for other, choice in enumerate(chosen):
        if choice is not None:
            which, left = choice
            taken.append((left, left + widths[other][which]))
        elif abs(other - n) == 1:
            half = widths[other][-1] / 2
            taken.append((centers[other] - half, centers[other] + half))
    return taken


def _first_fitting(
    center: float,
    widths: Sequence[float],
    room: float,
    between: float,
    taken: Sequence[tuple[float, float]],
) -> Choice | None:
    for which, width in enumerate(widths):
        left = min(max(center - width / 2, _MARGIN), room - width - _MARGIN)
        shift = abs(left + width / 2 - center)
        clear = all(left + width + between <= a or b + between <= left for a, b in taken)
        if clear and shift <= width / 2:
            return which, left
    return None
