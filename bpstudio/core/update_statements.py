"""What the steps of an update state: each formula once, written with symbols and with numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, NamedTuple, Protocol

from bpstudio.core.formulas import squared_tex
from bpstudio.core.notation import (
    CLIP_NORM,
    CLIP_SCALE,
    CONSTANTS,
    PENALTY,
    Notation,
    partial,
    tex_sum,
)
from bpstudio.core.optimisers import UpdateSettings
from bpstudio.core.sequence import Indices, Step
from bpstudio.core.update_values import parameters_of, state_of

if TYPE_CHECKING:
    from bpstudio.core.trace import Trace


class _Writer(Protocol):
    """How the parts of a formula are written; names are those of `UpdateTerms.made_of`."""

    dot: str

    def number(self, name: str) -> str:
        """As an addend."""
        ...

    def factor(self, name: str) -> str:
        """As a factor."""
        ...

    def squared(self, name: str) -> str:
        """Its square."""
        ...

    def constant(self, name: str) -> str:
        """A constant of `UpdateSettings`."""
        ...

    def count(self) -> str:
        """The number of updates up to this one."""
        ...


class _Symbols:
    dot = r"\,"

    def __init__(self, trace: Trace, at: Indices, notation: Notation) -> None:
        self._at, self._n = at, notation
        self._loss = "C_0" if len(trace.rows) == 1 else "C"

    def number(self, name: str) -> str:
        l, j, k = self._at.l, self._at.j, self._at.k
        parameter = self._n.parameter(l, j, k)
        known = {
            "w": parameter,
            "gradient": partial(self._loss, parameter),
            "penalty_w": partial(PENALTY, parameter),
            "penalised": partial(f"({self._loss} + {PENALTY})", parameter),
            "clip": CLIP_SCALE,
            "norm": CLIP_NORM,
        }
        if name in known:
            return known[name]
        if name.startswith("state/"):
            return self._n.update_term(name.removeprefix("state/"), l, j, k, old=True)
        return self._n.update_term(name, l, j, k)

    factor = number

    def squared(self, name: str) -> str:
        return rf"\left({self.number(name)}\right)^2"

    def constant(self, name: str) -> str:
        return CONSTANTS[name]

    def count(self) -> str:
        return "t + 1"


class _Numbers:
    dot = r"\cdot"

    def __init__(self, trace: Trace, at: Indices, notation: Notation) -> None:
        assert trace.update is not None, "a step of an update belongs to one"
        self._trace, self._at, self._n, self._update = trace, at, notation, trace.update

    def number(self, name: str) -> str:
        return self._n.number(update_number(self._trace, self._at, name))

    def factor(self, name: str) -> str:
        return self._n.factor(update_number(self._trace, self._at, name))

    def squared(self, name: str) -> str:
        return squared_tex(self.factor(name))

    def constant(self, name: str) -> str:
        settings = self._update.settings
        return self._n.constant(self._update.rate if name == "lr" else getattr(settings, name))

    def count(self) -> str:
        return str(self._update.state.t + 1)


def update_number(trace: Trace, at: Indices, name: str) -> float:
    """What a step of a parameter's update takes, by its name in `UpdateTerms.made_of`."""
    l, j, k = at.l, at.j, at.k
    place = (slice(j, j + 1),) if k < 0 else (slice(j, j + 1), slice(k, k + 1))
    if name == "clip":
        return trace.clip_scale
    if name == "norm":
        return trace.clip_norm
    if name.startswith("state/"):
        return state_of(trace, name.removeprefix("state/"), l, j, k)
    if name == "w":
        return float(parameters_of(trace, l, k >= 0)[place].item())
    if name == "gradient":
        return float((trace.mean_dC_db(l) if k < 0 else trace.mean_dC_dw(l))[place].item())
    return float(trace.update_terms(l, place)[name].item())


class UpdateFormula(NamedTuple):
    """``name`` = ``formula`` = ``numbers``."""

    name: str
    formula: str
    numbers: str


def update_statement(trace: Trace, step: Step, notation: Notation) -> UpdateFormula:
    """The statement of a step of the update, in LaTeX."""
    assert trace.update is not None, "a step of an update belongs to one"
    at, settings = step.at, trace.update.settings
    rule = _rule(trace, step, settings)
    symbols, numbers = _Symbols(trace, at, notation), _Numbers(trace, at, notation)
    return UpdateFormula(_name(step, symbols, notation), rule(symbols), rule(numbers))


