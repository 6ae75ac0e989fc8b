"""Which things of the picture breakpoints and edits belong to."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import numpy as np

from bpstudio.core.address import KINDS
from bpstudio.core.trace import Trace
from bpstudio.debugger.breakpoints import Breakpoint
from bpstudio.ui.canvas.state import OFF, Thing

_OF_WEIGHTS = frozenset({"wa", "dz_dw", "dC_dw", "mean_dC_dw", *KINDS["update"]} - {"update_b"})
_OF_BIASES = frozenset({"dz_db", "dC_db", "mean_dC_db", "update_b"})
MOST_CHANGED = 400  # things that are marked; more say nothing


def thing_of(point: Breakpoint) -> Thing | None:
    """The edge, node, bias, target or loss that a breakpoint is on; None: more than one thing."""
    l, j = point.l, point.j
    if point.kind == "C":
        return ("loss",)
    if point.kind == "C_j" and j is not None:
        return ("target", j)
    if l is None or j is None:
        return None
    if point.kind in _OF_WEIGHTS:
        return ("edge", l, j, point.k) if point.k is not None else None
    if point.kind in _OF_BIASES:
        return ("bias", l, j)
    if point.i is not None:
        return ("edge", l + 1, point.i, j)
    return ("node", l, j)


def look_of(point: Breakpoint) -> str:
    """How it is drawn: see `CanvasState`."""
    look = "log" if point.log else "condition" if point.when else "line"
    return look if point.enabled else look + OFF


@lru_cache(maxsize=4)
def breakpoint_marks(points: tuple[Breakpoint, ...]) -> Mapping[Thing, str]:
    """The things with breakpoints and their looks; of several, one that is on is shown."""
    marks: dict[Thing, str] = {}
    for point in sorted(points, key=lambda point: point.enabled):
        thing = thing_of(point)
        if thing is not None:
            marks[thing] = look_of(point)
    return marks


def changed_things(before: Trace | None, after: Trace) -> frozenset[Thing]:
    """Weights, biases, inputs and targets that differ, and the nodes whose a differs for it."""
    if before is None or before.network.sizes != after.network.sizes:
        return frozenset()
    things = [*_changed_parameters(before, after), *_changed_nodes(before, after)]
    return frozenset(things[:MOST_CHANGED])


def _changed_parameters(before: Trace, after: Trace) -> list[Thing]:
    things: list[Thing] = []
    for l in range(2, after.L + 1):
        old, new = before.network.layer(l), after.network.layer(l)
        if old.W is not new.W:
            things += [("edge", l, *place) for place in np.argwhere(old.W != new.W).tolist()]
        if old.b is not None and new.b is not None and old.b is not new.b:
            things += [("bias", l, *place) for place in np.argwhere(old.b != new.b).tolist()]
    return things


def _changed_nodes(before: Trace, after: Trace) -> list[Thing]:
    """Of all samples that both have."""
    if before.rows != after.rows:
        return []
    things: list[Thing] = []
    for l in range(1, after.L + 1):
        differs = (before.a(l) != after.a(l)).any(axis=0)
        things += [("node", l, int(j)) for j in np.flatnonzero(differs)]
    differs = (before.Y != after.Y).any(axis=0)
    return [*things, *(("target", int(j)) for j in np.flatnonzero(differs))]
