"""What a step states: its name, its formula in symbols and with the numbers, all in LaTeX."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from bpstudio.core import formulas
from bpstudio.core.notation import Notation, partial, tex_sum
from bpstudio.core.sequence import Step
from bpstudio.core.update_statements import update_statement

if TYPE_CHECKING:
    from bpstudio.core.trace import Trace

MOST_ADDENDS = 8  # a longer sum is written with its first and last addends


class Statement(NamedTuple):
    """``name`` = ``formula`` = ``numbers``, each LaTeX; ``formula`` may equal ``name``."""

    name: str
    formula: str
    numbers: str


def state(trace: Trace, step: Step, notation: Notation) -> Statement:
    """The statement of one step."""
    with np.errstate(over="ignore", invalid="ignore"):
        if step.phase == "update":
            return Statement(*update_statement(trace, step, notation))
        return _RULES[step.kind](trace, step, notation)


def shortened(parts: Callable[[int], str], count: int) -> list[str]:
    """All parts, or the first three, dots and the last where there are many."""
    if count <= MOST_ADDENDS:
        return [parts(n) for n in range(count)]
    return [*(parts(n) for n in range(3)), r"\cdots", parts(count - 1)]


def _at_sample(step: Step) -> int:
    assert step.s is not None, f"{step.kind} belongs to a sample"
    return step.s


def _wa(t: Trace, step: Step, n: Notation) -> Statement:
    at, s = step.at, _at_sample(step)
    name = f"{n.w(at.l, at.j, at.k)} {n.a(at.l - 1, at.k)}"
    weight, a = t.network.layer(at.l).W[at.j, at.k], t.a(at.l - 1)[s, at.k]
    return Statement(name, name, rf"{n.number(weight)} \cdot {n.factor(a)}")


def _z(t: Trace, step: Step, n: Notation) -> Statement:
    at, s = step.at, _at_sample(step)
    layer = t.network.layer(at.l)
    count = layer.W.shape[1]
    formula = rf"\sum_{{k=0}}^{{{count - 1}}} {n.w(at.l, at.j, 'k')} {n.a(at.l - 1, 'k')}"
    a = t.a(at.l - 1)[s]
    parts = shortened(lambda k: n.number(float(layer.W[at.j, k] * a[k])), count)
    if layer.b is not None:
        formula += f" + {n.b(at.l, at.j)}"
        parts.append(n.number(float(layer.b[at.j])))
    return Statement(n.z(at.l, at.j), formula, tex_sum(parts))


def _a(t: Trace, step: Step, n: Notation) -> Statement:
    at, s = step.at, _at_sample(step)
    z = t.z(at.l)[s]
    own = float(z[at.j])
    if t.sequence.is_softmax(at.l):
        numbers = shortened(lambda m: f"e^{{{n.number(float(z[m]))}}}", len(z))
        total = rf"\sum_{{m=0}}^{{{len(z) - 1}}} e^{{{n.z(at.l, 'm')}}}"
        return Statement(
            n.a(at.l, at.j),
            formulas.softmax_tex(n.z(at.l, at.j), total),
            formulas.softmax_tex(n.number(own), " + ".join(numbers)),
        )
    name = t.network.layer(at.l).activation
    return Statement(
        n.a(at.l, at.j),
        formulas.g_tex(name, n.z(at.l, at.j), own > 0),
        formulas.g_tex(name, n.factor(own), own > 0),
    )


def _loss_arguments(t: Trace, step: Step) -> tuple[float, float, bool]:
    """a_j, y_j and whether huber's square branch holds."""
    s, j = _at_sample(step), step.at.j
    a, y = float(t.a(t.L)[s, j]), float(t.Y[s, j])
    return a, y, formulas.is_small(a - y)


def _C_j(t: Trace, step: Step, n: Notation) -> Statement:
    j = step.at.j
    a, y, small = _loss_arguments(t, step)
    n_L = str(t.network.sizes[-1])
    formula = formulas.C_j_tex(t.loss, n.a(t.L, j), n.y(j), n_L, small)
    numbers = formulas.C_j_tex(t.loss, n.factor(a), n.factor(y), n_L, small)
    return Statement(n.C_j(j), formula, numbers)


def _C(t: Trace, step: Step, n: Notation) -> Statement:
    C_j = t.C_j[_at_sample(step)]
    parts = shortened(lambda j: n.number(float(C_j[j])), len(C_j))
    return Statement("C_0", rf"\sum_{{j=0}}^{{{len(C_j) - 1}}} {n.C_j('j')}", tex_sum(parts))


