"""The canvas: the picture of the network, to point at, select in and walk through by keyboard."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt, Signal
from PySide6.QtGui import QHelpEvent, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QToolTip, QWidget

from bpstudio.ui.canvas.describe import spoken, tooltip
from bpstudio.ui.canvas.display import NetworkDisplay
from bpstudio.ui.canvas.elision import UNFOLD
from bpstudio.ui.canvas.navigate import Direction, address_of, moved
from bpstudio.ui.canvas.paint_highlight import paint_selection
from bpstudio.ui.canvas.scene import Scene
from bpstudio.ui.canvas.state import Thing
from bpstudio.ui.focus import INSIDE

_ARROWS: dict[int, Direction] = {
    Qt.Key.Key_Left: "left",
    Qt.Key.Key_Right: "right",
    Qt.Key.Key_Up: "up",
    Qt.Key.Key_Down: "down",
}
_ANNOUNCED = {"node", "edge", "bias"}


class NetworkCanvas(NetworkDisplay):
    """The picture of a network that answers to mouse and keys."""

    step_requested = Signal(str)
    """An address to go to: a thing was double-clicked, or Enter pressed on the selected one."""
    selected = Signal(object)
    """("node", l, j), ("edge", l, j, k), ("bias", l, j) or None: what is selected now."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._selection: Thing | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty(INSIDE, True)

    def forget(self) -> None:
        super().forget()
        self.select(None)

    # Selection

    @property
    def selection(self) -> Thing | None:
        return self._selection

    def select(self, thing: Thing | None) -> None:
        """Select a thing, and say so where it is another one than before."""
        if thing == self._selection:
            return
        self._selection = thing
        if thing is None or thing[0] in _ANNOUNCED:
            self.selected.emit(thing)
        if thing is not None and self._state is not None:
            self.setAccessibleDescription(spoken(self._state, thing))
        self.update()

    def request(self, thing: Thing | None) -> None:
        """Ask to run to a thing."""
        if self._state is None or thing is None:
            return
        address = address_of(self._state, self._modes.nodes, thing)
        if address is not None:
            self.step_requested.emit(address)

    def paint_over(self, painter: QPainter, scene: Scene) -> None:
        if self._selection is not None and _is_drawn(scene, self._selection):
            paint_selection(painter, scene, self._selection, self.hasFocus())

    # Mouse and keys

    def clicked(self, point: QPointF) -> None:
        """Select what is there; a gap of folded nodes unfolds."""
        thing = self.thing_at(point)
        if thing is not None and thing[0] == "more":
            _, l, first, stop = thing
            self._unfolded |= {(l, first, min(stop, first + UNFOLD))}
            self.redraw()
        else:
            self.select(thing)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.request(self.thing_at(event.position()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        scene, key = self.scene, event.key()
        if scene is not None and _is_arrow(event):
            self.select(moved(scene.layout, scene.edges, self._selection, _ARROWS[key]))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.request(self._selection)
        elif key == Qt.Key.Key_Escape and self._selection is not None:
            self.select(None)
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.zoom_in()
        elif key == Qt.Key.Key_Minus:
            self.zoom_out()
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent):
            self._show_tooltip(event.pos(), event.globalPos())
            return True
        is_override = event.type() == QEvent.Type.ShortcutOverride
        # the arrow keys are also shortcuts of the window
        if is_override and isinstance(event, QKeyEvent) and _is_arrow(event):
            event.accept()
            return True
        return super().event(event)

    def focusInEvent(self, event: Any) -> None:
        self.update()

    def focusOutEvent(self, event: Any) -> None:
        self.update()

    def _show_tooltip(self, at: QPoint, on_screen: QPoint) -> None:
        thing = self.thing_at(QPointF(at))
        if thing is None or self._state is None:
            QToolTip.hideText()
        else:
            QToolTip.showText(on_screen, tooltip(self._state, thing), self)


def _is_arrow(event: QKeyEvent) -> bool:
    """An arrow key without modifiers; the keypad counts as none."""
    return event.key() in _ARROWS and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier


def _is_drawn(scene: Scene, thing: Thing) -> bool:
    """Whether no end of a thing is folded away."""
    if thing[0] == "edge":
        _, l, j, k = thing
        return not (scene.layout.column(l).hidden[j] or scene.layout.column(l - 1).hidden[k])
    if thing[0] in ("node", "bias"):
        return not scene.layout.column(thing[1]).hidden[thing[2]]
    return True
