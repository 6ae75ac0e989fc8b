"""Colour scales: activations on a sequential ramp, signed values on a diverging one.

All functions work on whole arrays: a layer or a weight matrix costs one call.
"""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray
from PySide6.QtGui import QColor, QLinearGradient

from bpstudio.ui.palette import Theme, rgb

Colors = NDArray[np.uint8]
"""Red, green and blue along the last axis: shape (..., 3)."""


def activation_colors(theme: Theme, values: ArrayLike, lo: float, hi: float) -> Colors:
    """Fill colours of activations on the sequential ramp; (...) -> (..., 3).

    `lo` and `hi` are the ends of the ramp; values outside are drawn as the nearest end,
    values that are not numbers as the low end.
    """
    span = hi - lo if hi > lo else 1.0
    position = (np.asarray(values, dtype=float) - lo) / span
    return _interpolate(theme.activation, position)


def diverging_colors(theme: Theme, values: ArrayLike, vmax: float) -> Colors:
    """Colours of weights or gradients on the signed ramp; (...) -> (..., 3)."""
    return _interpolate(theme.diverging, (signed_position(values, vmax) + 1) / 2)


def activation_color(theme: Theme, value: float, lo: float, hi: float) -> QColor:
    """Fill colour of one activation."""
    return QColor(*(int(c) for c in activation_colors(theme, value, lo, hi)))


def diverging_color(theme: Theme, value: float, vmax: float) -> QColor:
    """Colour of one weight or gradient."""
    return QColor(*(int(c) for c in diverging_colors(theme, value, vmax)))


def signed_position(values: ArrayLike, vmax: float) -> NDArray[np.float64]:
    """Place of signed values on −1 … 1: sign(v)·√(|v|/vmax)."""
    v = np.asarray(values, dtype=float)
    if not vmax > 0:
        return np.zeros_like(v)
    with np.errstate(invalid="ignore"):
        position = np.sign(v) * np.sqrt(np.minimum(np.abs(v) / vmax, 1.0))
    return np.nan_to_num(position, nan=0.0)


def edge_widths(values: ArrayLike, vmax: float) -> NDArray[np.float64]:
    """Pen widths of edges, 1 … 5 pixels: 1 + 4·√(|v|/vmax)."""
    return 1.0 + 4.0 * np.abs(signed_position(values, vmax))


def nice_max(values: ArrayLike) -> float:
    """The smallest 1, 2 or 5 × 10ⁿ that no |value| exceeds; 1 where there is nothing to show."""
    finite = np.abs(np.asarray(values, dtype=float))
    finite = finite[np.isfinite(finite)]
    largest = float(finite.max(initial=0.0))
    return _round_up(largest) if largest > 0 else 1.0


def text_colors(colors: Colors) -> Colors:
    """Black or white for text on each of the colours, whichever contrasts more; same shape."""
    channels = _linear_light()[colors]
    luminance = channels @ np.array([0.2126, 0.7152, 0.0722])
    black = (luminance + 0.05) ** 2 >= 1.05 * 0.05
    ink = np.where(black[..., np.newaxis], 0, 255).astype(np.uint8)
    return np.broadcast_to(ink, colors.shape)


def gradient(theme: Theme, kind: str, x0: float, x1: float) -> QLinearGradient:
    """A horizontal brush with the "activation" or "diverging" ramp, for colour bars."""
    stops = theme.activation if kind == "activation" else theme.diverging
    brush = QLinearGradient(x0, 0.0, x1, 0.0)
    for n, color in enumerate(stops):
        brush.setColorAt(n / (len(stops) - 1), QColor(color))
    return brush


def _round_up(value: float) -> float:
    exponent = math.floor(math.log10(value))
    # The neighbouring decades are tried as well: log10 may be one off, and 10 is the next 1.
    candidates = (float(f"{m}e{n}") for n in range(exponent - 1, exponent + 2) for m in (1, 2, 5))
    return next((c for c in candidates if value <= c < math.inf), value)


@lru_cache(maxsize=1)
def _linear_light() -> NDArray[np.float64]:
    srgb = np.arange(256) / 255
    return np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)


@lru_cache(maxsize=8)
def _table(stops: tuple[str, ...]) -> Colors:
    """The ramp as a table whose entries hit every stop exactly: 512 from stop to stop."""
    places = np.linspace(0, len(stops) - 1, 512 * (len(stops) - 1) + 1)
    channels = np.array([rgb(stop) for stop in stops], dtype=float).T
    columns = [np.interp(places, np.arange(len(stops)), channel) for channel in channels]
    return np.rint(np.stack(columns, axis=-1)).astype(np.uint8)


def _interpolate(stops: tuple[str, ...], position: ArrayLike) -> Colors:
    table = _table(stops)
    place = np.clip(np.nan_to_num(position, nan=0.0), 0.0, 1.0)
    return table[np.rint(place * (len(table) - 1)).astype(np.intp)]
