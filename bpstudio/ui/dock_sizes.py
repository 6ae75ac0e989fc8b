"""How wide and high the areas around the network are, and which panels they have, as values."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtWidgets import QWidget

from bpstudio.ui.panel_table import Layout

NARROW = 1280  # below it the left side collapses to a strip
WIDTHS: dict[Layout, tuple[int, int, int]] = {
    "step": (264, 264, 468),  # of the left dock and its least, of the right dock
    "debug": (340, 300, 468),
    "train": (264, 264, 468),
}
_LOW, _HIGH = 226, 308  # of the bottom dock, in a narrow window and in a wide one
_PLOTS_SHARE = 0.46  # of the window's height, in the layout for training


class Sizes(NamedTuple):
    """How the room is shared: widths of the sides, height of the bottom, and within them.

    ``narrow``: of a window that has too little room for everything side by side.
    """

    narrow: bool
    docks: tuple[int, int, int]
    left: tuple[int, ...]
    centre: tuple[int, ...]
    right: tuple[int, ...]
    bottom: tuple[int, ...]


class Arrangement(NamedTuple):
    """Which panels are where, and how large."""

    layout: Layout
    asked: frozenset[str]
    on_top: tuple[str, ...]
    side_open: bool
    sizes: Sizes


def bottom_height(layout: Layout, window: int, narrow: bool) -> int:
    """Height of the bottom dock in a window of this height, all in pixels."""
    least = _LOW if narrow else _HIGH
    return max(least, round(_PLOTS_SHARE * window)) if layout == "train" else least


def is_narrow(window: QWidget) -> bool:
    """Whether a window has too little room for everything side by side."""
    return window.width() < NARROW
