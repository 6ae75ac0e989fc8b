"""Which rows of the file are read: all, or some that are drawn."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from bpstudio.files.extent import USUAL
from bpstudio.files.import_options import ImportOptions
from bpstudio.files.preview import Preview
from bpstudio.ui.form import combo, select, set_number, whole
from bpstudio.ui.style import GAP, set_role

_MOST_ROWS, _MOST_SEED = 10**9, 2**31 - 1
_CHOICES = (("All", "all"), ("A sample of", "sample"))


class RowsChoice(QWidget):
    """All rows, or so many, and the seed that they are drawn from."""

    changed = Signal(int, int)
    """The number of rows, 0 for all, and the seed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        hint = "Rows: read all of the file, or a sample in which any row is as likely as another"
        self.kind = combo(hint, _CHOICES)
        self.rows = whole("Rows of the sample; they keep their order and numbers", 1, _MOST_ROWS)
        self.seed = whole("Seed: what the sample is drawn from", 0, _MOST_SEED)
        self._drawn = (_wide(self.rows, 104), QLabel("rows, seed"), _wide(self.seed, 72))
        self._build()
        self.kind.activated.connect(self._choose)
        for field in (self.rows, self.seed):
            field.valueChanged.connect(self._send)

    def _build(self) -> None:
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, GAP, 0)
        layout.setSpacing(GAP)
        title = QLabel("Rows")
        title.setBuddy(self.kind)
        for label in (title, self._drawn[1]):
            set_role(label, "label")
        for widget in (title, _wide(self.kind, 124), *self._drawn):
            layout.addWidget(widget)
        self._show_fields()

    def show_preview(self, preview: Preview | None, said: ImportOptions) -> None:
        """What is in force: what was said, else a sample where all is too large."""
        if preview is None:
            return
        rows = preview.suggested if said.sample_rows is None else said.sample_rows
        select(self.kind, "sample" if rows else "all")
        if rows:
            set_number(self.rows, rows)
            set_number(self.seed, said.sample_seed)
        else:
            set_number(self.rows, preview.suggested or min(USUAL, max(1, preview.rows // 2)))
        self._show_fields()

    def _show_fields(self) -> None:
        for widget in self._drawn:
            widget.setVisible(self.kind.currentData() == "sample")

    def _choose(self, _n: int) -> None:
        self._show_fields()
        self._send()

    def _send(self) -> None:
        is_sample = self.kind.currentData() == "sample"
        self.changed.emit(self.rows.value() if is_sample else 0, self.seed.value())


def _wide(field: QWidget, width: int) -> QWidget:
    """A field in a holder of this width, which a style sheet does not change."""
    holder = QWidget()
    holder.setFixedWidth(width)
    inside = QHBoxLayout(holder)
    inside.setContentsMargins(0, 0, 0, 0)
    inside.addWidget(field)
    return holder
