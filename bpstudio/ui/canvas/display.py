"""The canvas as a picture: shows a `CanvasState`, zoomed and moved; what answers is elsewhere."""

from __future__ import annotations

from math import ceil, floor

from PySide6.QtCore import QPointF, QRect, QRectF, Qt, QTimer
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from bpstudio.ui.canvas import view as views
from bpstudio.ui.canvas.band import BAND, Segment, band_segments
from bpstudio.ui.canvas.describe import summary
from bpstudio.ui.canvas.hit import thing_at
from bpstudio.ui.canvas.layout import FITTED
from bpstudio.ui.canvas.look import Look, color
from bpstudio.ui.canvas.motion import BandMotion
from bpstudio.ui.canvas.paint_scene import Manner, band_of, paint_scene
from bpstudio.ui.canvas.picture import Picture
from bpstudio.ui.canvas.scene import Frame, Modes, Scene, Stage
from bpstudio.ui.canvas.state import (
    CanvasState,
    EdgeMode,
    NodeMode,
    Scales,
    Thing,
    neighbour,
    step_between,
)
from bpstudio.ui.canvas.viewport import Viewport
from bpstudio.ui.theme import current_theme

EMPTY = "Open a CSV file or start from an example."
_ROUND_BAND = BAND / 2 + 12  # what belongs to the band beside its middle: halo, arrowhead


