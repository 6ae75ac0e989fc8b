"""The network as it stands at a step, kept as pixmaps: only what changed is painted again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPixmap

from bpstudio.ui.canvas.edges import EdgeSet
from bpstudio.ui.canvas.faces import bias_kind
from bpstudio.ui.canvas.paint_edges import (
    paint_edges,
    paint_loss_edges,
    paint_matrix,
    paint_row_image,
)
from bpstudio.ui.canvas.paint_marks import paint_marks
from bpstudio.ui.canvas.paint_nodes import paint_column
from bpstudio.ui.canvas.paint_output import (
    names_begin,
    paint_loss,
    paint_target_names,
    paint_targets,
)
from bpstudio.ui.canvas.paint_words import paint_captions, paint_inputs
from bpstudio.ui.canvas.progress import count_done, is_done
from bpstudio.ui.canvas.scene import Scene

_FOLDS_SHARE = 0.85  # of the way to the next column, at the most
_BESIDE_NODE = 5.0  # pixels that the mark of a bias reaches beside its node


class Part(NamedTuple):
    """A vertical band of the picture: painted again when its key changes."""

    name: str
    key: tuple[object, ...]
    left: float
    right: float
    paint: Callable[[QPainter], None]


class _Painted(NamedTuple):
    """A pixmap, and for each part of it what it shows."""

    pixmap: QPixmap
    keys: dict[str, tuple[object, ...]]

    def stale(self, parts: Sequence[Part]) -> list[Part]:
        """The parts that show something else."""
        return [part for part in parts if self.keys.get(part.name) != part.key]


class Sheet:
    """One pixmap in parts, and a second one on which the next step is painted in advance."""

    def __init__(self, background: bool) -> None:
        self._background = background
        self._now, self._ahead = _Painted(QPixmap(), {}), _Painted(QPixmap(), {})
        self.repainted: tuple[str, ...] = ()

    def drawn(self, parts: list[Part], width: int, height: int, ratio: float, fill: str) -> QPixmap:
        """The pixmap with all parts as they should be."""
        stale = self._now.stale(parts)
        self.repainted = tuple(part.name for part in stale)
        if stale and not self._ahead.stale(parts) and _fits(self._ahead, width, height, ratio):
            self._now, self._ahead = self._ahead, _Painted(QPixmap(), {})
        elif not _fits(self._now, width, height, ratio):
            self._now = _blank(width, height, ratio)
            self.repainted = tuple(part.name for part in parts)
        self._repaint(self._now, self._now.stale(parts), height, fill)
        return self._now.pixmap

    def prepare(self, parts: list[Part], height: int, fill: str) -> None:
        """Paint on a copy what will have changed when these parts are drawn next."""
        stale = self._now.stale(parts)
        if stale and self._ahead.stale(parts):
            self._ahead = _Painted(self._now.pixmap.copy(), dict(self._now.keys))
            self._repaint(self._ahead, stale, height, fill)

    def _repaint(self, on: _Painted, parts: list[Part], height: int, fill: str) -> None:
        if not parts:
            return
        background = QColor(fill) if self._background else QColor(Qt.GlobalColor.transparent)
        with QPainter(on.pixmap) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            for part in parts:
                # whole pixels: parts meet without a seam
                left, right = np.floor(part.left), np.ceil(part.right)
                area = QRectF(left, 0, right - left, height)
                painter.setClipRect(area)
                painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
                painter.fillRect(area, background)
                painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
                part.paint(painter)
                on.keys[part.name] = part.key


def _fits(painted: _Painted, width: int, height: int, ratio: float) -> bool:
    pixmap = painted.pixmap
    size = (round(width * ratio), round(height * ratio))
    return (pixmap.width(), pixmap.height()) == size and pixmap.devicePixelRatio() == ratio


def _blank(width: int, height: int, ratio: float) -> _Painted:
    pixmap = QPixmap(round(width * ratio), round(height * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    return _Painted(pixmap, {})


class Picture:
    """Edges, and over them nodes and words."""

    def __init__(self) -> None:
        self._edges, self._nodes = Sheet(True), Sheet(False)
        self._marks, self._words = Sheet(False), Sheet(False)

    @property
    def repainted(self) -> tuple[str, ...]:
        """The parts that the last drawing painted again."""
        sheets = (self._edges, self._nodes, self._marks, self._words)
        return tuple(name for sheet in sheets for name in sheet.repainted)

    def paint(self, painter: QPainter, scene: Scene, ratio: float) -> None:
        """Draw edges and nodes."""
        size = (round(scene.layout.width), round(scene.layout.height))
        canvas = scene.look.theme.canvas
        for sheet, parts in ((self._edges, edge_parts(scene)), (self._nodes, node_parts(scene))):
            painter.drawPixmap(0, 0, sheet.drawn(parts, *size, ratio, canvas))

    def prepare(self, scene: Scene) -> None:
        """Paint in advance what differs in a scene that is probably drawn next."""
        height, canvas = round(scene.layout.height), scene.look.theme.canvas
        self._edges.prepare(edge_parts(scene), height, canvas)
        self._nodes.prepare(node_parts(scene), height, canvas)

    def paint_marks(self, painter: QPainter, scene: Scene, ratio: float) -> None:
        """Draw breakpoints and the signs of what an edit changed, where there are any."""
        state, layout = scene.state, scene.layout
        if not state.breakpoints and not state.changed:
            self._marks.repainted = ()
            return
        key = (layout, scene.look, tuple(state.breakpoints.items()), state.changed)
        part = Part("marks", key, 0, layout.width, partial(paint_marks, scene=scene))
        size = (round(layout.width), round(layout.height))
        painter.drawPixmap(0, 0, self._marks.drawn([part], *size, ratio, ""))

    def paint_captions(self, painter: QPainter, scene: Scene, ratio: float) -> None:
        """Draw the captions, which stay at the top whatever the view."""
        height = caption_height(scene)
        width = round(scene.layout.width)
        part = Part(
            "captions",
            (*_caption_key(scene), scene.look, scene.state.trace, scene.state.row),
            *(0, scene.layout.width),
            partial(paint_captions, look=scene.look, layout=scene.layout, state=scene.state),
        )
        painter.drawPixmap(0, 0, self._words.drawn([part], width, height, ratio, ""))


def _caption_key(scene: Scene) -> tuple[object, ...]:
    layout = scene.layout
    centers = tuple(column.center for column in layout.columns)
    return (*centers, layout.target_x, layout.loss, layout.width, layout.caption_baselines)


def caption_height(scene: Scene) -> int:
    """Height of the two lines of captions."""
    return round(scene.layout.caption_baselines[1] + 5 * scene.look.scale)


# Parts ------------------------------------------------------------------------------------


def edge_parts(scene: Scene) -> list[Part]:
    """The edges into each layer, and those to the loss."""
    return [*(_strip(scene, edges) for edges in scene.edges), _loss_strip(scene)]


def _strip(scene: Scene, edges: EdgeSet) -> Part:
    layout, l = scene.layout, edges.l
    left, right = layout.column(l - 1), layout.column(l)
    count = int(np.count_nonzero(edges.done(scene.now)))
    key = (left, right, edges, count, scene.look, scene.vmax)
    start = 0.0 if l == 2 else left.center
    return Part(f"edges {l}", key, start, right.center, partial(_paint_strip, scene, edges))


def _paint_strip(scene: Scene, edges: EdgeSet, painter: QPainter) -> None:
    look, layout = scene.look, scene.layout
    left, right = layout.column(edges.l - 1), layout.column(edges.l)
    if left.is_strip and right.is_strip and edges.row is None:
        paint_matrix(painter, look, layout, edges, scene.now, scene.vmax)
        return
    if edges.row is None or left.image is None:
        paint_edges(painter, look, layout, edges, scene.now, scene.vmax)
    if edges.row is not None:
        paint_row_image(painter, look, layout, scene.source, edges, scene.now, scene.vmax)


def _loss_strip(scene: Scene) -> Part:
    layout, state = scene.layout, scene.state
    count = count_done(state.sequence, scene.now, "dC_da", layout.L)
    vmax = scene.scales.dC_da
    key = (
        *(*_output_key(scene), state.trace, state.s),
        *(state.show_arrows, count, scene.look, vmax),
    )

    def paint(painter: QPainter) -> None:
        paint_loss_edges(painter, scene.look, layout, state, scene.now, vmax)

    return Part("edges to loss", key, layout.column(layout.L).center, layout.width, paint)


def _output_key(scene: Scene) -> tuple[object, ...]:
    """What the places of targets and loss follow from."""
    layout = scene.layout
    places = (layout.target_x, layout.target_size, layout.loss, layout.loss_diameter)
    return (layout.column(layout.L), *places, layout.width)


def node_parts(scene: Scene) -> list[Part]:
    """Each layer, and targets with the loss."""
    layout = scene.layout
    middles = _middles(scene)
    parts = [
        _column_part(scene, column.l, left, right)
        for column, left, right in zip(layout.columns, middles[:-1], middles[1:], strict=True)
    ]
    return [*parts, _output_part(scene, middles[-1])]


def _middles(scene: Scene) -> list[float]:
    """The borders of the columns; one with folds has more room for how many they are."""
    layout, beside = scene.layout, _BESIDE_NODE * scene.look.scale
    centers = [column.center for column in layout.columns] + [layout.target_x]
    reaches = [column.radius + beside for column in layout.columns[1:]] + [layout.target_size[0]]
    between = []
    for column, (a, b), reach in zip(layout.columns, pairwise(centers), reaches, strict=True):
        wide = min(a + _FOLDS_SHARE * (b - a), b - reach) if column.has_folds else 0.0
        between.append(max((a + b) / 2, wide))
    if not layout.columns[-1].has_folds:  # names of targets may be wider than half the way
        between[-1] = min(between[-1], names_begin(layout, scene.look.scale))
    return [min(0.0, centers[0]), *between]


def _column_part(scene: Scene, l: int, left: float, right: float) -> Part:
    state, edge_mode, node_mode = scene.state, scene.modes.edges, scene.modes.nodes
    key: tuple[object, ...] = (
        *(scene.layout.column(l), left, right, scene.look),
        *(state.trace, state.s, edge_mode, node_mode, scene.scales),
        *_progress(scene, l),
    )
    if l == 1:
        key = (*key, state.feature_names, state.raw_inputs, scene.layout.names_width)

    def paint(painter: QPainter) -> None:
        modes = (edge_mode, node_mode)
        paint_column(painter, scene.look, scene.layout, l, state, scene.now, modes, scene.scales)
        if l == 1:
            paint_inputs(painter, scene.look, scene.layout, state)

    return Part(f"layer {l}", key, left, right, paint)


def _progress(scene: Scene, l: int) -> tuple[object, ...]:
    """How many numbers of a layer's nodes and biases are computed."""
    if l == 1:
        return ()
    state, now = scene.state, scene.now
    known = count_done(state.sequence, now, scene.modes.nodes, l)
    if scene.modes.edges == "weights" or not state.sequence.has_bias(l):
        return (known,)
    kind = bias_kind(state)
    return known, kind, count_done(state.sequence, now, kind, l)


def _output_part(scene: Scene, left: float) -> Part:
    layout, state = scene.layout, scene.state
    known = bool(is_done(state.sequence, scene.now, "C"))
    key = (*_output_key(scene), scene.look, state.trace, state.s, known)
    key = (*key, state.target_names, state.raw_targets)

    def paint(painter: QPainter) -> None:
        paint_targets(painter, scene.look, layout, state, layout.column(layout.L).shown.nodes)
        paint_target_names(painter, scene.look, layout, state)
        paint_loss(painter, scene.look, layout, state, scene.now)

    return Part("targets and loss", key, left, layout.width, paint)
