"""A term computed once more from the numbers it was made of, by interface.md's table."""

from __future__ import annotations

import math

from bpstudio.core.terms import Term
from bpstudio.core.trace import Trace
from tests.core import independent


def again(term: Term, numbers: list[float]) -> float:
    """The term from the numbers of its operands."""
    trace, kind = term.trace, term.kind
    rules = {
        "wa": math.prod,
        "z": math.fsum,
        "a": lambda z: _activation(term, z),
        "C_j": lambda a_y: _addend_of_loss(trace, *a_y).real,
        "C": math.fsum,
        "dz_da": _only,
        "addend": math.prod,
        "dC_da": lambda found: _slope_of_loss(term, found),
        "da_dz": lambda found: _slope(term, found),
        "addend_z": math.prod,
        "dC_dz": lambda found: math.fsum(found) if _softmax(term) else math.prod(found),
        "dz_dw": _only,
        "dC_dw": math.prod,
        "dz_db": lambda found: 1.0 if not found else math.nan,
        "dC_db": math.prod,
        "mean_dC_dw": lambda found: math.fsum(found) / len(trace.rows),
        "mean_dC_db": lambda found: math.fsum(found) / len(trace.rows),
        "update_w": lambda found: found[0] - trace.lr * found[1],
        "update_b": lambda found: found[0] - trace.lr * found[1],
    }
    return rules[kind](numbers)


def _only(numbers: list[float]) -> float:
    (number,) = numbers
    return number


def _softmax(term: Term) -> bool:
    return term.trace.network.layer(term.l).activation == "softmax"


def _activation(term: Term, z: list[float]) -> float:
    own = term.j if _softmax(term) else 0
    return independent.activate(term.trace.network.layer(term.l).activation, z)[own].real


def _slope(term: Term, found: list[float]) -> float:
    if _softmax(term):
        a_m, a_j = found
        return a_m * ((1 if term.m == term.j else 0) - a_j)
    z, _ = found
    name = term.trace.network.layer(term.l).activation
    return independent.activate(name, [complex(z, 1e-200)])[0].imag / 1e-200


def _addend_of_loss(trace: Trace, a: complex, y: float) -> complex:
    return complex(independent.C_j(trace.loss, a, y, trace.network.sizes[-1]))


def _slope_of_loss(term: Term, found: list[float]) -> float:
    if term.l < term.trace.L:
        return math.fsum(found)
    a, y = found
    return _addend_of_loss(term.trace, complex(a, 1e-200), y).imag / 1e-200
