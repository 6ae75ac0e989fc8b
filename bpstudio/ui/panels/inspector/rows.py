"""One row of the inspector: symbol, number or field, and the link to its step."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QFontMetrics,
    QPainter,
    QPaintEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import (
    QAbstractButton,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from bpstudio.core.notation import format_number
from bpstudio.ui.fields import RealField
from bpstudio.ui.fonts import SEMIBOLD, Size, mono_font, ui_font
from bpstudio.ui.formula_label import FormulaLabel
from bpstudio.ui.panels.inspector.lines import Line
from bpstudio.ui.style import GAP, set_role
from bpstudio.ui.theme import current_theme

LARGEST = 1.7e308
DIGITS = 6
PENDING = "pending"
_FIELD, _LEAST_LINK = 148, 76


class NumberField(RealField):
    """A field that tells spinning from typing: what is spun belongs together."""

    edited = Signal(float, bool)
    """A new number, and whether it is one of a row of small changes."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(-LARGEST, LARGEST, 0.0, parent)
        self._spinning = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFixedWidth(_FIELD)
        self.valueChanged.connect(self._tell)

    def stepBy(self, steps: int) -> None:
        """By arrow keys, buttons or the wheel."""
        self._spinning = True
        super().stepBy(steps)
        self._spinning = False

    def wheelEvent(self, event: QWheelEvent) -> None:
        """The wheel scrolls the panel unless the field has the focus."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def show_number(self, value: float, anew: bool) -> None:
        """As no edit of the user's; unless ``anew``, what is being typed stays."""
        if anew or value != self.value():
            self.blockSignals(True)
            self.setValue(value)
            self.blockSignals(False)

    def _tell(self, value: float) -> None:
        self.edited.emit(value, self._spinning)


class NumberLabel(QLabel):
    """A number in full where there is room."""

    def __init__(self) -> None:
        super().__init__()
        self.setFont(ui_font(Size.BASE, SEMIBOLD))
        self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)

    def show_number(self, value: float | None) -> None:
        """None: not computed yet."""
        self.setText(PENDING if value is None else format_number(value, DIGITS))
        self.setToolTip("Not computed at this step" if value is None else repr(value))
        self.setEnabled(value is not None)


class LinkButton(QAbstractButton):
    """An address that is cut at its left where it has no room."""

    def __init__(self) -> None:
        super().__init__()
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._fonts = mono_font(Size.TABLE), mono_font(Size.TABLE)
        self._fonts[1].setUnderline(True)
        self._width = 0

    def show_address(self, address: str, tip: str) -> None:
        """What it names, and what a click does."""
        if address != self.text():
            self.setText(address)
            self._width = QFontMetrics(self._fonts[0]).horizontalAdvance(address) + 2
            self.updateGeometry()
        self.setToolTip(tip)
        self.setAccessibleName(tip)

    def sizeHint(self) -> QSize:
        """As wide as the address."""
        return QSize(self._width, 18)

    def minimumSizeHint(self) -> QSize:
        """The end of an address says most."""
        return QSize(min(_LEAST_LINK, self._width), 18)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Underlined under the pointer."""
        with QPainter(self) as painter:
            painter.setFont(self._fonts[self.underMouse()])
            painter.setPen(QColor(current_theme().accent_text))
            left = Qt.TextElideMode.ElideLeft
            shown = painter.fontMetrics().elidedText(self.text(), left, self.width())
            right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(self.rect(), right, shown)


class WordsLabel(QLabel):
    """Words that end in an ellipsis where they have no room."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    @property
    def shown(self) -> str:
        """What of the text is to be read."""
        metrics = QFontMetrics(self.font())
        return metrics.elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())

    def paintEvent(self, event: QPaintEvent) -> None:
        """The text in the style of a label."""
        with QPainter(self) as painter:
            left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
            role, enabled = self.foregroundRole(), self.isEnabled()
            self.style().drawItemText(
                painter, self.rect(), int(left), self.palette(), enabled, self.shown, role
            )


class InspectorRow(QWidget):
    """Shows one line; made once and filled again."""

    address_requested = Signal(str)
    """The step to go to."""
    edited = Signal(float, bool)
    """A new number, and whether it is one of a row of small changes."""
    refused = Signal(str)
    """What was typed and is no number."""
    menu_requested = Signal(object, QPoint)
    """The address of the number, and where on screen."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.line: Line | None = None
        self.symbol = FormulaLabel("", Size.NARRATION, display=False)
        self.number, self.field, self.link = NumberLabel(), NumberField(), LinkButton()
        self.words = WordsLabel()
        set_role(self.words, "hint")
        self.field.edited.connect(self.edited)
        self.field.refused.connect(self.refused)
        self.link.clicked.connect(self._go)
        self._lay_out()

    def _lay_out(self) -> None:
        above, below = QHBoxLayout(), QHBoxLayout()
        above.addWidget(self.symbol)
        above.addStretch(1)
        above.addWidget(self.number)
        above.addWidget(self.field)
        below.addWidget(self.words, 1)
        below.addWidget(self.link)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 4, 0, 4)
        whole.setSpacing(1)
        for line in (above, below):
            line.setSpacing(GAP)
            whole.addLayout(line)

    def show_line(self, line: Line, note: str, enabled: bool) -> None:
        """The number, and under it what it is; ``enabled``: whether it may be edited now."""
        editable = line.editable != ""
        self.symbol.set_tex(line.tex)
        self.number.setVisible(not editable)
        self.field.setVisible(editable)
        if editable and line.value is not None:
            anew = self.line is None or self.line.address != line.address
            self.field.show_number(line.value, anew)
            self.field.setEnabled(enabled)
            self.field.setAccessibleName(f"{self.symbol.formula.speech}, {line.words}")
            self.field.setToolTip(f"Change {line.words}: type a number, or use the arrow keys")
        else:
            self.number.show_number(line.value)
        self._show_place(line, note)
        self.line = line

    def _show_place(self, line: Line, note: str) -> None:
        given = line.step != line.address
        verb = "Go to the first step that takes it" if given else "Go to its step"
        self.link.show_address(line.address, f"{line.address}: {verb}")
        was = "" if line.was is None else f"was {format_number(line.was, DIGITS)} before your edit"
        text = "; ".join(each for each in (was, line.words, note) if each)
        self.words.setText(text)
        self.words.setToolTip(text)
        set_role(self.words, "label" if was else "hint")

    def _go(self) -> None:
        if self.line is not None:
            self.address_requested.emit(self.line.step)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """What can be done with the number."""
        if self.line is not None:
            self.menu_requested.emit(self.line.address, event.globalPos())
