"""Long operands as sequences: the addends of a sum, or what a mean is taken of, by arithmetic."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from bpstudio.core import operands
from bpstudio.core.sequence import Indices, Step
from bpstudio.core.stretches import Addresses, Stretch
from bpstudio.core.values import RULES

if TYPE_CHECKING:
    from bpstudio.core.trace import Trace

Floats = NDArray[np.float64]


class Sum(NamedTuple):
    """The addends of a step: their addresses, and all their numbers when asked for."""

    addresses: Addresses
    numbers: Callable[[], Floats]


def sum_of(trace: Trace, step: Step) -> Sum | None:
    """The addends of a sum or mean; None where the step is none, or is one in another form."""
    rule = _RULES.get(step.kind)
    return None if rule is None else rule(trace, step)


def largest_first(found: Sum) -> NDArray[np.int64]:
    """Places of the addends, the largest by size first; what is no number comes last."""
    return np.argsort(-np.abs(found.numbers()), kind="stable")


def _numbers(trace: Trace, kind: str, step: Step, count: int) -> Floats:
    """The addends of node j over the second index, (count,)."""
    t, s = step.at, step.s or 0
    with np.errstate(over="ignore", invalid="ignore"):
        table = RULES[kind](trace, _one(s), t.l, _one(max(t.j, 0)), slice(0, count))
    return np.asarray(table, dtype=np.float64).reshape(-1)


def _one(position: int) -> slice:
    return slice(position, position + 1)


def _z(trace: Trace, step: Step) -> Sum:
    t, count = step.at, trace.network.sizes[step.at.l - 2]
    b = trace.network.layer(t.l).b
    addends = Stretch(count, lambda k: operands.fwd(t.row, t.l, t.j, f"k{k}/wa"))
    bias = Stretch(int(b is not None), lambda n: operands.b(t.l, t.j))

    def numbers() -> Floats:
        own = _numbers(trace, "wa", step, count)
        return own if b is None else np.append(own, b[t.j])

    return Sum(Addresses((addends, bias)), numbers)


def _C(trace: Trace, step: Step) -> Sum:
    row, s = step.row, step.s or 0
    addends = Stretch(trace.network.sizes[-1], lambda j: f"s{row}/loss/j{j}/C_j")
    return Sum(Addresses((addends,)), lambda: np.asarray(trace.C_j[s]))


def _dC_da(trace: Trace, step: Step) -> Sum | None:
    t = step.at
    if t.l == trace.L:
        return None
    count = trace.network.sizes[t.l]
    addends = Stretch(count, lambda i: operands.back(t.row, t.l, t.j, f"i{i}/addend"))
    return Sum(Addresses((addends,)), lambda: _numbers(trace, "addend", step, count))


def _dC_dz(trace: Trace, step: Step) -> Sum | None:
    t, s = step.at, step.s or 0
    broken = t.l == trace.L and bool(trace.saturated[s, t.j])
    if broken or not trace.sequence.is_softmax(t.l):
        return None
    count = trace.network.sizes[t.l - 1]
    addends = Stretch(count, lambda m: operands.back(t.row, t.l, t.j, f"m{m}/addend_z"))
    return Sum(Addresses((addends,)), lambda: _numbers(trace, "addend_z", step, count))


def _mean(trace: Trace, step: Step) -> Sum:
    t, rows = step.at, trace.rows
    rest = "dC_db" if step.k is None else f"k{t.k}/dC_dw"
    samples = Stretch(len(rows), lambda s: operands.back(rows[s], t.l, t.j, rest))
    return Sum(Addresses((samples,)), lambda: per_sample(trace, t))


def per_sample(trace: Trace, t: Indices) -> Floats:
    """∂C_0/∂w_jk^(l), or ∂C_0/∂b_j^(l) where k is −1, of each sample of the batch: (n,)."""
    dC_dz = trace.dC_dz(t.l)[:, t.j]
    if t.k < 0:
        return np.asarray(dC_dz)
    with np.errstate(over="ignore", invalid="ignore"):
        return np.asarray(dC_dz * trace.a(t.l - 1)[:, t.k])


def _clip(trace: Trace, step: Step) -> Sum | None:
    """The gradients that clipping measures, where they are all it measures."""
    kinds = trace.sequence.updates
    if kinds is None or kinds.has_penalty:
        return None
    gradients = operands.operands_of(trace.sequence, step)
    assert isinstance(gradients, Addresses), "every gradient, made when it is asked for"
    return Sum(gradients, lambda: np.concatenate([g.ravel() for g in _means(trace)]))


def _means(trace: Trace) -> Iterator[Floats]:
    for l in range(2, trace.L + 1):
        yield trace.mean_dC_dw(l)
        if trace.sequence.has_bias(l):
            yield trace.mean_dC_db(l)


_RULES: Mapping[str, Callable[[Trace, Step], Sum | None]] = {
    "z": _z,
    "C": _C,
    "dC_da": _dC_da,
    "dC_dz": _dC_dz,
    "mean_dC_dw": _mean,
    "mean_dC_db": _mean,
    "clip": _clip,
}
