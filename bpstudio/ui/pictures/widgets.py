"""A widget as a drawing: a plot with what stands beside it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QColor, QPaintEngine, QPainter, QPalette, QPen, QRegion
from PySide6.QtWidgets import QAbstractButton, QGraphicsView, QLabel, QWidget

from bpstudio.ui.palette import Theme
from bpstudio.ui.pictures.drawing import Drawing
from bpstudio.ui.theme import qt_palette, style_sheet


def widget_drawing(widget: QWidget, title: str, about: str, ground: str) -> Drawing:
    """A widget as it looks when it is painted, but for its buttons; ``ground`` is behind it."""

    def paint(painter: QPainter) -> None:
        items = _items(widget)
        painter.fillRect(widget.rect(), QColor(ground))
        with _outside_hidden(items), _markers_as_paths(items), _widened(items, _density(painter)):
            widget.render(painter, QPoint(), _without_buttons(widget))

    return Drawing(widget.width(), widget.height(), paint, title, about, ground)


def _without_buttons(widget: QWidget) -> QRegion:
    region = QRegion(widget.rect())
    for button in widget.findChildren(QAbstractButton):
        if button.isVisibleTo(widget):
            region -= QRegion(QRect(button.mapTo(widget, QPoint()), button.size()))
    return region


@contextmanager
def wearing(widget: QWidget, theme: Theme) -> Iterator[None]:
    """The style of another theme on a widget for a moment; what it paints itself is not its."""
    labels = widget.findChildren(QLabel)  # whose rich text takes its colour from the palette
    widget.setStyleSheet(style_sheet(theme))
    for label in labels:
        label.setPalette(qt_palette(theme))
    try:
        yield
    finally:
        widget.setStyleSheet("")
        for label in labels:
            label.setPalette(QPalette())


def _items(widget: QWidget) -> list[Any]:
    """What pyqtgraph draws."""
    scenes = [view.scene() for view in widget.findChildren(QGraphicsView)]
    return [item for scene in scenes for item in scene.items() if hasattr(item, "setExportMode")]


@contextmanager
def _outside_hidden(items: list[Any]) -> Iterator[None]:
    """An SVG cuts nothing off by itself: the names of lines out of range would be seen."""
    lines = [item for item in items if hasattr(item, "currentPen") and item.isVisible()]
    hidden = [line for line in lines if _is_outside(line)]
    for line in hidden:
        line.hide()
    try:
        yield
    finally:
        for line in hidden:
            line.show()


def _is_outside(line: Any) -> bool:
    frame = line.getViewBox().sceneBoundingRect()
    return not frame.intersects(line.sceneBoundingRect())


@contextmanager
def _markers_as_paths(items: list[Any]) -> Iterator[None]:
    """Let pyqtgraph draw markers as shapes; on screen it copies small images of them."""
    for item in items:
        item.setExportMode(True, {"antialias": True, "resolutionScale": 1.0})
    try:
        yield
    finally:
        for item in items:
            item.setExportMode(False)


def _density(painter: QPainter) -> float:
    """Pixels for each on screen; lines and text have none."""
    engine = painter.paintEngine()
    is_raster = engine is not None and engine.type() == QPaintEngine.Type.Raster
    return painter.device().devicePixelRatioF() if is_raster else 1.0


@contextmanager
def _widened(items: list[Any], density: float) -> Iterator[None]:
    """Pens of pyqtgraph count pixels of the file: let them be as wide as on screen."""
    kept = [pen for item in items for pen in _pens(item)]
    for place, name, pen in kept:
        wide = QPen(pen)
        wide.setWidthF(pen.widthF() * density)
        place[name] = wide
    try:
        yield
    finally:
        for place, name, pen in kept:
            place[name] = pen


def _pens(item: Any) -> Iterator[tuple[dict[str, Any], str, QPen]]:
    """Where a curve or a line keeps its pen."""
    own = vars(item)
    for place, name in ((own.get("opts", {}), "pen"), (own, "currentPen"), (own, "_pen")):
        pen = place.get(name)
        if isinstance(pen, QPen):
            yield place, name, pen
