"""Frames and marks on cells: where execution is, what is selected, breakpoints, changes."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from bpstudio.debugger.breakpoints import Breakpoint
from bpstudio.ui.canvas import paint_marks as mark
from bpstudio.ui.canvas.look import Look
from bpstudio.ui.canvas.marks import Spot
from bpstudio.ui.canvas.state import OFF
from bpstudio.ui.palette import Theme

REACH = 6  # pixels that a frame or mark goes beyond its cell
_LEAST = 9  # a frame round a smaller cell is as large as that
_CORNER = 7
_SPOT = 8.0


def framed(box: QRect) -> QRect:
    """The box that a frame goes round: of a cell that is too small to be seen, a larger one."""
    x, y = max(_LEAST - box.width(), 0), max(_LEAST - box.height(), 0)
    return box.adjusted(-(x // 2), -(y // 2), x - x // 2, y - y // 2)


def paint_current(painter: QPainter, box: QRect, theme: Theme) -> None:
    """An accent frame outside a gap."""
    inner = QRectF(framed(box))
    _frame(painter, inner.adjusted(-1, -1, 0, 0), QPen(QColor(theme.surface), 2))
    _frame(painter, inner.adjusted(-3, -3, 2, 2), QPen(QColor(theme.accent), 2))


def paint_goal(painter: QPainter, box: QRect, theme: Theme) -> None:
    """A neutral frame."""
    inner = QRectF(framed(box))
    _frame(painter, inner.adjusted(0, 0, -1, -1), QPen(QColor(theme.surface), 4))
    _frame(painter, inner.adjusted(0, 0, -1, -1), QPen(QColor(theme.text2), 2))


def paint_selection(painter: QPainter, box: QRect, theme: Theme, focused: bool) -> None:
    """A dashed frame: accent while the view has the focus."""
    inner = QRectF(framed(box)).adjusted(1, 1, -2, -2)
    _frame(painter, inner, QPen(QColor(theme.surface), 2))
    pen = QPen(QColor(theme.accent if focused else theme.text2), 2, Qt.PenStyle.CustomDashLine)
    pen.setDashPattern([2, 1.5])
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    _frame(painter, inner, pen)


def _frame(painter: QPainter, box: QRectF, pen: QPen) -> None:
    pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(box)


def paint_changed(painter: QPainter, box: QRect, ink: QColor) -> None:
    """A folded corner at the lower right: the last edit changed this number."""
    right, bottom = box.right(), box.bottom()
    size = min(_CORNER, box.width() // 3, box.height() // 3)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ink)
    corners = ((right, bottom - size), (right, bottom), (right - size, bottom))
    painter.drawPolygon(QPolygonF([QPointF(*corner) for corner in corners]))


def paint_breakpoint(painter: QPainter, box: QRect, theme: Theme, breakpoint: Breakpoint) -> None:
    """The canvas' mark of a breakpoint at the upper left."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    spot = Spot(box.left() + 5.5, box.top() + 5.5, _SPOT)
    mark.paint_breakpoint(painter, Look(theme), spot, style_of(breakpoint))
    painter.restore()


def style_of(breakpoint: Breakpoint) -> str:
    """What a breakpoint looks like, as the canvas names it."""
    kind = "log" if breakpoint.log else "condition" if breakpoint.when else "line"
    return kind if breakpoint.enabled else kind + OFF
