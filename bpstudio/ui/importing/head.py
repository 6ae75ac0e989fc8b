"""The head of a column: what it is for, how it is read, and what it holds."""

from __future__ import annotations

from collections.abc import Sequence

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

Choice = tuple[str, str | None]
ROWS = ("", "Role", "Type", "Scaling", "If missing", "Found", "Missing")
HEIGHTS = (26, 30, 30, 30, 30, 22, 20)
HEAD_HEIGHT = sum(HEIGHTS)
_FOUND_ROOM = COLUMN_WIDTH - 16 - 44 - 4  # beside margins and histogram
ROLES = (("Feature", "feature"), ("Target", "target"), ("Target too", "also"))
_ROLE_ITEMS = (*ROLES, ("Group", "group"), ("Split", "split"), ("Ignore", "ignore"))
_ROLE_HINTS = {
    "feature": "an input of the network",
    "target": "what the network learns",
    "group": "no input; rows of equal value stay on one side of the split",
    "split": "no input; says which rows are for training and which for validation",
    "ignore": "not used",
}
_KINDS = (("Number", "number"), ("Class", "class"))
FILLINGS = (
    ("Leave row out", "leave out"),
    ("Mean", "mean"),
    ("Median", "median"),
    ("Mean and flag", "flag"),
)
SCALINGS = (("Standardise", "standard"), ("From 0 to 1", "minmax"), ("Leave as it is", "none"))
_OF_CLASSES = ("Standardise", "standard")
_SHORT = {"standard": "standard", "minmax": "0 to 1", "none": "as it is"}
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
    """The number of the column, "role", "kind", "scale" or "missing", and the value."""

    def __init__(self, appearance: Appearance, parent: QWidget) -> None:
        super().__init__(parent)
        self.index = -1
        self._appearance = appearance
        self.name = QLabel()
        self.role = combo("Role", _ROLE_ITEMS)
        self.kind = combo("Type", _KINDS)
        self.scale = combo("Scaling", SCALINGS)
        self.missing = combo("Missing", FILLINGS)
        self.boxes = {"role": self.role, "kind": self.kind, "scale": self.scale}
        self.boxes["missing"] = self.missing
        self.found, self.lacking = QLabel(), QLabel()
        self.histogram = Histogram(appearance)
        set_role(self.name, "title")
        for label in (self.found, self.lacking):
            label.setFont(ui_font(Size.CAPTION))
        self._build()
        for what, box in self.boxes.items():
            self._watch(box, what)

    def _watch(self, box: QComboBox, what: str) -> None:
        box.activated.connect(lambda n: self._emit(what, n))

    def _emit(self, what: str, n: int) -> None:
        self.changed.emit(self.index, what, self.boxes[what].itemData(n))

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
        parts = (self.name, *self.boxes.values(), found, self.lacking)
        for part, height in zip(parts, HEIGHTS, strict=True):
            holder = QWidget()
            holder.setFixedHeight(height)
            box = QHBoxLayout(holder)
            box.setContentsMargins(0, 0, 0, 0)
            box.addWidget(part)
            layout.addWidget(holder)

    def show_column(self, shown: Shown, said: ColumnOptions, scale: str) -> None:
        """Another column, or the same in another way; ``scale`` is the scaling of all."""
        column = shown.column
        self.index = column.index
        elide = Qt.TextElideMode.ElideRight
        self.name.setText(self.name.fontMetrics().elidedText(column.name, elide, COLUMN_WIDTH - 18))
        self.name.setToolTip(f"{column.name}, column {column.index} (from 0)")
        self._choose(self.role, _ROLE_ITEMS, shown.role, _role_hint(shown))
        self._choose(self.kind, _KINDS, shown.kind, f"Type of {column.name}")
        self._choose(self.scale, _scalings(shown, scale), said.scale, _scaling_hint(shown))
        fillings = CLASS_FILLINGS if shown.kind == "class" else FILLINGS
        hint = f"What becomes of a row without {column.name}"
        self._choose(self.missing, fillings, said.missing, hint)
        self.kind.setEnabled(shown.role in ("feature", "target"))
        self.scale.setEnabled(_is_scaled(shown))
        self.missing.setEnabled(shown.role == "feature")
        self._show_found(shown)
        self.histogram.show_counts(shown.counts)
        self._show_lacking(shown.lacking)

    def _choose(
        self, box: QComboBox, items: Sequence[Choice], value: str | None, hint: str
    ) -> None:
        if [(box.itemText(n), box.itemData(n)) for n in range(box.count())] != list(items):
            box.clear()
            for text, data in items:
                box.addItem(text, data)
        box.setCurrentIndex(max(0, box.findData(value)))
        box.setAccessibleName(hint)
        box.setToolTip(hint)

    def _show_found(self, shown: Shown) -> None:
        """In as many digits as have room beside the histogram; all in the tooltip."""
        metrics = self.found.fontMetrics()
        texts = [_found(shown, digits) for digits in (4, 3, 2)]
        fitting = [text for text in texts if metrics.horizontalAdvance(text) <= _FOUND_ROOM]
        cut = metrics.elidedText(texts[-1], Qt.TextElideMode.ElideRight, _FOUND_ROOM)
        self.found.setText(fitting[0] if fitting else cut)
        self.found.setToolTip(texts[0])

    def _show_lacking(self, count: int) -> None:
        theme = self._appearance.theme
        self.lacking.setText(str(count))
        self.lacking.setToolTip("Cells without a value, or without one that can be read")
        color, weight = (theme.error, 600) if count else (theme.text2, 400)
        self.lacking.setStyleSheet(f"color: {color}; font-weight: {weight}")


