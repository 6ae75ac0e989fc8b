"""The number of a step, and of many steps at once, out of a trace's arrays.

Each kind has one rule. It takes the sample s, the layer l, the nodes j and the second index x (k,
i or m), both as slices, and gives the numbers as (nodes, count) or what broadcasts to it. One
number is a table of one line and one column, so there is one road for one and for many.
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
Rule = Callable[["Trace", int, int, slice, slice], Array]

_CHUNK = 1 << 18  # numbers computed at a time


def _column(array: Array) -> Array:
    return array[:, None]


def _wa(t: Trace, s: int, l: int, j: slice, x: slice) -> Array:
    return np.asarray(t.network.layer(l).W[j, x] * t.a(l - 1)[s, x])


def _dz_da(t: Trace, s: int, l: int, j: slice, x: slice) -> Array:
    return t.network.layer(l + 1).W[x, j].T


def _addend(t: Trace, s: int, l: int, j: slice, x: slice) -> Array:
    return np.asarray(t.dC_dz(l + 1)[s, x] * t.network.layer(l + 1).W[x, j].T)


def _da_dz(t: Trace, s: int, l: int, j: slice, x: slice) -> Array:
    if not t.sequence.is_softmax(l):
        return _column(t.da_dz(l)[s, j])
    a = t.a(l)[s]
    own = np.equal.outer(np.arange(len(a))[j], np.arange(len(a))[x])
    return np.asarray(a[x] * (own - _column(a[j])))


def _dC_dw(t: Trace, s: int, l: int, j: slice, x: slice) -> Array:
    return np.multiply.outer(t.dC_dz(l)[s, j], t.a(l - 1)[s, x])


def _update_w(t: Trace, s: int, l: int, j: slice, x: slice) -> Array:
    return np.asarray(t.network.layer(l).W[j, x] - _rate(t) * t.mean_dC_dw(l)[j, x])


def _update_b(t: Trace, s: int, l: int, j: slice, x: slice) -> Array:
    b = t.network.layer(l).b
    assert b is not None, "a layer without biases has no update_b"
    return _column(b[j] - _rate(t) * t.mean_dC_db(l)[j])


def _rate(t: Trace) -> float:
    assert t.lr is not None, "updates exist where a learning rate is given"
    return t.lr


RULES: Mapping[str, Rule] = {
    "wa": _wa,
    "z": lambda t, s, l, j, x: _column(t.z(l)[s, j]),
    "a": lambda t, s, l, j, x: _column(t.a(l)[s, j]),
    "C_j": lambda t, s, l, j, x: _column(t.C_j[s, j]),
    "C": lambda t, s, l, j, x: t.C[s : s + 1, None],
    "dz_da": _dz_da,
    "addend": _addend,
    "dC_da": lambda t, s, l, j, x: _column(t.dC_da(l)[s, j]),
    "da_dz": _da_dz,
    "addend_z": lambda t, s, l, j, x: np.asarray(t.dC_da(l)[s, x] * _da_dz(t, s, l, j, x)),
    "dC_dz": lambda t, s, l, j, x: _column(t.dC_dz(l)[s, j]),
    "dz_dw": lambda t, s, l, j, x: t.a(l - 1)[s, x],
    "dC_dw": _dC_dw,
    "dz_db": lambda t, s, l, j, x: np.ones(1),
    "dC_db": lambda t, s, l, j, x: _column(t.dC_dz(l)[s, j]),
    "mean_dC_dw": lambda t, s, l, j, x: t.mean_dC_dw(l)[j, x],
    "mean_dC_db": lambda t, s, l, j, x: _column(t.mean_dC_db(l)[j]),
    "update_w": _update_w,
    "update_b": _update_b,
}


def value_of(trace: Trace, step: Step) -> float:
    """The number of one step."""
    j = step.j if step.j is not None else 0
    x = next((i for i in (step.k, step.i, step.m) if i is not None), 0)
    with np.errstate(over="ignore", invalid="ignore"):
        table = RULES[step.kind](trace, step.s or 0, step.l or 0, slice(j, j + 1), slice(x, x + 1))
    return float(table.reshape(-1)[0])


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
    return min(region.nodes, j + min(needed, max(1, _CHUNK // region.width)))


def lines(trace: Trace, s: int | None, region: Region, first: int, last: int) -> Array:
    """Lines first … last − 1 of a region as a table (nodes, width)."""
    table = np.empty((last - first, region.width))
    offset = 0
    with np.errstate(over="ignore", invalid="ignore"):
        for run in region.runs:
            for position, kind in enumerate(run.kinds):
                numbers = RULES[kind](
                    trace, s or 0, region.l or 0, slice(first, last), slice(0, run.count)
                )
                table[:, offset + position : offset + run.width : len(run.kinds)] = numbers
            offset += run.width
    return table
