"""The picture with a selection, walked through by keyboard; wide layers fold and unfold."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import QWidget

from bpstudio.ui.canvas.describe import spoken
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


class SelectingDisplay(NetworkDisplay):
    """The picture of a network in which one thing may be selected."""

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

    # Wide layers

    def unfold(self, l: int, first: int, stop: int) -> None:
        """Bring out the first nodes of a gap of layer l."""
        self._unfolded |= {(l, first, min(stop, first + UNFOLD))}
        self.redraw()

    def fold(self, l: int, first: int = 0, stop: int | None = None) -> None:
        """Fold away again what was brought out of layer l by hand, or of its nodes first … stop."""
        self._unfolded = frozenset(
            each
            for each in self._unfolded
            if each[0] != l or each[1] < first or (stop is not None and each[2] > stop)
        )
        self.redraw()

    @property
    def unfolded(self) -> frozenset[tuple[int, int, int]]:
        """What was brought out by hand: layer, first node and the one after the last."""
        return self._unfolded

    def unfold_again(self, stretches: Iterable[tuple[int, int, int]]) -> None:
        """Bring out what was `unfolded`, as far as there are such nodes."""
        sizes = {} if self._state is None else dict(enumerate(self._state.trace.network.sizes, 1))
        self._unfolded = frozenset(
            (l, first, stop) for l, first, stop in stretches if 0 <= first < stop <= sizes.get(l, 0)
        )
        self.redraw()

    def is_unfolded(self, l: int) -> bool:
        """Whether nodes of layer l were brought out by hand, so that `fold` does something."""
        return any(layer == l for layer, _, _ in self._unfolded)

    def _turn_fold(self, thing: Thing) -> None:
        """Unfold a gap, or fold it away again; the selection goes to what is there then."""
        kind, l, first, stop = thing
        if kind == "more":
            self.unfold(l, first, stop)
        else:
            self.fold(l, first, stop)
        if self._selection == thing and self.scene is not None:
            column = self.scene.layout.column(l)
            gaps = [gap for gap in column.shown.gaps if gap[0] <= first < gap[1]]
            self.select(("more", l, *gaps[0]) if gaps else ("node", l, first))

    # Painting

    def paint_over(self, painter: QPainter, scene: Scene) -> None:
        if self._selection is not None and is_drawn(scene, self._selection):
            paint_selection(painter, scene, self._selection, self.hasFocus())

    # Keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        scene, key = self.scene, event.key()
        if scene is not None and _is_arrow(event):
            self.select(moved(scene.layout, scene.edges, self._selection, _ARROWS[key]))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._press_selected()
        elif key == Qt.Key.Key_Escape and self._selection is not None:
            self.select(None)
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.zoom_in()
        elif key == Qt.Key.Key_Minus:
            self.zoom_out()
        else:
            super().keyPressEvent(event)

    def _press_selected(self) -> None:
        thing, scene = self._selection, self.scene
        if thing is not None and thing[0] in ("more", "fold"):
            if scene is not None and is_drawn(scene, thing):
                self._turn_fold(thing)
        else:
            self.request(thing)

    def event(self, event: QEvent) -> bool:
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


def _is_arrow(event: QKeyEvent) -> bool:
    """An arrow key without modifiers; the keypad counts as none."""
    return event.key() in _ARROWS and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier


def is_drawn(scene: Scene, thing: Thing) -> bool:
    """Whether a thing is in the picture, and no end of it folded away."""
    match thing:
        case ("edge", l, j, k):
            return not (scene.layout.column(l).hidden[j] or scene.layout.column(l - 1).hidden[k])
        case ("node" | "bias", l, j):
            return not scene.layout.column(l).hidden[j]
        case ("more" | "fold", l, _, _):
            return thing in scene.layout.column(l).folds()
    return True
