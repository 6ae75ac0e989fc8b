"""How the import dialog is put together: header, preview, problems and split, footer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from bpstudio.ui.buttons import icon_button
from bpstudio.ui.style import GAP, PADDING, TABLE_ROW, set_primary, set_role
from bpstudio.ui.theme import Appearance

if TYPE_CHECKING:
    from bpstudio.ui.importing.dialog import ImportDialog

_HEADER, _FOOTER, _STRIP = 44, 56, 38
_BOTTOM, _LEAST_BOTTOM = 214, 132
_LEAST_ROWS = 5 * TABLE_ROW
_EDGE = PADDING + 4
_LONGEST_NAME = 700


def build(dialog: ImportDialog, appearance: Appearance) -> None:
    """Put the parts in their places."""
    layout = QVBoxLayout(dialog)
    layout.setContentsMargins(1, 1, 1, 1)
    layout.setSpacing(0)
    for part in (_header(dialog, appearance), dialog.format, _preview_strip(dialog)):
        layout.addWidget(part)
    layout.addWidget(dialog.heads)
    dialog.view.setMinimumHeight(_LEAST_ROWS)
    layout.addWidget(dialog.view, 1)
    layout.addWidget(_bottom(dialog))
    layout.addWidget(_footer(dialog))
    dialog.setObjectName("import")
    set_role(dialog, "dialog")


def small_button(text: str, tip: str) -> QPushButton:
    """A button that Enter does not press from elsewhere."""
    button = QPushButton(text)
    button.setToolTip(tip)
    button.setAutoDefault(False)
    return button


def _header(dialog: ImportDialog, appearance: Appearance) -> QWidget:
    close = icon_button("close", "Close", appearance, "Esc")
    close.clicked.connect(dialog.reject)
    about = QLabel()
    middle = Qt.TextElideMode.ElideMiddle
    about.setText(about.fontMetrics().elidedText(dialog.about, middle, _LONGEST_NAME))
    about.setToolTip(str(dialog.path))
    set_role(about, "label")
    return _strip("Import data", "header", _HEADER, about, None, close)


def _preview_strip(dialog: ImportDialog) -> QWidget:
    set_role(dialog.shown, "label")
    parts = (dialog.shown, None, dialog.rows, dialog.previous, dialog.next)
    return _strip("Preview", "header", _STRIP, *parts)


def _bottom(dialog: ImportDialog) -> QWidget:
    set_role(dialog.listed, "label")
    holder = QWidget()
    holder.setMinimumHeight(_LEAST_BOTTOM)
    holder.setMaximumHeight(_BOTTOM)
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(1)
    row.addWidget(_pane("Problems", dialog.problems, dialog.listed), 22)
    row.addWidget(_pane("Split", _scrolled(dialog.split)), 9)
    row.addWidget(_pane("Class balance", _scrolled(dialog.balance)), 10)
    return holder


def _scrolled(body: QWidget) -> QWidget:
    """What scrolls up and down where the dialog is too low for it."""
    area = QScrollArea()
    area.setWidget(body)
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setMinimumWidth(max(0, body.minimumSizeHint().width()))
    return area


def _pane(title: str, body: QWidget, *more: QWidget) -> QWidget:
    holder = QWidget()
    inside = QVBoxLayout(holder)
    inside.setContentsMargins(0, 0, 0, 0)
    inside.setSpacing(0)
    inside.addWidget(_strip(title, "header", _STRIP - 6, *more, None))
    inside.addWidget(body, 1)
    return holder


def _footer(dialog: ImportDialog) -> QWidget:
    set_role(dialog.summary, "label")
    dialog.summary.setWordWrap(True)
    dialog.summary.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
    set_primary(dialog.ok)
    dialog.ok.setDefault(True)
    dialog.ok.setToolTip("Open the rows that can be used (Enter)")
    return _strip("", "footer", _FOOTER, dialog.summary, dialog.cancel, dialog.ok)


def _strip(title: str, role: str, height: int, *parts: QWidget | None) -> QWidget:
    """A bar with a title; None is the room between its parts."""
    bar = QWidget()
    set_role(bar, role)
    bar.setFixedHeight(height)
    row = QHBoxLayout(bar)
    row.setContentsMargins(_EDGE, 0, _EDGE, 0)
    row.setSpacing(GAP)
    if title:
        name = QLabel(title)
        set_role(name, "title")
        row.addWidget(name)
    for part in parts:
        if part is None:
            row.addStretch(1)
        else:
            row.addWidget(part)
    return bar
