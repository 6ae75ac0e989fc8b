"""How one path is drawn: its nodes over its factors, its value, its share, its weakest factor."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter

from bpstudio.core.notation import Notation, format_number, format_signed, on_one_line
from bpstudio.core.paths import Path
from bpstudio.ui.analysis.bars import paint_share_bar
from bpstudio.ui.fonts import MEDIUM, REGULAR, SEMIBOLD, Size, ui_font
from bpstudio.ui.mixed_text import MixedText
from bpstudio.ui.palette import Theme
from bpstudio.ui.style import PADDING
from bpstudio.ui.typeset import typeset

HEIGHT = 42
TITLES = (
    ("Path, and its factors from the loss down", False),
    ("Value", True),
    ("Share", False),
    ("Weakest factor", False),
)
_MIDDLE = Qt.AlignmentFlag.AlignVCenter
_VALUE, _PERCENT, _WEAKEST, _GAP = 88.0, 38.0, 100.0, 12.0
_BAR, _WIDE_BAR = 40.0, 80.0
_WIDE = 620.0
_DOT = 12.0  # between two factors
_MORE = 12.0  # for the dots in the place of others
_DIGITS = 3  # of a factor
_LONG = 5  # nodes from which the middle of a path is left out


def columns(width: float) -> Sequence[QRectF]:
    """Path, value, share, weakest factor."""
    weakest = QRectF(width - PADDING - _WEAKEST, 0, _WEAKEST, HEIGHT)
    room = _PERCENT + (_WIDE_BAR if width >= _WIDE else _BAR)
    share = QRectF(weakest.x() - _GAP - room, 0, room, HEIGHT)
    value = QRectF(share.x() - _GAP - _VALUE, 0, _VALUE, HEIGHT)
    path = QRectF(PADDING, 0, max(value.x() - _GAP - PADDING, 0), HEIGHT)
    return path, value, share, weakest


def paint_path(
    painter: QPainter, row: tuple[Path, float, Notation], box: QRectF, chosen: bool, theme: Theme
) -> None:
    """A row is the path, the largest share of all, and the notation."""
    path, largest, notation = row
    if chosen:
        painter.fillRect(box, QColor(theme.accent_soft))
    painter.translate(box.topLeft())
    route, value, share, weakest = columns(box.width())
    _paint_route(painter, path, notation, route, theme)
    painter.setPen(QColor(theme.text1))
    painter.setFont(ui_font(Size.BASE, MEDIUM))
    painter.drawText(value, Qt.AlignmentFlag.AlignRight | _MIDDLE, format_signed(path.value))
    _paint_share(painter, path, largest, share, theme)
    _paint_weakest(painter, path, weakest, theme)


def route_markup(path: Path, n: Notation) -> str:
    """The nodes in the order of the pass, the middle of a long path left out."""
    parts = []
    for node in path.nodes:
        other = "" if node.m == node.j else f" → ${n.a(node.l, node.m)}$"
        parts.append(f"${n.z(node.l, node.j)}${other}")
    if len(parts) > _LONG:
        parts[2:-2] = ["…"]
    return " → ".join([*parts, "$C_0$"])


def factor_spans(path: Path, box: QRectF) -> list[tuple[QRectF, str, bool]]:
    """Where each factor's number stands, the number, and whether it is the weakest."""
    spans, x = [], box.x()
    for n, factor in enumerate(path.factors):
        weakest = n == path.weakest
        text = format_number(factor.value, _DIGITS)
        metrics = QFontMetricsF(ui_font(Size.TABLE, SEMIBOLD if weakest else REGULAR))
        width = metrics.horizontalAdvance(text)
        spans.append((QRectF(x, HEIGHT / 2, width, HEIGHT / 2 - 3), text, weakest))
        x += width + _DOT
    return spans


def whole_factors(spans: Sequence[QRectF], box: QRectF) -> int:
    """How many numbers are shown: none is cut in two, and dots have room after the last."""
    if not spans or spans[-1].right() <= box.right():
        return len(spans)
    return sum(span.right() + _DOT + _MORE <= box.right() for span in spans)


def factor_at(path: Path, point: QPointF, width: float) -> str:
    """The address of the factor under a point of the row; empty beside all of them."""
    route, _value, _share, weakest = columns(width)
    if weakest.contains(point):
        return path.factors[path.weakest].address
    for (box, _text, _weakest), factor in zip(factor_spans(path, route), path.factors, strict=True):
        if box.adjusted(-_DOT / 2, 0, _DOT / 2, 0).contains(point) and route.contains(point):
            return factor.address
    return ""


def _paint_route(painter: QPainter, path: Path, n: Notation, box: QRectF, theme: Theme) -> None:
    painter.setClipRect(box)
    nodes = MixedText(route_markup(path, n), Size.BASE, 22)
    nodes.paint(painter, QRectF(box.x(), box.y() + 2, 10_000, 22), theme, theme.text1)
    spans = factor_spans(path, box)
    whole = whole_factors([span for span, _text, _weakest in spans], box)
    for number, (span, text, weakest) in enumerate(spans[: whole + 1]):
        painter.setFont(ui_font(Size.TABLE, SEMIBOLD if weakest else REGULAR))
        painter.setPen(QColor(theme.accent_text if weakest else theme.text2))
        shown = text if number < whole else "…"
        painter.drawText(span, Qt.AlignmentFlag.AlignLeft | _MIDDLE, shown)
        if number:
            painter.setPen(QColor(theme.text3))
            dot = QRectF(span.x() - _DOT, span.y(), _DOT, span.height())
            painter.drawText(dot, Qt.AlignmentFlag.AlignCenter, "·")
    painter.setClipping(False)


def _paint_share(painter: QPainter, path: Path, largest: float, box: QRectF, theme: Theme) -> None:
    bar = box.adjusted(0, 0, -_PERCENT, 0)
    of_largest = path.share / largest if largest > 0 else 0.0
    paint_share_bar(painter, bar, of_largest, path.value < 0, theme)
    painter.setFont(ui_font(Size.TABLE))
    painter.setPen(QColor(theme.text2))
    right = Qt.AlignmentFlag.AlignRight | _MIDDLE
    painter.drawText(box, right, share_text(path.share))


def share_text(share: float) -> str:
    """A share in per cent; – of nothing."""
    if not share > 0:
        return "–"
    return f"{share:.0%}" if share >= 0.005 else "<1%"


def _paint_weakest(painter: QPainter, path: Path, box: QRectF, theme: Theme) -> None:
    factor = path.factors[path.weakest]
    formula = typeset(on_one_line(factor.name), 14.0, display=False)
    top = QRectF(box.x(), box.y() + 2, box.width(), 22)
    baseline = top.center().y() + (formula.ascent - formula.descent) / 2
    formula.paint(painter, box.x(), baseline, theme.accent_text)
    painter.setFont(ui_font(Size.TABLE))
    painter.setPen(QColor(theme.text2))
    below = QRectF(box.x(), HEIGHT / 2, box.width(), HEIGHT / 2 - 3)
    painter.drawText(below, Qt.AlignmentFlag.AlignLeft | _MIDDLE, format_number(factor.value))
