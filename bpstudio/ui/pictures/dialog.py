"""The form that asks what the picture shows, how large it is, and in which format."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QDialog, QGridLayout, QPushButton, QWidget

from bpstudio.core.errors import InputError
from bpstudio.ui.dialog_footer import footer
from bpstudio.ui.form import combo, remark, row, select, whole
from bpstudio.ui.form_dialog import fill, form_of, rows_of
from bpstudio.ui.look_fields import Format, LookFields
from bpstudio.ui.pictures.drawing import Drawing
from bpstudio.ui.pictures.preview import Preview
from bpstudio.ui.pictures.wish import DERIVATION, RESIZED, SIZES, Wish

_FORM_WIDTH = 290
_FORMATS = (
    Format("SVG", ".svg", "Lines and outlines, for the web and for drawing programs."),
    Format("PNG", ".png", "Pixels, for slides and messages."),
    Format("PDF", ".pdf", "Lines and text, for print and for LaTeX."),
)


class PictureDialog(QDialog):
    """``wish`` is what was chosen; the file is asked for afterwards.

    ``draw`` makes the drawing of a wish, which is shown beside the form.
    """

    def __init__(
        self,
        offered: Sequence[tuple[str, str]],
        wish: Wish,
        draw: Callable[[Wish], Drawing],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Export picture")
        self._draw = draw
        self.what = combo("What the picture shows", offered)
        of = "of the network in pixels of the screen"
        self.looks = LookFields(f"Width {of}", f"Height {of}", SIZES, _FORMATS)
        self.sharpness = whole("Pixels of the file for each on screen", 1, 8)
        self.hint = remark()
        self.preview = Preview()
        self.ok = QPushButton("Write…")
        self._later = QTimer(self)
        select(self.what, wish.what)
        self.looks.show(wish)
        self.sharpness.setValue(wish.sharpness)
        self._build()
        self._connect()
        self._show()

    def _build(self) -> None:
        self.ok.setToolTip("Choose the file that it is written to (Enter)")
        form = form_of(self._rows(), _FORM_WIDTH, self.hint)
        fill(self, form, self.preview, footer(self, self.ok, "Write nothing (Esc)"))

    def _rows(self) -> QGridLayout:
        looks = self.looks
        fields = (
            ("Picture", self.what),
            ("Colours", looks.colors),
            ("Width", looks.width),
            ("Height", looks.height),
            ("Text and lines", looks.text),
        )
        grid = rows_of(fields)
        grid.addWidget(looks.caption, 5, 1)
        row(grid, 6, "Format", looks.format)
        row(grid, 7, "Sharpness", self.sharpness)
        return grid

    def _connect(self) -> None:
        self._later.setSingleShot(True)
        self._later.setInterval(0)
        self._later.timeout.connect(self._show)
        self.what.currentIndexChanged.connect(self._change)
        self.looks.on_change(self._change)
        self.sharpness.valueChanged.connect(self._change)

    def _change(self) -> None:
        """Not the timer's own `start`: it would take the new value for its milliseconds."""
        self._later.start()

    @property
    def wish(self) -> Wish:
        """What is chosen now."""
        return Wish(str(self.what.currentData()), *self.looks.look, self.sharpness.value())

    def _show(self) -> None:
        """Preview, size, and which fields mean something."""
        wish, looks = self.wish, self.looks
        looks.width.setEnabled(wish.what in (*RESIZED, DERIVATION))
        looks.height.setEnabled(wish.what in RESIZED)
        looks.text.setEnabled(wish.what in (*RESIZED, DERIVATION))
        self.sharpness.setEnabled(wish.suffix == ".png")
        try:
            made: Drawing | None = self._draw(wish)
        except InputError as error:
            made = None
            self.hint.setText(str(error))
        self.ok.setEnabled(made is not None)
        self.preview.show_drawing(made)
        if made is not None:
            self.hint.setText(f"{looks.hint} {_size_text(made, wish)}")


def _size_text(made: Drawing, wish: Wish) -> str:
    """How large the picture will be."""
    scale = wish.sharpness if wish.suffix == ".png" else 1
    unit = "pixels" if wish.suffix == ".png" else "pixels on screen"
    return f"{round(made.width * scale)} × {round(made.height * scale)} {unit}."
