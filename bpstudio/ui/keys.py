"""Keys that a focused control needs for itself, and the sheet of all keys."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from bpstudio.ui import actions
from bpstudio.ui.style import SECTION_GAP, set_role

# Keys without Ctrl or Alt that are actions of the window, and the controls that keep them.
_OWNERS: dict[Qt.Key, tuple[type[QWidget], ...]] = {
    Qt.Key.Key_Space: (QAbstractButton, QComboBox, QLineEdit, QAbstractItemView),
    Qt.Key.Key_Left: (QAbstractSlider, QLineEdit, QAbstractSpinBox, QAbstractItemView, QComboBox),
    Qt.Key.Key_Right: (QAbstractSlider, QLineEdit, QAbstractSpinBox, QAbstractItemView, QComboBox),
    Qt.Key.Key_Home: (QAbstractSlider, QLineEdit, QAbstractSpinBox, QAbstractItemView),
}


class ControlKeys(QObject):
    """Lets a focused button have the space bar, and a focused field its arrows."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Accept a shortcut's override where the focused control uses the key itself."""
        if event.type() != QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent):
            return False
        focused = QApplication.focusWidget()
        if event.key() == Qt.Key.Key_Space and isinstance(focused, QAbstractSpinBox):
            event.ignore()  # a number has no spaces: the key is the window's
            return True
        owners = _OWNERS.get(Qt.Key(event.key())) if not _with_modifier(event) else None
        if owners and isinstance(focused, owners):
            event.accept()
            return True
        return False


def _with_modifier(event: QKeyEvent) -> bool:
    keypad = Qt.KeyboardModifier.KeypadModifier
    return bool(event.modifiers() & ~keypad)


class KeySheet(QDialog):
    """Every action with its key, menu by menu."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Keys")
        layout = QVBoxLayout(self)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        sheet = _sheet()
        area.setWidget(sheet)
        layout.addWidget(area)
        close = QPushButton("Close")
        close.clicked.connect(self.reject)
        layout.addWidget(close, 0, Qt.AlignmentFlag.AlignRight)
        self.resize(sheet.sizeHint() + QSize(48, 80))
        close.setFocus()


def _sheet() -> QWidget:
    """The menus in two columns of about the same length."""
    sheet = QWidget()
    row = QHBoxLayout(sheet)
    row.setSpacing(SECTION_GAP * 2)
    for menus in _halves():
        column = QGridLayout()
        column.setHorizontalSpacing(SECTION_GAP)
        column.setVerticalSpacing(4)
        _fill_column(column, menus)
        row.addLayout(column)
    return sheet


def _halves() -> tuple[tuple[str, ...], tuple[str, ...]]:
    def lines(menus: tuple[str, ...]) -> int:
        return sum(1 + len(_with_keys(menu)) for menu in menus)

    cuts = range(1, len(actions.MENUS))
    cut = min(cuts, key=lambda n: max(lines(actions.MENUS[:n]), lines(actions.MENUS[n:])))
    return actions.MENUS[:cut], actions.MENUS[cut:]


def _with_keys(menu: str) -> list[actions.Spec]:
    return [spec for spec in actions.specs_of(menu) if spec.keys]


def _fill_column(grid: QGridLayout, menus: tuple[str, ...]) -> None:
    for menu in menus:
        first = grid.rowCount()
        title = QLabel(menu)
        set_role(title, "title")
        title.setContentsMargins(0, 0 if menu == menus[0] else 8, 0, 0)
        grid.addWidget(title, first, 0, 1, 2)
        for row, spec in enumerate(_with_keys(menu), start=first + 1):
            grid.addWidget(QLabel(spec.text.rstrip("…")), row, 0)
            key = QLabel(actions.key_text(spec))
            set_role(key, "key")
            grid.addWidget(key, row, 1, Qt.AlignmentFlag.AlignLeft)
    grid.setRowStretch(grid.rowCount(), 1)
