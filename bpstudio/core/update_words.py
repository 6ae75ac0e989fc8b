"""What the steps of an update say in words: a sentence, an explanation, a note for the origin."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from bpstudio.core.notation import CLIP_NORM, CONSTANTS, PENALTY, Notation
from bpstudio.core.optimisers import UpdateSettings
from bpstudio.core.sequence import Step
from bpstudio.core.update_statements import update_number, update_statement
from bpstudio.core.updates import UpdateTerms

if TYPE_CHECKING:
    from bpstudio.core.trace import Trace


class _Place:
    """A step of an update with the words its sentence needs."""

    __slots__ = ("kinds", "n", "settings", "step", "trace")

    def __init__(self, trace: Trace, step: Step, notation: Notation) -> None:
        assert trace.update is not None, "a step of an update belongs to one"
        assert trace.sequence.updates is not None, "a step of an update belongs to one"
        self.trace, self.step, self.n = trace, step, notation
        self.settings: UpdateSettings = trace.update.settings
        self.kinds: UpdateTerms = trace.sequence.updates

    @property
    def value(self) -> float:
        return self.trace.value(self.step)

    @property
    def number(self) -> str:
        """The value, in bold."""
        return f"**{self.n.text(self.value)}**"

    @property
    def parameter(self) -> str:
        """ "weight $w_{12}$ of layer $L$", "the bias of node 1 in layer $L$"."""
        at, layer = self.step.at, f"layer ${self.n.layer(self.step.at.l)}$"
        if self.step.k is None:
            return f"the bias of node {at.j} in {layer}"
        return f"weight $w_{{{self.n.indices(at.j, at.k)}}}$ of {layer}"

    def taken(self, name: str) -> float:
        """A number that the step takes, by its name in `UpdateTerms.made_of`."""
        return update_number(self.trace, self.step.at, name)

    def constant(self, name: str) -> str:
        """ "$\\mu = 0.9$"."""
        return f"${CONSTANTS[name]} = {self.n.constant(getattr(self.settings, name))}$"


def update_sentence(trace: Trace, step: Step, notation: Notation) -> str:
    """What the number of a step of the update says."""
    place = _Place(trace, step, notation)
    return (_new_value if step.kind.startswith("update") else _SENTENCES[step.kind])(place)


def _clip(p: _Place) -> str:
    norm = p.n.text(p.trace.clip_norm)
    limit = p.n.text(p.settings.clip or 0.0)
    if p.value == 1.0:
        return (
            f"The norm of the whole gradient is {norm}, not above the limit {limit}: its scale "
            f"is {p.number}, nothing is clipped."
        )
    return (
        f"The norm of the whole gradient is {norm}, above the limit {limit}: all of it is "
        f"multiplied by {p.number}, its direction stays."
    )


def _penalty_w(p: _Place) -> str:
    if p.value == 0:
        return f"{_capital(p.parameter)} is 0 already: the penalty on its size adds {p.number}."
    return (
        f"The penalty on the size of {p.parameter} adds {p.number} to its gradient: it pulls the "
        f"weight towards 0."
    )


def _clipped(p: _Place) -> str:
    if p.trace.clip_scale == 1.0:
        return f"The gradient of {p.parameter} stays {p.number}: it is not clipped."
    return f"Clipping leaves {p.number} of the gradient of {p.parameter}."


def _second_moment(p: _Place) -> str:
    decay = p.constant("rho" if p.settings.optimizer == "rmsprop" else "beta2")
    return (
        f"The running mean of the squared gradients of {p.parameter} is {p.number}: {decay} of "
        f"the mean before, and the rest of this square."
    )


def _corrected(p: _Place, what: str) -> str:
    return (
        f"The running mean started at 0 and is too small at first. Corrected for that, the {what} "
        f"of {p.parameter} is {p.number} on average."
    )


_SENTENCES: Mapping[str, Callable[[_Place], str]] = {
    "clip": _clip,
    "penalty_w": _penalty_w,
    "penalised": lambda p: f"With its penalty, the gradient of {p.parameter} is {p.number}.",
    "clipped": _clipped,
    "velocity": lambda p: (
        f"The velocity of {p.parameter} is {p.number}: {p.constant('momentum')} of the velocity "
        f"before, plus the gradient."
    ),
    "m": lambda p: (
        f"The running mean of the gradients of {p.parameter} is {p.number}: "
        f"{p.constant('beta1')} of the mean before, and the rest of this gradient."
    ),
    "v": _second_moment,
    "m_hat": lambda p: _corrected(p, "gradient"),
    "v_hat": lambda p: _corrected(p, "squared gradient"),
}


def _new_value(p: _Place) -> str:
    old = p.taken("w")
    of_descent = p.settings.optimizer == "sgd"
    direction = p.taken(p.kinds.gradient(p.step.k is not None)) if of_descent else old - p.value
    if direction == 0:
        why = "The gradient is 0" if of_descent else "The step is too small to count"
        return f"{why}, so {p.parameter} stays at {p.number}."
    way = "down" if direction > 0 else "up"
    step = _STEPS[p.settings.optimizer]
    return f"{_capital(p.parameter)} moves {way} to {p.number}: {step}."


_BY_SIZE = r"one step of size $\eta$ against the mean gradient, divided by its usual size"
_STEPS: Mapping[str, str] = {
    "sgd": r"one step of size $\eta$ against the gradient",
    "momentum": r"one step of size $\eta$ against the velocity",
    "nesterov": r"one step of size $\eta$ against the gradient and the velocity ahead",
    "rmsprop": r"one step of size $\eta$ against the gradient, divided by its usual size",
    "adam": _BY_SIZE,
    "adamw": f"{_BY_SIZE}, and a little towards 0",
}


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]


# Explanations ------------------------------------------------------------------------------------


def update_lines(trace: Trace, step: Step, notation: Notation) -> list[tuple[str, str]]:
    """The explanation of a step of the update: lines of markup, each with a formula or none."""
    place = _Place(trace, step, notation)
    if step.kind.startswith("update"):
        return _lines_of_new_value(place)
    name, formula, _ = update_statement(trace, step, notation)
    return [(_EXPLANATIONS[step.kind], f"{name} = {formula}"), *_more_lines(place)]


def _lines_of_new_value(p: _Place) -> list[tuple[str, str]]:
    rate = p.n.constant(p.trace.lr or 0.0)
    lines = [
        (
            "The gradient points to where the loss rises fastest. Gradient descent goes a small "
            "step the other way. How small, the learning rate says:",
            f"{CONSTANTS['lr']} = {rate}",
        )
    ]
    if p.settings.optimizer != "sgd":
        name, formula, _ = update_statement(p.trace, p.step, p.n)
        lines.append((_OPTIMISERS[p.settings.optimizer], f"{name} = {formula}"))
    return lines


_OPTIMISERS: Mapping[str, str] = {
    "momentum": "With momentum, it goes along the velocity, which remembers the gradients before:",
    "nesterov": "Nesterov momentum looks one step ahead along the velocity:",
    "rmsprop": "RMSprop divides by the usual size of the gradient, so that all parameters move at "
    "a like pace:",
    "adam": "Adam goes along the mean gradient, and divides by its usual size, so that all "
    "parameters move at a like pace:",
    "adamw": "AdamW does what Adam does, and besides lets every parameter shrink a little:",
}
_EXPLANATIONS: Mapping[str, str] = {
    "clip": "Clipping keeps the step of a very steep place small. Where the whole gradient $g$ is "
    "longer than the limit $c$, all of it is made shorter:",
    "penalty_w": f"The penalty ${PENALTY}$ makes large weights cost something. It is no part of "
    "the loss that is reported. Its derivative:",
    "penalised": "What is lowered is loss and penalty together; the derivative of a sum is the "
    "sum of the derivatives:",
    "clipped": "The whole gradient is multiplied by the same scale, so that its direction stays:",
    "velocity": "The velocity remembers the gradients before, each a little less than the next. "
    "Where they agree it grows, where they change sign it stays small:",
    "m": "A running mean: a share of the mean before, and the rest of the new gradient:",
    "v": "A running mean of squares: how large the gradient of this parameter usually is, "
    "whatever its sign:",
    "m_hat": "The mean started at 0. Divided by the share of it that is made of gradients, it is "
    "right from the first update on:",
    "v_hat": "The mean started at 0. Divided by the share of it that is made of gradients, it is "
    "right from the first update on:",
}


def _more_lines(p: _Place) -> list[tuple[str, str]]:
    if p.step.kind == "clip":
        squares = r"\sqrt{\sum \left(\frac{\partial C}{\partial w}\right)^2}"
        words = "Its length is the root of the sum of all squares, over all weights and biases:"
        return [(words, f"{CLIP_NORM} = {squares}")]
    if p.step.kind != "penalty_w":
        return []
    parts = []
    if p.settings.l1 > 0:
        parts.append(rf"{CONSTANTS['l1']} \sum \left|w\right|")
    if p.settings.l2 > 0:
        parts.append(rf"\frac{{1}}{{2}} {CONSTANTS['l2']} \sum w^2")
    return [("The penalty itself, over all weights:", f"{PENALTY} = {' + '.join(parts)}")]


# Notes -------------------------------------------------------------------------------------------


def update_note(trace: Trace, step: Step) -> str:
    """How a step of the update is made of what it is made of."""
    p = _Place(trace, step, Notation(trace.L))
    if step.kind.startswith("update"):
        return _NOTES_OF_NEW_VALUE[p.settings.optimizer].format(rate=f"{trace.lr:g}")
    return _NOTES[step.kind](p.settings)


_NOTES_OF_NEW_VALUE: Mapping[str, str] = {
    "sgd": "minus {rate} times the gradient",
    "momentum": "minus {rate} times the velocity",
    "nesterov": "minus {rate} times the gradient and the velocity ahead",
    "rmsprop": "minus {rate} times the gradient over its usual size",
    "adam": "minus {rate} times the mean gradient over its usual size",
    "adamw": "minus {rate} times the mean gradient over its usual size, and a decay",
}
_NOTES: Mapping[str, Callable[[UpdateSettings], str]] = {
    "clip": lambda s: f"limit {s.clip:g} over the norm of all gradients, at most 1",
    "penalty_w": lambda s: "derivative of the penalty",
    "penalised": lambda s: "gradient + penalty",
    "clipped": lambda s: "gradient times the scale of clipping",
    "velocity": lambda s: f"{s.momentum:g} times the one before + gradient",
    "m": lambda s: f"running mean, {s.beta1:g} of the one before",
    "v": lambda s: f"running mean of squares, {_decay(s):g} of the one before",
    "m_hat": lambda s: "mean, corrected for its start at 0",
    "v_hat": lambda s: "mean, corrected for its start at 0",
}


def _decay(s: UpdateSettings) -> float:
    return s.rho if s.optimizer == "rmsprop" else s.beta2


# Names -------------------------------------------------------------------------------------------

LABELS: Mapping[str, str] = {
    "clip": "clipping",
    "penalty_w": "penalty",
    "penalised": "penalised gradient",
    "clipped": "clipped gradient",
    "velocity": "velocity",
    "m": "running mean",
    "v": "running mean of squares",
    "m_hat": "corrected mean",
    "v_hat": "corrected mean of squares",
    "update_w": "update",
    "update_b": "update",
}
"""What a step of the update is called."""
