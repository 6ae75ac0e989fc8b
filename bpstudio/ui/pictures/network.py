"""The network at a step as a drawing, with the legend under it."""

from __future__ import annotations

from PySide6.QtGui import QPainter

from bpstudio.ui.canvas.layout import FITTED
from bpstudio.ui.canvas.legend import entries_of, paint_legend
from bpstudio.ui.canvas.paint_scene import Layers, Lines, Manner, paint_scene
from bpstudio.ui.canvas.scene import Frame, Scene
from bpstudio.ui.pictures.drawing import Drawing
from bpstudio.ui.style import HEADER_HEIGHT

LINES = Lines()


def network_drawing(
    scene: Scene, frame: Frame, layers: Layers = LINES, ratio: float = 1.0
) -> Drawing:
    """A scene in the frame it was made for. ``layers`` may keep pixels, ``ratio`` for each."""
    manner = Manner(ratio, moved=frame.view != FITTED)

    def paint(painter: QPainter) -> None:
        paint_scene(painter, scene, layers, manner)

    return Drawing(frame.width, frame.height, paint)


def legend_drawing(scene: Scene, width: float) -> Drawing:
    """What its colours and lines mean."""
    entries = entries_of(scene.state, scene.modes.edges, scene.modes.nodes, scene.scales)

    def paint(painter: QPainter) -> None:
        paint_legend(painter, scene.look, entries, width)

    return Drawing(width, HEADER_HEIGHT, paint)
