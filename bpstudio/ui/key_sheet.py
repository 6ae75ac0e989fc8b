"""The sheet of all keys."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations, pairwise

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from bpstudio.ui import actions
from bpstudio.ui.key_map import KeyMap
from bpstudio.ui.style import SECTION_GAP, set_role

_COLUMNS = 3


class KeySheet(QDialog):
    """Every action with its key, menu by menu."""

    def __init__(self, keys: KeyMap, change: Callable[[], object], parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Keys")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        layout = QVBoxLayout(self)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        sheet = _sheet(keys)
        area.setWidget(sheet)
        layout.addWidget(area)
        buttons = QHBoxLayout()
        self.change = QPushButton("Change…")
        self.change.setToolTip("Give actions other keys")
        self.change.clicked.connect(self.accept)
        self.accepted.connect(change)
        close = QPushButton("Close")
        close.clicked.connect(self.reject)
        buttons.addStretch(1)
        for button in (self.change, close):
            button.setAutoDefault(False)
            buttons.addWidget(button)
        layout.addLayout(buttons)
        room = self.screen().availableSize() - QSize(40, 80)
        self.resize((sheet.sizeHint() + QSize(48, 80)).boundedTo(room))
        close.setFocus()


def _sheet(keys: KeyMap) -> QWidget:
    """The menus in columns of about the same length."""
    sheet = QWidget()
    row = QHBoxLayout(sheet)
    row.setSpacing(SECTION_GAP * 2)
    for menus in _columns(keys):
        column = QGridLayout()
        column.setHorizontalSpacing(SECTION_GAP)
        column.setVerticalSpacing(4)
        _fill_column(column, menus, keys)
        row.addLayout(column)
    return sheet


def _columns(keys: KeyMap) -> list[tuple[str, ...]]:
    """The menus, in order, in columns of which the longest is as short as can be."""
    menus = actions.MENUS
    lengths = [1 + len(_with_keys(menu, keys)) for menu in menus]
    cuts = combinations(range(1, len(menus)), _COLUMNS - 1)
    parts = [list(pairwise((0, *cut, len(menus)))) for cut in cuts]
    best = min(parts, key=lambda part: max(sum(lengths[a:b]) for a, b in part))
    return [menus[a:b] for a, b in best]


def _with_keys(menu: str, keys: KeyMap) -> list[actions.Spec]:
    return [spec for spec in actions.specs_of(menu) if keys.keys(spec.name)]


def _fill_column(grid: QGridLayout, menus: tuple[str, ...], keys: KeyMap) -> None:
    for menu in menus:
        first = grid.rowCount()
        title = QLabel(menu)
        set_role(title, "title")
        title.setContentsMargins(0, 0 if menu == menus[0] else 8, 0, 0)
        grid.addWidget(title, first, 0, 1, 2)
        for row, spec in enumerate(_with_keys(menu, keys), start=first + 1):
            grid.addWidget(QLabel(spec.text.rstrip("…")), row, 0)
            key = QLabel(keys.text(spec.name))
            set_role(key, "key")
            grid.addWidget(key, row, 1, Qt.AlignmentFlag.AlignLeft)
    grid.setRowStretch(grid.rowCount(), 1)
