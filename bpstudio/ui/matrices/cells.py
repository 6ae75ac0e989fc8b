"""Which cell of a matrix a step or a breakpoint is about."""

from __future__ import annotations

from bpstudio.core.address import KINDS
from bpstudio.core.sequence import Step
from bpstudio.debugger.breakpoints import Breakpoint
from bpstudio.ui.matrices.source import Cell, Source

_ON_THE_WAY = frozenset(
    {"dz_dw", "dC_dw", "dz_db", "dC_db", "mean_dC_dw", "mean_dC_db", *KINDS["update"]} - {"clip"}
)


def current_cell(source: Source, step: Step) -> Cell | None:
    """The cell whose number the step computes or, of weights and activations, takes."""
    if source.editable:
        return _weight_taken(source, step)
    kinds = {source.quantity.kind: step.l, source.quantity.bias_kind: step.l}
    if source.quantity.key == "a" and step.l is not None:
        kinds["dz_dw"] = step.l - 1
    if kinds.get(step.kind) != source.l or not _has_sample(source, step):
        return None
    t = step.at
    if source.over == "samples":
        assert step.s is not None, "numbers of nodes belong to a sample"
        return (step.s, t.k if step.kind == "dz_dw" else t.j)
    if source.over == "nodes":
        return (t.j, t.m)
    return (t.j, t.k if step.k is not None else source.shape[1])


def _has_sample(source: Source, step: Step) -> bool:
    return source.over == "samples" or step.s is None or step.s == source.s


def _weight_taken(source: Source, step: Step) -> Cell | None:
    t = step.at
    if step.kind == "wa" and t.l == source.l:
        return (t.j, t.k)
    return (t.i, t.j) if step.kind == "dz_da" and t.l + 1 == source.l else None


def goal_cell(source: Source, step: Step) -> Cell | None:
    """The weight or bias on whose gradient or update the step works."""
    if source.over != "weights" or step.l != source.l or step.kind not in _ON_THE_WAY:
        return None
    j = step.at.j
    return (j, step.at.k) if step.k is not None else (j, source.shape[1])


def breakpoint_cell(source: Source, breakpoint: Breakpoint) -> Cell | None:
    """The cell that a breakpoint is about; None where it is about none or about several."""
    quantity, at = source.quantity, breakpoint
    kinds = {quantity.kind or "wa", quantity.bias_kind}
    if at.kind not in kinds or at.l != source.l or at.j is None:
        return None
    rows = source.trace.rows
    if source.over == "samples":
        return (rows.index(at.row), at.j) if at.row is not None and at.row in rows else None
    if at.row not in (None, rows[source.s]):
        return None
    is_bias = at.kind == quantity.bias_kind
    column = source.shape[1] if is_bias else at.m if source.over == "nodes" else at.k
    return None if column is None else (at.j, column)
