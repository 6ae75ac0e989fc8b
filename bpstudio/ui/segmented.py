"""A row of joined buttons of which one is down."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QWidget

from bpstudio.ui.fonts import MEDIUM, SEMIBOLD
from bpstudio.ui.palette import Theme
from bpstudio.ui.style import RADIUS
from bpstudio.ui.theme import current_theme
from bpstudio.ui.typeset import typeset
from bpstudio.ui.wrapping import font_and_metrics

HEIGHT = 28
_SIZE = 13
_PADDING = 10


@dataclass(frozen=True, slots=True)
class Segment:
    """One choice: its key, its text (or LaTeX, where `tex`), and what the tooltip says."""

    key: str
    text: str
    tip: str = ""
    tex: bool = False


class SegmentedControl(QWidget):
    """Exactly one of a few choices, all visible. Arrow keys move between them."""

    chosen = Signal(str)
    """The key of the choice the user made."""

    def __init__(self, segments: Sequence[Segment], name: str, parent: QWidget | None = None):
        super().__init__(parent)
        self.setAccessibleName(name)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        last = len(segments) - 1
        self._buttons = {
            segment.key: _SegmentButton(segment, n == 0, n == last, self)
            for n, segment in enumerate(segments)
        }
        for button in self._buttons.values():
            row.addWidget(button)
            button.clicked.connect(self._announce)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        next(iter(self._buttons.values())).setChecked(True)

    @property
    def key(self) -> str:
        """The key of the choice in force."""
        return next(key for key, button in self._buttons.items() if button.isChecked())

    def choose(self, key: str) -> None:
        """Show a choice as in force, without announcing it."""
        self._buttons[key].setChecked(True)

    def button(self, key: str) -> QAbstractButton:
        return self._buttons[key]

    def _announce(self) -> None:
        self.chosen.emit(self.key)


class _SegmentButton(QAbstractButton):
    def __init__(self, segment: Segment, first: bool, last: bool, parent: QWidget) -> None:
        super().__init__(parent)
        self._segment, self._first, self._last = segment, first, last
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setAccessibleName(_spoken(segment))
        self.setToolTip(segment.tip)

    def sizeHint(self) -> QSize:
        return QSize(round(_content_width(self._segment)) + 2 * _PADDING, HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current_theme()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        outline = _outline(self.width(), self._first, self._last)
        painter.fillPath(outline, QColor(self._fill(theme)))
        if not self._last:
            painter.fillRect(self.width() - 1, 1, 1, self.height() - 2, QColor(theme.divider))
        painter.setPen(QPen(QColor(theme.border if self.isEnabled() else theme.divider), 1))
        painter.drawPath(outline)
        _paint_content(painter, self._segment, QRectF(self.rect()), *self._ink(theme))
        painter.end()

    def _fill(self, theme: Theme) -> str:
        if not self.isEnabled():
            return theme.surface2
        if self.isChecked():
            return theme.accent_soft
        return theme.surface3 if self.underMouse() else theme.surface

    def _ink(self, theme: Theme) -> tuple[str, bool]:
        if not self.isEnabled():
            return theme.text3, self.isChecked()
        return (theme.accent_text, True) if self.isChecked() else (theme.text1, False)


def _outline(width: float, first: bool, last: bool) -> QPainterPath:
    """The row's outline as far as a button sees it: inner ends lie outside and are cut off."""
    left = 0.5 if first else -RADIUS - 1.0
    right = width - 0.5 if last else width + RADIUS + 1.0
    path = QPainterPath()
    path.addRoundedRect(QRectF(left, 0.5, right - left, HEIGHT - 1.0), RADIUS, RADIUS)
    return path


def _paint_content(
    painter: QPainter, segment: Segment, box: QRectF, color: str, bold: bool
) -> None:
    if segment.tex:
        formula = typeset(segment.text, _SIZE * 1.12, display=False)
        middle = box.center() + QPointF(-formula.width / 2, (formula.ascent - formula.descent) / 2)
        formula.paint(painter, middle.x(), middle.y(), color)
    else:
        painter.setFont(font_and_metrics(_SIZE, SEMIBOLD if bold else MEDIUM)[0])
        painter.setPen(QColor(color))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, segment.text)


def _content_width(segment: Segment) -> float:
    """Room for the text at its boldest, so that choosing moves nothing."""
    if segment.tex:
        return typeset(segment.text, _SIZE * 1.12, display=False).width
    return font_and_metrics(_SIZE, SEMIBOLD)[1].horizontalAdvance(segment.text)


def _spoken(segment: Segment) -> str:
    return typeset(segment.text).speech if segment.tex else segment.text
