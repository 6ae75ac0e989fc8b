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
    }
    if term.step.phase == "update":
        return _updated(term, numbers)
    return rules[kind](numbers)


def _updated(term: Term, numbers: list[float]) -> float:
    """A step of the update by the formulas of the optimisers' papers, number by number."""
    update = term.trace.update
    s, t = update.settings, update.state.t
    decay = s.rho if s.optimizer == "rmsprop" else s.beta2
    rules = {
        "clip": lambda *found: _scale_of_clipping(term.trace, found),
        "penalty_w": lambda w: s.l1 * ((w > 0) - (w < 0)) + s.l2 * w,
        "penalised": lambda gradient, penalty: gradient + penalty,
        "clipped": lambda gradient, scale: gradient * scale,
        "velocity": lambda before, g: s.momentum * before + g,
        "m": lambda before, g: s.beta1 * before + (1 - s.beta1) * g,
        "v": lambda before, g: decay * before + (1 - decay) * g**2,
        "m_hat": lambda m: m / (1 - s.beta1 ** (t + 1)),
        "v_hat": lambda v: v / (1 - s.beta2 ** (t + 1)),
    }
    new_values = {
        "sgd": lambda w, g, rate: w - rate * g,
        "momentum": lambda w, velocity, rate: w - rate * velocity,
        "nesterov": lambda w, g, velocity, rate: w - rate * (g + s.momentum * velocity),
        "rmsprop": lambda w, g, v, rate: w - rate * g / (math.sqrt(v) + s.epsilon),
        "adam": lambda w, m, v, rate: w - rate * m / (math.sqrt(v) + s.epsilon),
        "adamw": lambda w, m, v, rate: (
            w - rate * s.weight_decay * w - rate * m / (math.sqrt(v) + s.epsilon)
        ),
    }
    rule = rules.get(term.kind) or new_values[s.optimizer]
    return rule(*numbers)


def _scale_of_clipping(trace: Trace, found: tuple[float, ...]) -> float:
    """From every gradient, layer by layer W row by row and then b, and with a penalty every w."""
    s, gradients = trace.update.settings, []
    weights = list(found[trace.network.n_weights + trace.network.n_biases :])
    left = list(found)
    for layer in trace.network.layers:
        for _ in range(layer.W.size):
            w = weights.pop(0) if s.has_penalty else 0.0
            gradients.append(left.pop(0) + s.l1 * ((w > 0) - (w < 0)) + s.l2 * w)
        for _ in range(0 if layer.b is None else layer.b.size):
            gradients.append(left.pop(0))
    return min(1.0, s.clip / (math.sqrt(math.fsum(g * g for g in gradients)) + 1e-6))


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
