"""Which edges are drawn between two layers, with their values and when those are computed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bpstudio.core.notation import format_count
from bpstudio.core.trace import Trace
from bpstudio.ui.canvas.layout import Layout
from bpstudio.ui.canvas.progress import Moment, grid
from bpstudio.ui.canvas.state import EdgeMode

Floats = NDArray[np.float64]
Integers = NDArray[np.intp]

MOST = 400  # edges drawn of a pair of layers
FOLDED_CUT = 4.0  # where an edge ends before the middle of the sign of folded nodes
MOST_RANKED = 10_000  # above this only the row of the current node is drawn

_ALWAYS = np.iinfo(np.int64).min


@dataclass(frozen=True, slots=True)
class Source:
    """Whose numbers the edges carry: a mode, and in gradient mode sample s or the batch mean."""

    trace: Trace
    mode: EdgeMode
    s: int
    mean: bool = False

    @property
    def kind(self) -> str:
        return "mean_dC_dw" if self.mean and len(self.trace.rows) > 1 else "dC_dw"

    def key(self) -> tuple[object, ...]:
        """What the numbers follow from: weights are the same in every sample."""
        if self.mode == "weights":
            return self.trace.network, self.mode
        return self.trace, self.mode, self.s, self.kind


@dataclass(frozen=True, slots=True, eq=False)
class EdgeSet:
    """Edges into layer l, from the least to the largest |value|, so that large ones lie on top.

    ``due``: number of the step that computes each value. ``caption``: which edges these are,
    where not all are drawn; ``row``: the node whose row of weights it is, else None.
    """

    l: int
    j: Integers
    k: Integers
    values: Floats
    due: NDArray[np.int64]
    kind: str
    caption: str = ""
    row: int | None = None

    def done(self, now: Moment) -> NDArray[np.bool_]:
        """Which values are computed."""
        return np.asarray(now.has(self.kind, self.due))


def edge_count(trace: Trace, l: int) -> int:
    """Number of weights into layer l."""
    return trace.network.sizes[l - 1] * trace.network.sizes[l - 2]


def pick_edges(source: Source, l: int, row: int | None = None) -> EdgeSet:
    """The edges to draw into layer l; ``row``: its current node, for layers that are too large."""
    count = edge_count(source.trace, l)
    if count > MOST_RANKED:
        return _row_of_edges(source, l, row, count)
    values = _matrix(source, l)
    chosen = _largest(np.abs(values).ravel(), MOST)
    j, k = np.divmod(chosen, values.shape[1])
    caption = "" if count <= MOST else f"{MOST} of {format_count(count)} edges"
    return _edge_set(source, l, j, k, values[j, k], caption)


def joined(edges: EdgeSet, source: Source, others: Collection[tuple[int, int]]) -> EdgeSet:
    """The set with other edges (j, k) as well, on top, where they are not in it."""
    known = set(zip(edges.j.tolist(), edges.k.tolist(), strict=True))
    missing = sorted(set(others) - known)
    if not missing:
        return edges
    added = edges_at(source, edges.l, [j for j, _ in missing], [k for _, k in missing])
    return replace(
        edges,
        j=np.concatenate((edges.j, added.j)),
        k=np.concatenate((edges.k, added.k)),
        values=np.concatenate((edges.values, added.values)),
        due=np.concatenate((edges.due, added.due)),
    )


def edges_at(source: Source, l: int, j: Sequence[int], k: Sequence[int]) -> EdgeSet:
    """Certain edges into layer l, whatever its size."""
    rows, columns = np.asarray(j, dtype=np.intp), np.asarray(k, dtype=np.intp)
    if source.mode == "weights" or edge_count(source.trace, l) <= MOST_RANKED:
        values = _matrix(source, l)[rows, columns]
    else:
        values = np.array([_one_value(source, l, *at) for at in zip(j, k, strict=True)])
    return _edge_set(source, l, rows, columns, values, "")


def _one_value(source: Source, l: int, j: int, k: int) -> float:
    places = grid(source.trace.sequence, source.kind, l)
    assert places is not None, f"there is no {source.kind} in layer {l}"
    n = _first_step(source) + places.due(j, k)
    return float(source.trace.values(n, n + 1)[0])


def _first_step(source: Source) -> int:
    """The step from which the due numbers of a source count."""
    sequence = source.trace.sequence
    return source.s * sequence.sample_length if source.kind == "dC_dw" else sequence.batch_start


def _row_of_edges(source: Source, l: int, row: int | None, count: int) -> EdgeSet:
    if row is None:
        nothing = np.zeros(0, dtype=np.intp)
        return _edge_set(
            source, l, nothing, nothing, np.zeros(0), f"0 of {format_count(count)} edges"
        )
    values = row_values(source, l, row)
    k = _largest(np.abs(values), MOST)
    caption = f"row {row} of {format_count(count)} edges"
    return _edge_set(source, l, np.full(len(k), row), k, values[k], caption, row)


def row_values(source: Source, l: int, j: int) -> Floats:
    """The numbers of all edges into node j of layer l, (n_{l−1},)."""
    trace = source.trace
    if source.mode == "weights":
        return trace.network.layer(l).W[j]
    places = grid(trace.sequence, source.kind, l)
    assert places is not None, f"there is no {source.kind} in layer {l}"
    start, n = _first_step(source) + places.due(j), trace.network.sizes[l - 2]
    return trace.values(start, start + (n - 1) * places.stride + 1)[:: places.stride]


def row_done(source: Source, l: int, j: int, now: Moment) -> NDArray[np.bool_]:
    """Which of these numbers are computed."""
    n = source.trace.network.sizes[l - 2]
    places = grid(source.trace.sequence, source.kind, l)
    if source.mode == "weights" or places is None:
        return np.ones(n, dtype=bool)
    return np.asarray(now.has(source.kind, places.due(j, np.arange(n))))


def _matrix(source: Source, l: int) -> Floats:
    if source.mode == "weights":
        return source.trace.network.layer(l).W
    if source.kind == "dC_dw":
        return source.trace.dC_dw(l, source.s)
    return source.trace.mean_dC_dw(l)


def _largest(sizes: Floats, most: int) -> Integers:
    """Places of the largest numbers, ascending by size; what is not a number counts as largest."""
    ranked = np.nan_to_num(sizes, nan=np.inf, posinf=np.inf)
    chosen = np.arange(len(ranked))
    if len(ranked) > most:
        chosen = np.sort(np.argpartition(ranked, -most)[-most:])
    return chosen[np.argsort(ranked[chosen], kind="stable")]


def _edge_set(
    source: Source,
    l: int,
    j: Integers,
    k: Integers,
    values: Floats,
    caption: str,
    row: int | None = None,
) -> EdgeSet:
    places = grid(source.trace.sequence, source.kind, l)
    if source.mode == "weights" or places is None:
        due: NDArray[Any] = np.full(len(j), _ALWAYS)
    else:
        due = np.asarray(places.due(j, k), dtype=np.int64)
    return EdgeSet(l, j, k, values, due, source.kind, caption, row)


def segments(layout: Layout, l: int, j: Integers, k: Integers, inset: float = 0.0) -> Floats:
    """End points of edges, (m, 4) as x0 y0 (node k) x1 y1 (node j), cut at the nodes' outlines.

    ``inset`` shortens both ends further. Edges of folded nodes end at their gap.
    """
    left, right = layout.column(l - 1), layout.column(l)
    x0, y0, x1, y1 = left.x[k], left.y[k], right.x[j], right.y[j]
    dx, dy = x1 - x0, y1 - y0
    length = np.maximum(np.hypot(dx, dy), 1e-9)
    cut0 = np.where(left.hidden[k], FOLDED_CUT, left.radius + inset) / length
    cut1 = np.where(right.hidden[j], FOLDED_CUT, right.radius + inset) / length
    return np.stack((x0 + cut0 * dx, y0 + cut0 * dy, x1 - cut1 * dx, y1 - cut1 * dy), axis=-1)


def folded(layout: Layout, l: int, j: Integers, k: Integers) -> NDArray[np.bool_]:
    """Which edges lead to a folded node."""
    return layout.column(l - 1).hidden[k] | layout.column(l).hidden[j]
