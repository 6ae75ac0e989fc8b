"""One plain sentence a step: what its number means.

Markup: ``$…$`` is LaTeX, ``**…**`` the number itself. Symbols carry no superscript, the layer is
said in words, as one would say it aloud.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from bpstudio.core.activations import find_activation
from bpstudio.core.formulas import is_small
from bpstudio.core.losses import find_loss
from bpstudio.core.notation import Notation
from bpstudio.core.sequence import Step
from bpstudio.core.update_words import update_sentence

if TYPE_CHECKING:
    from bpstudio.core.trace import Trace


def sentence(trace: Trace, step: Step, notation: Notation) -> str:
    """What the number of this step says."""
    scene = _Scene(trace, step, notation, trace.value(step))
    if not math.isfinite(scene.value):
        return _not_finite(scene)
    if step.phase == "update":
        return update_sentence(trace, step, notation)
    return _RULES[step.kind](scene)


def _not_finite(c: _Scene) -> str:
    """What can be said of any term that is infinite or not a number."""
    if math.isnan(c.value):
        return (
            f"The result is {c.number}, not a number: it comes from $\\infty - \\infty$, from "
            f"$0 \\cdot \\infty$, or from something that was no number already."
        )
    return (
        f"The result is {c.number}: it is too large to be held, or comes from a division by 0 or "
        f"the logarithm of 0, or from something that was infinite already."
    )


class _Scene:
    """A step with the words its sentence needs."""

    __slots__ = ("at", "n", "step", "trace", "value")

    def __init__(self, trace: Trace, step: Step, notation: Notation, value: float) -> None:
        self.trace = trace
        self.step = step
        self.at = step.at
        self.n = notation
        self.value = value

    @property
    def number(self) -> str:
        """The value, in bold."""
        return f"**{self.n.text(self.value)}**"

    @property
    def size(self) -> str:
        """The value without its sign, in bold."""
        return f"**{self.n.text(abs(self.value))}**"

    def layer(self, l: int) -> str:
        """ "layer $L-1$"."""
        return f"layer ${self.n.layer(l)}$"

    def node(self, letter: str, l: int, j: int) -> str:
        """ "$a_2$ in layer $L-1$"; an input in layer 1."""
        if l == 1 and letter == "a":
            return f"input ${letter}_{{{j}}}$"
        return f"${letter}_{{{j}}}$ in {self.layer(l)}"

    def changes(self, unit: str = "much") -> str:
        """ "rises **1.2** times as much", "falls …", "does not change"."""
        if self.value == 0:
            return "does not change"
        verb = "rises" if self.value > 0 else "falls"
        if abs(self.value) == 1:
            return f"{verb} exactly as {unit}"
        return f"{verb} {self.size} times as {unit}"

    def that_is(self, reason: str) -> str:
        """ "that is the weight", or with its number where `changes` does not say it."""
        return f"{reason} is {self.number}" if abs(self.value) in (0, 1) else f"that is {reason}"

    def answer(self) -> str:
        """What the loss does when the named thing rises a little."""
        return f"the loss {self.changes('fast')}"

    @property
    def at_kink(self) -> bool:
        """Whether z_j is where the slope of the activation jumps."""
        kink = find_activation(self.trace.network.layer(self.at.l).activation).kink
        return kink is not None and float(self.trace.z(self.at.l)[self.step.s, self.at.j]) == kink

    @property
    def target(self) -> float:
        """y_j."""
        return float(self.trace.Y[self.step.s, self.at.j])

    @property
    def difference(self) -> float:
        """a_j − y_j of the output."""
        return float(self.trace.a(self.trace.L)[self.step.s, self.at.j]) - self.target

    def activation(self) -> str:
        """Name of g in this layer, in words."""
        return self.trace.network.layer(self.at.l).activation.replace("_", " ")

    def weight(self, l: int, j: int, k: int) -> str:
        """ "weight $w_{12}$ of layer $L$"."""
        return f"weight $w_{{{self.n.indices(j, k)}}}$ of {self.layer(l)}"


def _wa(c: _Scene) -> str:
    source = c.node("a", c.at.l - 1, c.at.k)
    return (
        f"{source.capitalize() if source.startswith('i') else source} adds {c.number} to "
        f"{c.node('z', c.at.l, c.at.j)}: the weight between them times its value."
    )


def _z(c: _Scene) -> str:
    bias = " and the bias" if c.trace.sequence.has_bias(c.at.l) else ""
    return (
        f"The inputs of node {c.at.j} in {c.layer(c.at.l)}, each times its weight,{bias} "
        f"add up to {c.number}."
    )


def _a(c: _Scene) -> str:
    if c.trace.sequence.is_softmax(c.at.l):
        return (
            f"Softmax gives node {c.at.j} the share {c.number} of all the outputs of "
            f"{c.layer(c.at.l)}."
        )
    return f"The activation {c.activation()} turns {c.node('z', c.at.l, c.at.j)} into {c.number}."


def _C_j(c: _Scene) -> str:
    return f"Output node {c.at.j} adds {c.number} to the loss: {_share_of_loss(c)}."


def _share_of_loss(c: _Scene) -> str:
    """What C_j is, in words, for the loss in force."""
    a, y = f"$a_{{{c.at.j}}}$", f"$y_{{{c.at.j}}}$"
    distance = f"the distance from {a} to its target {y}"
    shared = ", divided by the number of outputs"
    if c.trace.loss == "cross_entropy":
        if c.target == 0:
            return f"its target {y} is 0, so it does not count itself"
        return f"the smaller {a}, the more, as its target {y} is above 0"
    return {
        "sse": f"the square of {distance}",
        "half_sse": f"half the square of {distance}",
        "mse": f"the square of {distance}{shared}",
        "mae": f"{distance}{shared}",
        "huber": (
            f"half the square of {distance}{shared}"
            if is_small(c.difference)
            else f"{distance}, less one half{shared}"
        ),
        "bce": f"the further {a} is from its target {y}, the more",
    }[c.trace.loss]


def _C(c: _Scene) -> str:
    return f"The loss of row {c.step.row} is {c.number}: the sum over the output nodes."


def _dz_da(c: _Scene) -> str:
    return (
        f"If {c.node('a', c.at.l, c.at.j)} rises a little, "
        f"{c.node('z', c.at.l + 1, c.at.i)} {c.changes()}, "
        f"because {c.that_is('the weight between them')}."
    )


def _addend(c: _Scene) -> str:
    return (
        f"Through node {c.at.i} of {c.layer(c.at.l + 1)}, {c.node('a', c.at.l, c.at.j)} moves "
        f"the loss {c.number} times as much as it moves itself."
    )


def _dC_da(c: _Scene) -> str:
    node = c.node("a", c.at.l, c.at.j)
    if c.at.l < c.trace.L:
        how = " This is the sum over all the nodes it feeds."
    elif c.value != 0:
        how = f" To lower the loss, it has to go {'down' if c.value > 0 else 'up'}."
    elif find_loss(c.trace.loss).kink:
        return f"{node} is exactly on its target, at the kink of the loss: {c.number} is used."
    else:
        how = ""
    return f"If {node} rises a little, {c.answer()}.{how}"


def _da_dz(c: _Scene) -> str:
    z = c.node("z", c.at.l, c.at.j)
    if c.at_kink:
        return f"{z} is exactly 0, at the kink of {c.activation()}: {c.number} is used as slope."
    above = c.at.j if c.at.m < 0 else c.at.m
    ending = f"the slope of {c.activation()} there"
    if c.value == 0:
        ending += " is 0" + (", so nothing flows back through this node" if c.at.m < 0 else "")
    return f"If {z} rises a little, {c.node('a', c.at.l, above)} {c.changes()}: {ending}."


def _addend_z(c: _Scene) -> str:
    return (
        f"By way of $a_{{{c.at.m}}}$, {c.node('z', c.at.l, c.at.j)} moves the loss "
        f"{c.number} times as much as it moves itself: softmax ties all its outputs together."
    )


def _dC_dz(c: _Scene) -> str:
    return (
        f"If {c.node('z', c.at.l, c.at.j)} rises a little, {c.answer()}. "
        f"Every weight into this node uses this number."
    )


def _dz_dw(c: _Scene) -> str:
    source = c.node("a", c.at.l - 1, c.at.k)
    return (
        f"If {c.weight(c.at.l, c.at.j, c.at.k)} rises a little, "
        f"$z_{{{c.at.j}}}$ {c.changes()}, "
        f"because {c.that_is(f'the value of {source}')}."
    )


def _dC_dw(c: _Scene) -> str:
    if c.value == 0:
        return f"The loss of this row does not depend on {c.weight(c.at.l, c.at.j, c.at.k)} here."
    way = "a smaller" if c.value > 0 else "a larger"
    return (
        f"If {c.weight(c.at.l, c.at.j, c.at.k)} rises a little, {c.answer()}: "
        f"{way} weight would lower the loss of this row."
    )


def _dz_db(c: _Scene) -> str:
    return (
        f"If the bias of node {c.at.j} in {c.layer(c.at.l)} rises a little, "
        f"$z_{{{c.at.j}}}$ rises exactly as much."
    )


def _dC_db(c: _Scene) -> str:
    return f"If the bias of node {c.at.j} in {c.layer(c.at.l)} rises a little, {c.answer()}."


def _mean(c: _Scene, what: str) -> str:
    count = len(c.trace.rows)
    return f"Over the {count} rows of this batch, {what} has the mean gradient {c.number}."


def _bias(c: _Scene) -> str:
    return f"the bias of node {c.at.j} in {c.layer(c.at.l)}"


_RULES: Mapping[str, Callable[[_Scene], str]] = {
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
    "mean_dC_dw": lambda c: _mean(c, c.weight(c.at.l, c.at.j, c.at.k)),
    "mean_dC_db": lambda c: _mean(c, _bias(c)),
}
