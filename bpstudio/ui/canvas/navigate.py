"""Moving the selection with the arrow keys, and where Enter leads."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np

from bpstudio.ui.canvas.edges import EdgeSet
from bpstudio.ui.canvas.layout import Column, Layout
from bpstudio.ui.canvas.state import CanvasState, NodeMode, Thing

Direction = Literal["left", "right", "up", "down"]


def moved(
    layout: Layout, edges: Sequence[EdgeSet], selected: Thing | None, way: Direction
) -> Thing:
    """The thing an arrow key leads to.

    Up and down go through a layer with its folds, or through the edges of one node; left and
    right go from node to edge and from edge to node. From nothing, the first node of the first or
    the last layer.
    """
    if selected is None:
        l = layout.L if way == "left" else 1
        return ("node", l, layout.column(l).shown.nodes[0])
    if selected[0] == "bias":
        selected = ("node", *selected[1:])
    if selected[0] == "edge":
        return _from_edge(layout, edges, selected, way)
    if selected[0] == "loss":
        return selected if way != "left" else ("target", layout.column(layout.L).shown.nodes[0])
    if selected[0] in ("target", "loss_edge"):
        return _from_target(layout, selected, way)
    return _from_node(layout, edges, selected, way)


def _from_node(layout: Layout, edges: Sequence[EdgeSet], selected: Thing, way: Direction) -> Thing:
    l, j = selected[1:3]
    if way in ("up", "down"):
        return _in_column(layout.column(l), selected, way)
    if selected[0] != "node":
        return selected
    if way == "right" and l == layout.L:
        return ("target", j)
    layer = l + 1 if way == "right" else l
    fan = _fan(layout, edges, layer, **{"k" if way == "right" else "j": j})
    return _straightest(layout, fan, layout.node(l, j)[1]) or selected


def _in_column(column: Column, selected: Thing, way: Direction) -> Thing:
    """The next node or fold up or down, also from one that is not there any more."""
    things = column.things()
    if selected in things:
        return _step(things, selected, way)
    nodes = column.shown.nodes
    return ("node", column.l, _neighbour(nodes, selected[2], way))


def _from_edge(layout: Layout, edges: Sequence[EdgeSet], selected: Thing, way: Direction) -> Thing:
    _, l, j, k = selected
    if way == "left":
        return ("node", l - 1, k)
    if way == "right":
        return ("node", l, j)
    fan = [("edge", l, j, other) for _, _, _, other in _fan(layout, edges, l, j=j)]
    fan = fan if selected in fan else [*fan, selected]
    fan.sort(key=lambda edge: edge[3])
    return _step(fan, selected, way)


def _from_target(layout: Layout, selected: Thing, way: Direction) -> Thing:
    j = selected[1]
    if way == "left":
        return ("node", layout.L, j)
    if way == "right":
        return ("loss",)
    return ("target", _neighbour(layout.column(layout.L).shown.nodes, j, way))


def _neighbour(nodes: Sequence[int], j: int, way: Direction) -> int:
    place = int(np.searchsorted(nodes, j)) + (1 if way == "down" else -1)
    return nodes[min(max(place, 0), len(nodes) - 1)]


def _fan(
    layout: Layout, edges: Sequence[EdgeSet], l: int, j: int | None = None, k: int | None = None
) -> list[tuple[str, int, int, int]]:
    """The drawn edges of layer l at node j, or from node k below."""
    each = next((each for each in edges if each.l == l), None)
    if each is None:
        return []
    left, right = layout.column(l - 1), layout.column(l)
    chosen = (each.j == j) if j is not None else (each.k == k)
    chosen &= ~(left.hidden[each.k] | right.hidden[each.j])
    return sorted(
        ("edge", l, int(a), int(b)) for a, b in zip(each.j[chosen], each.k[chosen], strict=True)
    )


def _straightest(layout: Layout, fan: Sequence[Thing], y: float) -> Thing | None:
    """The edge that leaves most nearly level."""

    def slope(edge: Thing) -> float:
        _, l, j, k = edge
        return abs(layout.node(l, j)[1] - y) + abs(layout.node(l - 1, k)[1] - y)

    return min(fan, key=slope, default=None)


def _step(fan: Sequence[Thing], selected: Thing, way: Direction) -> Thing:
    place = fan.index(selected) + (1 if way == "down" else -1)
    return fan[min(max(place, 0), len(fan) - 1)]


def address_of(state: CanvasState, mode: NodeMode, thing: Thing) -> str | None:
    """The step that a thing stands for: where "run to here" goes. None where there is none.

    An edge stands for its gradient, a node for its activation or, going backwards, ∂C_0/∂a; an
    input for the first product it enters.
    """
    sample = f"s{state.row}"
    match thing:
        case ("edge", l, j, k):
            return f"{sample}/back/l{l}/j{j}/k{k}/dC_dw"
        case ("bias", l, j):
            return f"{sample}/back/l{l}/j{j}/dC_db"
        case ("node", 1, k):
            return f"{sample}/fwd/l2/j0/k{k}/wa"
        case ("node", l, j):
            backward = mode == "dC_da" or (
                state.step is not None and state.step.phase not in ("fwd", "loss")
            )
            kind = "z" if mode == "z" else "a"
            return (
                f"{sample}/back/l{l}/j{j}/dC_da" if backward else f"{sample}/fwd/l{l}/j{j}/{kind}"
            )
        case ("target", j):
            return f"{sample}/loss/j{j}/C_j"
        case ("loss_edge", j):
            return f"{sample}/back/l{state.trace.L}/j{j}/dC_da"
        case ("loss",):
            return f"{sample}/loss/C"
    return None