def _role_hint(shown: Shown) -> str:
    return f"Role of {shown.column.name}: {_ROLE_HINTS[shown.role]}"


def _is_scaled(shown: Shown) -> bool:
    return shown.role == "feature" or (shown.role == "target" and shown.kind == "number")


def _scalings(shown: Shown, scale: str) -> tuple[Choice, ...]:
    """How a column may be scaled; first what it is if nothing is said."""
    if shown.role not in ("feature", "target"):
        return (("–", None),)
    if shown.kind == "class":
        return (f"One-hot, {shown.n_classes}", None), _OF_CLASSES
    if shown.column.type == "boolean":
        return ("As it is, 0 and 1", None), _OF_CLASSES
    return (f"All: {_SHORT[scale]}", None), *SCALINGS


def _scaling_hint(shown: Shown) -> str:
    name = shown.column.name
    if not _is_scaled(shown):
        return f"Scaling of {name}: there is none"
    if shown.kind == "class" or shown.column.type == "boolean":
        return f"Scaling of {name}: 0 and 1 stay as they are unless you want them standardised"
    return f"Scaling of {name}, by the training rows: that of all columns, or one of its own"


def _found(shown: Shown, digits: int = 4) -> str:
    """The range of numbers, or how many classes there are."""
    if shown.role == "ignore" and shown.kind == "class":
        return f"{shown.n_classes} distinct"
    if shown.role in ("group", "split"):
        count, what = shown.n_classes, "group" if shown.role == "group" else "value"
        return f"1 {what}" if count == 1 else f"{count} {what}s"
    if shown.kind == "class":
        count = shown.n_classes
        return "1 class" if count == 1 else f"{count} classes"
    if shown.low is None or shown.high is None:
        return "no numbers"
    return f"{short(shown.low, digits)} … {short(shown.high, digits)}"


def short(value: float, digits: int = 4) -> str:
    """A number in few digits; the whole part stays."""
    if abs(value) >= 1e5:
        return format_number(value)
    whole = len(str(int(abs(value))))
    return f"{value:.{max(digits, whole)}g}".replace("-", "−")
