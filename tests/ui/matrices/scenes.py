"""Matrices of small traces, shown at a step."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QPointF, QRect
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from bpstudio.core.trace import Trace
from bpstudio.ui.canvas.state import Scales, shown_sample
from bpstudio.ui.matrices.heat_map import HeatMap
from bpstudio.ui.matrices.quantities import QUANTITIES
from bpstudio.ui.matrices.shown import Shown
from bpstudio.ui.matrices.source import Cell, Source
from tests.ui.canvas.scenes import trace

HERE = "s52/back/l3/j2/k2/dC_dw"


def source(passed: Trace, key: str, l: int = 3, s: int = 0) -> Source:
    """A quantity of a layer."""
    return Source(passed, QUANTITIES[key], l, s)


def shown(
    key: str = "dC_dw", at: str | int = HERE, l: int = 3, passed: Trace | None = None, **more: Any
) -> Shown:
    """A quantity at a step of the default network."""
    passed = passed or trace()
    n = at if isinstance(at, int) else passed.sequence.index(at)
    step = passed.sequence.step(n)
    scales = more.pop("scales", None) or Scales.of(passed)
    return Shown(source(passed, key, l, shown_sample(passed, step)), n, step, scales, **more)


def picture(view: QWidget) -> QImage:
    """What is painted, one pixel a pixel."""
    image = QImage(view.size(), QImage.Format.Format_RGB32)
    view.render(image)
    return image


def box(view: HeatMap, cell: Cell) -> QRect:
    """Where a cell lies."""
    plan = view.plan
    assert plan is not None
    return plan.rect(cell)


def corner(view: HeatMap, cell: Cell) -> QPointF:
    """A point of a cell that no number covers."""
    return QPointF(box(view, cell).topLeft()) + QPointF(5, 4)
