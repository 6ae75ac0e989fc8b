"""Zooming and moving the picture: arithmetic on views."""

from __future__ import annotations

from bpstudio.ui.canvas.layout import View

LEAST, MOST = 0.25, 12.0
STEP = 1.25
_KEPT = 80.0  # pixels of the picture that stay in the widget whatever happens


def zoomed(view: View, factor: float, x: float, y: float, width: float, height: float) -> View:
    """The view enlarged by a factor with the point (x, y) staying where it is."""
    zoom = min(max(view.zoom * factor, LEAST), MOST)
    ratio = zoom / view.zoom
    return held(View(zoom, x - ratio * (x - view.dx), y - ratio * (y - view.dy)), width, height)


def panned(view: View, dx: float, dy: float, width: float, height: float) -> View:
    """The view moved by (dx, dy) pixels."""
    return held(View(view.zoom, view.dx + dx, view.dy + dy), width, height)


def centred(view: View, x: float, y: float, width: float, height: float) -> View:
    """The view moved so that what is at (x, y) now comes to the middle."""
    return panned(view, width / 2 - x, height / 2 - y, width, height)


def held(view: View, width: float, height: float) -> View:
    """The view moved back so far that some of the picture stays in sight; whole when fitted."""
    zoom = view.zoom
    low_x, high_x = _KEPT - width * zoom, width - _KEPT
    low_y, high_y = _KEPT - height * zoom, height - _KEPT
    return View(zoom, min(max(view.dx, low_x), high_x), min(max(view.dy, low_y), high_y))
