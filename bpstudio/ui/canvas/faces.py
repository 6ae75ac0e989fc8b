"""What nodes show: number, fill and ink of each. No painting."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bpstudio.core.notation import MINUS
from bpstudio.ui.canvas.progress import Moment, is_done
from bpstudio.ui.canvas.state import (
    CanvasState,
    EdgeMode,
    NodeMode,
    Scales,
)
from bpstudio.ui.palette import Theme
from bpstudio.ui.ramps import activation_colors, diverging_colors, text_colors

Floats = NDArray[np.float64]

NONE = "–"
_SUPERSCRIPTS = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
_TINY, _HUGE = 0.005, 9999.5


@dataclass(frozen=True, slots=True)
class Face:
    """One node: its number ("" while pending), ink, and fill (None: not filled)."""

    text: str
    ink: str
    fill: str | None
    known: bool


def node_number(x: float) -> str:
    """A number as a node carries it: two decimals, fewer where long, 2·10⁻⁴ where tiny."""
    size = abs(x)
    if not math.isfinite(x):
        text = "nan" if math.isnan(x) else "∞" if x > 0 else "-∞"
    elif x == 0 or _TINY <= size < _HUGE:
        text = f"{x:.{2 if size < 9.995 else 1 if size < 99.95 else 0}f}"
    else:
        mantissa, exponent = f"{x:.0e}".split("e")
        text = f"{mantissa}·10{str(int(exponent)).translate(_SUPERSCRIPTS)}"
    return text.replace("-", MINUS)


def node_values(state: CanvasState, mode: NodeMode, l: int) -> Floats | None:
    """The numbers of a layer in a mode, (n_l,); None where it has none: inputs have no z."""
    if l == 1:
        return state.trace.a(1)[state.s] if mode == "a" else None
    return np.asarray(getattr(state.trace, mode)(l)[state.s])


def node_fills(
    mode: NodeMode, l: int, values: Floats, theme: Theme, scales: Scales
) -> NDArray[np.uint8]:
    """Fill colours of values of layer l: blue for activations, signed colours for the rest."""
    if mode == "a":
        return activation_colors(theme, values, *scales.activation(l))
    return diverging_colors(theme, values, getattr(scales, mode))


def faces(
    state: CanvasState,
    mode: NodeMode,
    now: Moment,
    l: int,
    j: Sequence[int],
    theme: Theme,
    scales: Scales,
) -> list[Face]:
    """Faces of nodes j of layer l as they are at this moment."""
    values = node_values(state, mode, l)
    if l == 1:
        texts = [NONE if values is None else node_number(float(values[n])) for n in j]
        ink = theme.text3 if values is None else theme.text1
        return [Face(text, ink, None, True) for text in texts]
    assert values is not None, "only inputs have no numbers"
    nodes = np.asarray(j, dtype=np.intp)
    known = is_done(state.sequence, now, mode, l, nodes)
    fills = node_fills(mode, l, values[nodes], theme, scales)
    rows = zip(values[nodes], known, fills, text_colors(fills), strict=True)
    return [_face(theme, *row) for row in rows]


def _face(theme: Theme, value: float, known: bool, fill: Any, ink: Any) -> Face:
    if not known:
        return Face("", theme.text3, None, False)
    return Face(node_number(float(value)), _hex(ink), _hex(fill), True)


def _hex(channels: Sequence[int]) -> str:
    r, g, b = (int(c) for c in channels)
    return f"#{r:02X}{g:02X}{b:02X}"


def bias_kind(state: CanvasState) -> str:
    """The kind of the biases' gradients: means after the last sample."""
    return "mean_dC_db" if state.after_samples and len(state.trace.rows) > 1 else "dC_db"


def bias_value(
    state: CanvasState, mode: EdgeMode, now: Moment, l: int, j: int
) -> tuple[float, bool] | None:
    """What the bias mark of a node carries and whether it is computed; None without biases."""
    b = state.trace.network.layer(l).b
    if b is None:
        return None
    if mode == "weights":
        return float(b[j]), True
    kind = bias_kind(state)
    gradients = state.trace.dC_db(l, state.s) if kind == "dC_db" else state.trace.mean_dC_db(l)
    return float(gradients[j]), bool(is_done(state.sequence, now, kind, l, j))