def _name(step: Step, symbols: _Symbols, n: Notation) -> str:
    if step.kind.startswith("update"):
        return symbols.number("w") + r" \text{ after the update}"
    return symbols.number(step.kind)


def _rule(trace: Trace, step: Step, settings: UpdateSettings) -> Callable[[_Writer], str]:
    kinds = trace.sequence.updates
    assert kinds is not None, "a step of an update belongs to one"
    g = kinds.gradient(step.k is not None)
    if step.kind.startswith("update"):
        return lambda w: _UPDATES[settings.optimizer](w, g)
    if step.kind == "penalty_w":
        return lambda w: _penalty(w, settings)
    if step.kind == "clipped":
        before = kinds.made_of("clipped", step.k is not None)[0]
        return lambda w: f"{w.factor('clip')} {w.dot} {w.factor(before)}"
    if step.kind == "v":
        decay = "rho" if settings.optimizer == "rmsprop" else "beta2"
        return lambda w: _running_mean(w, "v", decay, w.squared(g))
    return lambda w: _TERMS[step.kind](w, g)


def _penalty(w: _Writer, settings: UpdateSettings) -> str:
    parts = []
    if settings.l1 > 0:
        sign = rf"\mathrm{{sign}}\left({w.number('w')}\right)"
        parts.append(f"{w.constant('l1')} {w.dot} {sign}")
    if settings.l2 > 0:
        parts.append(f"{w.constant('l2')} {w.dot} {w.factor('w')}")
    return " + ".join(parts)


def _running_mean(w: _Writer, slot: str, decay: str, new: str) -> str:
    kept = w.constant(decay)
    rest = rf"\left(1 - {kept}\right)"
    return f"{kept} {w.dot} {w.factor(f'state/{slot}')} + {rest} {w.dot} {new}"


def _velocity(w: _Writer, g: str) -> str:
    return tex_sum([f"{w.constant('momentum')} {w.dot} {w.factor('state/velocity')}", w.number(g)])


def _corrected(w: _Writer, slot: str, decay: str) -> str:
    kept = w.constant(decay)
    base = rf"\left({kept}\right)" if kept.startswith(r"\frac") else kept
    return rf"\frac{{{w.number(slot)}}}{{1 - {base}^{{{w.count()}}}}}"


def _clip(w: _Writer, g: str) -> str:
    return rf"\min\left(1, \frac{{{w.constant('clip')}}}{{{w.number('norm')} + 10^{{-6}}}}\right)"


_TERMS: Mapping[str, Callable[[_Writer, str], str]] = {
    "clip": _clip,
    "penalised": lambda w, g: tex_sum([w.number("gradient"), w.number("penalty_w")]),
    "velocity": _velocity,
    "m": lambda w, g: _running_mean(w, "m", "beta1", w.factor(g)),
    "m_hat": lambda w, g: _corrected(w, "m", "beta1"),
    "v_hat": lambda w, g: _corrected(w, "v", "beta2"),
}


def _descent(w: _Writer, direction: str) -> str:
    """w − η · direction."""
    return f"{w.number('w')} - {w.constant('lr')} {w.dot} {direction}"


def _nesterov(w: _Writer, g: str) -> str:
    ahead = tex_sum([w.number(g), f"{w.constant('momentum')} {w.dot} {w.factor('velocity')}"])
    return _descent(w, rf"\left({ahead}\right)")


def _by_size(w: _Writer, mean: str, squares: str) -> str:
    size = rf"\sqrt{{{w.number(squares)}}} + {w.constant('epsilon')}"
    return rf"\frac{{{w.number(mean)}}}{{{size}}}"


def _adamw(w: _Writer, g: str) -> str:
    decay = f"{w.constant('lr')} {w.dot} {w.constant('weight_decay')} {w.dot} {w.factor('w')}"
    step = f"{w.constant('lr')} {w.dot} {_by_size(w, 'm_hat', 'v_hat')}"
    return f"{w.number('w')} - {decay} - {step}"


_UPDATES: Mapping[str, Callable[[_Writer, str], str]] = {
    "sgd": lambda w, g: _descent(w, w.factor(g)),
    "momentum": lambda w, g: _descent(w, w.factor("velocity")),
    "nesterov": _nesterov,
    "rmsprop": lambda w, g: _descent(w, _by_size(w, g, "v")),
    "adam": lambda w, g: _descent(w, _by_size(w, "m_hat", "v_hat")),
    "adamw": _adamw,
}
