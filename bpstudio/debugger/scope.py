"""What the names of an expression mean at a block of steps.

Everything is broadcastable to the block's (samples, nodes, count). What a step has not computed
yet, or has no place for, is not known there: `Scope.known` says where all that was read is.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bpstudio.core.activations import flat_below
from bpstudio.core.address import BATCH_PHASES, KINDS
from bpstudio.core.blocks import Block, block_of
from bpstudio.core.errors import InputError
from bpstudio.core.regions import Region, Run
from bpstudio.core.sequence import StepSequence
from bpstudio.core.trace import Trace

Array = NDArray[Any]
Known = NDArray[np.bool_] | bool

DEAD = 0.0  # a node is dead where |∂a/∂z| is no more than this for every sample
OF_BATCH = frozenset(kind for phase in BATCH_PHASES for kind in KINDS[phase])


class Facts:
    """What is true of a whole pass, worked out once when it is asked for."""

    def __init__(self, trace: Trace) -> None:
        self.trace = trace
        self._of_layers: dict[tuple[str, int], float] = {}

    @cached_property
    def loss(self) -> float:
        """C, the mean loss over the batch."""
        return float(self.trace.C.mean())

    def of_layer(self, function: str, l: int) -> float:
        """``grad_norm``, ``dead`` or ``saturated`` of a layer."""
        if (function, l) not in self._of_layers:
            with np.errstate(all="ignore"):
                self._of_layers[function, l] = _OF_LAYERS[function](self.trace, l)
        return self._of_layers[function, l]


def _grad_norm(trace: Trace, l: int) -> float:
    squares = float(np.square(trace.mean_dC_dw(l)).sum())
    if trace.sequence.has_bias(l):
        squares += float(np.square(trace.mean_dC_db(l)).sum())
    return float(np.sqrt(squares))


def _dead(trace: Trace, l: int) -> float:
    return float((np.abs(trace.da_dz(l)) <= DEAD).all(axis=0).mean())


def _saturated(trace: Trace, l: int) -> float:
    flat = flat_below(trace.network.layer(l).activation)
    return float((np.abs(trace.da_dz(l)).mean(axis=0) < flat).mean())


_OF_LAYERS = {"grad_norm": _grad_norm, "dead": _dead, "saturated": _saturated}


class Scope:
    """The environment of an expression at a block."""

    def __init__(self, facts: Facts, block: Block) -> None:
        self._facts, self._block = facts, block
        self._trace: Trace = facts.trace
        self.known: Known = True

    # ---- what an expression asks for ----------------------------------------------------------

    def name(self, name: str) -> Array | float:
        """``value``, ``l``, ``loss``, or a kind of term at the place of the step."""
        simple = _NAMES.get(name)
        if simple is not None:
            return simple(self)
        return self._beside(name)

    def indexed(self, name: str, layer: int | None, indices: tuple[int, ...]) -> Array | float:
        """One number of the pass: of the step's own sample where it is one of a sample."""
        l = layer if layer is not None else 0
        if name in ("w", "b"):
            return self._parameter(name, l, indices)
        if name in ("x", "y"):
            return self._of_sample(self._trace.X if name == "x" else self._trace.Y, indices[0])
        if name == "a" and l == 1:
            return self._of_sample(self._trace.X, indices[0])
        j, *others = indices
        places = (range(j, j + 1), range(others[0], others[0] + 1) if others else range(1))
        return self._numbers(name, layer, *places, indexed=bool(others))

    def whole(self, name: str, layer: int) -> Array:
        """All numbers of a kind in a layer, along an axis of their own at the end."""
        if name in ("w", "b"):
            return self._whole_parameter(name, layer).reshape(1, 1, 1, -1)
        if name == "a" and layer == 1:
            self._require(bool(self._block.samples))
            return self._trace.X[self._samples, None, None]
        j, x = self._extent(name, layer)
        numbers = self._numbers(name, layer, j, x)
        numbers = np.broadcast_to(numbers, (len(numbers), len(j), len(x)))
        return numbers.reshape(len(numbers), 1, 1, -1)

    def of_layer(self, function: str, layer: int) -> float:
        """A function of a layer, over all samples."""
        sequence = self._trace.sequence
        last = max(r.stop for r in sequence.sample_regions if (r.phase, r.l) == ("back", layer))
        self._require_reached(sequence.batch_start - sequence.sample_length + last - 1)
        return self._facts.of_layer(function, layer)

    # ---- names of the step --------------------------------------------------------------------

    @cached_property
    def value(self) -> Array:
        """The numbers of the block."""
        return self._block.values(self._trace)

    def previous(self) -> Array:
        """The numbers one sample before; the first sample has none."""
        block, samples = self._block, self._block.samples
        if not samples:
            self._require(False)
            return self.value
        first = samples.start == 0
        before = slice(max(samples.start - 1, 0), samples.stop - 1)
        _, j, x = block.slices
        numbers = block.values_at(self._trace, before, j, x)
        if not first:
            return numbers
        shape = (len(samples) - 1, *numbers.shape[1:])
        numbers = np.broadcast_to(numbers, shape) if len(numbers) == 1 else numbers
        self._require((np.arange(len(samples)) > 0)[:, None, None])
        return np.concatenate((np.full((1, *shape[1:]), np.nan), numbers))

    def row(self) -> Array | float:
        """Rows of the samples in the data file."""
        samples = self._block.samples
        self._require(bool(samples))
        rows = self._trace.rows[samples.start : samples.stop] or (-1,)
        return np.array(rows, dtype=float)[:, None, None]

    def layer(self) -> float:
        """l."""
        l = self._block.region.l
        self._require(l is not None)
        return float(l or 0)

    def node(self) -> Array:
        """j."""
        self._require(self._block.region.has_j)
        return np.array(self._block.j, dtype=float)[:, None]

    def second(self, letter: str) -> Array:
        """k, i or m."""
        self._require(self._block.letter == letter)
        return np.array(self._block.x, dtype=float)

    def loss(self) -> float:
        """C, from the last sample's C_0 on."""
        sequence = self._trace.sequence
        last = max(region.stop for region in sequence.sample_regions if region.phase == "loss")
        self._require_reached(sequence.batch_start - sequence.sample_length + last - 1)
        return self._facts.loss

    def rate(self) -> float:
        """η."""
        self._require(self._trace.lr is not None)
        return self._trace.lr if self._trace.lr is not None else np.nan

    # ---- inside -------------------------------------------------------------------------------

    @property
    def _samples(self) -> slice:
        return self._block.slices[0]

    def _require(self, known: Known) -> None:
        self.known = np.logical_and(self.known, known) if known is not True else self.known

    def _require_reached(self, number: int) -> None:
        """Known from that step on."""
        block = self._block
        if block.start >= number:
            return
        self._require(False if block.last < number else block.numbers >= number)

    def _unknown(self) -> Array:
        self._require(False)
        return np.full((1, 1, 1), np.nan)

    def _beside(self, kind: str) -> Array:
        """Another kind at the same place as each step."""
        block, trace = self._block, self._trace
        l, j = block.region.l, block.j
        if kind == "C_j" and l == trace.L and block.region.has_j:
            l = None
        if kind in ("C", "clip"):
            l, j = None, range(1)
        if bool(block.samples) == (kind in OF_BATCH):
            return self._unknown()
        places = trace.sequence, kind, l, block.samples, j, block.x
        found = block_of(*places, indexed=block.letter is not None) or block_of(*places)
        fits = found is not None and found.letter in (None, block.letter)
        if found is None or not fits or (found.region.has_j and not block.region.has_j):
            return self._unknown()
        self._require(found.start <= block.start)
        return found.values(trace)

    def _numbers(
        self, kind: str, l: int | None, j: range, x: range, indexed: bool | None = None
    ) -> Array:
        """Numbers of a kind: (samples, nodes, count) or what broadcasts to it."""
        block, trace = self._block, self._trace
        samples = range(0) if kind in OF_BATCH else block.samples
        if not samples and kind not in OF_BATCH:
            return self._unknown()
        found = block_of(trace.sequence, kind, l, samples, j, x, indexed)
        if found is None:
            return self._unknown()
        if samples:
            self._require_within_sample(found)
        else:
            self._require_reached(found.last)
        return found.values(trace)

    def _require_within_sample(self, found: Block) -> None:
        """Known from the last of those steps on, in each sample alike."""
        length = self._trace.sequence.sample_length
        origin = self._block.samples.start * length
        needed = found.last - (len(found.samples) - 1) * length - origin
        _, n_j, n_x = self._block.shape
        _, of_j, of_x = self._block.strides
        first = self._block.start - origin
        if first >= needed:
            return
        if first + (n_j - 1) * of_j + (n_x - 1) * of_x < needed:
            self._require(False)
            return
        self._require(self._block.numbers[:1] - origin >= needed)

    def _extent(self, kind: str, l: int) -> tuple[range, range]:
        """All nodes and second indices of a kind in a layer."""
        found = find(self._trace.sequence, kind, l)
        return (range(1), range(1)) if found is None else (range(found[0].nodes), _all(found[1]))

    def _parameter(self, name: str, l: int, indices: tuple[int, ...]) -> Array | float:
        array = self._whole_parameter(name, l)
        return float(array[indices])

    def _whole_parameter(self, name: str, l: int) -> Array:
        layer = self._trace.network.layer(l)
        if name == "w":
            return layer.W
        if layer.b is None:
            raise InputError(f"layer {l} has no biases")
        return layer.b

    def _of_sample(self, array: Array, index: int) -> Array:
        self._require(bool(self._block.samples))
        return array[self._samples, index, None, None]


def _all(run: Run) -> range:
    return range(run.count)


def find(
    sequence: StepSequence, kind: str, l: int | None, indexed: bool | None = None
) -> tuple[Region, Run] | None:
    """Where a kind stands in layer l. ``indexed``: with a second index, or without one."""
    for region in (*sequence.sample_regions, *sequence.batch_regions):
        found = region.find(kind, indexed)
        if found is not None and region.l == l:
            return region, found[1]
    return None


_NAMES: dict[str, Callable[[Scope], Array | float]] = {
    "value": lambda scope: scope.value,
    "previous": Scope.previous,
    "step": lambda scope: scope._block.numbers.astype(float),
    "row": Scope.row,
    "l": Scope.layer,
    "j": Scope.node,
    "k": lambda scope: scope.second("k"),
    "i": lambda scope: scope.second("i"),
    "m": lambda scope: scope.second("m"),
    "loss": Scope.loss,
    "lr": Scope.rate,
    "L": lambda scope: float(scope._trace.L),
}
