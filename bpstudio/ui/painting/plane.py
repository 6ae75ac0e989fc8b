"""The plane that is painted on: by the mouse, or by a cursor that the arrow keys move."""

from __future__ import annotations

from math import hypot

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QWidget

from bpstudio.core.painted import Area, Brush
from bpstudio.ui.focus import INSIDE
from bpstudio.ui.fonts import Size, ui_font
from bpstudio.ui.loss_axis import LossAxis
from bpstudio.ui.plots.looks import dress, name_axes
from bpstudio.ui.theme import Appearance

Place = tuple[float, float]

_SIDE = 380
_STEP, _LEAP = 0.02, 0.1  # of the plane's size, by an arrow key alone and with Shift
_CIRCLE = np.linspace(0.0, 2 * np.pi, 65)
_CROSS = 0.012  # half the length of the cursor's bars, of the plane's size
_ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, 1),
    Qt.Key.Key_Down: (0, -1),
}
_ERASE = (Qt.Key.Key_Delete, Qt.Key.Key_Backspace)
_TIP = (
    "Press or drag to paint, with the right button to erase. Keys: arrows move the cursor (Shift: "
    "faster), Space paints, Delete erases, E changes to the eraser, numbers choose what is painted"
)


class Plane(pg.PlotWidget):
    """A plot with a cursor; what a touch makes is decided elsewhere."""

    touched = Signal(float, float, bool, bool)
    """Where, whether it erases whatever the tool, and whether a new stroke begins with it."""

    moved = Signal(float, float)
    """Where the cursor is."""

    number = Signal(int)
    """A number key."""

    toggled = Signal()
    """The key that changes between brush and eraser."""

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent, axisItems={side: LossAxis(side) for side in ("left", "bottom")})
        self._appearance = appearance
        self.area, self.brush, self.erases = Area(), Brush(), False
        self.cursor: Place = (0.0, 0.0)
        self._last: Place | None = None  # of the stroke that the mouse draws
        self.ring, self.cross = pg.PlotCurveItem(antialias=True), pg.PlotCurveItem(connect="pairs")
        for item in (self.ring, self.cross):
            item.setZValue(10)
            self.addItem(item)
        self._prepare()
        self.show_area(self.area)
        appearance.changed.connect(self._retint)
        self._retint()

    def _prepare(self) -> None:
        self.setMenuEnabled(False)
        menu = self.getPlotItem().ctrlMenu  # made all the same, and without a parent to end with
        menu.setParent(self, menu.windowFlags())
        self.hideButtons()
        self.setMouseEnabled(x=False, y=False)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.viewport().setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.viewport().setCursor(Qt.CursorShape.CrossCursor)
        self.setMinimumSize(_SIDE, _SIDE)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty(INSIDE, True)
        self.setAccessibleName("Plane to paint on")
        self.setToolTip(_TIP)
        self.setMouseTracking(True)
        self.showGrid(x=True, y=True, alpha=0.15)
        for side in ("left", "bottom"):
            self.getAxis(side).setTickFont(ui_font(Size.CAPTION))
            self.getAxis(side).enableAutoSIPrefix(False)

    def show_area(self, area: Area) -> None:
        """Another plane; the cursor is in its middle."""
        self.area = area
        (left, bottom), (right, top) = area.low, area.high
        self.setRange(xRange=(left, right), yRange=(bottom, top), padding=0.02)
        name_axes(self, self._appearance.theme, *area.names)
        self.put_cursor((left + right) / 2, (bottom + top) / 2)

    def show_tool(self, brush: Brush, erases: bool) -> None:
        """What a touch reaches, and whether it paints or erases."""
        self.brush, self.erases = brush, erases
        self._draw_cursor()

    def put_cursor(self, x: float, y: float) -> None:
        """Move the cursor; it does not leave the plane."""
        (left, bottom), (right, top) = self.area.low, self.area.high
        self.cursor = (min(max(x, left), right), min(max(y, bottom), top))
        self._draw_cursor()
        self.moved.emit(*self.cursor)

    def _draw_cursor(self) -> None:
        (x, y), (width, height) = self.cursor, self.area.size
        reach = self.brush.radius
        self.ring.setData(x + reach * width * np.cos(_CIRCLE), y + reach * height * np.sin(_CIRCLE))
        w, h = _CROSS * width, _CROSS * height
        self.cross.setData(np.array([x - w, x + w, x, x]), np.array([y, y, y - h, y + h]))
        theme = self._appearance.theme
        style = Qt.PenStyle.DashLine if self.erases else Qt.PenStyle.SolidLine
        color = theme.error if self.erases else theme.accent
        self.ring.setPen(pg.mkPen(color, width=1.5, style=style))
        self.cross.setPen(pg.mkPen(theme.text1, width=1.5))

    def _retint(self) -> None:
        dress(self, self._appearance.theme)
        self._draw_cursor()

    # ---- the mouse ------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A stroke begins."""
        place = self._place(event)
        self._last = place
        self.put_cursor(*place)
        self.touched.emit(*self.cursor, _is_right(event.button()), True)
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """The brush follows; a drawn stroke touches anew after half the brush."""
        place = self._place(event)
        self.put_cursor(*place)
        if self._last is None or not event.buttons():
            return
        (x, y), (width, height) = self._last, self.area.size
        if hypot((place[0] - x) / width, (place[1] - y) / height) >= max(self.brush.radius, 0.02):
            self._last = place
            self.touched.emit(*self.cursor, _is_right(event.buttons()), False)
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """The stroke ends."""
        self._last = None
        event.accept()

    def _place(self, event: QMouseEvent) -> Place:
        scene = self.mapToScene(event.position().toPoint())
        found: QPointF = self.getViewBox().mapSceneToView(scene)
        return found.x(), found.y()

    # ---- keys -----------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The cursor and its tools; all other keys are the dialog's."""
        key = Qt.Key(event.key())
        if key in _ARROWS:
            self._step(*_ARROWS[key], event.modifiers())
        elif key == Qt.Key.Key_Space or key in _ERASE:
            self.touched.emit(*self.cursor, key in _ERASE, True)
        elif key == Qt.Key.Key_E and not event.modifiers():
            self.toggled.emit()
        elif (
            event.text().isdecimal() and not event.modifiers() & Qt.KeyboardModifier.ControlModifier
        ):
            self.number.emit(int(event.text()))
        else:
            event.ignore()

    def _step(self, right: int, up: int, modifiers: Qt.KeyboardModifier) -> None:
        step = _LEAP if modifiers & Qt.KeyboardModifier.ShiftModifier else _STEP
        (x, y), (width, height) = self.cursor, self.area.size
        self.put_cursor(x + right * step * width, y + up * step * height)


def _is_right(buttons: Qt.MouseButton) -> bool:
    return bool(buttons & Qt.MouseButton.RightButton)
