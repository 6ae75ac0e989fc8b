"""What a heat map is told, as a value, and what changes from one to the next."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRect
from PySide6.QtGui import QRegion

from bpstudio.core.sequence import Step
from bpstudio.core.trace import Trace
from bpstudio.debugger.breakpoints import Breakpoint
from bpstudio.ui.canvas.state import Scales, Thing
from bpstudio.ui.matrices.cells import current_cell, goal_cell
from bpstudio.ui.matrices.marks import REACH, framed
from bpstudio.ui.matrices.plan import TOP, Plan
from bpstudio.ui.matrices.source import Cell, Source


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """Numbers, the step, and what is marked. ``n`` is the number of the step.

    ``before`` is the trace before the last edit. ``goal`` is the weight or bias whose gradient is
    asked for.
    """

    source: Source
    n: int
    step: Step
    scales: Scales
    before: Trace | None = None
    breakpoints: tuple[Breakpoint, ...] = ()
    goal: Thing | None = None
    numbers: bool = True

    @property
    def old(self) -> Source | None:
        """The same numbers before the last edit."""
        return self.source.before(self.before)

    @property
    def lit(self) -> Cell | None:
        """The cell of the step: the one it computes or takes, else the weight it works on."""
        return self.current or goal_cell(self.source, self.step)

    @property
    def current(self) -> Cell | None:
        """The cell whose number the step computes or takes."""
        return current_cell(self.source, self.step)

    @property
    def goals(self) -> frozenset[Cell]:
        """Cells with a neutral frame."""
        asked = self.source.cell(self.goal) if self.goal is not None else None
        cells = {goal_cell(self.source, self.step), asked} - {None, self.current}
        return frozenset(cell for cell in cells if cell is not None)

    @property
    def labels(self) -> tuple[int, ...] | None:
        """What the rows are called where not by their numbers: samples, by rows of the data."""
        return self.source.trace.rows if self.source.over == "samples" else None

    def looks_like(self, other: Shown) -> bool:
        """Whether the numbers and marks are the same, and only the step may differ."""
        mine, others = self._look(), other._look()
        return mine == others and self.before is other.before and self.scales is other.scales

    def _look(self) -> tuple[object, ...]:
        return self.source.key(), self.breakpoints, self.numbers, self.labels


def changed_region(plan: Plan, before: Shown, shown: Shown) -> QRegion:
    """What a step changes: newly computed cells, frames, and the indices of the current cell."""
    region = QRegion()
    for cell in (before.lit, shown.lit, *before.goals, *shown.goals):
        if cell is not None:
            region |= framed(plan.rect(cell)).adjusted(-REACH, -REACH, REACH, REACH)
    if before.lit != shown.lit:
        region |= QRect(0, 0, plan.width, TOP)
        region |= QRect(0, 0, plan.left, plan.height)
    return region | _computed(plan, before, shown)


def _computed(plan: Plan, before: Shown, shown: Shown) -> QRegion:
    """The rows with cells that one of the two has computed and the other has not."""
    region, columns = QRegion(), plan.shape[1]
    first, last = sorted((before.source.done(before.n), shown.source.done(shown.n)))
    if first != last:
        region |= _rows(plan, plan.area, first // columns, (last - 1) // columns)
    if plan.has_bias:
        counts = (before.source.biases_done(before.n), shown.source.biases_done(shown.n))
        first, last = sorted(counts)
        if first != last:
            region |= _rows(plan, plan.bias_area, first, last - 1)
    return region


def _rows(plan: Plan, area: QRect, first: int, last: int) -> QRegion:
    top, bottom = plan.y(first), plan.y(last) + plan.size.h
    return QRegion(QRect(area.left(), top, area.width(), bottom - top).intersected(area))
