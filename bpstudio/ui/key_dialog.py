"""Giving actions other keys."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from bpstudio.ui.actions import ACTIONS, Spec, find
from bpstudio.ui.fuzzy import match
from bpstudio.ui.key_map import KeyMap, key_text, reserved
from bpstudio.ui.key_recorder import KeyRecorder
from bpstudio.ui.style import GAP, PADDING, set_role

_NAME = Qt.ItemDataRole.UserRole


class KeyDialog(QDialog):
    """Every action with its key: record another, reset one or all. What is chosen holds at once."""

    def __init__(self, keys: KeyMap, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._keys = keys
        self._wanted = ""  # a key that another action has, until it is decided whose it is
        self.setWindowTitle("Change keys")
        self.search = QLineEdit()
        self.list = QTreeWidget()
        self.record = KeyRecorder("New key…")
        self.none = _button("No key", "The action is left to menus and the command palette")
        self.reset = _button("Reset", "The key that this action had at first")
        self.reset_all = _button("Reset all", "The keys that all actions had at first")
        self.close_button = _button("Close", "Close (Esc)")
        self.said = QLabel()
        self.take = _button("", "The other action goes without this key")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._build()
        self._connect()
        self._fill()
        self.resize(620, 640)
        self.search.setFocus()

    def _build(self) -> None:
        self.search.setPlaceholderText("Find an action or a key")
        self.search.setAccessibleName("Find an action or a key")
        self.search.setToolTip("Letters of an action, or a key such as Ctrl+F11")
        self.record.setToolTip("Give the chosen action another key in the place of those it has")
        self.list.setHeaderLabels(["Action", "Menu", "Key", ""])
        self.list.setRootIsDecorated(False)
        self.list.setAccessibleName("Actions and their keys")
        self.list.setToolTip("Enter or a double click gives an action another key")
        self.list.header().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.list.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.list.header().setStretchLastSection(False)
        self.said.setWordWrap(True)
        set_role(self.said, "label")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(PADDING, PADDING, PADDING, PADDING)
        layout.setSpacing(GAP)
        layout.addWidget(self.search)
        layout.addWidget(self.list, 1)
        layout.addLayout(_row(self.said, self.take))
        layout.addLayout(
            _row(self.record, self.none, self.reset, None, self.reset_all, self.close_button)
        )
        self.say("")

    def _connect(self) -> None:
        self.search.textChanged.connect(self._fill)
        self.list.currentItemChanged.connect(self._choose)
        self.list.itemActivated.connect(lambda _item: self.record.click())
        self.record.recorded.connect(self.offer)
        self.none.clicked.connect(lambda: self._keys.choose(self.name, ()))
        self.reset.clicked.connect(self._reset)
        self.reset_all.clicked.connect(self._keys.reset_all)
        self.take.clicked.connect(lambda: self._give(self._wanted))
        self.close_button.clicked.connect(self.accept)
        self._keys.changed.connect(self._fill)

    @property
    def name(self) -> str:
        """The chosen action; "" where the list is empty."""
        item = self.list.currentItem()
        return str(item.data(0, _NAME)) if item else ""

    def choose(self, name: str) -> None:
        """Choose an action of the list; the first one where it is not there."""
        rows = range(self.list.topLevelItemCount())
        names = [self.list.model().index(row, 0).data(_NAME) for row in rows]
        row = names.index(name) if name in names else 0
        self.list.setCurrentIndex(self.list.model().index(row, 0))
        self._choose()

    def offer(self, key: str) -> None:
        """A key for the chosen action: given where it is free, else it is said whose it is."""
        holder = self._keys.holder(key)
        if reserved(key):
            self.say(f"{key_text(key)} is needed in fields and lists. Choose it with Ctrl or Alt.")
        elif holder in (None, self.name):
            self._give(key)
        else:
            assert holder is not None
            self._wanted = key
            other = find(holder).text.rstrip("…")
            self.say(f"{key_text(key)} is the key of \u201c{other}\u201d.", "Take it from there")

    def say(self, text: str, remedy: str = "") -> None:
        """A sentence under the list, with a button where something can be done."""
        self.said.setText(text)
        self.take.setText(remedy)
        self.take.setVisible(bool(remedy))

    def _give(self, key: str) -> None:
        holder = self._keys.holder(key)
        self._keys.choose(self.name, (key,))
        bereft = holder not in (None, self.name) and not self._keys.keys(str(holder))
        text = find(str(holder)).text.rstrip("…") if bereft else ""
        self.say(f"\u201c{text}\u201d has no key now." if bereft else "")

    def _reset(self) -> None:
        self._keys.reset(self.name)
        if self._keys.is_changed(self.name):
            self.say("Its first key is another action's now; reset that one as well.")

    def _choose(self) -> None:
        self.say("" if self.name else "No action has these letters, and no key is called so.")
        for button in (self.record, self.none, self.reset):
            button.setEnabled(bool(self.name))

    def _fill(self) -> None:
        """The actions that fit what is sought; the chosen one stays chosen."""
        chosen, sought = self.name, self.search.text()
        self.list.blockSignals(True)
        self.list.clear()
        for spec in ACTIONS:
            found = match(sought, f"{spec.text} {spec.menu} {self._keys.text(spec.name)}")
            if found is not None and found.rank < 3:
                self.list.addTopLevelItem(self._item(spec))
        self.list.blockSignals(False)
        self.choose(chosen)

    def _item(self, spec: Spec) -> QTreeWidgetItem:
        changed = "changed" if self._keys.is_changed(spec.name) else ""
        text = self._keys.text(spec.name) or "none"
        item = QTreeWidgetItem([spec.text.rstrip("…"), spec.menu, text, changed])
        item.setData(0, _NAME, spec.name)
        return item


def _button(text: str, tip: str) -> QPushButton:
    button = QPushButton(text)
    button.setToolTip(tip)
    button.setAutoDefault(False)
    return button


def _row(*widgets: QWidget | None) -> QHBoxLayout:
    """Widgets side by side; None is the room between them."""
    row = QHBoxLayout()
    row.setSpacing(GAP)
    for widget in widgets:
        if widget is None:
            row.addStretch(1)
        else:
            row.addWidget(widget, 1 if isinstance(widget, QLabel) else 0)
    return row
