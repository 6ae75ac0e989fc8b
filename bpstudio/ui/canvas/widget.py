"""The canvas: what mouse and keys do in the picture of the network."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeGuard

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QHelpEvent, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QApplication, QToolTip, QWidget

from bpstudio.core.notation import format_number
from bpstudio.ui.canvas.describe import tooltip
from bpstudio.ui.canvas.display import middle_of
from bpstudio.ui.canvas.hit import is_on
from bpstudio.ui.canvas.marks import breakpoint_spot, can_stop_at, mark_at
from bpstudio.ui.canvas.paint_marks import paint_place
from bpstudio.ui.canvas.scene import Scene
from bpstudio.ui.canvas.selecting import SelectingDisplay, is_drawn
from bpstudio.ui.canvas.state import Thing
from bpstudio.ui.canvas.weight_drag import WeightDrag, begun
from bpstudio.ui.symbols import as_html

_FOLDS = ("more", "fold")
_ALT, _SHIFT = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ShiftModifier
_LEFT = Qt.MouseButton.LeftButton

SET_HINT = "Click to set a breakpoint here (F9)"
CLEAR_HINT = "Click to take the breakpoint away (F9)"
RUN_HINT = "Double-click to run to here (Enter)"
SELECT_HINT = "To change it, click it and drag it up or down, or drag with Alt held"
DRAG_HINT = "Drag up or down to change it (Shift: finer, Esc: back)"


class NetworkCanvas(SelectingDisplay):
    """The picture of a network that answers to mouse and keys."""

    breakpoint_toggled = Signal(object)
    """A thing: the place of its breakpoint was clicked."""
    menu_requested = Signal(object, QPoint)
    """A thing or None, and where on the screen its context menu belongs."""
    weight_dragged = Signal(int, int, int, float, bool)
    """l, j, k, the weight the edge is dragged to, and whether that was the end of the drag."""
    bias_dragged = Signal(int, int, float, bool)
    """l, j, the bias, and whether that was the end of the drag."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._place: Thing | None = None  # the thing under the pointer whose mark is shown hollow
        self._drag: WeightDrag | None = None
        self._is_dragging = False  # the pointer has moved far enough
        self.setMouseTracking(True)

    def forget(self) -> None:
        self._place = self._drag = None
        super().forget()

    def paint_over(self, painter: QPainter, scene: Scene) -> None:
        super().paint_over(painter, scene)
        if self._place is not None and self._place not in scene.state.breakpoints:
            spot = breakpoint_spot(scene.layout, self._place, scene.look.scale)
            if spot is not None:
                paint_place(painter, scene.look, spot)

    # What lies under the pointer

    def mark_at(self, point: QPointF) -> Thing | None:
        """The thing whose breakpoint lies, or would lie, under a point."""
        scene = self.scene
        if scene is None:
            return None
        at = (point.x(), point.y(), self.thing_at(point))
        biases, scale = scene.state.sequence.biases, scene.look.scale
        return mark_at(scene.layout, scene.state.breakpoints, *at, biases, scale)

    def draggable_at(self, point: QPointF, alt: bool) -> Thing | None:
        """The edge or bias that a drag from a point changes: the selected one; with Alt any."""
        scene, chosen = self.scene, self._selection
        if scene is None:
            return None
        if (
            _is_parameter(chosen)
            and is_drawn(scene, chosen)
            and is_on(scene.layout, chosen, point.x(), point.y())
        ):
            return chosen
        under = self.thing_at(point) if alt else None
        return under if _is_parameter(under) else None

    def _hover(self, point: QPointF, alt: bool) -> None:
        scene = self.scene
        if scene is None:
            return
        under, mark = self.thing_at(point), self.mark_at(point)
        self._show_place(mark or (under if can_stop_at(scene.layout, under) else None))
        if mark is not None or (under is not None and under[0] in _FOLDS):
            self.setCursor(Qt.CursorShape.PointingHandCursor)
        elif self.draggable_at(point, alt) is not None:
            self.setCursor(Qt.CursorShape.SizeVerCursor)
        else:
            self.unsetCursor()

    def _show_place(self, thing: Thing | None) -> None:
        if thing == self._place:
            return
        for each in (self._place, thing):
            self.update(self._mark_area(each))
        self._place = thing

    def _mark_area(self, thing: Thing | None) -> QRect:
        scene = self.scene
        spot = breakpoint_spot(scene.layout, thing, scene.look.scale) if scene and thing else None
        if spot is None:
            return QRect()
        reach = round(spot.size / 2) + 4
        return QRect(round(spot.x) - reach, round(spot.y) - reach, 2 * reach, 2 * reach)

    # Mouse

    def clicked(self, point: QPointF) -> None:
        """Toggle a breakpoint, turn a fold, or select what is there."""
        mark, thing = self.mark_at(point), self.thing_at(point)
        if mark is not None:
            self.breakpoint_toggled.emit(mark)
        elif thing is not None and thing[0] in _FOLDS:
            self._turn_fold(thing)
        else:
            self.select(thing)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() != _LEFT:
            return
        if self.mark_at(event.position()) is not None:
            self.clicked(event.position())
        else:
            self.request(self.thing_at(event.position()))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._drag, self._is_dragging = None, False
        if event.button() == _LEFT and self.mark_at(event.position()) is None:
            self._begin_drag(event.position(), bool(event.modifiers() & _ALT))
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._drag is not None:
            self._drag_to(event)
        if self._drag is None:
            super().mouseMoveEvent(event)
            if not event.buttons():
                self._hover(event.position(), bool(event.modifiers() & _ALT))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        drag, self._drag = self._drag, None
        if drag is not None and self._is_dragging:
            self.let_go()
            self._tell(drag, drag.shown, finished=True)
            QToolTip.hideText()
        super().mouseReleaseEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self._show_place(None)
        self.unsetCursor()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Ask for the menu of what is under the pointer; from the keyboard, of what is selected."""
        at, thing, scene = event.pos(), self._selection, self.scene
        if event.reason() != QContextMenuEvent.Reason.Keyboard:
            thing = self.mark_at(QPointF(at)) or self.thing_at(QPointF(at))
        elif thing is not None and scene is not None:
            at = QPointF(*middle_of(scene, thing)).toPoint()
        else:
            at = self.rect().center()
        self.menu_requested.emit(thing, self.mapToGlobal(at))

    # Dragging a weight or bias

    def _begin_drag(self, point: QPointF, alt: bool) -> None:
        thing, scales = self.draggable_at(point, alt), self.scales
        if thing is not None and scales is not None and self._state is not None:
            network = self._state.trace.network
            self._drag = begun(network, thing, scales.weights, point.y())

    def _drag_to(self, event: QMouseEvent) -> None:
        """Follow the pointer up and down; who sets off sideways moves the picture instead."""
        assert self._drag is not None, "a drag has begun"
        at = event.position()
        if not self._is_dragging:
            away = at - (self._pressed or at)
            if away.manhattanLength() < QApplication.startDragDistance():
                return
            if abs(away.x()) > abs(away.y()):
                self._drag = None
                return
            self._is_dragging, self._drag = True, replace(self._drag, y=at.y())
            return
        before = self._drag.shown
        self._drag = self._drag.to(at.y(), bool(event.modifiers() & _SHIFT))
        if self._drag.shown != before:
            self._tell(self._drag, self._drag.shown, finished=False)
        QToolTip.showText(event.globalPosition().toPoint(), self._drag_text(self._drag), self)

    def _drag_text(self, drag: WeightDrag) -> str:
        assert self._state is not None, "something is dragged"
        n, (kind, *place) = self._state.notation, drag.thing
        symbol = as_html((n.w if kind == "edge" else n.b)(*place))
        now, first = format_number(drag.shown), format_number(drag.first)
        return f"<nobr>{symbol} = {now}</nobr><br>was {first}<br>Shift: finer, Esc: back"

    def _take_back(self) -> None:
        """End a drag where it began."""
        drag, self._drag = self._drag, None
        self.let_go()
        QToolTip.hideText()
        if drag is not None:
            self._tell(drag, drag.first, finished=True)

    def _tell(self, drag: WeightDrag, value: float, finished: bool) -> None:
        kind, *place = drag.thing
        (self.weight_dragged if kind == "edge" else self.bias_dragged).emit(*place, value, finished)

    # Keys and tooltips

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._drag is not None and self._is_dragging:
            self._take_back()
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent):
            self._show_tooltip(event.pos(), event.globalPos())
            return True
        return super().event(event)

    def _show_tooltip(self, at: QPoint, on_screen: QPoint) -> None:
        mark = self.mark_at(QPointF(at))
        thing = mark or self.thing_at(QPointF(at))
        if thing is None or self._state is None:
            QToolTip.hideText()
        else:
            hints = self._hints(thing, on_mark=mark is not None)
            QToolTip.showText(on_screen, tooltip(self._state, thing, hints), self)

    def _hints(self, thing: Thing, on_mark: bool) -> list[str]:
        """What can be done with a thing where the pointer is."""
        assert self._state is not None, "something is shown"
        if on_mark:
            return [CLEAR_HINT if thing in self._state.breakpoints else SET_HINT]
        if thing[0] in _FOLDS:
            return []
        if thing[0] not in ("edge", "bias"):
            return [RUN_HINT]
        return [RUN_HINT, DRAG_HINT if thing == self._selection else SELECT_HINT]


def _is_parameter(thing: Thing | None) -> TypeGuard[Thing]:
    """Whether a thing is a weight or a bias."""
    return thing is not None and thing[0] in ("edge", "bias")