class NetworkDisplay(Viewport):
    """The network as a picture. `show_state` is the only way in."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state: CanvasState | None = None
        self._modes = Modes()
        self._scale = 1.0
        self._unfolded: frozenset[tuple[int, int, int]] = frozenset()
        self._stage, self._picture = Stage(), Picture()
        self._scene: Scene | None = None
        self._motion = BandMotion(self)
        self._motion.moved.connect(self._update_band)
        self._band_area = QRect()
        self._idle = QTimer(self)  # fires when the step is painted
        self._idle.setSingleShot(True)
        self._idle.setInterval(0)
        self._idle.timeout.connect(self.prepare)
        self._next_offset = 0
        self.setMinimumSize(320, 200)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName("Network")

    # What is shown

    def show_state(self, state: CanvasState | None) -> None:
        """Show a state; None: nothing is open. Cheap where only the step changed."""
        before, self._state = self._state, state
        self._motion.leave(band_of(self._scene), before, state)
        if before is not None and (
            state is None or before.trace.network.sizes != state.trace.network.sizes
        ):
            self.forget()
        self._scene = None
        self._next_offset = _next_offset(before, state)
        self.setAccessibleDescription(EMPTY if state is None else summary(state))
        self.update()

    def forget(self) -> None:
        """Another network: the view and what was unfolded mean nothing now."""
        self._unfolded = frozenset()
        self.fit()

    @property
    def state(self) -> CanvasState | None:
        return self._state

    @property
    def modes(self) -> Modes:
        """What edges and nodes show."""
        return self._modes

    @property
    def edges_mode(self) -> EdgeMode:
        return self._modes.edges

    @property
    def node_mode(self) -> NodeMode:
        return self._modes.nodes

    def set_modes(self, edges: EdgeMode | None = None, nodes: NodeMode | None = None) -> None:
        """What edges and nodes show; None leaves it as it is."""
        self._modes = Modes(edges or self._modes.edges, nodes or self._modes.nodes)
        self.redraw()

    def set_scale(self, scale: float) -> None:
        """Enlarge nodes, strokes and text, for presentations."""
        self._scale = scale
        self.redraw()

    def set_reduced_motion(self, reduced: bool) -> None:
        """Whether the highlight jumps instead of moving."""
        self._motion.reduced = reduced
        self._motion.stop()

    @property
    def scene(self) -> Scene | None:
        """What is drawn, as a value; None while nothing is open."""
        if self._state is None:
            return None
        look = Look(current_theme(), self._scale)
        if self._scene is None or self._scene.look != look:
            self._scene = self._stage.scene(self._state, self._modes, look, self.frame)
        return self._scene

    @property
    def frame(self) -> Frame:
        """How the picture is framed."""
        return Frame(self.width(), self.height(), self.view, self._unfolded)

    def prepare(self) -> None:
        """Have the step that probably comes next ready, while there is nothing else to do."""
        offset, self._next_offset = self._next_offset or 1, 0  # once a step is enough
        following = self._state and neighbour(self._state, offset)
        if following is not None and self._scene is not None and not self.size().isEmpty():
            look = self._scene.look
            scene = self._stage.prepare(following, self._modes, look, self.frame)
            self._picture.prepare(scene)

    @property
    def scales(self) -> Scales | None:
        """Ends of the colour ramps in force."""
        if self._state is None:
            return None
        return self._state.scales or self._stage.own_scales(self._state)

    @property
    def repainted(self) -> tuple[str, ...]:
        """The parts of the kept picture that changed at the last painting."""
        return self._picture.repainted

    def redraw(self) -> None:
        """Everything may look different now."""
        self._scene = None
        self.update()

    def view_changed(self) -> None:
        self._motion.stop()
        self.redraw()

    def thing_at(self, point: QPointF) -> Thing | None:
        """What lies under a point of the widget."""
        scene = self.scene
        if scene is None:
            return None
        biases = scene.state.sequence.biases
        return thing_at(scene.layout, scene.edges, point.x(), point.y(), biases)

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
        if self._next_offset:
            self._idle.start()

    def _paint_empty(self, painter: QPainter) -> None:
        theme = current_theme()
        painter.fillRect(self.rect(), color(theme.canvas))
        painter.setPen(color(theme.text2))
        painter.setFont(Look(theme).font(13))
        painter.drawText(QRectF(self.rect()), Qt.AlignmentFlag.AlignCenter, EMPTY)

    def _paint_scene(self, painter: QPainter, scene: Scene) -> None:
        band = self._motion.on_the_way(band_of(scene))
        self._band_area = band_area(band, scene.look.scale)
        ratio, moved = self.devicePixelRatioF(), self.view != FITTED
        paint_scene(painter, scene, self._picture, Manner(ratio, band, self.paint_over, moved))

    def paint_over(self, painter: QPainter, scene: Scene) -> None:
        """What a subclass paints over the path and under the words."""

    def _update_band(self) -> None:
        """The band moved: paint where it was and where it is now."""
        scene = self._scene
        if scene is None:
            self.update()
            return
        band = self._motion.on_the_way(band_of(scene))
        self.update(self._band_area.united(band_area(band, scene.look.scale)))


def _next_offset(before: CanvasState | None, after: CanvasState | None) -> int:
    """How far off the step is that probably comes next; 0 while traces follow each other."""
    if before is None or after is None or before.trace is not after.trace:
        return 0
    return step_between(before, after) or 1


def band_area(band: tuple[Segment, ...], scale: float) -> QRect:
    """The pixels that a band covers."""
    if not band:
        return QRect()
    reach = _ROUND_BAND * scale
    xs = [x for segment in band for x in segment[::2]]
    ys = [y for segment in band for y in segment[1::2]]
    left, top = floor(min(xs) - reach), floor(min(ys) - reach)
    right, bottom = ceil(max(xs) + reach), ceil(max(ys) + reach)
    return QRect(left, top, right - left, bottom - top)


def centre_of(scene: Scene) -> tuple[float, float]:
    """The middle of what the step is about."""
    assert scene.highlight.current is not None, "a step is about something"
    return middle_of(scene, scene.highlight.current)


def middle_of(scene: Scene, thing: Thing) -> tuple[float, float]:
    """The middle of a thing."""
    layout, segments = scene.layout, band_segments(scene.layout, thing, scene.look.scale)
    if segments:
        return (segments[0][0] + segments[-1][2]) / 2, (segments[0][1] + segments[-1][3]) / 2
    if thing[0] == "loss":
        return layout.loss
    if thing[0] == "target":
        box = layout.target(thing[1])
        return box.x + box.width / 2, box.y + box.height / 2
    if thing[0] in ("more", "fold"):
        column = layout.column(thing[1])
        return column.center, column.height_of(thing)
    return layout.node(thing[1], thing[2])
