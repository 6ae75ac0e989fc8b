"""The footer of the network panel: what colours, dashes and arrows mean."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QHelpEvent, QPainter, QPainterPath, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from bpstudio.core.notation import MINUS, format_number, partial
from bpstudio.ui.canvas.look import Look, color, line_pen
from bpstudio.ui.canvas.marks import Spot
from bpstudio.ui.canvas.paint_marks import add_triangle
from bpstudio.ui.canvas.state import CanvasState, EdgeMode, NodeMode, Scales
from bpstudio.ui.ramps import gradient
from bpstudio.ui.style import HEADER_HEIGHT, PADDING
from bpstudio.ui.symbols import on_one_line
from bpstudio.ui.theme import current_theme
from bpstudio.ui.typeset import typeset

_TEXT, _SYMBOL = 12.0, 13.5
_BAR = (64.0, 10.0)
_BETWEEN = 18.0
_GAP = 6.0
_LINE = 26.0


@dataclass(frozen=True, slots=True)
class Bar:
    """A colour bar: its symbol in LaTeX, its ramp, and the words at its ends."""

    tex: str
    ramp: str
    low: str
    high: str

    @property
    def plain(self) -> str:
        return f"{self.low} … {self.high}"


@dataclass(frozen=True, slots=True)
class Sign:
    """A sign and what it means: negative, positive, pending, arrow, bias or changed."""

    kind: str
    text: str


Entry = Bar | Sign
_NEGATIVE = Sign("negative", "negative")


def entries_of(
    state: CanvasState, edges: EdgeMode, nodes: NodeMode, scales: Scales
) -> tuple[Entry, ...]:
    """What the legend explains, the most important first."""
    nodes_bar = node_bar(state, nodes, scales)
    entries: list[Entry] = [
        *[nodes_bar] * (nodes_bar.low != nodes_bar.high),  # one node has no range
        edge_bar(state, edges, scales),
        _NEGATIVE,
        Sign("positive", "positive"),
        Sign("pending", "pending"),
    ]
    if state.changed:
        entries.insert(entries.index(_NEGATIVE), Sign("changed", "changed by the edit"))
    if state.show_arrows:
        entries.append(Sign("arrow", "change that lowers the loss"))
    if any(state.sequence.biases):
        entries.append(Sign("bias", "bias"))
    return tuple(entries)


def node_bar(state: CanvasState, mode: NodeMode, scales: Scales) -> Bar:
    """The ramp of the nodes; where layers differ, that of the step's layer."""
    if mode != "a":
        tex = "z" if mode == "z" else on_one_line(partial("C_0", "a"))
        return _signed_bar(tex, getattr(scales, mode))
    L = state.trace.L
    ranges = set(scales.activations[1:])
    l = state.step.l if state.step is not None and state.step.l else L
    low, high = scales.activation(l)
    tex = "a" if len(ranges) == 1 else f"a^{{({state.notation.layer(l)})}}"
    return Bar(tex, "activation", end_text(low), end_text(high))


def edge_bar(state: CanvasState, mode: EdgeMode, scales: Scales) -> Bar:
    """The ramp of the edges."""
    vmax = getattr(scales, mode)
    loss = "C" if state.after_samples and len(state.trace.rows) > 1 else "C_0"
    tex = "w" if mode == "weights" else on_one_line(partial(loss, "w"))
    return _signed_bar(tex, vmax)


def _signed_bar(tex: str, vmax: float) -> Bar:
    return Bar(tex, "diverging", end_text(-vmax), "+" + end_text(vmax))


def end_text(x: float) -> str:
    """The end of a bar, without needless zeros: 0.5, −20."""
    if x == 0 or 1e-3 <= abs(x) < 1e4:
        return f"{x:.3g}".replace("-", MINUS)
    return format_number(x)