def _dz_da(t: Trace, step: Step, n: Notation) -> Statement:
    at = step.at
    weight = float(t.network.layer(at.l + 1).W[at.i, at.j])
    return Statement(n.dz_da(at.l, at.i, at.j), n.w(at.l + 1, at.i, at.j), n.number(weight))


def through_z(t: Trace, s: int, l: int, j: int | str, n: Notation) -> tuple[list[str], list[str]]:
    """∂C_0/∂z_j as the factors it is made of: symbols, and numbers where j is one.

    Where the product of the factors broke down (a saturated output), the number is the one used.
    In the notation of δ it is one factor by itself.
    """
    whole = n.delta or t.sequence.is_softmax(l)
    symbols = [n.dC_dz(l, j)] if whole else own_factors(l, j, n)
    if isinstance(j, str):
        return symbols, []
    if whole or (l == t.L and t.saturated[s, j]):
        return symbols, [n.factor(float(t.dC_dz(l)[s, j]))]
    return symbols, _two_factors(t, s, l, j, n)


def own_factors(l: int, j: int | str, n: Notation) -> list[str]:
    """∂C_0/∂a_j and ∂a_j/∂z_j, whose product ∂C_0/∂z_j is in an elementwise layer."""
    return [n.dC_da(l, j), n.da_dz(l, j, j)]


def _two_factors(t: Trace, s: int, l: int, j: int, n: Notation) -> list[str]:
    return [n.factor(float(t.dC_da(l)[s, j])), n.factor(float(t.da_dz(l)[s, j]))]


def product(parts: Sequence[str]) -> str:
    """Factors joined by a dot."""
    return r" \cdot ".join(parts)


def _addend(t: Trace, step: Step, n: Notation) -> Statement:
    at, s = step.at, _at_sample(step)
    symbols, numbers = through_z(t, s, at.l + 1, at.i, n)
    name = product([*symbols, n.dz_da(at.l, at.i, at.j)])
    weight = float(t.network.layer(at.l + 1).W[at.i, at.j])
    return Statement(name, name, product([*numbers, n.factor(weight)]))


def _dC_da(t: Trace, step: Step, n: Notation) -> Statement:
    at, s = step.at, _at_sample(step)
    name = n.dC_da(at.l, at.j)
    if at.l == t.L:
        a, y, small = _loss_arguments(t, step)
        n_L = str(t.network.sizes[-1])
        formula = formulas.dC_da_tex(t.loss, n.a(at.l, at.j), n.y(at.j), n_L, small)
        return Statement(
            name, formula, formulas.dC_da_tex(t.loss, n.number(a), n.factor(y), n_L, small)
        )
    symbols, _ = through_z(t, s, at.l + 1, "i", n)
    count = t.network.sizes[at.l]
    body = product([*symbols, n.dz_da(at.l, "i", at.j)])
    addends = t.dC_dz(at.l + 1)[s] * t.network.layer(at.l + 1).W[:, at.j]
    numbers = tex_sum(shortened(lambda i: n.number(float(addends[i])), count))
    return Statement(name, rf"\sum_{{i=0}}^{{{count - 1}}} {body}", numbers)


def _da_dz(t: Trace, step: Step, n: Notation) -> Statement:
    at, s = step.at, _at_sample(step)
    a = t.a(at.l)[s]
    if t.sequence.is_softmax(at.l):
        return _softmax_da_dz(at.l, at.m, at.j, a, n)
    activation = t.network.layer(at.l).activation
    own, z = float(a[at.j]), float(t.z(at.l)[s, at.j])
    z_tex, up = n.z(at.l, at.j), z > 0
    formula = formulas.g_prime_tex(activation, z_tex, n.a(at.l, at.j), up)
    numbers = formulas.g_prime_tex(activation, n.factor(z), n.factor(own), up)
    return Statement(
        n.da_dz(at.l, at.j, at.j),
        formula + formulas.branch_tex(activation, z_tex, up),
        numbers,
    )


def _softmax_da_dz(l: int, m: int, j: int, a: Sequence[float], n: Notation) -> Statement:
    if m == j:
        formula = rf"{n.a(l, j)} \left(1 - {n.a(l, j)}\right)"
        numbers = rf"{n.factor(float(a[j]))} \left(1 - {n.factor(float(a[j]))}\right)"
    else:
        formula = f"-{n.a(l, m)} {n.a(l, j)}"
        numbers = rf"-{n.factor(float(a[m]))} \cdot {n.factor(float(a[j]))}"
    return Statement(n.da_dz(l, m, j), formula, numbers)


