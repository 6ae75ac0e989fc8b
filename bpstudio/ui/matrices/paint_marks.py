"""The corners of cells: what the last edit changed, and where breakpoints are."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QPainter, QRegion

from bpstudio.debugger.breakpoints import Breakpoint
from bpstudio.ui.matrices import marks
from bpstudio.ui.matrices.cells import breakpoint_cell
from bpstudio.ui.matrices.paint import Strip
from bpstudio.ui.matrices.shown import Shown
from bpstudio.ui.matrices.source import Cell, Source
from bpstudio.ui.palette import Theme

_LEAST = 14  # cells that have corners


def paint_corners(
    painter: QPainter, theme: Theme, strip: Strip, clip: QRegion, shown: Shown
) -> None:
    """Marks of the cells within the clip."""
    if min(strip.size.w, strip.size.h) < _LEAST:
        return
    painter.save()
    box = (clip & strip.area).boundingRect()
    painter.setClipRegion(clip & strip.area & strip.done_region)
    _paint_changed(painter, strip, box)
    painter.setClipRegion(clip & strip.area)
    for at, breakpoint in breakpoint_cells(shown.source, shown.breakpoints):
        _paint_breakpoint(painter, theme, strip, at, breakpoint)
    painter.restore()


def _paint_changed(painter: QPainter, strip: Strip, box: QRect) -> None:
    changed = strip.sheet.changed
    if changed is None or box.isEmpty():
        return
    for row, column in np.argwhere(changed).tolist():
        cell = strip.box(row, column)
        if cell.intersects(box):
            white = strip.sheet.inks[row, column, 0]
            ink = Qt.GlobalColor.white if white else Qt.GlobalColor.black
            marks.paint_changed(painter, cell, QColor(ink))


def breakpoint_cells(
    source: Source, breakpoints: tuple[Breakpoint, ...]
) -> list[tuple[Cell, Breakpoint]]:
    """Cells that have a breakpoint of their own, with it."""
    found = ((breakpoint_cell(source, each), each) for each in breakpoints)
    return [(cell, each) for cell, each in found if cell is not None]


def _paint_breakpoint(
    painter: QPainter, theme: Theme, strip: Strip, at: Cell, breakpoint: Breakpoint
) -> None:
    rows, columns = strip.sheet.rows, strip.sheet.columns
    if at[0] in rows and at[1] in columns:
        box = strip.box(at[0] - rows.start, at[1] - columns.start)
        marks.paint_breakpoint(painter, box, theme, breakpoint)
