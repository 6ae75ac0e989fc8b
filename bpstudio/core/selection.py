"""Choosing steps of a sequence by number and by what they are, without walking through the rest."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from bpstudio.core.address import BATCH_PHASES, KINDS, PHASES
from bpstudio.core.errors import InputError
from bpstudio.core.regions import Region, Run
from bpstudio.core.sequence import StepSequence

INDICES = ("s", "l", "j", "k", "i", "m")
_EXAMPLE = "it reads like l=3,j=2,k=2"


@dataclass(frozen=True, slots=True)
class Selection:
    """Steps start ≤ n < stop that have every index, kind and phase given; None chooses all.

    ``kind`` is one kind of term, or several: ``dz_dw+dC_dw``.
    ``s`` is a row of the data file. A step that has no such index is not chosen.
    """

    start: int = 0
    stop: int | None = None
    s: int | None = None
    l: int | None = None
    j: int | None = None
    k: int | None = None
    i: int | None = None
    m: int | None = None
    kind: str | None = None
    phase: str | None = None

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds that are chosen; none means all."""
        return tuple(self.kind.split("+")) if self.kind is not None else ()

    def only(self, text: str) -> Selection:
        """With conditions like ``l=3,j=2,k=2`` or ``kind=dz_dw+dC_dw``.

        InputError says what is wrong.
        """
        chosen = self
        for part in text.split(","):
            name, equals, given = (piece.strip() for piece in part.partition("="))
            if not equals or name not in (*INDICES, "kind", "phase"):
                known = ", ".join((*INDICES, "kind", "phase"))
                raise InputError(f"{part.strip()!r} is no condition on {known}; {_EXAMPLE}")
            if getattr(chosen, name) is not None:
                raise InputError(f"{name} is given twice in {text!r}; {_EXAMPLE}")
            condition: dict[str, Any] = {name: _typed(name, given)}
            chosen = replace(chosen, **condition)
        return chosen

    def numbered(self, text: str) -> Selection:
        """Steps A:B, half-open; either side may be left out."""
        match = re.fullmatch(r"\s*(\d{0,18})\s*:\s*(\d{0,18})\s*", text)
        if match is None:
            raise InputError(f"{text!r} is no range of steps; write A:B, such as 0:100")
        start, stop = (int(part) if part else None for part in match.groups())
        return replace(self, start=start or 0, stop=stop)


def _typed(name: str, given: str) -> int | str:
    known = {"kind": tuple(kind for kinds in KINDS.values() for kind in kinds), "phase": PHASES}
    if name in known:
        for part in given.split("+") if name == "kind" else (given,):
            if part not in known[name]:
                one_of = ", ".join(known[name])
                raise InputError(f"there is no {name} {part!r}; it is one of {one_of}")
        return given
    if not (given.isascii() and given.isdigit() and len(given) <= 18):
        raise InputError(f"{name}={given} is no index; write a whole number from 0; {_EXAMPLE}")
    return int(given)


def selected(sequence: StepSequence, selection: Selection) -> Iterator[range]:
    """The chosen steps as ranges, ascending. InputError, before the first, where there is none."""
    stop = _require_window(sequence, selection)
    ranges = _joined(_ranges(sequence, selection, selection.start, stop))
    first = next(ranges, None)
    if first is None:
        raise InputError(_why_nothing(sequence, selection, stop))
    return _chained(first, ranges)


def _chained(first: range, others: Iterator[range]) -> Iterator[range]:
    yield first
    yield from others


def _require_window(sequence: StepSequence, selection: Selection) -> int:
    length = len(sequence)
    stop = length if selection.stop is None else selection.stop
    if not 0 <= selection.start < stop <= length:
        raise InputError(
            f"steps {selection.start}:{stop} are no range of this trace, which has {length} "
            f"steps; A:B needs 0 ≤ A < B ≤ {length}"
        )
    return stop


def _joined(ranges: Iterator[range]) -> Iterator[range]:
    """Neighbours made one."""
    open_range: range | None = None
    for found in ranges:
        if open_range is None:
            open_range = found
        elif open_range.step == found.step == 1 and open_range.stop == found.start:
            open_range = range(open_range.start, found.stop)
        else:
            yield open_range
            open_range = found
    if open_range is not None:
        yield open_range


def _ranges(sequence: StepSequence, chosen: Selection, start: int, stop: int) -> Iterator[range]:
    """Pieces of the window, region by region; regions outside are passed over by arithmetic."""
    for position in _positions(sequence, chosen, start, stop):
        for region in sequence.sample_regions:
            origin = position * sequence.sample_length
            yield from _in_region(region, origin, chosen, start, stop)
    if chosen.s is None:
        for region in sequence.batch_regions:
            yield from _in_region(region, sequence.batch_start, chosen, start, stop)


