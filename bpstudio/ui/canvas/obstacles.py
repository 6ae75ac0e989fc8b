"""What labels keep clear of: everything else that is drawn, with the cost of covering it."""

from __future__ import annotations

from bpstudio.ui.canvas.edges import MOST, MOST_RANKED, edge_count
from bpstudio.ui.canvas.labels import Obstacles
from bpstudio.ui.canvas.layout import Box, Column, Layout
from bpstudio.ui.canvas.look import Look
from bpstudio.ui.canvas.marks import breakpoint_spot
from bpstudio.ui.canvas.paint_edges import row_box
from bpstudio.ui.canvas.paint_nodes import bias_box, index_box
from bpstudio.ui.canvas.paint_output import target_name_box
from bpstudio.ui.canvas.paint_words import NAME_GAP
from bpstudio.ui.canvas.state import CanvasState

_NODE, _TARGET, _WORD, _INDEX, _BIAS = 24.0, 16.0, 3.0, 2.0, 0.7
_MARK = 6.0


def static_obstacles(layout: Layout, look: Look, state: CanvasState) -> Obstacles:
    """What is there at every step of a layout."""
    obstacles = Obstacles()
    for column in layout.columns:
        _add_column(obstacles, column, look.scale)
    _add_inputs(obstacles, layout)
    if layout.columns[0].image is not None and edge_count(state.trace, 2) > MOST_RANKED:
        box = row_box(layout.columns[0])
        _add_box(obstacles, Box(box.x(), box.y() - 18, box.width(), box.height() + 18), _WORD)
    for j in layout.columns[-1].shown.nodes:
        _add_box(obstacles, layout.target(j), _TARGET)
        named = target_name_box(layout, j, look.scale) if state.target_names else None
        if named is not None:
            _add_box(obstacles, named, _WORD)
    for thing in state.breakpoints:
        spot = breakpoint_spot(layout, thing, look.scale)
        if spot is not None:
            obstacles.add(spot.x, spot.y, spot.size, spot.size, _MARK)
    if any(edge_count(state.trace, l) > MOST for l in range(2, layout.L + 1)):
        below = layout.height - layout.bottom
        obstacles.add(layout.width / 2, layout.height - below / 2, layout.width, below, _WORD)
    obstacles.add(*layout.loss, layout.loss_diameter, layout.loss_diameter, _TARGET)
    return obstacles


def _add_box(obstacles: Obstacles, box: Box, weight: float) -> None:
    obstacles.add(box.x + box.width / 2, box.y + box.height / 2, box.width, box.height, weight)


def _add_column(obstacles: Obstacles, column: Column, scale: float) -> None:
    if column.image is not None:
        _add_box(obstacles, column.image, _WORD)
        return
    side = max(column.diameter * 0.9, 6)
    for j in column.shown.nodes:
        obstacles.add(column.center, float(column.y[j]), side, side, _NODE)
        if column.has_values:
            box = index_box(column, j, scale)
            middle, key = box.center(), index_key(column.l, j)
            obstacles.add(middle.x(), middle.y(), 9 * scale, 11 * scale, _INDEX, key)
        if column.l > 1 and column.has_indices:
            _add_box(obstacles, bias_box(column, j, scale), _BIAS)
    for y in column.gap_y.tolist():
        obstacles.add(column.center + 35 * scale, y, 70 * scale, 14 * scale, _WORD)
    for first, _ in column.shown.unfolded:
        y = float(column.y[first])
        obstacles.add(column.center + 35 * scale, y, 60 * scale, 14 * scale, _WORD)


def index_key(l: int, j: int) -> tuple[str, int, int]:
    """The key of a node's index, which its ring covers while it is current."""
    return ("index", l, j)


def _add_inputs(obstacles: Obstacles, layout: Layout) -> None:
    column = layout.column(1)
    if not layout.names_width or column.image is not None:
        return
    middle = column.center - column.radius - NAME_GAP - layout.names_width / 2
    height = min(column.spacing * 0.8, 32)
    for j in column.shown.nodes:
        obstacles.add(middle, float(column.y[j]), layout.names_width, height, _WORD)
