"""The number of a step, and of many steps at once, out of a trace's arrays.

Each kind has one rule. It takes the samples s, the layer l, the nodes j and the second index x (k,
i or m), all but l as slices, and gives the numbers as (samples, nodes, count) or what broadcasts
to it. One number is a table of one sample, line and column, so there is one road for one and for
many.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from bpstudio.core.regions import Region
from bpstudio.core.sequence import Step

if TYPE_CHECKING:
    from bpstudio.core.trace import Trace

Array = NDArray[Any]
Rule = Callable[["Trace", slice, int, slice, slice], Array]

CHUNK = 1 << 18  # numbers computed at a time

_OF_BOTH = ("clipped", "velocity", "m", "v", "m_hat", "v_hat")  # of weights and of biases


def _of_nodes(array: Array, s: slice, j: slice) -> Array:
    """Numbers (n, n_l) as one a node: (samples, nodes, 1)."""
    return np.asarray(array[s, j, None])


def _wa(t: Trace, s: slice, l: int, j: slice, x: slice) -> Array:
    return np.asarray(t.network.layer(l).W[j, x] * t.a(l - 1)[s, None, x])


def _dz_da(t: Trace, s: slice, l: int, j: slice, x: slice) -> Array:
    return np.asarray(t.network.layer(l + 1).W[x, j].T[None])


def _addend(t: Trace, s: slice, l: int, j: slice, x: slice) -> Array:
    return np.asarray(t.dC_dz(l + 1)[s, None, x] * t.network.layer(l + 1).W[x, j].T)


def _da_dz(t: Trace, s: slice, l: int, j: slice, x: slice) -> Array:
    if not t.sequence.is_softmax(l):
        return _of_nodes(t.da_dz(l), s, j)
    a, nodes = t.a(l), np.arange(t.network.sizes[l - 1])
    own = np.equal.outer(nodes[j], nodes[x])
    return np.asarray(a[s, None, x] * (own - a[s, j, None]))


def _dC_dw(t: Trace, s: slice, l: int, j: slice, x: slice) -> Array:
    return np.asarray(t.dC_dz(l)[s, j, None] * t.a(l - 1)[s, None, x])


def _of_weights(name: str) -> Rule:
    """A term of the update of a weight."""
    return lambda t, s, l, j, x: t.update_terms(l, (j, x))[name][None]


def _of_biases(name: str) -> Rule:
    """A term of the update of a bias."""
    return lambda t, s, l, j, x: t.update_terms(l, (j,))[name][None, :, None]


RULES: Mapping[str, Rule] = {
    "wa": _wa,
    "z": lambda t, s, l, j, x: _of_nodes(t.z(l), s, j),
    "a": lambda t, s, l, j, x: _of_nodes(t.a(l), s, j),
    "C_j": lambda t, s, l, j, x: _of_nodes(t.C_j, s, j),
    "C": lambda t, s, l, j, x: t.C[s, None, None],
    "dz_da": _dz_da,
    "addend": _addend,
    "dC_da": lambda t, s, l, j, x: _of_nodes(t.dC_da(l), s, j),
    "da_dz": _da_dz,
    "addend_z": lambda t, s, l, j, x: np.asarray(t.dC_da(l)[s, None, x] * _da_dz(t, s, l, j, x)),
    "dC_dz": lambda t, s, l, j, x: _of_nodes(t.dC_dz(l), s, j),
    "dz_dw": lambda t, s, l, j, x: t.a(l - 1)[s, None, x],
    "dC_dw": _dC_dw,
    "dz_db": lambda t, s, l, j, x: np.ones((1, 1, 1)),
    "dC_db": lambda t, s, l, j, x: _of_nodes(t.dC_dz(l), s, j),
    "mean_dC_dw": lambda t, s, l, j, x: t.mean_dC_dw(l)[None, j, x],
    "mean_dC_db": lambda t, s, l, j, x: t.mean_dC_db(l)[None, j, None],
    "clip": lambda t, s, l, j, x: np.full((1, 1, 1), t.clip_scale),
    **{kind: _of_weights(kind) for kind in ("penalty_w", "penalised", *_OF_BOTH)},
    "update_w": _of_weights("update"),
    "update_b": _of_biases("update"),
}
_RULES_OF_BIASES: Mapping[str, Rule] = {kind: _of_biases(kind) for kind in _OF_BOTH}


def rule_of(kind: str, indexed: bool) -> Rule:
    """The rule of a kind. ``indexed``: of steps with a second index, as a weight has.

    A bias goes through terms of the same kinds as a weight before its update.
    """
    return RULES[kind] if indexed else _RULES_OF_BIASES.get(kind, RULES[kind])


def value_of(trace: Trace, step: Step) -> float:
    """The number of one step."""
    j = step.j if step.j is not None else 0
    second = next((i for i in (step.k, step.i, step.m) if i is not None), None)
    rule = rule_of(step.kind, second is not None)
    with np.errstate(over="ignore", invalid="ignore"):
        place = (_one(step.s or 0), step.l or 0, _one(j), _one(second or 0))
        table = rule(trace, *place)
    return float(table.reshape(-1)[0])


def _one(position: int) -> slice:
    return slice(position, position + 1)


def values_of(trace: Trace, start: int, stop: int) -> Array:
    """The numbers of steps start … stop − 1."""
    start, stop = max(start, 0), min(stop, len(trace))
    out = np.empty(max(stop - start, 0))
    n = start
    while n < stop:
        s, region, j, position = trace.sequence.locate(n)
        table = lines(trace, s, region, j, _last_line(region, j, position, stop - n))
        taken = table.reshape(-1)[position : position + stop - n]
        out[n - start : n - start + len(taken)] = taken
        n += len(taken)
    return out


def _last_line(region: Region, j: int, position: int, wanted: int) -> int:
    """One past the last line needed, within one chunk."""
    needed = -(-(position + wanted) // region.width)
    return min(region.nodes, j + min(needed, max(1, CHUNK // region.width)))


def lines(trace: Trace, s: int | None, region: Region, first: int, last: int) -> Array:
    """Lines first … last − 1 of a region as a table (nodes, width)."""
    table = np.empty((last - first, region.width))
    offset = 0
    with np.errstate(over="ignore", invalid="ignore"):
        for run in region.runs:
            for position, kind in enumerate(run.kinds):
                place = (_one(s or 0), region.l or 0, slice(first, last), slice(0, run.count))
                columns = slice(offset + position, offset + run.width, len(run.kinds))
                table[:, columns] = rule_of(kind, run.letter is not None)(trace, *place)[0]
            offset += run.width
    return table
