"""The formula over the tree: name = numbers, each with its symbol below = result."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from bpstudio.ui.fonts import MEDIUM, SEMIBOLD, Size, ui_font
from bpstudio.ui.origin.formula_parts import FormulaParts
from bpstudio.ui.palette import Theme
from bpstudio.ui.style import PADDING
from bpstudio.ui.theme import Appearance
from bpstudio.ui.typeset import Formula, typeset

HEIGHT = 64
_GAP = 7.0
_LABEL_DROP = 19.0  # from a number's middle to its symbol's baseline
_SIZE = 17.0

Run = tuple[str, str, str]
"""What is drawn: "tex", "number", "result", "sign" or "words"; its text; a symbol below it."""


class OriginFormula(QWidget):
    """Draws `FormulaParts` on one line; what does not fit leaves the numbers out."""

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._parts: FormulaParts | None = None
        self.setFixedHeight(HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        appearance.changed.connect(lambda _theme: self.update())

    @property
    def parts(self) -> FormulaParts | None:
        """What is shown."""
        return self._parts

    def show_parts(self, parts: FormulaParts | None) -> None:
        """Show another formula, or none."""
        self._parts = parts
        self.setAccessibleName("" if parts is None else parts.spoken)
        self.update()

    def sizeHint(self) -> QSize:
        """The panel's width decides."""
        return QSize(300, HEIGHT)

    def shown_runs(self) -> list[Run]:
        """What is drawn: all of it where it fits, else name and result."""
        if self._parts is None:
            return []
        whole = list(_runs(self._parts, numbers=True))
        fits = _width(whole) <= self.width() - 2 * PADDING
        return whole if fits else list(_runs(self._parts, numbers=False))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Left to right."""
        painter = QPainter(self)
        theme, x = self._appearance.theme, float(PADDING)
        for run in self.shown_runs():
            _paint(painter, run, x, self.height() / 2, theme)
            x += _width([run]) + _GAP
        painter.fillRect(0, self.height() - 1, self.width(), 1, QColor(theme.divider))
        painter.end()


def _runs(parts: FormulaParts, numbers: bool) -> Iterator[Run]:
    yield ("tex", parts.name, "") if parts.name else ("words", parts.words, "")
    yield "sign", "=", ""
    for n, (number, symbol) in enumerate(parts.parts if numbers else ()):
        if n:
            yield "sign", parts.operator, ""
        yield "number", number, symbol
    if numbers and parts.middle:
        yield "tex", parts.middle, ""
    if numbers and (parts.parts or parts.middle):
        yield "sign", "=", ""
    yield "result", parts.result, ""


def _formula(run: Run) -> Formula:
    return typeset(run[1], _SIZE)


def _label(run: Run) -> Formula:
    return typeset(run[2], Size.CAPTION + 1, display=False)


def _width(runs: list[Run]) -> float:
    return sum(_one_width(run) for run in runs) + _GAP * (len(runs) - 1)


def _one_width(run: Run) -> float:
    if run[0] == "tex":
        return _formula(run).width
    width = QFontMetricsF(_font(run)).horizontalAdvance(run[1])
    return max(width, _label(run).width) if run[2] else width


_FONTS = {
    "number": (Size.NARRATION, SEMIBOLD),
    "result": (Size.RESULT, SEMIBOLD),
    "sign": (Size.NARRATION, MEDIUM),
    "words": (Size.BASE, MEDIUM),
}


def _font(run: Run) -> QFont:
    return ui_font(*_FONTS[run[0]])


def _paint(painter: QPainter, run: Run, x: float, middle: float, theme: Theme) -> None:
    ink = QColor(theme.text2 if run[0] == "sign" else theme.text1)
    if run[0] == "tex":
        formula = _formula(run)
        formula.paint(painter, x, middle + (formula.ascent - formula.descent) / 2, ink)
        return
    lift = 9.0 if run[2] else 0.0
    box = QRectF(x, middle - 16 - lift, _one_width(run), 32)
    painter.setFont(_font(run))
    painter.setPen(ink)
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, run[1])
    if run[2]:
        label = _label(run)
        at = QPointF(box.center().x() - label.width / 2, middle - lift + _LABEL_DROP)
        label.paint(painter, at.x(), at.y(), QColor(theme.text3))