def _positions(
    sequence: StepSequence, chosen: Selection, start: int, stop: int
) -> Iterator[int] | range:
    """Samples that may have chosen steps in the window."""
    of_batch = [kind for phase in BATCH_PHASES for kind in KINDS[phase]]
    kinds = chosen.kinds
    if chosen.phase in BATCH_PHASES or (kinds and set(kinds) <= set(of_batch)):
        return range(0)
    last = min(-(-stop // sequence.sample_length), len(sequence.rows))
    window = range(min(start // sequence.sample_length, last), last)
    if chosen.s is None:
        return window
    return (position for position in window if sequence.rows[position] == chosen.s)


def _in_region(
    region: Region, origin: int, chosen: Selection, start: int, stop: int
) -> Iterator[range]:
    origin += region.start
    end = origin + region.nodes * region.width
    if end <= start or stop <= origin or not region_fits(region, chosen):
        return
    line = pieces(region, chosen)
    if line == (range(region.width),) and chosen.j is None:
        yield _clipped(range(origin, end), start, stop)
        return
    for j in _lines(region, origin, chosen, start, stop):
        for piece in line:
            at = origin + j * region.width
            clipped = _clipped(range(at + piece.start, at + piece.stop, piece.step), start, stop)
            if clipped:
                yield clipped


def region_fits(region: Region, chosen: Selection) -> bool:
    """Whether phase, layer and node of a selection exist in a region."""
    if chosen.phase not in (None, region.phase) or chosen.l not in (None, region.l):
        return False
    return chosen.j is None or (region.has_j and chosen.j < region.nodes)


def _lines(region: Region, origin: int, chosen: Selection, start: int, stop: int) -> range:
    """The lines (nodes) of a region that lie in the window."""
    if chosen.j is not None:
        return range(chosen.j, chosen.j + 1)
    first = max(0, (start - origin) // region.width)
    return range(first, min(region.nodes, -(-(stop - origin) // region.width)))


def pieces(region: Region, chosen: Selection) -> tuple[range, ...]:
    """The chosen steps of one line, counted from its beginning."""
    pieces, offset = [], 0
    for run in region.runs:
        for piece in _in_run(run, chosen):
            pieces.append(range(offset + piece.start, offset + piece.stop, piece.step))
        offset += run.width
    return tuple(_joined(iter(pieces)))


def _in_run(run: Run, chosen: Selection) -> Iterator[range]:
    second, kinds = second_indices(run, chosen), chosen.kinds
    places = [n for n, kind in enumerate(run.kinds) if not kinds or kind in kinds]
    if not second or not places:
        return
    size = len(run.kinds)
    first, last = second.start * size, second.stop * size
    if len(places) == size:
        yield range(first, last)
    elif len(places) == 1:
        yield range(first + places[0], last, size)
    else:
        for at in range(first, last, size):
            yield from (range(at + place, at + place + 1) for place in places)


def second_indices(run: Run, chosen: Selection) -> range:
    """The k, i or m of a run that a selection has; of a run without one, its single place."""
    given = {name: getattr(chosen, name) for name in "kim" if getattr(chosen, name) is not None}
    index = given.pop(run.letter, None) if run.letter is not None else None
    if given or (index is not None and index >= run.count):
        return range(0)
    return range(run.count) if index is None else range(index, index + 1)


def _clipped(steps: range, start: int, stop: int) -> range:
    """Those of the steps that lie in start … stop − 1."""
    first = max(0, -(-(start - steps.start) // steps.step))
    last = max(0, -(-(stop - steps.start) // steps.step))
    return steps[first:last]


def _why_nothing(sequence: StepSequence, chosen: Selection, stop: int) -> str:
    """What is wrong with a selection that no step fits."""
    given = [(name, getattr(chosen, name)) for name in (*INDICES, "kind", "phase")]
    text = ",".join(f"{name}={value}" for name, value in given if value is not None)
    several = f"no step of {chosen.start}:{stop} has {text}; leave out one of the conditions"
    return wrong_index(sequence, chosen) or several


def wrong_index(sequence: StepSequence, chosen: Selection) -> str:
    """Which index of a selection no step has, whatever else is chosen; "" where each has some."""
    if chosen.s is not None and chosen.s not in sequence.rows:
        return f"row {chosen.s} is not in this trace; its rows are {_listed(sequence.rows)}"
    if chosen.l is not None and not 2 <= chosen.l <= sequence.L:
        return f"no step has l={chosen.l}; layers with terms are l = 2..{sequence.L}"
    nodes = max(sequence.sizes[1:]) if chosen.l is None else sequence.sizes[chosen.l - 1]
    if chosen.j is not None and chosen.j >= nodes:
        where = "the widest layer" if chosen.l is None else f"layer {chosen.l}"
        return f"no step has j={chosen.j}; {where} has {nodes} nodes (j = 0..{nodes - 1})"
    return ""


def _listed(rows: tuple[int, ...]) -> str:
    return ", ".join(map(str, rows)) if len(rows) <= 5 else f"{len(rows)}, {min(rows)}..{max(rows)}"
