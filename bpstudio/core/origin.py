"""The origin of every number: what it was made of, and that in turn, down to the data and the seed.

The tree is never built. An `Origin` gives the item of any address, and its children as a sequence
that makes each item when it is asked for, so a sum of 784 addends costs what a product of two does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from bpstudio.core import operands
from bpstudio.core.dataset import Dataset
from bpstudio.core.errors import InputError
from bpstudio.core.leaves import Leaf, find_leaf
from bpstudio.core.notation import Notation
from bpstudio.core.origin_leaves import (
    feature_name,
    inputs_of,
    leaf_children,
    leaf_item,
    outputs_of,
    target_name,
)
from bpstudio.core.origin_notes import note_of
from bpstudio.core.origin_values import Items, OriginItem, Provenance
from bpstudio.core.parameters import weight_at
from bpstudio.core.stretches import Addresses, Stretch
from bpstudio.core.sums import largest_first, sum_of
from bpstudio.core.terms import Term
from bpstudio.core.trace import Trace
from bpstudio.core.uses import uses_of

__all__ = ["Items", "Origin", "OriginItem", "Provenance"]


@dataclass(frozen=True, eq=False)
class Origin:
    """The origins of a trace's numbers; with the data they came from, and where the weights did."""

    trace: Trace
    data: Dataset | None = None
    provenance: Provenance | None = None

    @property
    def notation(self) -> Notation:
        """How its symbols are written."""
        return Notation(self.trace.L)

    def position(self, row: int) -> int:
        """The position of a row in the batch."""
        return self.trace.sequence.positions[row]

    def item(self, address: str) -> OriginItem:
        """The number at an address. InputError where it names no number that is known here."""
        leaf = find_leaf(address)
        return self._term_item(self._term(address)) if leaf is None else leaf_item(self, leaf)

    def children(self, address: str, largest: bool = False) -> Items:
        """What the number was made of, in the order of the formula.

        ``largest``: the addends of a sum by size instead.
        """
        leaf = find_leaf(address)
        if leaf is not None:
            found = leaf_children(self, leaf)
            return Items(len(found), found.__getitem__)
        return self._term_children(self._term(address), largest)

    def is_sum(self, address: str) -> bool:
        """Whether the children are addends, which may be sorted by size."""
        if find_leaf(address) is not None:
            return False
        return sum_of(self.trace, self._term(address).step) is not None

    def uses(self, address: str) -> Items:
        """What was made of this number, in the order of the steps."""
        found = self._uses(address)
        return Items(len(found), lambda n: self.item(found[n]))

    # ---- steps --------------------------------------------------------------------------------

    def _term(self, address: str) -> Term:
        term = self.trace[address]
        if term.address != address.strip().strip("/"):
            raise InputError(f"{address!r} names a level, not one number; it starts at {term}")
        return term

    def _term_item(self, term: Term) -> OriginItem:
        output = target_name(self.data, term.step.at.j) if term.kind == "C_j" else ""
        note = note_of(term, output)
        name = term.statement(self.notation).name
        opens = term.kind != "dz_db"
        return OriginItem(
            term.address, name, note, term.value, term.kind, term.address, opens=opens
        )

    def _term_children(self, term: Term, largest: bool) -> Items:
        found = sum_of(self.trace, term.step)
        if found is None:
            addresses: Sequence[str] = _made_of(term)
        else:
            addresses = found.addresses
        if found is None or not largest:
            return Items(len(addresses), lambda n: self._child(term, addresses[n]))
        order = largest_first(found)
        return Items(len(addresses), lambda n: self._child(term, addresses[int(order[n])]))

    def _child(self, parent: Term, address: str) -> OriginItem:
        """An operand as its parent shows it."""
        item = self.item(address)
        if item.kind in ("dz_dw", "dz_da"):
            (inner,) = (self.item(operand) for operand in self.trace[address].operands)
            return replace(inner, name=f"{item.name} = {inner.name}")
        rule = _CHILDREN.get((parent.kind, item.kind))
        return item if rule is None else rule(self, self.trace[address], item)

    # ---- what uses a number -------------------------------------------------------------------

    def _uses(self, address: str) -> Addresses:
        leaf = find_leaf(address)
        if leaf is not None and leaf.kind in ("scale", "data", "seed"):
            leaf_item(self, leaf)
            return self._uses_of_given(leaf)
        return uses_of(self.trace.sequence, address, self._is_saturated(address, leaf))

    def _is_saturated(self, address: str, leaf: Leaf | None) -> bool:
        if leaf is not None:
            return False
        step = self._term(address).step
        if step.phase != "back" or step.l != self.trace.L:
            return False
        return bool(self.trace.saturated[step.s, step.j])

    def _uses_of_given(self, leaf: Leaf) -> Addresses:
        network, rows = self.trace.network, self.trace.rows
        if leaf.kind == "seed":
            return Addresses((Stretch(network.n_weights, lambda n: weight_address(self.trace, n)),))
        if leaf.kind == "scale":
            return Addresses((Stretch(len(rows), lambda s: f"s{rows[s]}/{leaf.side}{leaf.j}"),))
        assert self.data is not None, "a cell has data"
        here = [leaf.row] if leaf.row in self.trace.sequence.positions else []
        made = [f"x{k}" for k in inputs_of(self.data, leaf.column)]
        made += [f"y{j}" for j in outputs_of(self.data, leaf.column)]
        found = [f"s{row}/{name}" for row in here for name in made]
        return Addresses((Stretch(len(found), found.__getitem__),))


def weight_address(trace: Trace, n: int) -> str:
    """The n-th weight, layer by layer and row by row."""
    return operands.w(*weight_at(trace.network, n))


def _made_of(term: Term) -> Sequence[str]:
    """The operands; where the product broke down, what the combined form takes instead."""
    if not term.saturated:
        return term.operands
    at, trace = term.step.at, term.trace
    nodes = range(trace.network.sizes[-1]) if trace.sequence.is_softmax(at.l) else (at.j,)
    return operands.a(at.row, at.l, at.j), *(operands.y(at.row, j) for j in nodes)


# How a parent shows an operand -----------------------------------------------------------------


def _weighted_input(origin: Origin, term: Term, item: OriginItem) -> OriginItem:
    at = term.step.at
    if at.l > 2 or origin.data is None:
        return item
    return replace(item, note=feature_name(origin.data, at.k))


def _addend(origin: Origin, term: Term, item: OriginItem) -> OriginItem:
    i = term.step.at.i
    at_output = term.step.at.l == origin.trace.L - 1
    note = target_name(origin.data, i) if at_output and origin.data is not None else item.note
    return replace(item, name=f"i = {i}", note=note)


def _addend_z(origin: Origin, term: Term, item: OriginItem) -> OriginItem:
    at = term.step.at
    known = at.l == origin.trace.L and origin.data is not None
    note = target_name(origin.data, at.m) if known else item.note
    return replace(item, name=f"m = {at.m}", note=note)


def _sample(origin: Origin, term: Term, item: OriginItem) -> OriginItem:
    row, data = term.step.at.row, origin.data
    name = rf"\text{{row {row}}}"
    if data is None or data.labels is None:
        return replace(item, name=name)
    return replace(item, name=name, note=data.target_names[int(data.labels[data.position(row)])])


_CHILDREN: Mapping[tuple[str, str], Callable[[Origin, Term, OriginItem], OriginItem]] = {
    ("z", "wa"): _weighted_input,
    ("dC_da", "addend"): _addend,
    ("dC_dz", "addend_z"): _addend_z,
    ("mean_dC_dw", "dC_dw"): _sample,
    ("mean_dC_db", "dC_db"): _sample,
}
