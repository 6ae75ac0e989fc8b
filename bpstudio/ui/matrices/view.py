"""A heat map to point at: cells are selected, run to, asked about and edited."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
)
from PySide6.QtWidgets import QToolTip, QWidget

from bpstudio.ui.canvas.state import Thing
from bpstudio.ui.matrices import words
from bpstudio.ui.matrices.cell_keys import RUN, is_plain, moved, typed, wants, zoom_step
from bpstudio.ui.matrices.editor import CellEditor
from bpstudio.ui.matrices.heat_map import ZOOM, HeatMap
from bpstudio.ui.matrices.shown import Shown
from bpstudio.ui.matrices.source import Cell


class MatrixView(HeatMap):
    """One matrix of the panel."""

    selected = Signal(object)
    """("edge", l, j, k), ("bias", l, j) or ("node", l, j): the user chose its cell."""
    address_requested = Signal(str)
    """Run to here."""
    menu_requested = Signal(object, QPoint)
    """The thing of a weight or bias, or the address of another number; and where on screen."""
    edited = Signal(object, float)
    """A new number for a thing."""
    copy_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._edited: Thing | None = None
        self.editor = CellEditor(self.viewport())
        self.editor.entered.connect(self._enter)
        self.editor.closed.connect(self._come_back)
        self.laid_out.connect(self._follow_cell)

    def show_matrix(self, shown: Shown | None) -> None:
        """Show other numbers, or another step. What is being typed stays while its cell does."""
        if shown is None or not shown.source.editable:
            self.editor.give_up()
        super().show_matrix(shown)

    # ---- selecting and editing ------------------------------------------------------------------

    def select(self, cell: Cell) -> None:
        """Select a cell, and say so."""
        assert self._shown is not None, "there are no cells"
        self._cell = cell
        self._scroll_to(cell)
        self.viewport().update()
        self._describe()
        self.selected.emit(self._shown.source.thing(cell))

    def edit(self, start: str = "") -> None:
        """Open the field over the selected cell, where its number can be changed."""
        shown, cell = self._shown, self._cell
        if shown is None or cell is None or not shown.source.editable:
            return
        self._scroll_to(cell)
        plan = self.plan
        assert plan is not None, "something is shown"
        self._edited = shown.source.thing(cell)
        name = words.spoken(shown.source, None, cell, shown.n).partition(" =")[0]
        self.editor.open(plan.rect(cell), name, shown.source.value(cell), start)

    def _follow_cell(self) -> None:
        """The field goes with its cell; where another matrix came, it closes."""
        plan, cell = self.plan, self._cell
        if plan is not None and cell is not None and self._is_edited(cell):
            self.editor.place(plan.rect(cell))
        else:
            self.editor.give_up()

    def _is_edited(self, cell: Cell) -> bool:
        shown = self._shown
        editable = shown is not None and shown.source.editable
        return editable and shown is not None and shown.source.thing(cell) == self._edited

    def _come_back(self, had_focus: bool) -> None:
        """The keys are the matrix' again, unless the user went elsewhere."""
        if had_focus:
            self.setFocus()

    def _enter(self, value: float) -> None:
        self.edited.emit(self._edited, value)

    def _run(self, cell: Cell | None) -> None:
        if cell is not None and self._shown is not None:
            self.address_requested.emit(self._shown.source.step_address(cell))

    def _ask_menu(self, cell: Cell | None, at: QPoint) -> None:
        if cell is not None and self._shown is not None:
            source = self._shown.source
            about = source.thing(cell) if source.editable else source.address(cell)
            self.menu_requested.emit(about, at)

    # ---- mouse ----------------------------------------------------------------------------------

    def cell_at(self, point: QPointF) -> Cell | None:
        """The cell at a point of the viewport."""
        plan = self.plan
        return plan.cell_at(point) if plan is not None else None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Select the cell."""
        cell = self.cell_at(event.position())
        if cell is not None and event.button() != Qt.MouseButton.MiddleButton:
            self.select(cell)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """The press did all."""
        event.accept()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Run to the cell."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._run(self.cell_at(event.position()))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Ask for the menu of the cell under the pointer, or of the selected one."""
        plan = self.plan
        if plan is None:
            return
        if event.reason() != QContextMenuEvent.Reason.Keyboard:
            self._ask_menu(plan.cell_at(QPointF(event.pos())), event.globalPos())
        elif self._cell is not None:
            at = self.viewport().mapToGlobal(plan.rect(self._cell).center())
            self._ask_menu(self._cell, at)

    def viewportEvent(self, event: QEvent) -> bool:
        """Tooltips of cells."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), self.tooltip_at(QPointF(event.pos())), self)
            return True
        return super().viewportEvent(event)

    def tooltip_at(self, point: QPointF) -> str:
        """What is said about the cell at a point; "" where there is none."""
        plan, shown, cell = self.plan, self._shown, self.cell_at(point)
        if plan is None or shown is None or cell is None:
            return ""
        return words.tooltip(shown.source, shown.old, cell, shown.n, plan.size)

    # ---- keys -----------------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        """Arrows and others are shortcuts of the window; here they are the matrix'."""
        editable = self._shown is not None and self._shown.source.editable
        if isinstance(event, QKeyEvent) and wants(event, editable):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows, Home, End and Page move; Enter runs there; F2 or a number edits."""
        act = self._act(event)
        if act is None:
            event.ignore()
        else:
            act()

    def _act(self, event: QKeyEvent) -> Callable[[], object] | None:
        """What a key does here."""
        plan, shown = self.plan, self._shown
        if plan is None or shown is None:
            return None
        (rows, columns), zoom = plan.shape, zoom_step(event)
        start = self._cell or shown.lit
        cell = moved(start, event, rows, columns + plan.has_bias, len(plan.rows))
        if cell is not None:
            return lambda: self.select(cell)
        if zoom is not None:
            return lambda: self.zoom_by(ZOOM**zoom) if zoom else self.set_zoom(1.0)
        if event.matches(QKeySequence.StandardKey.Copy):
            return self.copy_requested.emit
        return self._act_on_cell(event)

    def _act_on_cell(self, event: QKeyEvent) -> Callable[[], object] | None:
        start = typed(event)
        if is_plain(event) and event.key() in RUN:
            return lambda: self._run(self._cell)
        if start or (is_plain(event) and event.key() == Qt.Key.Key_F2):
            return lambda: self.edit(start)
        return None

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The selection is drawn in accent."""
        self.viewport().update()
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """The selection is drawn in grey."""
        self.viewport().update()
        super().focusOutEvent(event)
