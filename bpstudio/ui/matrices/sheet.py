"""The numbers in sight as a value: reduced where several share a pixel, coloured, compared."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from bpstudio.ui.matrices.source import Ends, Floats, Source
from bpstudio.ui.palette import Theme
from bpstudio.ui.ramps import Colors, activation_colors, diverging_colors, text_colors

MOST_LOOKED_AT = 1 << 21  # numbers of which the largest of each pixel is looked for

Marks = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """Numbers of the rows and columns in sight, (rows, columns).

    ``inks`` are black or white for text on the colours; ``changed`` says which numbers an edit
    changed, None where nothing was edited.
    """

    rows: range
    columns: range
    values: Floats
    image: QImage
    inks: Colors
    changed: Marks | None


def matrix_sheet(
    source: Source,
    rows: range,
    columns: range,
    ramp: tuple[str, Ends],
    theme: Theme,
    before: Source | None,
) -> Sheet:
    """The part of a matrix that is in sight."""
    values = shrunk(source, rows, columns)
    old = shrunk(before, rows, columns) if before is not None else None
    return _sheet(rows, columns, values, old, ramp, theme)


def bias_sheet(
    source: Source, rows: range, ramp: tuple[str, Ends], theme: Theme, before: Source | None
) -> Sheet:
    """The biases in sight, as the one column beyond the last."""
    part = slice(rows.start, rows.stop)
    values = largest_of(source.biases(part), rows.step, 1)
    old = largest_of(before.biases(part), rows.step, 1) if before is not None else None
    columns = range(source.shape[1], source.shape[1] + 1)
    return _sheet(rows, columns, values, old, ramp, theme)


def _sheet(
    rows: range,
    columns: range,
    values: Floats,
    old: Floats | None,
    ramp: tuple[str, Ends],
    theme: Theme,
) -> Sheet:
    colors = colors_of(values, ramp, theme)
    changed = None if old is None else ~((values == old) | (np.isnan(values) & np.isnan(old)))
    return Sheet(rows, columns, values, image_of(colors), text_colors(colors), changed)


def colors_of(values: Floats, ramp: tuple[str, Ends], theme: Theme) -> Colors:
    """Fill colours on the canvas' ramps."""
    kind, (low, high) = ramp
    if kind == "activation":
        return activation_colors(theme, values, low, high)
    return diverging_colors(theme, values, high)


def image_of(colors: Colors) -> QImage:
    """One pixel a number, from the array at once; the image owns its memory."""
    packed = np.ascontiguousarray(colors)
    height, width = packed.shape[:2]
    view = QImage(packed.data, width, height, 3 * width, QImage.Format.Format_RGB888)
    return view.convertToFormat(QImage.Format.Format_RGB32)


def shrunk(source: Source, rows: range, columns: range) -> Floats:
    """One number for each step of rows and columns.

    The largest by size of those that share a pixel; of very many only the first of each.
    """
    if is_sampled(rows, columns):
        return source.block(_as_slice(rows), _as_slice(columns))
    block = source.block(slice(rows.start, rows.stop), slice(columns.start, columns.stop))
    return largest_of(block, rows.step, columns.step)


def is_sampled(rows: range, columns: range) -> bool:
    """Whether only one number of each pixel is looked at."""
    if rows.step == columns.step == 1:
        return False
    return (rows.stop - rows.start) * (columns.stop - columns.start) > MOST_LOOKED_AT


def largest_of(values: Floats, rows: int, columns: int) -> Floats:
    """The number of the largest size in each block of so many rows and columns."""
    if rows == columns == 1:
        return values
    high = _by_blocks(np.maximum, values, rows, columns)
    low = _by_blocks(np.minimum, values, rows, columns)
    return np.where(high >= -low, high, np.where(np.isnan(high), high, low))


def _by_blocks(function: np.ufunc, values: Floats, rows: int, columns: int) -> Floats:
    down = function.reduceat(values, np.arange(0, values.shape[0], rows), axis=0)
    return np.asarray(function.reduceat(down, np.arange(0, values.shape[1], columns), axis=1))


def _as_slice(cells: range) -> slice:
    return slice(cells.start, cells.stop, cells.step)
