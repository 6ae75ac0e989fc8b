"""Every action by a few of its letters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
)
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QFrame, QLabel, QLineEdit, QListView, QVBoxLayout, QWidget

from bpstudio.ui.actions import ACTIONS, Spec
from bpstudio.ui.command_rows import paint_command
from bpstudio.ui.commands import Commands
from bpstudio.ui.fuzzy import match
from bpstudio.ui.key_map import KeyMap
from bpstudio.ui.painted_rows import ROW, PaintedRows
from bpstudio.ui.style import GAP, LIST_ROW, PADDING, set_role
from bpstudio.ui.theme import Appearance

WIDTH = 560
_ROWS = 12
_MOVES = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)
Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Row:
    """One line: the action, which of its letters were meant, its key, and why it is off."""

    name: str
    text: str
    menu: str
    key: str
    reason: str = ""
    places: tuple[int, ...] = ()

    @property
    def spoken(self) -> str:
        """The line as a screen reader says it."""
        return ", ".join(filter(None, (self.text, self.menu, self.key, self.reason)))


def rows_for(query: str, commands: Commands, keys: KeyMap) -> tuple[Row, ...]:
    """The actions that fit a query, best first; equal ones in the order of the menus."""
    found = [(fit, spec) for spec in ACTIONS if (fit := _fit(query, spec))]
    found.sort(key=lambda pair: pair[0][:3])
    return tuple(_row(spec, commands, keys, fit[3]) for fit, spec in found)


def _fit(query: str, spec: Spec) -> tuple[int, tuple[int, ...], int, tuple[int, ...]] | None:
    """How well, the smaller the better: its name before its menu and hint, short before long."""
    own = match(query, spec.text)
    if own is not None:
        return own.rank, own.places[:1], len(spec.text) if own.places else 0, own.places
    other = match(query, f"{spec.menu} {spec.hint}")
    return (4, (other.rank,), 0, ()) if other is not None and other.rank < 3 else None


def _row(spec: Spec, commands: Commands, keys: KeyMap, places: tuple[int, ...]) -> Row:
    reason = "" if commands[spec.name].isEnabled() else commands[spec.name].whatsThis()
    text = commands[spec.name].text().rstrip("…")
    return Row(spec.name, text, spec.menu, keys.first(spec.name), reason, places)


class RowModel(QAbstractListModel):
    """The lines on show."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows: tuple[Row, ...] = ()

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Show other lines."""
        self.beginResetModel()
        self.rows = tuple(rows)
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """How many actions fit."""
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Text, words for a screen reader, tooltip."""
        row = self.rows[index.row()]
        texts = {
            Qt.ItemDataRole.DisplayRole: row.text,
            Qt.ItemDataRole.AccessibleTextRole: row.spoken,
            Qt.ItemDataRole.ToolTipRole: row.reason or None,
            ROW: row,
        }
        return texts.get(Qt.ItemDataRole(role))


class CommandPalette(QDialog):
    """Type some letters, choose with the arrow keys, Enter runs. Esc, or a click beside, closes."""

    def __init__(
        self, commands: Commands, keys: KeyMap, appearance: Appearance, parent: QWidget
    ) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self._commands, self._keys = commands, keys
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAccessibleName("Command palette")
        set_role(self, "card")
        self.field = QLineEdit()
        self.model = RowModel(self)
        self.list = QListView()
        self.nothing = QLabel("No action has these letters.")
        self._build(appearance)
        self.field.textChanged.connect(self._fill)
        self.field.returnPressed.connect(self._run)
        self.list.clicked.connect(lambda _index: self._run())
        self.field.installEventFilter(self)
        self._fill()
        self._place(parent)
        self.field.setFocus()

    def _build(self, appearance: Appearance) -> None:
        self.field.setPlaceholderText("Find an action")
        self.field.setAccessibleName("Find an action")
        self.field.setToolTip("Letters of an action; the arrow keys choose, Enter runs it")
        self.list.setModel(self.model)
        self.list.setItemDelegate(PaintedRows(paint_command, LIST_ROW, self.list))
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setUniformItemSizes(True)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setAccessibleName("Actions")
        self.list.setFixedHeight(_ROWS * LIST_ROW)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        set_role(self.nothing, "hint")
        self.nothing.setContentsMargins(PADDING, GAP, PADDING, GAP)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GAP, GAP, GAP, GAP)
        layout.setSpacing(GAP)
        for widget in (self.field, self.list, self.nothing):
            layout.addWidget(widget)

    def _place(self, window: QWidget) -> None:
        """In the middle of the window's upper part."""
        self.setFixedWidth(min(WIDTH, window.width() - 2 * PADDING))
        corner = window.mapToGlobal(window.rect().topLeft())
        self.move(corner.x() + (window.width() - self.width()) // 2, corner.y() + 76)

    @property
    def row(self) -> Row | None:
        """The chosen line."""
        index = self.list.currentIndex()
        return self.model.rows[index.row()] if index.isValid() else None

    def _fill(self) -> None:
        self.model.show_rows(rows_for(self.field.text(), self._commands, self._keys))
        self.nothing.setVisible(not self.model.rows)
        if self.model.rows:
            self.list.setCurrentIndex(self.model.index(0))

    def _run(self) -> None:
        """Run the chosen action, after the palette is gone; one that is off stays where it is."""
        row = self.row
        if row is not None and not row.reason:
            action = self._commands[row.name]
            self.close()
            action.trigger()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The arrow keys move in the list while the field has the focus."""
        pressed = event.type() == QEvent.Type.KeyPress
        if pressed and isinstance(event, QKeyEvent) and event.key() in _MOVES:
            self.list.keyPressEvent(event)
            return True
        return super().eventFilter(watched, event)
