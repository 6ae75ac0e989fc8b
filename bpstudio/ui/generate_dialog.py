"""The form for data made from a seed, with a picture of what will be made."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QLabel,
    QPushButton,
    QWidget,
)

from bpstudio.core.dataset import Dataset
from bpstudio.core.generated import (
    FEWEST_ROWS,
    MOST_NOISE,
    MOST_ROWS,
    RECIPES,
    generate,
)
from bpstudio.core.notation import format_count
from bpstudio.ui.dialog_footer import footer
from bpstudio.ui.form import combo, real, whole
from bpstudio.ui.form_dialog import fill, form_of, rows_of
from bpstudio.ui.scatter import Scatter
from bpstudio.ui.style import set_role
from bpstudio.ui.theme import Appearance

_FORM_WIDTH = 230
_MOST_SEED = 2**31 - 1


class GenerateDialog(QDialog):
    """Which data, how many rows, how much noise, which seed; `data` is what they make."""

    data: Dataset

    def __init__(self, appearance: Appearance, seed: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Generate data")
        self.kind = combo("Which data", [(r.title, kind) for kind, r in RECIPES.items()])
        self.rows = whole("Rows: how many", FEWEST_ROWS, MOST_ROWS)
        self.noise = real("Noise: standard deviation of the normal error", 0.0, MOST_NOISE)
        self.seed = whole("Seed: the same seed makes the same rows", 0, _MOST_SEED)
        self.rows.setValue(200)
        self.seed.setValue(min(seed, _MOST_SEED))
        self.picture = Scatter(appearance)
        self.hint = QLabel()
        set_role(self.hint, "hint")
        self.hint.setWordWrap(True)
        self.ok = QPushButton()
        self._build()
        self._take_noise()
        self._connect()
        self.show_made()

    def _build(self) -> None:
        fields = (("Data", self.kind), ("Rows", self.rows))
        more = (("Noise", self.noise), ("Seed", self.seed))
        grid = rows_of((*fields, *more))
        grid.addWidget(self.hint, len(fields) + len(more), 0, 1, 2)
        form = form_of(grid, _FORM_WIDTH)
        fill(self, form, self.picture, footer(self, self.ok, "Keep the data that is open (Esc)"))

    def _connect(self) -> None:
        self.kind.currentIndexChanged.connect(self._take_kind)
        for field in (self.rows, self.noise, self.seed):
            field.valueChanged.connect(self.show_made)

    def _take_kind(self) -> None:
        self._take_noise()
        self.show_made()

    def _take_noise(self) -> None:
        """Each kind of data has a noise that shows it well."""
        self.noise.blockSignals(True)
        self.noise.setValue(RECIPES[self.kind.currentData()].noise)
        self.noise.blockSignals(False)

    def show_made(self) -> None:
        """Make the data and show it."""
        kind, rows = self.kind.currentData(), self.rows.value()
        self.data = generate(kind, rows, self.noise.value(), self.seed.value())
        self.picture.show_data(self.data)
        self.hint.setText(f"{RECIPES[kind].hint}.")
        self.ok.setText(f"Make {format_count(rows)} rows")
        self.ok.setToolTip("Open this data in the place of the one that is open (Enter)")
