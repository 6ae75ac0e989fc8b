"""Keys that a focused control needs for itself, and the sheet of all keys."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QLabel,
    QLineEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from bpstudio.ui import actions
from bpstudio.ui.style import set_role

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
        self.resize(760, 620)
        layout = QVBoxLayout(self)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setWidget(_sheet())
        layout.addWidget(area)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout.addWidget(buttons)


def _sheet() -> QWidget:
    sheet = QWidget()
    grid = QGridLayout(sheet)
    grid.setHorizontalSpacing(16)
    grid.setVerticalSpacing(4)
    half = len(actions.MENUS) // 2 + 1
    for column, menus in enumerate((actions.MENUS[:half], actions.MENUS[half:])):
        _fill_column(grid, 2 * column, menus)
    grid.setColumnStretch(4, 1)
    return sheet


def _fill_column(grid: QGridLayout, column: int, menus: tuple[str, ...]) -> None:
    row = 0
    for menu in menus:
        title = QLabel(menu)
        set_role(title, "title")
        title.setContentsMargins(0, 8 if row else 0, 0, 0)
        grid.addWidget(title, row, column, 1, 2)
        row += 1
        for spec in actions.specs_of(menu):
            if not spec.keys:
                continue
            grid.addWidget(QLabel(spec.text.rstrip("…")), row, column)
            key = QLabel(actions.key_text(spec))
            set_role(key, "key")
            grid.addWidget(key, row, column + 1, Qt.AlignmentFlag.AlignLeft)
            row += 1
    grid.setRowStretch(max(row, grid.rowCount()), 1)
