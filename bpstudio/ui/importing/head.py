"""The head of a column: what it is for, how it is read, and what it holds."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from bpstudio.core.notation import format_number
from bpstudio.files.import_options import ColumnOptions
from bpstudio.files.preview import Shown
from bpstudio.ui.fonts import Size, ui_font
from bpstudio.ui.form import combo
from bpstudio.ui.importing.lines import COLUMN_WIDTH
from bpstudio.ui.style import set_role
from bpstudio.ui.theme import Appearance

ROWS = ("", "Role", "Type", "If missing", "Found", "Missing")
HEIGHTS = (26, 30, 30, 30, 22, 20)
HEAD_HEIGHT = sum(HEIGHTS)
ROLES = (("Feature", "feature"), ("Target", "target"), ("Target too", "also"))
_ROLE_ITEMS = (*ROLES, ("Ignore", "ignore"))
_KINDS = (("Number", "number"), ("Class", "class"))
FILLINGS = (
    ("Leave row out", "leave out"),
    ("Mean", "mean"),
    ("Median", "median"),
    ("Mean and flag", "flag"),
)
CLASS_FILLINGS = (("Leave row out", "leave out"), ("Own class", "flag"))


class Histogram(QWidget):
    """44 × 16 pixels: how the numbers of a column are spread."""

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._appearance = appearance
        self._counts: tuple[int, ...] = ()
        self.setFixedSize(44, 16)

    def show_counts(self, counts: tuple[int, ...]) -> None:
        """Other numbers; () for none."""
        self._counts = counts
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """A bar a bin."""
        del event
        if not self._counts:
            return
        painter = QPainter(self)
        color, most = QColor(self._appearance.theme.activation[2]), max(self._counts)
        width = self.width() / len(self._counts)
        for n, count in enumerate(self._counts):
            height = self.height() * count / most
            bar = QRectF(n * width, self.height() - height, width - 0.5, height)
            painter.fillRect(bar, color)
        painter.end()


class ColumnHead(QWidget):
    """The controls of one column; they follow the column that is in sight here."""

    changed = Signal(int, str, object)
    """The number of the column, "role", "kind" or "missing", and the value."""

    def __init__(self, appearance: Appearance, parent: QWidget) -> None:
        super().__init__(parent)
        self.index = -1
        self._appearance = appearance
        self.name = QLabel()
        self.role = combo("Role", _ROLE_ITEMS)
        self.kind = combo("Type", _KINDS)
        self.missing = combo("Missing", FILLINGS)
        self.found, self.lacking = QLabel(), QLabel()
        self.histogram = Histogram(appearance)
        set_role(self.name, "title")
        for label in (self.found, self.lacking):
            label.setFont(ui_font(Size.CAPTION))
        self._build()
        for box, what in ((self.role, "role"), (self.kind, "kind"), (self.missing, "missing")):
            self._watch(box, what)

    def _watch(self, box: QComboBox, what: str) -> None:
        box.activated.connect(lambda n: self._emit(what, n))

    def _emit(self, what: str, n: int) -> None:
        box = {"role": self.role, "kind": self.kind, "missing": self.missing}[what]
        self.changed.emit(self.index, what, box.itemData(n))

    def _build(self) -> None:
        found = QWidget()
        inside = QHBoxLayout(found)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(4)
        inside.addWidget(self.found, 1)
        inside.addWidget(self.histogram)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 0, 8, 0)
        layout.setSpacing(0)
        parts = (self.name, self.role, self.kind, self.missing, found, self.lacking)
        for part, height in zip(parts, HEIGHTS, strict=True):
            holder = QWidget()
            holder.setFixedHeight(height)
            box = QHBoxLayout(holder)
            box.setContentsMargins(0, 0, 0, 0)
            box.addWidget(part)
            layout.addWidget(holder)

    def show_column(self, shown: Shown, said: ColumnOptions) -> None:
        """Another column, or the same in another way."""
        column = shown.column
        self.index = column.index
        elide = Qt.TextElideMode.ElideRight
        self.name.setText(self.name.fontMetrics().elidedText(column.name, elide, COLUMN_WIDTH - 18))
        self.name.setToolTip(f"{column.name}, column {column.index} (from 0)")
        self._choose(self.role, _ROLE_ITEMS, shown.role, f"Role of {column.name}")
        self._choose(self.kind, _KINDS, shown.kind, f"Type of {column.name}")
        fillings = CLASS_FILLINGS if shown.kind == "class" else FILLINGS
        hint = f"What becomes of a row without {column.name}"
        self._choose(self.missing, fillings, said.missing, hint)
        self.kind.setEnabled(shown.role != "ignore")
        self.missing.setEnabled(shown.role == "feature")
        self.found.setText(_found(shown))
        self.histogram.show_counts(shown.counts)
        self._show_lacking(column.missing + column.unreadable)

    def _choose(
        self, box: QComboBox, items: tuple[tuple[str, str], ...], value: str, hint: str
    ) -> None:
        if box.count() != len(items):
            box.clear()
            for text, data in items:
                box.addItem(text, data)
        box.setCurrentIndex(max(0, box.findData(value)))
        box.setAccessibleName(hint)
        box.setToolTip(hint)

    def _show_lacking(self, count: int) -> None:
        theme = self._appearance.theme
        self.lacking.setText(str(count))
        self.lacking.setToolTip("Cells without a value, or without one that can be read")
        color, weight = (theme.error, 600) if count else (theme.text2, 400)
        self.lacking.setStyleSheet(f"color: {color}; font-weight: {weight}")


def _found(shown: Shown) -> str:
    """The range of numbers, or how many classes there are."""
    if shown.role == "ignore" and shown.kind == "class":
        return f"{shown.n_classes} distinct"
    if shown.kind == "class":
        count = shown.n_classes
        return "1 class" if count == 1 else f"{count} classes"
    if shown.low is None or shown.high is None:
        return "no numbers"
    return f"{short(shown.low)} … {short(shown.high)}"


def short(value: float) -> str:
    """A number in few digits."""
    return f"{value:.4g}".replace("-", "−") if abs(value) < 1e5 else format_number(value)
