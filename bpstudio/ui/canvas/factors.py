"""The factors of the product under way: which step belongs to which product, in what place."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from bpstudio.core.operands import operands_of
from bpstudio.core.sequence import Step, StepSequence
from bpstudio.ui.canvas.state import Thing


class Factor(NamedTuple):
    """A factor of the product under way: its number in the equation, and its step."""

    badge: int
    step: Step


_PRODUCT_OF = {
    "dz_da": "addend",
    "addend": "addend",
    "dz_dw": "dC_dw",
    "dC_dw": "dC_dw",
    "dz_db": "dC_db",
    "dC_db": "dC_db",
    "dC_da": "dC_dz",
    "da_dz": "dC_dz",
    "dC_dz": "dC_dz",
}
_SOFTMAX_PRODUCT_OF = {"da_dz": "addend_z", "addend_z": "addend_z", "dC_da": "", "dC_dz": ""}


def product_of(sequence: StepSequence, step: Step) -> Step | None:
    """The product a step is a factor of, or is; None where there is none."""
    kind = _PRODUCT_OF.get(step.kind, "")
    if step.l is not None and step.phase == "back" and sequence.is_softmax(step.l):
        kind = _SOFTMAX_PRODUCT_OF.get(step.kind, kind)
    if not kind:
        return None
    return (
        step
        if kind == step.kind
        else sequence.step(sequence.index(str(replace(step.place, kind=kind))))
    )


def badge_of(sequence: StepSequence, step: Step) -> int | None:
    """The number of a factor in its product; None for what is no factor."""
    product = product_of(sequence, step)
    if product is None or product.index == step.index:
        return None
    operands = operands_of(sequence, product)
    return operands.index(step.address) + 1 if step.address in operands else None


def done_factors(sequence: StepSequence, step: Step) -> tuple[Factor, ...]:
    """The factors of the product under way that were computed before this step."""
    product = product_of(sequence, step)
    if product is None:
        return ()
    factors = enumerate(operands_of(sequence, product), start=1)
    steps = [Factor(badge, sequence.step(sequence.index(at))) for badge, at in factors]
    return tuple(factor for factor in steps if factor.step.index < step.index)


def place_of(step: Step, L: int) -> Thing:
    """The thing of the picture that a factor belongs to."""
    t = step.at
    if step.kind == "dC_da" and step.l == L:
        return ("loss_edge", t.j)
    if step.kind == "dz_da":
        return ("edge", t.l + 1, t.i, t.j)
    if step.kind == "dz_dw":
        return ("edge", t.l, t.j, t.k)
    if step.kind == "dz_db":
        return ("bias", t.l, t.j)
    return ("node", t.l, t.j)
