"""The words of the picture: captions over the columns, names beside the inputs, counts below."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from bpstudio.core.column_names import feature_words
from bpstudio.core.notation import format_count
from bpstudio.ui.canvas.captions import fitting_captions
from bpstudio.ui.canvas.edges import EdgeSet
from bpstudio.ui.canvas.layout import Box, Column, Layout
from bpstudio.ui.canvas.look import Look, color
from bpstudio.ui.canvas.state import CanvasState
from bpstudio.ui.fonts import MEDIUM
from bpstudio.ui.typeset import typeset

_CAPTION_TEX = 14.5
_CAPTION_TEXT = 11.5
_USUAL_NUMBER = "0000.00"
_NAME = 12.0
_BETWEEN = 12.0
NAME_GAP = 11.0  # between an input's name and its node: room for the ring


def names_width(look: Look, names: Sequence[str], width: float) -> float:
    """Room for the names of the inputs: that of the longest, at most a sixth of the width.

    A usual number has room too, as the raw value stands under its name; not the number itself,
    or the network would move from sample to sample.
    """
    if not names:
        return 0.0
    metrics = look.metrics(_NAME, MEDIUM)
    words = [_USUAL_NUMBER, *(feature_words(name)[0] for name in names[:64])]
    longest = max(metrics.horizontalAdvance(text) for text in words)
    return min(longest + 2, width / 6)


def paint_inputs(painter: QPainter, look: Look, layout: Layout, state: CanvasState) -> None:
    """Name and raw value left of each input; one line where room is short."""
    column = layout.column(1)
    if column.image is not None or column.spacing < 13 * look.scale or not layout.names_width:
        return
    for j in column.shown.nodes:
        if j < len(state.feature_names):
            raw = state.raw_inputs[j] if j < len(state.raw_inputs) else ""
            _paint_input(painter, look, layout, column, j, state.feature_names[j], raw)


def _paint_input(
    painter: QPainter, look: Look, layout: Layout, column: Column, j: int, name: str, raw: str
) -> None:
    words, unit = feature_words(name)
    raw = f"{raw} {unit}".strip() if raw else ""
    size = _NAME if column.spacing >= 20 * look.scale else 11.0
    right = column.center - column.radius - NAME_GAP * look.scale
    two_lines = column.spacing >= 36 * look.scale and raw
    y, line = float(column.y[j]), 15 * look.scale
    room = min(layout.names_width, right - 4)
    _paint_right(painter, look, words, right, y - line / 2 if two_lines else y, room, size)
    if two_lines:
        _paint_right(painter, look, raw, right, y + line / 2, room, size, "text3")


def _paint_right(
    painter: QPainter,
    look: Look,
    text: str,
    right: float,
    y: float,
    room: float,
    size: float,
    token: str = "text1",
) -> None:
    weight = MEDIUM if token == "text1" else None
    font = look.font(size, weight) if weight else look.font(size)
    metrics = look.metrics(size, weight) if weight else look.metrics(size)
    painter.setFont(font)
    painter.setPen(color(getattr(look.theme, token)))
    shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room + 1)
    x = right - metrics.horizontalAdvance(shown)
    painter.drawText(QPointF(x, y + metrics.capHeight() / 2), shown)


# Captions ---------------------------------------------------------------------------------


def caption_texts(state: CanvasState, l: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What may stand over a column, longest first: LaTeX, and the line below it."""
    L, n = state.trace.L, format_count(state.trace.network.sizes[l - 1])
    relative = {L: " = L", L - 1: " = L-1"}.get(l, "")
    tex = (f"l = {l}{relative}", f"l = {l}", str(l))
    if l == 1:
        return tex, (f"input · {n}", n)
    activation = state.trace.network.layer(l).activation.replace("_", " ")
    short = (f"{activation} · {n}", n)
    return tex, (f"output · {short[0]}", *short) if l == L else short


def paint_captions(painter: QPainter, look: Look, layout: Layout, state: CanvasState) -> None:
    """l = 1 … L with kind and width, then y and C_0; shorter where columns are close."""
    places = [column.center for column in layout.columns] + [layout.target_x, layout.loss[0]]
    texts = [caption_texts(state, column.l) for column in layout.columns]
    texts.append((("y",), ("target",)))
    texts.append((("C_0",), (f"loss, row {state.row}", f"row {state.row}")))
    for line in (0, 1):
        wishes = [(x, text[line]) for x, text in zip(places, texts, strict=True)]
        _paint_caption_line(painter, look, layout, line, wishes)


def _paint_caption_line(
    painter: QPainter,
    look: Look,
    layout: Layout,
    line: int,
    wishes: list[tuple[float, tuple[str, ...]]],
) -> None:
    chosen = fitting_captions(
        [x for x, _ in wishes],
        [[_caption_width(look, line, text) for text in texts] for _, texts in wishes],
        layout.width,
        _BETWEEN * look.scale,
        range(1, layout.L - 1),
    )
    for (_x, texts), place in zip(wishes, chosen, strict=True):
        if place is not None:
            which, left = place
            _paint_caption(painter, look, line, texts[which], left, layout.caption_baselines[line])


def _caption_width(look: Look, line: int, text: str) -> float:
    if line == 0:
        return typeset(text, _CAPTION_TEX * look.scale, False).width
    return look.metrics(_CAPTION_TEXT).horizontalAdvance(text)


def _paint_caption(
    painter: QPainter, look: Look, line: int, text: str, left: float, baseline: float
) -> None:
    if line == 0:
        formula = typeset(text, _CAPTION_TEX * look.scale, False)
        formula.paint(painter, left, baseline, look.theme.text1)
        return
    painter.setFont(look.font(_CAPTION_TEXT))
    painter.setPen(color(look.theme.text3))
    painter.drawText(QPointF(left, baseline), text)


# Counts of edges ---------------------------------------------------------------------------


def paint_pair_captions(
    painter: QPainter, look: Look, layout: Layout, sets: Sequence[EdgeSet]
) -> None:
    """Pills between the columns that say which edges are drawn, where not all are."""
    for edges in sets:
        pill = pair_caption(look, layout, edges)
        if pill is None:
            continue
        text, box = pill
        painter.setPen(QPen(color(look.theme.divider), 1))
        painter.setBrush(color(look.theme.surface2))
        painter.drawRoundedRect(QRectF(*box), 4, 4)
        painter.setFont(look.font(11))
        painter.setPen(color(look.theme.text2))
        painter.drawText(QRectF(*box), Qt.AlignmentFlag.AlignCenter, text)


def pair_caption(look: Look, layout: Layout, edges: EdgeSet) -> tuple[str, Box] | None:
    """The pill of a pair of layers and where it lies; None without words or room."""
    if not edges.caption:
        return None
    left, right = layout.column(edges.l - 1), layout.column(edges.l)
    middle, room = (left.center + right.center) / 2, right.center - left.center - 4
    for text in (edges.caption, edges.caption.removesuffix(" edges")):
        width = look.metrics(11).horizontalAdvance(text) + 16 * look.scale
        if width <= room:
            y = layout.bottom + 10 * look.scale
            return text, Box(middle - width / 2, y, width, 20 * look.scale)
    return None
