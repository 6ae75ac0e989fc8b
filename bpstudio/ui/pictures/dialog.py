"""The form that asks what the picture shows, how large it is, and in which format."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QGridLayout,
    QLabel,
    QPushButton,
    QWidget,
)

from bpstudio.core.errors import InputError
from bpstudio.ui.dialog_footer import footer
from bpstudio.ui.form import combo, row, select, whole
from bpstudio.ui.form_dialog import fill, form_of, rows_of
from bpstudio.ui.pictures.drawing import Drawing
from bpstudio.ui.pictures.preview import Preview
from bpstudio.ui.pictures.wish import COLORS, DERIVATION, RESIZED, SIZES, TEXT, Wish
from bpstudio.ui.style import set_role

_FORM_WIDTH = 290
_FORMATS = (
    ("SVG", ".svg", "Lines and outlines, for the web and for drawing programs."),
    ("PNG", ".png", "Pixels, for slides and messages."),
    ("PDF", ".pdf", "Lines and text, for print and for LaTeX."),
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
        self.colors = combo(
            "Colours of the picture", [(title, name) for name, title in COLORS.items()]
        )
        self.width_field = whole("Width of the network in pixels of the screen", *SIZES)
        self.height_field = whole("Height of the network in pixels of the screen", *SIZES)
        self.text = whole("Size of text and lines, in per cent of that on screen", *TEXT)
        self.caption = QCheckBox("Caption")
        self.format = combo("Format of the file", [(name, suffix) for name, suffix, _ in _FORMATS])
        self.sharpness = whole("Pixels of the file for each on screen", 1, 8)
        self.hint = QLabel()
        self.preview = Preview()
        self.ok = QPushButton("Write…")
        self._later = QTimer(self)
        self._show_wish(wish)
        self._build()
        self._connect()
        self._show()

    def _show_wish(self, wish: Wish) -> None:
        select(self.what, wish.what)
        select(self.colors, wish.colors)
        self.width_field.setValue(wish.width)
        self.height_field.setValue(wish.height)
        self.text.setValue(wish.text)
        self.caption.setChecked(wish.caption)
        select(self.format, wish.suffix)
        self.sharpness.setValue(wish.sharpness)

    def _build(self) -> None:
        caption = "A line below says what is shown: data, network, step, loss"
        self.caption.setToolTip(caption)
        self.caption.setAccessibleName(f"Caption: {caption}")
        self.ok.setToolTip("Choose the file that it is written to (Enter)")
        self.text.setSuffix("\u2009%")
        set_role(self.hint, "hint")
        self.hint.setWordWrap(True)
        self.hint.setAlignment(Qt.AlignmentFlag.AlignTop)
        form = form_of(self._rows(), _FORM_WIDTH, self.hint)
        fill(self, form, self.preview, footer(self, self.ok, "Write nothing (Esc)"))

    def _rows(self) -> QGridLayout:
        fields = (
            ("Picture", self.what),
            ("Colours", self.colors),
            ("Width", self.width_field),
            ("Height", self.height_field),
            ("Text and lines", self.text),
        )
        grid = rows_of(fields)
        grid.addWidget(self.caption, 5, 1)
        row(grid, 6, "Format", self.format)
        row(grid, 7, "Sharpness", self.sharpness)
        return grid

    def _connect(self) -> None:
        self._later.setSingleShot(True)
        self._later.setInterval(0)
        self._later.timeout.connect(self._show)
        for box in (self.what, self.colors, self.format):
            box.currentIndexChanged.connect(self._later.start)
        for field in (self.width_field, self.height_field, self.text, self.sharpness):
            field.valueChanged.connect(self._later.start)
        self.caption.toggled.connect(self._later.start)

    @property
    def wish(self) -> Wish:
        """What is chosen now."""
        return Wish(
            str(self.what.currentData()),
            str(self.colors.currentData()),
            self.width_field.value(),
            self.height_field.value(),
            self.text.value(),
            self.caption.isChecked(),
            str(self.format.currentData()),
            self.sharpness.value(),
        )

    def _show(self) -> None:
        """Preview, size, and which fields mean something."""
        wish = self.wish
        self.width_field.setEnabled(wish.what in (*RESIZED, DERIVATION))
        self.height_field.setEnabled(wish.what in RESIZED)
        self.text.setEnabled(wish.what in (*RESIZED, DERIVATION))
        self.sharpness.setEnabled(wish.suffix == ".png")
        try:
            made: Drawing | None = self._draw(wish)
        except InputError as error:
            made = None
            self.hint.setText(str(error))
        self.ok.setEnabled(made is not None)
        self.preview.show_drawing(made)
        if made is not None:
            self.hint.setText(_size_text(made, wish))


def _size_text(made: Drawing, wish: Wish) -> str:
    """What a format is for, and how large the picture will be."""
    hint = next(text for _, suffix, text in _FORMATS if suffix == wish.suffix)
    scale = wish.sharpness if wish.suffix == ".png" else 1
    unit = "pixels" if wish.suffix == ".png" else "pixels on screen"
    return f"{hint} {round(made.width * scale)} × {round(made.height * scale)} {unit}."
