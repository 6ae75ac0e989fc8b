"""What a derivation shows at one step, as plain data: where we are, the nested products and sums
around the step, each part with its state, and what comes next. Nothing here knows a screen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bpstudio.core.address import Address
from bpstudio.core.derivation_blocks import Block, Part, blocks_around
from bpstudio.core.levels import enclosing_levels
from bpstudio.core.notation import Notation
from bpstudio.core.sequence import Step, StepSequence
from bpstudio.core.update_words import LABELS

if TYPE_CHECKING:
    from bpstudio.core.trace import Trace

__all__ = ["Block", "Crumb", "Derivation", "Part", "derive"]


@dataclass(frozen=True, slots=True)
class Crumb:
    """One level of the breadcrumb: ``label`` is markup ($…$ LaTeX), ``address`` its prefix."""

    label: str
    address: str


@dataclass(frozen=True, slots=True)
class Derivation:
    """Everything the derivation panel shows at one step.

    ``blocks`` from the outermost (the goal) to the innermost (what is worked on now).
    ``next_label`` is markup; ``next_index`` None at the last step. ``remark`` is one sentence
    about the term that needs pointing out (a saturated product, a number that is not finite).
    """

    step: Step
    address: str
    value: float
    crumbs: tuple[Crumb, ...]
    blocks: tuple[Block, ...]
    sentence: str
    remark: str
    next_label: str
    next_index: int | None


def derive(
    trace: Trace, n: int, notation: Notation | None = None, goal_k: int | None = None
) -> Derivation:
    """The derivation at step n. ``goal_k``: which weight into the node is the goal (default 0)."""
    notation = notation or Notation(trace.L)
    term = trace[n]
    following = n + 1 if n + 1 < len(trace) else None
    return Derivation(
        term.step,
        term.address,
        term.value,
        _crumbs(trace, term.step, notation),
        blocks_around(trace, term.step, notation, goal_k),
        term.markup,
        _remark(trace, term.step, notation),
        "end of the pass" if following is None else next_label(trace, following, notation),
        following,
    )


def next_label(trace: Trace, n: int, notation: Notation) -> str:
    """Name of the step that comes next, as markup."""
    step = trace.sequence.step(n)
    index = step.place.letter
    if step.kind in ("wa", "addend", "addend_z") and index is not None:
        return f"addend ${index} = {step.place.index}$"
    return f"{label_of(trace.sequence, step)} ${trace[n].statement(notation).name}$"


_LABELS = {
    "wa": "addend",
    "z": "sum",
    "a": "activation",
    "C_j": "addend",
    "C": "loss",
    "addend": "addend",
    "dC_da": "factor 1",
    "da_dz": "factor 2",
    "addend_z": "addend",
    "dC_dz": "product",
    "dC_dw": "gradient",
    "dC_db": "gradient",
    "mean_dC_dw": "mean",
    "mean_dC_db": "mean",
    **LABELS,
}


_LAST_FACTORS = ("dz_da", "dz_dw", "dz_db")


def label_of(sequence: StepSequence, step: Step) -> str:
    """What a step is in the derivation around it."""
    if step.kind in _LAST_FACTORS:
        # behind ∂C_0/∂z as one factor (softmax) it is the second
        l = step.at.l + 1 if step.kind == "dz_da" else step.at.l
        return "factor 2" if sequence.is_softmax(l) else "factor 3"
    return _LABELS[step.kind]


_PHASES = {
    "fwd": "Forward",
    "loss": "Loss",
    "back": "Backward",
    "mean": "Mean over the batch",
    "update": "Update",
}


def _crumbs(trace: Trace, step: Step, notation: Notation) -> tuple[Crumb, ...]:
    levels = [level for level in enclosing_levels(trace.sequence, step.index) if level != Address()]
    crumbs = [Crumb(level_label(level, notation), str(level)) for level in levels]
    return (*crumbs, Crumb(label_of(trace.sequence, step), step.address))


def level_label(level: Address, notation: Notation) -> str:
    """What a level is called, as markup: Row 52, Backward, Layer $L-1$, Node 2, Weight 1."""
    if level.letter is not None:
        name = "Weight" if level.letter == "k" else f"${level.letter} =$"
        return f"{name} {level.index}"
    if level.j is not None:
        return f"Node {level.j}"
    if level.l is not None:
        return f"Layer ${notation.layer(level.l)}$"
    if level.phase is not None:
        return _PHASES[level.phase]
    return f"Row {level.row}"


def _remark(trace: Trace, step: Step, notation: Notation) -> str:
    term = trace[step.index]
    product = term.product
    if product is not None:
        return (
            f"Rounding spoils the product of the factors here (the output is saturated, or all "
            f"but on its target): it gives ${notation.number(product)}$. The combined form gives "
            f"${notation.number(term.value)}$, which is used from here on. This is why "
            f"frameworks fuse the two."
        )
    return ""
