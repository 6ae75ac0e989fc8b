"""The order of steps, by arithmetic.

A batch is a row of *regions* (see `regions`): for each sample forward, loss and backward layer by
layer, then the means and the updates. Step n, and the number of an address, follow by division;
nothing is stored, so 10⁹ steps cost what 100 do.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

from bpstudio.core.address import BATCH_PHASES, Address, parse_address
from bpstudio.core.errors import InputError
from bpstudio.core.network import Network
from bpstudio.core.regions import Region as Region
from bpstudio.core.regions import Run, batch_regions, sample_regions
from bpstudio.core.updates import UpdateTerms


class Indices(NamedTuple):
    """The indices of a step as plain integers; −1 where its kind has none."""

    row: int
    l: int
    j: int
    k: int
    i: int
    m: int


@dataclass(frozen=True, slots=True)
class Step:
    """One scalar of the pass: what it is and where. Its value is in the trace.

    ``s`` is the position of the sample in the batch, ``row`` its row in the data file; both are
    None in mean and update. An index that the kind does not have is None.
    """

    index: int
    phase: str
    kind: str
    s: int | None = None
    row: int | None = None
    l: int | None = None
    j: int | None = None
    k: int | None = None
    i: int | None = None
    m: int | None = None

    @property
    def at(self) -> Indices:
        """The indices without None, for formulas that read only those their kind has."""
        numbers = (self.row, self.l, self.j, self.k, self.i, self.m)
        return Indices(*(-1 if number is None else number for number in numbers))

    @property
    def of_bias(self) -> bool:
        """Whether it belongs to a bias: as its derivative, or on the way to its new value."""
        if self.phase == "update":
            return self.l is not None and self.k is None
        return self.kind in ("dz_db", "dC_db", "mean_dC_db")

    @property
    def place(self) -> Address:
        """The address, in parts."""
        for letter in ("k", "i", "m"):
            number = getattr(self, letter)
            if number is not None:
                return Address(
                    None, None, self.row, self.phase, self.l, self.j, letter, number, self.kind
                )
        return Address(None, None, self.row, self.phase, self.l, self.j, None, None, self.kind)

    @property
    def address(self) -> str:
        """The canonical address."""
        return str(self.place)


class StepSequence:
    """All steps of one batch, in order. Depends on sizes only, never on numbers.

    ``biases`` and ``softmax`` say for l = 2 … L whether the layer has biases and is softmax;
    ``rows`` are the samples in order; ``updates`` the steps of an update, None for none (True and
    False mean plain gradient descent and none).
    """

    def __init__(
        self,
        sizes: Sequence[int],
        biases: Sequence[bool],
        softmax: Sequence[bool],
        rows: Sequence[int],
        updates: bool | UpdateTerms | None = None,
    ) -> None:
        self.sizes = tuple(sizes)
        self.biases = tuple(biases)
        self.softmax = tuple(softmax)
        self.rows = tuple(rows)
        self.updates: UpdateTerms | None = UpdateTerms() if updates is True else updates or None
        self.sample_regions = sample_regions(self.sizes, self.biases, self.softmax)
        self.batch_regions = batch_regions(
            self.sizes, self.biases, len(self.rows) > 1, self.updates
        )
        self.sample_length = self.sample_regions[-1].stop
        self.batch_start = self.sample_length * len(self.rows)
        tail = self.batch_regions[-1].stop if self.batch_regions else 0
        self._length = self.batch_start + tail
        self._sample_starts = [region.start for region in self.sample_regions]
        self._batch_starts = [region.start for region in self.batch_regions]

    @classmethod
    def of(
        cls,
        network: Network,
        rows: Sequence[int],
        updates: bool | UpdateTerms | None = None,
    ) -> StepSequence:
        """The sequence of a network over these rows; the same object while it stays the same."""
        biases = tuple(layer.b is not None for layer in network.layers)
        softmax = tuple(layer.activation == "softmax" for layer in network.layers)
        return _sequence(network.sizes, biases, softmax, tuple(rows), updates)

    def __len__(self) -> int:
        return self._length

    @property
    def L(self) -> int:
        """Number of the output layer."""
        return len(self.sizes)

    def is_softmax(self, l: int) -> bool:
        """Whether layer l is softmax."""
        return self.softmax[l - 2]

    def has_bias(self, l: int) -> bool:
        """Whether layer l has biases."""
        return self.biases[l - 2]

    @cached_property
    def positions(self) -> dict[int, int]:
        """The position in the batch of each row."""
        return {row: s for s, row in enumerate(self.rows)}

    def step(self, n: int) -> Step:
        """Step n = 0 … len − 1, in O(log layers). IndexError outside."""
        if not 0 <= n < self._length:
            raise IndexError(f"step {n} does not exist; steps are 0..{self._length - 1}")
        s, region, j, position = self.locate(n)
        row = None if s is None else self.rows[s]
        for run in region.runs:
            if position < run.width:
                break
            position -= run.width
        number, which = divmod(position, len(run.kinds))
        k, i, m = (number if run.letter == letter else None for letter in "kim")
        node = j if region.has_j else None
        return Step(n, region.phase, run.kinds[which], s, row, region.l, node, k, i, m)

    def locate(self, n: int) -> tuple[int | None, Region, int, int]:
        """Sample position, region, line (node) and position in the line of step n."""
        if n < self.batch_start:
            s, rest = divmod(n, self.sample_length)
            region = self.sample_regions[bisect_right(self._sample_starts, rest) - 1]
            return s, region, *divmod(rest - region.start, region.width)
        rest = n - self.batch_start
        region = self.batch_regions[bisect_right(self._batch_starts, rest) - 1]
        return None, region, *divmod(rest - region.start, region.width)

    def index(self, address: str | Address) -> int:
        """Number of the step at an address; of the first step of a level."""
        return self.span(address)[0].start

    def span(self, address: str | Address) -> tuple[range, ...]:
        """The steps of a level (or of one step), ascending.

        One range, but for a node of a softmax layer: its a, and its ∂C_0/∂a, are computed apart
        from the rest of it. InputError where the address does not exist here.
        """
        place = parse_address(address) if isinstance(address, str) else address
        if place.epoch is not None:
            raise InputError(
                f"{place} names an iteration of a recorded run; this trace has one batch, "
                f"its addresses start with s{self.rows[0]}"
            )
        if place == Address():
            return (range(self._length),)
        if place.phase in BATCH_PHASES:
            return _merged(self._spans(place, self.batch_regions, self.batch_start))
        start = self.sample_length * self._position(place)
        if place.phase is None:
            return (range(start, start + self.sample_length),)
        return _merged(self._spans(place, self.sample_regions, start))

    def _position(self, place: Address) -> int:
        if place.row is None:
            raise InputError(f"{place} does not name the sample; put s{self.rows[0]}/ before it")
        try:
            return self.positions[place.row]
        except KeyError:
            raise InputError(
                f"{place}: row {place.row} is not in this trace, which has {_listed(self.rows)}"
            ) from None

    def _spans(self, place: Address, regions: Sequence[Region], start: int) -> list[range]:
        if place.phase in BATCH_PHASES and place.row is not None:
            raise InputError(f"{place}: {place.phase} belongs to the batch; leave out s{place.row}")
        candidates = [region for region in regions if region.phase == place.phase]
        if not candidates:
            raise InputError(f"{place} does not exist here: {_why_absent(place)}")
        found = [_within(place, region, start) for region in candidates if _fits(place, region)]
        spans = [span for span in found if span is not None]
        if not spans:
            raise InputError(f"{place} does not exist: {_why_missing(place, self)}")
        return spans


@lru_cache(maxsize=8)
def _sequence(
    sizes: tuple[int, ...],
    biases: tuple[bool, ...],
    softmax: tuple[bool, ...],
    rows: tuple[int, ...],
    updates: bool | UpdateTerms | None,
) -> StepSequence:
    return StepSequence(sizes, biases, softmax, rows, updates)


def _fits(place: Address, region: Region) -> bool:
    """Whether the region has steps there. A part fits nowhere without the part it belongs to."""
    if place.l is None and region.l is not None:
        return (place.j, place.letter, place.kind) == (None, None, None)
    if place.l is not None and place.l != region.l:
        return False
    if place.j is None:
        whole = place.kind is None or (not region.has_j and region.find(place.kind) is not None)
        return whole and place.letter is None
    return region.has_j and place.j < region.nodes


def _within(place: Address, region: Region, start: int) -> range | None:
    """The part of a region that a place covers, or None."""
    start += region.start
    if place.j is None:
        return range(start, start + region.nodes * region.width)
    start += place.j * region.width
    if place.letter is None and place.kind is None:
        return range(start, start + region.width)
    offset = 0
    for run in region.runs:
        if _run_fits(place, run):
            return _within_run(place, run, start + offset)
        offset += run.width
    return None


def _run_fits(place: Address, run: Run) -> bool:
    if place.kind is not None and place.kind not in run.kinds:
        return False
    return run.letter == place.letter and (place.index is None or place.index < run.count)


def _within_run(place: Address, run: Run, start: int) -> range:
    start += (place.index or 0) * len(run.kinds)
    if place.kind is None:
        return range(start, start + len(run.kinds))
    start += run.kinds.index(place.kind)
    return range(start, start + 1)


def _merged(spans: list[range]) -> tuple[range, ...]:
    merged = [spans[0]]
    for span in spans[1:]:
        if span.start == merged[-1].stop:
            merged[-1] = range(merged[-1].start, span.stop)
        else:
            merged.append(span)
    return tuple(merged)


def _listed(rows: Sequence[int]) -> str:
    if len(rows) == 1:
        return f"row {rows[0]}"
    if len(rows) <= 5:
        return "rows " + ", ".join(map(str, rows))
    return f"{len(rows)} rows, {rows[0]}..{rows[-1]}"


def _why_absent(place: Address) -> str:
    if place.phase == "mean":
        return "a mean needs a batch of more than one row"
    return "an update needs a learning rate (--lr)"


def _why_missing(place: Address, sequence: StepSequence) -> str:
    """What is wrong with an address of a phase that exists."""
    if place.phase == "loss":
        n = sequence.sizes[-1]
        return f"the loss has the terms loss/j0/C_j .. loss/j{n - 1}/C_j and loss/C"
    if place.kind == "clip":
        return "no clipping is in force, and its scale belongs to no layer: update/clip"
    if place.l is None:
        return f"it does not name the layer, one of l2..l{sequence.L}"
    if not 2 <= place.l <= sequence.L:
        return f"layers with terms are l = 2..{sequence.L}"
    n = sequence.sizes[place.l - 1]
    if place.j is None:
        return f"it does not name the node; layer {place.l} has j0..j{n - 1}"
    if place.j >= n:
        return f"layer {place.l} has {n} nodes (j = 0..{n - 1})"
    return f"node {place.j} of layer {place.l} has {_parts_of(place, sequence)}"


def _parts_of(place: Address, sequence: StepSequence) -> str:
    regions = sequence.batch_regions if place.phase in BATCH_PHASES else sequence.sample_regions
    parts = []
    for region in regions:
        if region.phase == place.phase and region.l == place.l:
            for run in region.runs:
                if run.count:
                    prefix = f"{run.letter}0..{run.letter}{run.count - 1}/" if run.letter else ""
                    parts += [prefix + kind for kind in run.kinds]
    return ", ".join(parts)
