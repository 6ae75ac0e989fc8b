"""The symbols that label things of the picture, as LaTeX on one line."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bpstudio.core.notation import PENALTY, UPDATE_LETTERS, Notation, partial
from bpstudio.core.sequence import Indices, Step
from bpstudio.ui.symbols import on_one_line


def symbol(step: Step, n: Notation) -> str:
    """What the chip of a step calls its number.

    A factor that is one number of the network goes by that number's name: ∂z_1/∂a_2 is w_12.
    """
    if step.phase == "update" and not step.kind.startswith("update"):
        return on_one_line(_on_the_way(step, n))
    rule = _SYMBOLS.get(step.kind)
    return on_one_line(rule(n, step.at)) if rule else _parameter_symbol(step, n)


def _on_the_way(step: Step, n: Notation) -> str:
    """A number on the way to a new weight or bias."""
    if step.kind in UPDATE_LETTERS:
        return n.update_term(step.kind, step.at.l, step.at.j, step.at.k)
    if step.l is None:
        return n.anywhere(step.kind)
    above = PENALTY if step.kind == "penalty_w" else f"(C + {PENALTY})"
    return partial(above, n.parameter(step.at.l, step.at.j, step.at.k))


def _parameter_symbol(step: Step, n: Notation) -> str:
    t = step.at
    parameter = n.b(t.l, t.j) if step.k is None else n.w(t.l, t.j, t.k)
    if step.kind.startswith("update"):
        return parameter
    return on_one_line(partial("C" if step.kind.startswith("mean") else "C_0", parameter))


_SYMBOLS: Mapping[str, Callable[[Notation, Indices], str]] = {
    "wa": lambda n, t: f"{n.w(t.l, t.j, t.k)} {n.a(t.l - 1, t.k)}",
    "z": lambda n, t: n.z(t.l, t.j),
    "a": lambda n, t: n.a(t.l, t.j),
    "C_j": lambda n, t: n.C_j(t.j),
    "C": lambda n, t: "C_0",
    "dz_da": lambda n, t: n.w(t.l + 1, t.i, t.j),
    "addend": lambda n, t: f"i = {t.i}",
    "addend_z": lambda n, t: f"m = {t.m}",
    "dC_da": lambda n, t: n.dC_da(t.l, t.j),
    "da_dz": lambda n, t: n.da_dz(t.l, t.j if t.m < 0 else t.m, t.j),
    "dC_dz": lambda n, t: n.dC_dz(t.l, t.j),
    "dz_dw": lambda n, t: n.a(t.l - 1, t.k),
    "dz_db": lambda n, t: partial(n.z(t.l, t.j), n.b(t.l, t.j)),
}
