"""What is written of a block of steps, looked up once for the block: its symbols and numbers."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from bpstudio.core.blocks import Block
from bpstudio.core.notation import Notation, tex_sum
from bpstudio.core.number_texts import Array, tex_factors, tex_numbers
from bpstudio.core.statements import MOST_ADDENDS, product
from bpstudio.core.trace import Trace

Table = list[list[str]]


@dataclass(frozen=True, eq=False)
class View:
    """A block of a trace, how its symbols are written, and what its addresses begin with.

    Lists have one entry a sample, node or second index of the block; tables are nested likewise.
    ``prefix``: the iteration e3/b4/ of a recorded run, or nothing.
    """

    trace: Trace
    block: Block
    prefix: str = ""

    @property
    def l(self) -> int:
        """Layer; 0 in the loss."""
        return self.block.region.l or 0

    @cached_property
    def n(self) -> Notation:
        """The notation of every export."""
        return Notation(self.trace.L)

    @property
    def softmax(self) -> bool:
        """Whether the layer is softmax."""
        return self.l > 0 and self.trace.sequence.is_softmax(self.l)

    @cached_property
    def rows(self) -> list[int]:
        """The samples by their rows in the data file."""
        return [self.trace.rows[s] for s in self.block.samples]

    @cached_property
    def heads(self) -> list[str]:
        """What the addresses of a sample's steps begin with."""
        return [f"{self.prefix}s{row}" for row in self.rows]

    @cached_property
    def values(self) -> Array:
        """The numbers, (samples, nodes, second indices)."""
        return np.broadcast_to(self.block.values(self.trace), self.block.shape)

    def weights(self, l: int, j: range, k: range) -> Table:
        """How the weights of layer l are written, [j][k]."""
        return [self.n.weights(l, node, k) for node in j]

    def inputs(self, l: int, k: range, factor: bool = True) -> Table:
        """Numbers of a^(l), [sample][k]."""
        return self.numbers(self.trace.a(l)[self.samples, as_slice(k)], factor)

    @property
    def samples(self) -> slice:
        """The samples as a slice of the trace's arrays."""
        return as_slice(self.block.samples)

    def numbers(self, table: Array, factor: bool = False) -> Table:
        """Numbers of a matrix as LaTeX; as factors where asked."""
        texts, width = tex_numbers(table), table.shape[1]
        texts = tex_factors(texts) if factor else texts
        return [texts[at : at + width] for at in range(0, len(texts), width)]

    # ∂C_0/∂z_j as the factors it is made of ---------------------------------------------------

    def through_symbols(self, l: int, nodes: range) -> list[str]:
        """∂C_0/∂z_j as its factors, in symbols."""
        n = self.n
        if self.trace.sequence.is_softmax(l):
            return [n.dC_dz(l, j) for j in nodes]
        return [product([n.dC_da(l, j), n.da_dz(l, j, j)]) for j in nodes]

    def through_numbers(self, l: int, nodes: range) -> Table:
        """The same with the numbers, [sample][j]; the number in use where the product broke."""
        trace, place = self.trace, (self.samples, as_slice(nodes))
        whole = self.numbers(trace.dC_dz(l)[place], factor=True)
        if trace.sequence.is_softmax(l):
            return whole
        above = self.numbers(trace.dC_da(l)[place], factor=True)
        local = self.numbers(trace.da_dz(l)[place], factor=True)
        broken = self.broken(l, nodes)
        return [
            [z if bad else rf"{a} \cdot {g}" for z, a, g, bad in zip(*lists, strict=True)]
            for lists in zip(whole, above, local, broken, strict=True)
        ]

    def through_addresses(self, l: int, nodes: range) -> list[list[tuple[str, ...]]]:
        """The steps that ∂C_0/∂z_j is made of, [sample][j]."""
        softmax = self.trace.sequence.is_softmax(l)
        found: list[list[tuple[str, ...]]] = []
        for head, broken in zip(self.heads, self.broken(l, nodes), strict=True):
            steps = [f"{head}/back/l{l}/j{j}/" for j in nodes]
            whole = [softmax or bad for bad in broken]
            found.append([_factors(at, one) for at, one in zip(steps, whole, strict=True)])
        return found

    def broken(self, l: int, nodes: range) -> list[list[bool]]:
        """Where the plain product broke down, [sample][j]: in a saturated output only."""
        if l != self.trace.L:
            return [[False] * len(nodes)] * len(self.block.samples)
        table: list[list[bool]] = self.trace.saturated[self.samples, as_slice(nodes)].tolist()
        return table


def _factors(node: str, whole: bool) -> tuple[str, ...]:
    """∂C_0/∂z of a node as it is, or the factors ∂C_0/∂a and ∂a/∂z."""
    return (f"{node}dC_dz",) if whole else (f"{node}dC_da", f"{node}da_dz")


def as_slice(numbers: range) -> slice:
    """A range as a slice of an array's axis."""
    return slice(numbers.start, numbers.stop)


def shown_addends(count: int) -> list[int]:
    """Which addends of a sum are written: all, or the first three and the last."""
    return list(range(count)) if count <= MOST_ADDENDS else [0, 1, 2, count - 1]


def tex_sums(addends: Array, count: int, extra: list[str] | None = None) -> list[str]:
    """Sums written out; ``addends`` (sums, shown) are those of `shown_addends`.

    ``extra``: one more addend of each, already written.
    """
    texts, width = tex_numbers(addends), addends.shape[1]
    found = []
    for number, at in enumerate(range(0, len(texts), width)):
        parts = texts[at : at + width]
        if count > MOST_ADDENDS:
            parts.insert(width - 1, r"\cdots")
        found.append(tex_sum(parts if extra is None else [*parts, extra[number]]))
    return found
