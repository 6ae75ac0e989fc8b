"""The parameters in an origin: what they started as, and what happened since."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpstudio.core.errors import InputError
from bpstudio.core.leaves import Leaf
from bpstudio.core.notation import format_number
from bpstudio.core.origin_values import OriginItem, Provenance

if TYPE_CHECKING:
    from bpstudio.core.origin import Origin


def parameter_item(origin: Origin, leaf: Leaf) -> OriginItem:
    """A weight or bias as it stands."""
    value, n = _value_in(origin, leaf), origin.notation
    name = n.w(leaf.l, leaf.j, leaf.k) if leaf.kind == "w" else n.b(leaf.l, leaf.j)
    note, opens = _since(origin, leaf, value), bool(start_of(origin, leaf))
    return OriginItem(str(leaf), name, note, value, leaf.kind, str(leaf), opens=opens)


def _value_in(origin: Origin, leaf: Leaf, at_start: bool = False) -> float:
    network = origin.trace.network
    if at_start:
        assert origin.provenance is not None, "the start is part of the provenance"
        assert origin.provenance.start is not None, "the start is known"
        network = origin.provenance.start
    layer = network.layer(leaf.l)
    if leaf.kind == "w":
        return float(layer.W[leaf.j, leaf.k])
    return 0.0 if layer.b is None else float(layer.b[leaf.j])


def _since(origin: Origin, leaf: Leaf, value: float) -> str:
    bias = "bias, " if leaf.kind == "b" else ""
    provenance = origin.provenance or Provenance()
    if not _has_start(origin):
        return bias + (provenance.since or "as it stands")
    start = _value_in(origin, leaf, at_start=True)
    if start == value:
        return bias + ("as it started" if leaf.kind == "b" else "as drawn")
    return f"{bias}start {format_number(start)}, {provenance.since or 'changed since'}"


def _has_start(origin: Origin) -> bool:
    """Whether it is known what this network started as."""
    trace = origin.trace
    start = None if origin.provenance is None else origin.provenance.start
    if start is None or start.sizes != trace.network.sizes:
        return False
    biases = [layer.b is not None for layer in start.layers]
    return biases == list(trace.sequence.biases)


def start_of(origin: Origin, leaf: Leaf) -> tuple[OriginItem, ...]:
    """The draw of a weight; biases start at 0 and come from no seed."""
    provenance = origin.provenance
    drawn = leaf.kind == "w" and provenance is not None and provenance.seed is not None
    if provenance is None or not drawn or not _has_start(origin):
        return ()
    draw = f"drawn by {provenance.init or 'the seed'}"
    value, place = _value_in(origin, leaf, at_start=True), f"seed {provenance.seed}"
    return (OriginItem("seed", "", f"start, {draw}", value, "seed", place, opens=False),)


def seed_item(origin: Origin, leaf: Leaf) -> OriginItem:
    """The draw of all weights. InputError where there was none."""
    provenance = origin.provenance
    if provenance is None or provenance.seed is None:
        raise InputError("seed is not known: the parameters did not come from a draw")
    note, seed = f"draws all weights by {provenance.init or 'itself'}", provenance.seed
    return OriginItem("seed", "", note, float(seed), "seed", f"seed {seed}", str(seed), opens=False)
