"""A whole scene, layer over layer: what changes rarely, the path, the marks, the words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from bpstudio.ui.canvas.band import Segment, band_segments
from bpstudio.ui.canvas.look import color
from bpstudio.ui.canvas.paint_highlight import paint_highlight, paint_labels
from bpstudio.ui.canvas.paint_marks import paint_marks
from bpstudio.ui.canvas.paint_words import paint_captions, paint_pair_captions
from bpstudio.ui.canvas.picture import caption_height, edge_parts, node_parts
from bpstudio.ui.canvas.scene import Scene


class Layers(Protocol):
    """What lies under and over the path; ``ratio``: pixels for each on screen."""

    def paint(self, painter: QPainter, scene: Scene, ratio: float) -> None:
        """Edges and nodes."""

    def paint_marks(self, painter: QPainter, scene: Scene, ratio: float) -> None:
        """Breakpoints, and signs of what an edit changed."""

    def paint_captions(self, painter: QPainter, scene: Scene, ratio: float) -> None:
        """The captions of the columns."""


class Lines:
    """The layers drawn as lines, shapes and text, for a file; `Picture` keeps them as pixels."""

    def paint(self, painter: QPainter, scene: Scene, _ratio: float) -> None:
        area = QRectF(0, 0, scene.layout.width, scene.layout.height)
        painter.fillRect(area, color(scene.look.theme.canvas))
        for part in (*edge_parts(scene), *node_parts(scene)):
            part.paint(painter)

    def paint_marks(self, painter: QPainter, scene: Scene, _ratio: float) -> None:
        paint_marks(painter, scene)

    def paint_captions(self, painter: QPainter, scene: Scene, _ratio: float) -> None:
        paint_captions(painter, scene.look, scene.layout, scene.state)


def _nothing(_painter: QPainter, _scene: Scene) -> None:
    """Nothing over the path."""


@dataclass(frozen=True, slots=True, eq=False)
class Manner:
    """How a scene is painted.

    ``band``: where the current band lies, None: where it belongs. ``over``: what is painted over
    the path and under the words. ``moved``: the captions stay, the picture moves under them.
    """

    ratio: float = 1.0
    band: Sequence[Segment] | None = None
    over: Callable[[QPainter, Scene], None] = _nothing
    moved: bool = False


def paint_scene(painter: QPainter, scene: Scene, layers: Layers, how: Manner) -> None:
    """Draw a scene at the painter's origin."""
    layers.paint(painter, scene, how.ratio)
    paint_highlight(painter, scene, band_of(scene) if how.band is None else how.band)
    layers.paint_marks(painter, scene, how.ratio)
    how.over(painter, scene)
    paint_pair_captions(painter, scene.look, scene.layout, scene.edges)
    if how.moved:
        area = QRectF(0, 0, scene.layout.width, caption_height(scene))
        painter.fillRect(area, color(scene.look.theme.canvas))
    layers.paint_captions(painter, scene, how.ratio)
    paint_labels(painter, scene)


def band_of(scene: Scene | None) -> tuple[Segment, ...]:
    """Where the current band lies, if there is one."""
    if scene is None or scene.highlight.current is None:
        return ()
    return band_segments(scene.layout, scene.highlight.current, scene.look.scale)
