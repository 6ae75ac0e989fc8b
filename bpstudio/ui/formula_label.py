"""Widgets that show a formula, or a sentence with formulas in it."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QAction, QGuiApplication, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from bpstudio.ui.fonts import Size
from bpstudio.ui.mixed_text import MixedText
from bpstudio.ui.theme import current_theme
from bpstudio.ui.typeset import Formula, typeset, without_parts

_OVERHANG = 2
"""Slanted letters reach this far beyond their box."""


class FormulaLabel(QWidget):
    """One formula; its menu copies the LaTeX."""

    def __init__(
        self,
        tex: str = "",
        size: float = Size.EQUATION,
        display: bool = True,
    ) -> None:
        super().__init__()
        self._tex, self._size, self._display = tex, size, display
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        _offer_copy(self, "Copy LaTeX")
        self._describe()

    @property
    def formula(self) -> Formula:
        return typeset(self._tex, self._size, self._display)

    @property
    def latex(self) -> str:
        """The LaTeX as copied: without part marks."""
        return without_parts(self._tex)

    @property
    def baseline(self) -> int:
        """Pixels from the top of the widget to the baseline, for lining up with text."""
        return math.ceil(self.formula.ascent)

    def copy(self) -> None:
        QGuiApplication.clipboard().setText(self.latex)

    def set_tex(self, tex: str) -> None:
        if tex != self._tex:
            self._tex = tex
            self._describe()

    def part_at(self, point: QPointF) -> int | None:
        """The part of the formula under a point of the widget."""
        return self.formula.part_at(point - QPointF(_OVERHANG, self.baseline))

    def sizeHint(self) -> QSize:
        formula = self.formula
        width = math.ceil(formula.width) + 2 * _OVERHANG
        return QSize(width, self.baseline + math.ceil(formula.descent))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current_theme()
        color = theme.text1 if self.isEnabled() else theme.text3
        painter = QPainter(self)
        self.formula.paint(painter, _OVERHANG, self.baseline, color)
        painter.end()

    def _describe(self) -> None:
        self.setAccessibleName(self.formula.speech)
        self.updateGeometry()
        self.update()


class MixedLabel(QWidget):
    """A sentence with formulas, wrapped to the widget's width; its menu copies the text."""

    def __init__(
        self,
        markup: str = "",
        size: int = Size.BASE,
        line_height: float = 20.0,
    ) -> None:
        super().__init__()
        self._text = MixedText(markup, size, line_height)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        _offer_copy(self, "Copy text")
        self.setAccessibleName(self._text.speech)

    @property
    def text(self) -> MixedText:
        return self._text

    def copy(self) -> None:
        QGuiApplication.clipboard().setText(self._text.plain)

    def set_markup(self, markup: str) -> None:
        if markup == self._text.markup:
            return
        self._text = MixedText(markup, self._text.size, self._text.line_height)
        self.setAccessibleName(self._text.speech)
        self.updateGeometry()
        self.update()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return math.ceil(self._text.measure(width))

    def sizeHint(self) -> QSize:
        width = math.ceil(self._text.natural_width)
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        return QSize(min(80, self.sizeHint().width()), math.ceil(self._text.line_height))

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current_theme()
        painter = QPainter(self)
        self._text.paint(painter, QRectF(self.rect()), theme, theme.text1)
        painter.end()


def _offer_copy(label: FormulaLabel | MixedLabel, title: str) -> None:
    action = QAction(title, label)
    action.triggered.connect(label.copy)
    label.addAction(action)
    label.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
