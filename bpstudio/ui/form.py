"""The pieces that a form is made of."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QHelpEvent, QPaintEvent
from PySide6.QtWidgets import (
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QStyle,
    QStyleOptionComboBox,
    QStylePainter,
    QToolTip,
    QWidget,
)

from bpstudio.core.errors import InputError
from bpstudio.ui.fields import RealField, WholeField, problem
from bpstudio.ui.style import FORM_ROW, GAP, HEADER_HEIGHT, PADDING, set_role


class Choice(QComboBox):
    """A list to choose from; of a choice that is too long for it the end is left out, with dots."""

    def paintEvent(self, event: QPaintEvent) -> None:
        """As Qt paints it, which cuts letters in two."""
        del event
        painter, option = QStylePainter(self), QStyleOptionComboBox()
        self.initStyleOption(option)
        option.currentText = self.shown_text()
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)
        painter.end()

    def shown_text(self) -> str:
        """What there is room for."""
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        part = QStyle.SubControl.SC_ComboBoxEditField
        box = self.style().subControlRect(QStyle.ComplexControl.CC_ComboBox, option, part, self)
        dots = Qt.TextElideMode.ElideRight
        return self.fontMetrics().elidedText(self.currentText(), dots, box.width())

    def event(self, event: QEvent) -> bool:
        """The tooltip has the whole text first where it is cut."""
        if isinstance(event, QHelpEvent) and self.shown_text() != self.currentText():
            text = f"{self.currentText()}\n{self.toolTip()}"
            QToolTip.showText(event.globalPos(), text, self)
            return True
        return super().event(event)


def combo(hint: str, items: Iterable[tuple[str, str]]) -> QComboBox:
    """A list to choose from: texts with the names they stand for."""
    box = Choice()
    for text, data in items:
        box.addItem(text, data)
    box.setToolTip(hint)
    box.setAccessibleName(hint)
    box.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
    box.setMinimumWidth(64)
    return box


def whole(hint: str, least: int, most: int) -> WholeField:
    """A field for a whole number."""
    box = WholeField(least, most, least)
    describe(box, hint)
    return box


def real(hint: str, least: float, most: float) -> RealField:
    """A field for a real number."""
    box = RealField(least, most, least)
    describe(box, hint)
    return box


def refuse(box: WholeField | RealField, text: str) -> None:
    """Say which number a field takes. InputError."""
    raise InputError(problem(box, text))


def describe(box: WholeField | RealField, hint: str) -> None:
    """What a field means, and how it takes room."""
    box.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
    box.setMinimumWidth(50)
    box.setToolTip(hint)
    box.setAccessibleName(hint)


def header(title: str) -> QWidget:
    """The bar with a panel's name."""
    bar = QWidget()
    set_role(bar, "header")
    bar.setFixedHeight(HEADER_HEIGHT)
    inside = QHBoxLayout(bar)
    inside.setContentsMargins(PADDING, 0, 8, 0)
    name = QLabel(title)
    set_role(name, "title")
    inside.addWidget(name)
    inside.addStretch(1)
    return bar


def grid() -> QGridLayout:
    """Labels at the left, controls beside them."""
    made = QGridLayout()
    made.setHorizontalSpacing(GAP)
    made.setVerticalSpacing(1)
    made.setColumnMinimumWidth(0, 56)
    made.setColumnStretch(1, 1)
    return made


def row(grid: QGridLayout, number: int, text: str, control: QWidget, *more: QWidget) -> None:
    """A label, its control and what stands beside it."""
    name = label(text)
    name.setBuddy(control)
    grid.addWidget(name, number, 0)
    grid.addWidget(control, number, 1, 1, 1 if more else 2)
    for column, widget in enumerate(more, start=2):
        grid.addWidget(widget, number, column)
    grid.setRowMinimumHeight(number, FORM_ROW - 2)


def note() -> QLabel:
    """A small remark."""
    remark = QLabel()
    set_role(remark, "hint")
    return remark


def remark() -> QLabel:
    """A small remark of several lines, from the top on."""
    text = note()
    text.setWordWrap(True)
    text.setAlignment(Qt.AlignmentFlag.AlignTop)
    return text


def fixed(text: str) -> QLabel:
    """A value that cannot be edited, in line with those that can."""
    value = label(text)
    value.setContentsMargins(9, 0, 0, 0)
    return value


def label(text: str) -> QLabel:
    """What a control is called."""
    name = QLabel(text)
    set_role(name, "label")
    return name


def beside(*widgets: QWidget) -> QWidget:
    """Controls in one row of the form."""
    holder = QWidget()
    inside = QHBoxLayout(holder)
    inside.setContentsMargins(0, 0, 0, 0)
    inside.setSpacing(GAP)
    for widget in widgets:
        inside.addWidget(widget)
    return holder


def caption(text: str) -> QLabel:
    """The title of a column."""
    title = QLabel(text)
    set_role(title, "caption")
    return title


def select(box: QComboBox, data: object) -> None:
    """Show a choice; one that the list lacks is added."""
    index = box.findData(data)
    if index < 0 and data is not None:
        box.addItem(str(data), data)
        index = box.count() - 1
    box.setCurrentIndex(index)


def set_number(box: WholeField | RealField, value: float) -> None:
    """Show a number, as no edit of the user's."""
    box.blockSignals(True)
    if isinstance(box, WholeField):
        box.setValue(int(value))
    else:
        box.setValue(value)
    box.blockSignals(False)
