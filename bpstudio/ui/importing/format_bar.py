"""How the file is read: each option with a mark where it was found, and all of them editable."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from bpstudio.files.import_options import ImportOptions
from bpstudio.ui.fonts import Size, ui_font
from bpstudio.ui.form import combo, select, set_number, whole
from bpstudio.ui.style import PADDING, SECTION_GAP, set_role
from bpstudio.ui.theme import Appearance

_MOST_SKIPPED = 10_000
_CHOICES: tuple[tuple[str, str, str, int, tuple[tuple[str, Any], ...]], ...] = (
    (
        "delimiter",
        "Delimiter",
        "What stands between the cells of a line",
        124,
        (
            ("Comma ,", ","),
            ("Semicolon ;", ";"),
            ("Tab", "\t"),
            ("Bar |", "|"),
            ("Space", " "),
            ("Colon :", ":"),
        ),
    ),
    (
        "encoding",
        "Encoding",
        "How the characters of the file are written",
        148,
        (
            ("UTF-8", "utf-8"),
            ("UTF-8 with mark", "utf-8-sig"),
            ("UTF-16", "utf-16"),
            ("UTF-32", "utf-32"),
            ("Latin-1", "latin-1"),
            ("Windows-1252", "windows-1252"),
        ),
    ),
    (
        "header",
        "Header",
        "Whether the first line holds the names of the columns",
        104,
        (("First line", True), ("None", False)),
    ),
    (
        "decimal",
        "Decimal",
        "What stands before the fraction of a number",
        116,
        (("Point 1.5", "."), ("Comma 1,5", ",")),
    ),
    (
        "quote",
        "Quote",
        "What stands round a cell that holds a delimiter",
        104,
        (('Double "', '"'), ("Single '", "'")),
    ),
    (
        "comment",
        "Comment",
        "Lines that begin so are no rows",
        112,
        (("None", ""), ("#", "#"), ("%", "%"), ("//", "//")),
    ),
)


class FormatBar(QWidget):
    """The options of the format in a row."""

    changed = Signal(str, object)
    """The name of an option and its value."""

    again = Signal()
    """Everything is to be found anew."""

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self.boxes: dict[str, QComboBox] = {}
        self.found: dict[str, QLabel] = {}
        self.skip = whole("Skip lines: at the start of the file", 0, _MOST_SKIPPED)
        self.detect = QPushButton("Detect again")
        self.detect.setToolTip("Find the format anew, and forget what was chosen here")
        self.detect.setAutoDefault(False)
        self._build()
        self.skip.valueChanged.connect(lambda value: self.changed.emit("skip", value))
        self.detect.clicked.connect(self.again)
        appearance.changed.connect(self._retint)
        self._retint()

    def _build(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(PADDING + 4, 8, PADDING + 4, 10)
        row.setSpacing(SECTION_GAP)
        for name, title, hint, width, items in _CHOICES:
            self.boxes[name] = box = combo(f"{title}: {hint}", items)
            self.found[name] = QLabel("✓ found")
            self.found[name].setFont(ui_font(Size.CAPTION))
            row.addWidget(_titled(title, box, width, self.found[name]))
            self._watch(name, box)
        row.addWidget(_titled("Skip lines", self.skip, 72))
        row.addStretch(1)
        row.addWidget(self.detect)

    def _watch(self, name: str, box: QComboBox) -> None:
        box.activated.connect(lambda n: self._emit(name, n))

    def _emit(self, name: str, n: int) -> None:
        self.changed.emit(name, self.boxes[name].itemData(n))

    def show_options(self, said: ImportOptions, found: ImportOptions | None) -> None:
        """What is in force: what was said, else what was found; ``found`` None: not known."""
        for name, box in self.boxes.items():
            value = getattr(said, name)
            self.found[name].setVisible(value is None and found is not None)
            if value is None and found is not None:
                value = getattr(found, name)
            if value is not None:
                select(box, value)
        set_number(self.skip, said.skip)

    def allow(self, is_text: bool) -> None:
        """A Parquet file has no format to choose."""
        for widget in (*self.boxes.values(), self.skip, self.detect):
            widget.setEnabled(is_text)

    def _retint(self) -> None:
        for label in self.found.values():
            label.setStyleSheet(f"color: {self._appearance.theme.ready}")


def _titled(title: str, field: QWidget, width: int, *marks: QLabel) -> QWidget:
    holder = QWidget()
    holder.setFixedWidth(width)
    name = QLabel(title)
    name.setBuddy(field)
    name.setFont(ui_font(Size.CAPTION))
    set_role(name, "label")
    top = QHBoxLayout()
    top.setSpacing(6)
    for label in (name, *marks):
        top.addWidget(label)
    top.addStretch(1)
    inside = QVBoxLayout(holder)
    inside.setContentsMargins(0, 0, 0, 0)
    inside.setSpacing(3)
    inside.addLayout(top)
    inside.addWidget(field)
    return holder
