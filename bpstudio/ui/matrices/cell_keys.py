"""What keys do in a matrix: where they move the selection, and which are wanted at all."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence

from bpstudio.ui.matrices.source import Cell

_KEYPAD = Qt.KeyboardModifier.KeypadModifier
_MOVES = frozenset(
    {
        *(Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down),
        *(Qt.Key.Key_Home, Qt.Key.Key_End, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown),
    }
)
RUN = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter})
_ZOOMS = {Qt.Key.Key_Plus: 1, Qt.Key.Key_Equal: 1, Qt.Key.Key_Minus: -1, Qt.Key.Key_0: 0}


def is_plain(event: QKeyEvent) -> bool:
    """Whether no modifier is held; the keypad counts as none."""
    return not event.modifiers() & ~_KEYPAD


def moved(cell: Cell | None, event: QKeyEvent, rows: int, columns: int, page: int) -> Cell | None:
    """The cell that a key leads to; None where it is no key for moving. From nothing, the first."""
    key = Qt.Key(event.key())
    if key not in _MOVES or not is_plain(event):
        return None
    if cell is None:
        return (0, 0)
    row, column = cell
    targets = {
        Qt.Key.Key_Left: (row, column - 1),
        Qt.Key.Key_Right: (row, column + 1),
        Qt.Key.Key_Up: (row - 1, column),
        Qt.Key.Key_Down: (row + 1, column),
        Qt.Key.Key_Home: (row, 0),
        Qt.Key.Key_End: (row, columns - 1),
        Qt.Key.Key_PageUp: (row - page, column),
        Qt.Key.Key_PageDown: (row + page, column),
    }
    row, column = targets[key]
    return min(max(row, 0), rows - 1), min(max(column, 0), columns - 1)


def zoom_step(event: QKeyEvent) -> int | None:
    """1 for larger, −1 for smaller, 0 for the whole matrix; None for other keys."""
    held = event.modifiers() & ~(_KEYPAD | Qt.KeyboardModifier.ShiftModifier)
    if held != Qt.KeyboardModifier.ControlModifier:
        return None
    return _ZOOMS.get(Qt.Key(event.key()))


def typed(event: QKeyEvent) -> str:
    """The beginning of a number; "" for other keys."""
    shift = Qt.KeyboardModifier.ShiftModifier
    if event.modifiers() & ~(_KEYPAD | shift) or len(event.text()) != 1:
        return ""
    return event.text() if event.text() in "0123456789+-.,−" else ""


def wants(event: QKeyEvent, editable: bool) -> bool:
    """Whether a matrix keeps this key from the window's shortcuts."""
    if event.type() != QEvent.Type.ShortcutOverride:
        return False
    mine = is_plain(event) and (event.key() in _MOVES or event.key() in RUN)
    if mine or zoom_step(event) is not None or event.matches(QKeySequence.StandardKey.Copy):
        return True
    return editable and bool(typed(event) or (is_plain(event) and event.key() == Qt.Key.Key_F2))
