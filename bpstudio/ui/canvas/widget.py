"""The canvas: a widget that shows a `CanvasState`, to look at, point at and move about in."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from bpstudio.ui.canvas import view as views
from bpstudio.ui.canvas.band import Segment, band_segments
from bpstudio.ui.canvas.describe import spoken, summary, tooltip
from bpstudio.ui.canvas.elision import UNFOLD
from bpstudio.ui.canvas.hit import thing_at
from bpstudio.ui.canvas.layout import FITTED
from bpstudio.ui.canvas.look import Look, color
from bpstudio.ui.canvas.motion import BandMotion
from bpstudio.ui.canvas.navigate import Direction, address_of, moved
from bpstudio.ui.canvas.paint_highlight import paint_highlight, paint_labels, paint_selection
from bpstudio.ui.canvas.paint_words import paint_pair_captions
from bpstudio.ui.canvas.picture import Picture, caption_height
from bpstudio.ui.canvas.scene import Frame, Modes, Scene, Stage
from bpstudio.ui.canvas.state import CanvasState, EdgeMode, NodeMode, Scales, Thing
from bpstudio.ui.canvas.viewport import Viewport
from bpstudio.ui.focus import INSIDE
from bpstudio.ui.theme import current_theme

EMPTY = "Open a CSV file or start from an example."

_ARROWS: dict[int, Direction] = {
    Qt.Key.Key_Left: "left",
    Qt.Key.Key_Right: "right",
    Qt.Key.Key_Up: "up",
    Qt.Key.Key_Down: "down",
}
_ANNOUNCED = {"node", "edge", "bias"}


class NetworkCanvas(Viewport):
    """The network as a picture. `show_state` is the only way in."""

    step_requested = Signal(str)
    """An address to go to: a thing was double-clicked, or Enter pressed on the selected one."""
    selected = Signal(object)
    """("node", l, j), ("edge", l, j, k), ("bias", l, j) or None: what is selected now."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state: CanvasState | None = None
        self._modes = Modes()
        self._scale = 1.0
        self._unfolded: frozenset[tuple[int, int, int]] = frozenset()
        self._stage, self._picture = Stage(), Picture()
        self._scene: Scene | None = None
        self._selection: Thing | None = None
        self._motion = BandMotion(self)
        self._motion.moved.connect(self.update)
        self.setMinimumSize(320, 200)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty(INSIDE, True)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName("Network")

    # What is shown

    def show_state(self, state: CanvasState | None) -> None:
        """Show a state; None: nothing is open. Cheap where only the step changed."""
        before, self._state = self._state, state
        self._motion.leave(_band(self._scene), before, state)
        if before is not None and (
            state is None or before.trace.network.sizes != state.trace.network.sizes
        ):
            self._forget()
        self._scene = None
        self.setAccessibleDescription(EMPTY if state is None else summary(state))
        self.update()

    def _forget(self) -> None:
        """Another network: view, selection and what was unfolded mean nothing now."""
        self._unfolded = frozenset()
        self.fit()
        self.select(None)

    @property
    def state(self) -> CanvasState | None:
        return self._state

    @property
    def edges_mode(self) -> EdgeMode:
        return self._modes.edges

    @property
    def node_mode(self) -> NodeMode:
        return self._modes.nodes

    def set_modes(self, edges: EdgeMode | None = None, nodes: NodeMode | None = None) -> None:
        """What edges and nodes show; None leaves it as it is."""
        self._modes = Modes(edges or self._modes.edges, nodes or self._modes.nodes)
        self._changed()

    def set_scale(self, scale: float) -> None:
        """Enlarge nodes, strokes and text, for presentations."""
        self._scale = scale
        self._changed()

    def set_reduced_motion(self, reduced: bool) -> None:
        """Whether the highlight jumps instead of moving."""
        self._motion.reduced = reduced
        self._motion.stop()

    @property
    def scene(self) -> Scene | None:
        """What is drawn, as a value; None while nothing is open."""
        look = Look(current_theme(), self._scale)
        if self._state is None:
            return None
        if self._scene is None or self._scene.look != look:
            frame = Frame(self.width(), self.height(), self.view, self._unfolded)
            self._scene = self._stage.scene(self._state, self._modes, look, frame)
        return self._scene

    @property
    def scales(self) -> Scales | None:
        """Ends of the colour ramps in force."""
        if self._state is None:
            return None
        return self._state.scales or self._stage.own_scales(self._state)

    @property
    def repainted(self) -> tuple[str, ...]:
        """The parts of the kept picture that the last painting had to paint again."""
        return self._picture.repainted

    def _changed(self) -> None:
        self._scene = None
        self.update()

    def view_changed(self) -> None:
        self._motion.stop()
        self._changed()

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

    def thing_at(self, point: QPointF) -> Thing | None:
        """What lies under a point of the widget."""
        scene = self.scene
        if scene is None:
            return None
        biases = scene.state.sequence.biases
        return thing_at(scene.layout, scene.edges, point.x(), point.y(), biases)

    def request(self, thing: Thing | None) -> None:
        """Ask to run to a thing."""
        if self._state is None or thing is None:
            return
        address = address_of(self._state, self._modes.nodes, thing)
        if address is not None:
            self.step_requested.emit(address)

    def centre_on_step(self) -> None:
        """Bring what the step is about to the middle."""
        scene = self.scene
        if scene is not None and scene.highlight.current is not None:
            size = (self.width(), self.height())
            self.set_view(views.centred(self.view, *centre_of(scene), *size))

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        scene = self.scene
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            if scene is None:
                self._paint_empty(painter)
            else:
                self._paint_scene(painter, scene)

    def _paint_empty(self, painter: QPainter) -> None:
        theme = current_theme()
        painter.fillRect(self.rect(), color(theme.canvas))
        painter.setPen(color(theme.text2))
        painter.setFont(Look(theme).font(13))
        painter.drawText(QRectF(self.rect()), Qt.AlignmentFlag.AlignCenter, EMPTY)

    def _paint_scene(self, painter: QPainter, scene: Scene) -> None:
        ratio = self.devicePixelRatioF()
        self._picture.paint(painter, scene, ratio)
        paint_highlight(painter, scene, self._motion.on_the_way(_band(scene)))
        if self._selection is not None and _is_drawn(scene, self._selection):
            paint_selection(painter, scene, self._selection, self.hasFocus())
        paint_pair_captions(painter, scene.look, scene.layout, scene.edges)
        if self.view != FITTED:
            # the captions stay where they are, the picture moves under them
            height = caption_height(scene)
            painter.fillRect(0, 0, self.width(), height, color(scene.look.theme.canvas))
        self._picture.paint_captions(painter, scene, ratio)
        paint_labels(painter, scene)

    # Mouse and keys

    def clicked(self, point: QPointF) -> None:
        """Select what is there; a gap of folded nodes unfolds."""
        thing = self.thing_at(point)
        if thing is not None and thing[0] == "more":
            _, l, first, stop = thing
            self._unfolded |= {(l, first, min(stop, first + UNFOLD))}
            self._changed()
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


def centre_of(scene: Scene) -> tuple[float, float]:
    """The middle of what the step is about."""
    current, segments = scene.highlight.current, _band(scene)
    assert current is not None, "a step is about something"
    if segments:
        return (segments[0][0] + segments[-1][2]) / 2, (segments[0][1] + segments[-1][3]) / 2
    if current[0] == "loss":
        return scene.layout.loss
    return scene.layout.node(current[1], current[2])


def _band(scene: Scene | None) -> tuple[Segment, ...]:
    """Where the current band lies, if there is one."""
    if scene is None or scene.highlight.current is None:
        return ()
    return band_segments(scene.layout, scene.highlight.current, scene.look.scale)


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
