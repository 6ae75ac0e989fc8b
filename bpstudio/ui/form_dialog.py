"""A dialog with a form beside a picture of what comes of it, over the bar with the buttons."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QLayout, QVBoxLayout, QWidget

from bpstudio.ui.form import row
from bpstudio.ui.style import GAP, PADDING, SECTION_GAP


def rows_of(fields: Iterable[tuple[str, QWidget]]) -> QGridLayout:
    """The fields of a form, one below the other, each with its name."""
    grid = QGridLayout()
    grid.setHorizontalSpacing(SECTION_GAP)
    grid.setVerticalSpacing(GAP)
    grid.setColumnStretch(1, 1)
    for number, (text, field) in enumerate(fields):
        row(grid, number, text, field)
    return grid


def fill(dialog: QDialog, form: QWidget, picture: QWidget, bar: QWidget) -> None:
    """Put everything into the dialog."""
    top = QHBoxLayout()
    top.setContentsMargins(PADDING, PADDING, PADDING, PADDING)
    top.setSpacing(SECTION_GAP)
    top.addWidget(form)
    top.addWidget(picture, 1)
    layout = QVBoxLayout(dialog)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(0)
    layout.addLayout(top, 1)
    layout.addWidget(bar)


def form_of(rows: QLayout, width: int, below: QWidget | None = None) -> QWidget:
    """A form so many pixels wide; what is ``below`` the rows takes the rest of the height."""
    form = QWidget()
    form.setFixedWidth(width)
    inside = QVBoxLayout(form)
    inside.setContentsMargins(0, 0, 0, 0)
    inside.addLayout(rows)
    if below is None:
        inside.addStretch(1)
    else:
        inside.addWidget(below, 1)
    return form