def _addend_z(t: Trace, step: Step, n: Notation) -> Statement:
    at, s = step.at, _at_sample(step)
    name = product([n.dC_da(at.l, at.m), n.da_dz(at.l, at.m, at.j)])
    a = t.a(at.l)[s]
    da_dz = float(a[at.m] * ((at.m == at.j) - a[at.j]))
    numbers = product([n.number(float(t.dC_da(at.l)[s, at.m])), n.factor(da_dz)])
    return Statement(name, name, numbers)


def _dC_dz(t: Trace, step: Step, n: Notation) -> Statement:
    at, s = step.at, _at_sample(step)
    name = n.dC_dz(at.l, at.j)
    if not t.sequence.is_softmax(at.l):
        symbols = own_factors(at.l, at.j, n)
        return Statement(name, product(symbols), product(_two_factors(t, s, at.l, at.j, n)))
    a, dC_da = t.a(at.l)[s], t.dC_da(at.l)[s]
    count = len(a)
    body = product([n.dC_da(at.l, "m"), n.da_dz(at.l, "m", at.j)])
    parts = shortened(lambda m: n.number(float(dC_da[m] * a[m] * ((m == at.j) - a[at.j]))), count)
    return Statement(name, rf"\sum_{{m=0}}^{{{count - 1}}} {body}", tex_sum(parts))


def dz_dw_name(l: int, j: int, k: int, n: Notation) -> str:
    """∂z_j/∂w_jk."""
    return partial(n.z(l, j), n.w(l, j, k))


def dz_db_name(l: int, j: int, n: Notation) -> str:
    """∂z_j/∂b_j."""
    return partial(n.z(l, j), n.b(l, j))


def _dz_dw(t: Trace, step: Step, n: Notation) -> Statement:
    at, s = step.at, _at_sample(step)
    a = float(t.a(at.l - 1)[s, at.k])
    return Statement(dz_dw_name(at.l, at.j, at.k, n), n.a(at.l - 1, at.k), n.number(a))


def _dC_dw(t: Trace, step: Step, n: Notation) -> Statement:
    at, s = step.at, _at_sample(step)
    symbols, numbers = through_z(t, s, at.l, at.j, n)
    a = float(t.a(at.l - 1)[s, at.k])
    return Statement(
        partial("C_0", n.w(at.l, at.j, at.k)),
        product([*symbols, dz_dw_name(at.l, at.j, at.k, n)]),
        product([*numbers, n.factor(a)]),
    )


def _dz_db(t: Trace, step: Step, n: Notation) -> Statement:
    return Statement(dz_db_name(step.at.l, step.at.j, n), "1", "1")


def _dC_db(t: Trace, step: Step, n: Notation) -> Statement:
    at, s = step.at, _at_sample(step)
    symbols, numbers = through_z(t, s, at.l, at.j, n)
    return Statement(
        partial("C_0", n.b(at.l, at.j)),
        product([*symbols, dz_db_name(at.l, at.j, n)]),
        product([*numbers, "1"]),
    )


def _mean(t: Trace, n: Notation, parameter: str, per_sample: Sequence[float]) -> Statement:
    count = len(t.rows)
    total = tex_sum(shortened(lambda s: n.number(float(per_sample[s])), count))
    return Statement(
        partial("C", parameter),
        rf"\frac{{1}}{{{count}}} \sum_{{s}} {partial('C_s', parameter)}",
        rf"\frac{{1}}{{{count}}} \left({total}\right)",
    )


def _mean_dC_dw(t: Trace, step: Step, n: Notation) -> Statement:
    at = step.at
    per_sample = t.dC_dz(at.l)[:, at.j] * t.a(at.l - 1)[:, at.k]
    return _mean(t, n, n.w(at.l, at.j, at.k), per_sample.tolist())


def _mean_dC_db(t: Trace, step: Step, n: Notation) -> Statement:
    at = step.at
    return _mean(t, n, n.b(at.l, at.j), t.dC_dz(at.l)[:, at.j].tolist())


_RULES: Mapping[str, Callable[[Trace, Step, Notation], Statement]] = {
    "wa": _wa,
    "z": _z,
    "a": _a,
    "C_j": _C_j,
    "C": _C,
    "dz_da": _dz_da,
    "addend": _addend,
    "dC_da": _dC_da,
    "da_dz": _da_dz,
    "addend_z": _addend_z,
    "dC_dz": _dC_dz,
    "dz_dw": _dz_dw,
    "dC_dw": _dC_dw,
    "dz_db": _dz_db,
    "dC_db": _dC_db,
    "mean_dC_dw": _mean_dC_dw,
    "mean_dC_db": _mean_dC_db,
}
