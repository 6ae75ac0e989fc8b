"""The formula of one number with the numbers plugged in, as parts to be set side by side."""

from __future__ import annotations

from dataclasses import dataclass

from bpstudio.core.notation import Notation, format_number, on_one_line, tex_factor, tex_number
from bpstudio.core.origin import Origin
from bpstudio.core.origin_values import OriginItem
from bpstudio.ui.origin.model import value_text

MOST_PARTS = 4  # a longer sum is written by its formula
_MEANS = ("mean_dC_dw", "mean_dC_db")


@dataclass(frozen=True, slots=True)
class FormulaParts:
    """``name`` = numbers = ``result``.

    The numbers are ``parts``, each with its symbol (LaTeX) below it and ``operator`` between
    them, or ``middle`` (LaTeX), or neither. A number without a name has its ``words``.
    """

    name: str
    result: str
    words: str = ""
    parts: tuple[tuple[str, str], ...] = ()
    operator: str = ""
    middle: str = ""

    @property
    def spoken(self) -> str:
        """The parts without the layout, for screen readers."""
        between = {"·": " times ", "+": " plus "}.get(self.operator, "")
        numbers = between.join(number for number, _symbol in self.parts)
        return " = ".join(filter(None, (self.words or self.name, numbers, self.result)))


def formula_parts(origin: Origin, item: OriginItem) -> FormulaParts:
    """How the number of an item is written."""
    result = value_text(item)
    if not item.name:
        return FormulaParts("", result, item.note)
    operator = _operator(origin, item)
    if operator:
        children = origin.children(item.address)
        parts = tuple((format_number(c.value), _symbol(c)) for c in children)
        return FormulaParts(item.name, result, parts=parts, operator=operator)
    return FormulaParts(item.name, result, middle=_middle(origin, item))


def _operator(origin: Origin, item: OriginItem) -> str:
    if item.note.startswith("product"):
        return "·"
    few_addends = (
        item.kind not in _MEANS
        and origin.is_sum(item.address)
        and len(origin.children(item.address)) <= MOST_PARTS
    )
    return "+" if few_addends else ""


def _symbol(child: OriginItem) -> str:
    """The name below a number; of two names for one number the first."""
    counted = child.name[:3] in ("i =", "m =")
    return child.name if counted else on_one_line(child.name.partition(" = ")[0])


def _middle(origin: Origin, item: OriginItem) -> str:
    if item.kind in ("x", "y"):
        return _scaled(origin, item)
    if item.kind in ("w", "b", "state", "rate"):
        return ""
    term = origin.trace[item.address]
    numbers = term.statement(Notation(origin.trace.L)).numbers
    return "" if numbers == tex_number(item.value) or term.saturated else numbers


def _scaled(origin: Origin, item: OriginItem) -> str:
    children = origin.children(item.address)
    if len(children) != 3:
        return ""
    raw, shift, scale = (child.value for child in children)
    return rf"\frac{{{raw:.12g} - {tex_factor(shift)}}}{{{tex_number(scale)}}}"