class Legend(QWidget):
    """Entries in one line; those without room are left out, the least important first."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._entries: tuple[Entry, ...] = ()
        self._scale = 1.0
        self.setFixedHeight(HEADER_HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName("Legend")

    def show_entries(self, entries: tuple[Entry, ...]) -> None:
        """Show these; does nothing where they are shown already."""
        if entries != self._entries:
            self._entries = entries
            self.setAccessibleDescription(described(entries))
            self.update()

    def set_scale(self, scale: float) -> None:
        """All of it larger. Colour bars, which are read from near, give way first then."""
        self._scale = scale
        self.setFixedHeight(round(HEADER_HEIGHT * scale))
        self.update()

    @property
    def _ordered(self) -> tuple[Entry, ...]:
        """The most important first."""
        if self._scale == 1:
            return self._entries
        return tuple(sorted(self._entries, key=lambda entry: isinstance(entry, Bar)))

    @property
    def shown(self) -> tuple[Entry, ...]:
        """The entries that have room."""
        return shown_entries(Look(current_theme()), self._ordered, self.width() / self._scale)

    def sizeHint(self) -> QSize:
        return QSize(480, HEADER_HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        look = Look(current_theme())
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            # a scaled height is seldom whole, and nothing else paints the last row of pixels
            painter.fillRect(self.rect(), color(look.theme.surface2))
            painter.scale(self._scale, self._scale)
            paint_legend(painter, look, self._ordered, self.width() / self._scale)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and len(self.shown) < len(self._entries):
            QToolTip.showText(event.globalPos(), described(self._entries), self)
            return True
        return super().event(event)


def described(entries: tuple[Entry, ...]) -> str:
    """The legend as text."""
    words = {
        "negative": "dashed: negative",
        "positive": "solid: positive",
        "pending": "thin and grey: not computed yet",
        "arrow": "arrow: change that lowers the loss",
        "bias": "square: bias",
        "changed": "triangle: changed by the last edit",
    }
    bars = [
        f"{typeset(e.tex).speech} from {e.low} to {e.high}" for e in entries if isinstance(e, Bar)
    ]
    return "; ".join([*bars, *(words[e.kind] for e in entries if isinstance(e, Sign))])


def paint_legend(painter: QPainter, look: Look, entries: tuple[Entry, ...], width: float) -> None:
    """The entries that have room in a bar of a width; it is as high as a header."""
    painter.fillRect(QRectF(0, 0, width, HEADER_HEIGHT), color(look.theme.surface2))
    painter.fillRect(QRectF(0, 0, width, 1), color(look.theme.divider))
    x = float(PADDING)
    for entry in shown_entries(look, entries, width):
        paint_entry(painter, look, entry, x, HEADER_HEIGHT / 2)
        x += entry_width(look, entry) + _BETWEEN


def shown_entries(look: Look, entries: tuple[Entry, ...], width: float) -> tuple[Entry, ...]:
    """The entries that have room in a bar of a width."""
    return fitting(entries, [entry_width(look, entry) for entry in entries], width)


def fitting(entries: tuple[Entry, ...], widths: list[float], room: float) -> tuple[Entry, ...]:
    """As many of the first entries as have room."""
    x, count = float(PADDING), 0
    for width in widths:
        if x + width > room - PADDING:
            break
        x, count = x + width + _BETWEEN, count + 1
    return entries[:count]


def entry_width(look: Look, entry: Entry) -> float:
    """Width of an entry."""
    metrics = look.metrics(_TEXT)
    if isinstance(entry, Bar):
        ends = metrics.horizontalAdvance(entry.low) + metrics.horizontalAdvance(entry.high)
        return typeset(entry.tex, _SYMBOL, False).width + ends + _BAR[0] + 3 * _GAP
    sign = _LINE if entry.kind in ("negative", "positive", "pending") else 10.0
    return sign + _GAP + metrics.horizontalAdvance(entry.text)


def paint_entry(painter: QPainter, look: Look, entry: Entry, x: float, middle: float) -> None:
    """One entry with its left end at x."""
    if isinstance(entry, Bar):
        _paint_bar(painter, look, entry, x, middle)
        return
    _SIGNS[entry.kind](painter, look, x, middle)
    sign = _LINE if entry.kind in ("negative", "positive", "pending") else 10.0
    _paint_text(painter, look, entry.text, x + sign + _GAP, middle)


def _paint_bar(painter: QPainter, look: Look, bar: Bar, x: float, middle: float) -> None:
    formula = typeset(bar.tex, _SYMBOL, False)
    formula.paint(painter, x, middle + (formula.ascent - formula.descent) / 2, look.theme.text2)
    x += formula.width + _GAP
    _paint_text(painter, look, bar.low, x, middle)
    x += look.metrics(_TEXT).horizontalAdvance(bar.low) + _GAP
    box = QRectF(x, middle - _BAR[1] / 2, *_BAR)
    painter.setPen(QPen(color(look.theme.divider), 1))
    painter.setBrush(gradient(look.theme, bar.ramp, box.left(), box.right()))
    painter.drawRoundedRect(box, 2, 2)
    _paint_text(painter, look, bar.high, box.right() + _GAP, middle)


def _paint_text(painter: QPainter, look: Look, text: str, x: float, middle: float) -> None:
    painter.setFont(look.font(_TEXT))
    painter.setPen(color(look.theme.text2))
    painter.drawText(QPointF(x, middle + look.metrics(_TEXT).capHeight() / 2), text)


def _paint_line(painter: QPainter, x: float, middle: float, pen: QPen) -> None:
    painter.setPen(pen)
    painter.drawLine(QPointF(x, middle), QPointF(x + _LINE, middle))


def _negative(painter: QPainter, look: Look, x: float, middle: float) -> None:
    _paint_line(painter, x, middle, line_pen(look.theme.negative, 3, negative=True))


def _positive(painter: QPainter, look: Look, x: float, middle: float) -> None:
    _paint_line(painter, x, middle, line_pen(look.theme.positive, 3))


def _pending(painter: QPainter, look: Look, x: float, middle: float) -> None:
    _paint_line(painter, x, middle, line_pen(look.theme.pending_edge, 1))


def _arrow(painter: QPainter, look: Look, x: float, middle: float) -> None:
    x += 5
    painter.setPen(line_pen(look.theme.text1, 2.5))
    painter.drawLine(QPointF(x, middle + 8), QPointF(x, middle - 4))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color(look.theme.text1))
    points = ((x, middle - 8), (x - 4.5, middle - 1), (x + 4.5, middle - 1))
    painter.drawPolygon(QPolygonF([QPointF(*point) for point in points]))


def _bias(painter: QPainter, look: Look, x: float, middle: float) -> None:
    painter.setPen(QPen(color(look.theme.node_outline), 1))
    painter.setBrush(color(look.theme.surface))
    painter.drawRoundedRect(QRectF(x + 0.5, middle - 4.5, 9, 9), 2, 2)
    painter.setPen(line_pen(look.theme.text1, 1.5))
    painter.drawLine(QPointF(x + 2.5, middle), QPointF(x + 7.5, middle))
    painter.drawLine(QPointF(x + 5, middle - 2.5), QPointF(x + 5, middle + 2.5))


def _changed(painter: QPainter, look: Look, x: float, middle: float) -> None:
    path = QPainterPath()
    add_triangle(path, Spot(x + 5, middle, 8))
    painter.setPen(QPen(color(look.theme.text2), 1.25))
    painter.setBrush(color(look.theme.canvas))
    painter.drawPath(path)


_SIGNS: dict[str, Callable[[QPainter, Look, float, float], None]] = {
    "negative": _negative,
    "positive": _positive,
    "pending": _pending,
    "arrow": _arrow,
    "bias": _bias,
    "changed": _changed,
}
