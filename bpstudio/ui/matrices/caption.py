"""The line above a matrix: what it is (to be chosen), what of it is computed, its colours."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QSizePolicy, QToolButton, QWidget

from bpstudio.ui.canvas.legend import end_text
from bpstudio.ui.fonts import Size, ui_font
from bpstudio.ui.icons import paint_icon
from bpstudio.ui.matrices.quantities import Quantity
from bpstudio.ui.matrices.source import Ends
from bpstudio.ui.ramps import gradient
from bpstudio.ui.theme import current_theme
from bpstudio.ui.typeset import typeset

HEIGHT = 30
NOTHING = ""
_BAR, _SHORT_BAR = (84, 9), (56, 9)
_CHEVRON = 12


class QuantityButton(QToolButton):
    """Shows the symbol of what is chosen; a menu offers the others."""

    chosen = Signal(str)
    """The key of a quantity; "" for no matrix."""

    def __init__(self, what: str, optional: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._what, self._optional, self._tex = what, optional, ""
        self._chosen, self._titles = NOTHING, dict[str, str]()
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setAutoRaise(True)
        self.setMenu(QMenu(self))
        self.menu().aboutToShow.connect(self._fill)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_choice(self, tex: str, chosen: str, offered: Sequence[Quantity]) -> None:
        """The symbol in force, and what else there is. Does nothing where it is the same."""
        keys = tuple(each.key for each in offered)
        if self.property("choice") == (tex, chosen, keys):
            return
        self.setProperty("choice", (tex, chosen, keys))
        self._tex = tex
        titles = {each.key: each.title for each in offered} | (
            {NOTHING: "Nothing"} if self._optional else {}
        )
        self._chosen, self._titles = chosen, titles
        self.setAccessibleName(f"{self._what}: {titles.get(chosen, '')}")
        self.setToolTip(f"{titles.get(chosen, '')}: choose what {self._what.lower()} shows")
        self.updateGeometry()
        self.update()

    def _fill(self) -> None:
        """Only before the menu opens: a choice must not take its own action away."""
        menu = self.menu()
        menu.clear()
        for key, title in self._titles.items():
            action = menu.addAction(title)
            action.setCheckable(True)
            action.setChecked(key == self._chosen)
            action.triggered.connect(partial(self._choose, key))

    def _choose(self, key: str, _checked: bool = False) -> None:
        self.chosen.emit(key)

    def sizeHint(self) -> QSize:
        """The symbol, and the sign that there is a menu."""
        return QSize(round(self._formula_width()) + _CHEVRON + 20, 26)

    def minimumSizeHint(self) -> QSize:
        """Never narrower."""
        return self.sizeHint()

    def _formula_width(self) -> float:
        return typeset(self._tex, Size.NARRATION, False).width if self._tex else 4.0

    def paintEvent(self, event: QPaintEvent) -> None:
        """Symbol and chevron; a surface under the pointer."""
        theme = current_theme()
        with QPainter(self) as painter:
            if self.underMouse() or self.isDown() or self.hasFocus():
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(QColor(theme.surface3))
                painter.drawRoundedRect(self.rect(), 4, 4)
            if self._tex:
                formula = typeset(self._tex, Size.NARRATION, False)
                baseline = self.height() / 2 + (formula.ascent - formula.descent) / 2
                formula.paint(painter, 6, baseline, theme.text1)
            x = self.width() - _CHEVRON - 6
            box = QRectF(x, (self.height() - _CHEVRON) / 2, _CHEVRON, _CHEVRON)
            paint_icon(painter, "chevron-down", box, theme.text2)


class ColourBar(QWidget):
    """The ramp between its ends."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ramp: tuple[str, Ends] | None = None
        self._size = _BAR
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_ramp(self, ramp: tuple[str, Ends] | None) -> None:
        """Does nothing where it is shown already."""
        if ramp == self._ramp:
            return
        self._ramp = ramp
        if ramp is not None:
            self.setAccessibleName("Colours from {} to {}".format(*self._ends()))
            self.setToolTip(self.accessibleName())
        self.updateGeometry()
        self.update()

    def set_short(self, short: bool) -> None:
        """A shorter ramp, where it is narrow."""
        self._size = _SHORT_BAR if short else _BAR
        self.updateGeometry()

    def _ends(self) -> tuple[str, str]:
        assert self._ramp is not None, "a bar has ends"
        kind, (low, high) = self._ramp
        sign = "+" if kind == "diverging" else ""
        return end_text(low), sign + end_text(high)

    def sizeHint(self) -> QSize:
        """The bar and its ends."""
        if self._ramp is None:
            return QSize(0, 20)
        metrics = QFontMetricsF(ui_font(Size.CAPTION))
        return QSize(
            round(self._size[0] + 14 + sum(map(metrics.horizontalAdvance, self._ends()))), 20
        )

    def minimumSizeHint(self) -> QSize:
        """Never narrower."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Low end, ramp, high end."""
        if self._ramp is None:
            return
        theme, (low, high) = current_theme(), self._ends()
        with QPainter(self) as painter:
            painter.setFont(ui_font(Size.CAPTION))
            painter.setPen(QColor(theme.text2))
            painter.drawText(self.rect(), _LEFT, low)
            painter.drawText(self.rect(), _RIGHT, high)
            x = painter.fontMetrics().horizontalAdvance(low) + 6
            box = QRectF(x, (self.height() - self._size[1]) / 2, *self._size)
            painter.setPen(QPen(QColor(theme.divider), 1))
            painter.setBrush(gradient(theme, self._ramp[0], box.left(), box.right()))
            painter.drawRect(box)


class Note(QWidget):
    """Small text that is cut where it has no room."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.setMinimumWidth(0)

    def show_text(self, text: str) -> None:
        """Does nothing where it is shown already."""
        if text != self._text:
            self._text = text
            self.setAccessibleName(text)
            self.setToolTip(text)
            self.update()

    @property
    def text(self) -> str:
        """The whole text."""
        return self._text

    def paintEvent(self, event: QPaintEvent) -> None:
        """As much as there is room for."""
        with QPainter(self) as painter:
            painter.setFont(ui_font(Size.TABLE))
            painter.setPen(QColor(current_theme().text3))
            shown = painter.fontMetrics().elidedText(
                self._text, Qt.TextElideMode.ElideRight, self.width()
            )
            painter.drawText(self.rect(), _LEFT, shown)


class Caption(QWidget):
    """Symbol, note and colour bar in one line."""

    def __init__(self, what: str, optional: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.button = QuantityButton(what, optional)
        self.note = Note()
        self.bar = ColourBar()
        self.setFixedHeight(HEIGHT)
        row = QHBoxLayout(self)
        row.setContentsMargins(4, 0, 8, 0)
        row.setSpacing(6)
        for widget in (self.button, self.note, self.bar):
            row.addWidget(widget, 1 if widget is self.note else 0)

    def minimumSizeHint(self) -> QSize:
        """Narrow enough for note and colours to give way."""
        return QSize(_LEAST, HEIGHT)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where it is narrow, what the matrix is goes before its colours."""
        self.bar.setVisible(self.width() >= _ROOM_FOR_BAR)
        self.bar.set_short(self.width() < _ROOM_FOR_LONG_BAR)


_LEAST = 120
_ROOM_FOR_BAR, _ROOM_FOR_LONG_BAR = 230, 370
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
