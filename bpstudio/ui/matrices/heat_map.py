"""A matrix as a heat map that scrolls and zooms; painted from arrays, a step at a time."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QRegion, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QScrollBar, QWidget

from bpstudio.ui.canvas.state import Thing
from bpstudio.ui.matrices import marks, words
from bpstudio.ui.matrices.paint import Strip, left_of, paint_columns, paint_rows, paint_strip
from bpstudio.ui.matrices.paint_marks import paint_corners
from bpstudio.ui.matrices.plan import MOST_ZOOM, TOP, CellSize, Plan, fitted_in
from bpstudio.ui.matrices.sheet import Sheet, bias_sheet, is_sampled, matrix_sheet
from bpstudio.ui.matrices.shown import Shown, changed_region
from bpstudio.ui.matrices.source import Cell, Ends, ramp_ends
from bpstudio.ui.palette import Theme
from bpstudio.ui.theme import current_theme

ZOOM = 1.25


class HeatMap(QAbstractScrollArea):
    """Shows one matrix; `show_matrix` is the only way in."""

    zoomed = Signal(float)
    """The user enlarged the matrix."""
    laid_out = Signal()
    """Cells have another size."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: Shown | None = None
        self._cell: Cell | None = None
        self._zoom = 1.0
        self._sheets: tuple[object, tuple[Sheet, Sheet | None]] | None = None
        self._ramp: tuple[object, tuple[str, Ends]] | None = None
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMinimumSize(96, TOP + 40)

    def sizeHint(self) -> QSize:
        """Room for a small layer with its numbers."""
        return QSize(390, 220)

    # ---- what is shown --------------------------------------------------------------------------

    def show_matrix(self, shown: Shown | None) -> None:
        """Show other numbers, or another step; only what changed is painted again."""
        before, self._shown = self._shown, shown
        plan = self.plan
        if shown is None or before is None or plan is None or not shown.looks_like(before):
            self._start_again(before, shown)
        else:
            self.viewport().update(changed_region(plan, before, shown))
        lit = shown.lit if shown is not None else None
        if lit is not None and (before is None or before.lit != lit):
            self._scroll_to(lit)
        self._describe()

    def _start_again(self, before: Shown | None, shown: Shown | None) -> None:
        if before is None or shown is None or before.source.shape != shown.source.shape:
            self._cell, self._zoom = None, 1.0
        self._set_ranges()
        self.viewport().update()
        self.laid_out.emit()

    @property
    def shown(self) -> Shown | None:
        """What is shown."""
        return self._shown

    @property
    def cell(self) -> Cell | None:
        """The selected cell."""
        return self._cell

    @property
    def plan(self) -> Plan | None:
        """Where the cells lie."""
        if self._shown is None:
            return None
        source, port = self._shown.source, self.viewport()
        left = left_of(self._shown.labels, source.shape[0])
        size = self._size_at(left, self._zoom)
        scroll = (self.horizontalScrollBar().value(), self.verticalScrollBar().value())
        place = (port.width(), port.height(), left, *scroll)
        return Plan(source.shape, source.has_bias, size, *place)

    @property
    def ramp(self) -> tuple[str, Ends] | None:
        """The colour ramp and its ends."""
        if self._shown is None:
            return None
        key = (self._shown.source.key(), id(self._shown.scales))
        if self._ramp is None or self._ramp[0] != key:
            self._ramp = (key, ramp_ends(self._shown.source, self._shown.scales))
        return self._ramp[1]

    @property
    def reduction(self) -> str:
        """How a matrix is shown that has more numbers than pixels; "" where it has not."""
        plan = self.plan
        if plan is None or self._shown is None:
            return ""
        sampled = is_sampled(plan.rows, plan.columns)
        return words.reduced(self._shown.source, plan.size, sampled)

    def show_selection(self, thing: Thing | None) -> None:
        """Select the cell of a thing that was chosen elsewhere, without saying so."""
        source = self._shown.source if self._shown else None
        cell = source.cell(thing) if source and thing is not None else None
        if cell != self._cell:
            self._cell = cell
            self.viewport().update()
            self._describe()

    def _describe(self) -> None:
        """What a screen reader says: the matrix, and its selected cell or the one of the step."""
        shown = self._shown
        if shown is None:
            self.setAccessibleName("Matrix")
            self.setAccessibleDescription("")
            return
        self.setAccessibleName(f"{shown.source.quantity.title}, layer {shown.source.l}")
        cell = self._cell or shown.lit
        text = words.spoken(shown.source, shown.old, cell, shown.n) if cell is not None else ""
        self.setAccessibleDescription(text)

    # ---- scrolling and zooming ------------------------------------------------------------------

    @property
    def zoom(self) -> float:
        """1 where the whole matrix fills the view."""
        return self._zoom

    def set_zoom(self, zoom: float) -> None:
        """Enlarge; 1 shows the whole matrix."""
        zoom = min(max(zoom, 1.0), MOST_ZOOM)
        if zoom != self._zoom:
            self._zoom = zoom
            self._set_ranges()
            self.viewport().update()
            self.zoomed.emit(zoom)
            self.laid_out.emit()

    def zoom_by(self, factor: float, at: QPointF | None = None) -> None:
        """Enlarge, or the opposite, until cells have another size; the cell there stays there."""
        plan, zoom = self.plan, self._zoom
        if plan is None:
            return
        place = at or self._focal_point(plan)
        cell = plan.cell_at(place)
        while 1 <= zoom <= MOST_ZOOM:
            zoom *= factor
            if self._size_at(plan.left, max(zoom, 1.0)) != plan.size:
                break
        self.set_zoom(zoom)
        moved = self.plan
        if cell is not None and moved is not None:
            offset = moved.rect(cell).center() - place.toPoint()
            self._scroll(moved.dx + offset.x(), moved.dy + offset.y())

    def _focal_point(self, plan: Plan) -> QPointF:
        """What one looks at: the selected cell, else that of the step, where it is in sight."""
        lit = self._shown.lit if self._shown is not None else None
        cells = (plan.rect(cell).center() for cell in (self._cell, lit) if cell is not None)
        middle = next((at for at in cells if plan.area.contains(at)), plan.area.center())
        return QPointF(middle)

    def _size_at(self, left: int, zoom: float) -> CellSize:
        """The size of cells; it does not depend on whether there are scroll bars."""
        assert self._shown is not None, "something is shown"
        source, whole = self._shown.source, self.maximumViewportSize()
        given = (whole.width(), whole.height(), left)
        return fitted_in(*given, source.shape, source.has_bias, zoom)

    def _set_ranges(self) -> None:
        plan = self.plan
        if plan is None:
            return
        for bar, content, room in zip(
            self._bars(), plan.content, plan.room.size().toTuple(), strict=True
        ):
            bar.setPageStep(room)
            bar.setSingleStep(max(plan.size.h, 16))
            bar.setRange(0, max(content - room, 0))

    def _bars(self) -> tuple[QScrollBar, QScrollBar]:
        return self.horizontalScrollBar(), self.verticalScrollBar()

    def _scroll(self, dx: int, dy: int) -> None:
        self.horizontalScrollBar().setValue(dx)
        self.verticalScrollBar().setValue(dy)

    def _scroll_to(self, cell: Cell) -> None:
        """Bring a cell into sight."""
        plan = self.plan
        if plan is not None and self._zoom > 1:
            self._scroll(*plan.scroll_to(cell))

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """The indices stay while the cells move: all is painted anew."""
        self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The matrix fills its view."""
        self._set_ranges()
        self.viewport().update()
        self.laid_out.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """With Ctrl the wheel zooms."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom_by(ZOOM if event.angleDelta().y() > 0 else 1 / ZOOM, event.position())
            event.accept()
        else:
            super().wheelEvent(event)

    # ---- painting -------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Only what the event's region touches."""
        theme, shown, plan, ramp = current_theme(), self._shown, self.plan, self.ramp
        with QPainter(self.viewport()) as painter:
            painter.fillRect(event.rect(), QColor(theme.surface))
            if shown is None or plan is None or ramp is None:
                return
            painter.setClipRegion(event.region())
            for strip in self._strips(plan, shown, theme, ramp):
                paint_strip(painter, theme, strip, event.region(), shown.numbers)
                paint_corners(painter, theme, strip, event.region(), shown)
            self._paint_frames(painter, theme, plan, shown)
            self._paint_indices(painter, theme, plan, shown, event.region())

    def _paint_frames(self, painter: QPainter, theme: Theme, plan: Plan, shown: Shown) -> None:
        inside = plan.area.united(plan.bias_area).adjusted(*_AROUND)
        painter.save()
        painter.setClipRect(inside, Qt.ClipOperation.IntersectClip)
        for cell in shown.goals:
            marks.paint_goal(painter, plan.rect(cell), theme)
        if shown.current is not None:
            marks.paint_current(painter, plan.rect(shown.current), theme)
        if self._cell is not None:
            marks.paint_selection(painter, plan.rect(self._cell), theme, self.hasFocus())
        painter.restore()

    def _paint_indices(
        self, painter: QPainter, theme: Theme, plan: Plan, shown: Shown, region: QRegion
    ) -> None:
        row, column = shown.lit or (None, None)
        if region.intersects(QRect(0, 0, plan.width, TOP)):
            paint_columns(painter, theme, plan, column)
        if region.intersects(QRect(0, 0, plan.left, plan.height)):
            paint_rows(painter, theme, plan, shown.labels, row)

    def _strips(
        self, plan: Plan, shown: Shown, theme: Theme, ramp: tuple[str, Ends]
    ) -> tuple[Strip, ...]:
        """The matrix, and beside it its biases."""
        source, size = shown.source, plan.size
        cells, biases = self._kept_sheets(plan, shown, theme, ramp)
        x, y = plan.x(plan.columns.start), plan.y(plan.rows.start)
        bold = shown.goals if shown.lit is None else shown.goals | {shown.lit}
        done = source.done(shown.n)
        matrix = Strip(cells, plan.area, x, y, size, done, source.shape[1], bold)
        if biases is None:
            return (matrix,)
        area = plan.bias_area
        narrow = CellSize(area.width(), size.h, 1, size.y)
        done = source.biases_done(shown.n)
        return matrix, Strip(biases, area, area.left(), y, narrow, done, 1, bold)

    def _kept_sheets(
        self, plan: Plan, shown: Shown, theme: Theme, ramp: tuple[str, Ends]
    ) -> tuple[Sheet, Sheet | None]:
        """The numbers in sight with their colours, worked out once."""
        key = (shown.source.key(), shown.before, theme.name, ramp, plan.rows, plan.columns)
        if self._sheets is None or self._sheets[0] != key:
            source, old = shown.source, shown.old
            cells = matrix_sheet(source, plan.rows, plan.columns, ramp, theme, old)
            biases = bias_sheet(source, plan.rows, ramp, theme, old) if plan.has_bias else None
            self._sheets = (key, (cells, biases))
        return self._sheets[1]


_AROUND = (-marks.REACH, -marks.REACH, marks.REACH, marks.REACH)
