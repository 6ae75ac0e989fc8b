"""What can be done with every plot: save its picture, copy its numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice, QObject, QPoint, QSize, Qt
from PySide6.QtGui import QGuiApplication, QImage, QImageWriter, QPainter
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QGraphicsView, QMenu, QToolButton, QWidget

from bpstudio.core.errors import InputError
from bpstudio.core.notation import format_count
from bpstudio.files.atomic import writing_bytes
from bpstudio.ui import dialogs
from bpstudio.ui.attempt import Attempt
from bpstudio.ui.buttons import icon_button
from bpstudio.ui.theme import Appearance

MOST_COPIED = 1_000_000  # numbers; more than that no clipboard wants
SCALE = 2  # pixels of a saved picture for each on screen
_SUFFIXES = (".svg", ".png")
_SAVE, _COPY = "Save picture…", "Copy numbers"


@dataclass(frozen=True, slots=True)
class Table:
    """The numbers of a plot: names of the columns, and rows of text or numbers."""

    columns: Sequence[str]
    rows: Sequence[Sequence[object]]

    def as_tsv(self) -> str:
        """Tab-separated, every number in full precision. InputError where there are too many."""
        count = len(self.columns) * len(self.rows)
        if count > MOST_COPIED:
            raise InputError(
                f"this plot has {format_count(count)} numbers, at most "
                f"{format_count(MOST_COPIED)} can be copied; show fewer of them"
            )
        lines = (self.columns, *self.rows)
        return "".join("\t".join(map(_cell, line)) + "\n" for line in lines)


class PlotActions(QObject):
    """Two buttons and a context menu for a plot; ``picture`` is what is saved."""

    def __init__(
        self,
        picture: QWidget,
        name: str,
        numbers: Callable[[], Table],
        appearance: Appearance,
        attempt: Attempt,
    ) -> None:
        super().__init__(picture)
        self._picture, self._name = picture, name
        self._numbers, self._attempt = numbers, attempt
        self.save = icon_button("save", f"Save the picture of {name} as SVG or PNG", appearance)
        self.copy = icon_button("copy", f"Copy the numbers of {name} as a table", appearance)
        self.save.clicked.connect(self.ask_where_to_save)
        self.copy.clicked.connect(self.copy_numbers)
        picture.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        picture.customContextMenuRequested.connect(self._open_menu)

    @property
    def buttons(self) -> tuple[QToolButton, QToolButton]:
        """To be put beside the plot."""
        return self.save, self.copy

    def ask_where_to_save(self) -> None:
        """Choose a file and write the picture to it."""
        suggestion = f"{self._name.replace(' ', '-')}.svg"
        path = dialogs.ask_where_to_save_picture(self._picture, suggestion)
        if path is not None:
            self._attempt(lambda: save_picture(self._picture, path))

    def copy_numbers(self) -> None:
        """Put the numbers on the clipboard, to be pasted into a spreadsheet."""
        self._attempt(lambda: QGuiApplication.clipboard().setText(self._numbers().as_tsv()))

    def menu(self) -> QMenu:
        """The context menu."""
        menu = QMenu(self._picture)
        menu.addAction(_SAVE, self.ask_where_to_save)
        menu.addAction(_COPY, self.copy_numbers)
        return menu

    def _open_menu(self, at: QPoint) -> None:
        menu = self.menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self._picture.mapToGlobal(at))


def save_picture(picture: QWidget, path: Path) -> None:
    """Write a widget as it looks; lines and text stay such in an SVG.

    InputError where the suffix is neither .svg nor .png or the file cannot be written.
    """
    suffix = path.suffix.lower()
    if suffix not in _SUFFIXES:
        raise InputError(f"{path.name} has the suffix {suffix!r}; a picture ends in .svg or .png")
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    (_write_svg if suffix == ".svg" else _write_png)(picture, buffer)
    with writing_bytes(path) as file:
        file.write(buffer.data().data())


def _write_svg(picture: QWidget, buffer: QBuffer) -> None:
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setSize(picture.size())
    generator.setViewBox(picture.rect())
    generator.setResolution(picture.logicalDpiX())
    painter = QPainter(generator)
    with _markers_as_paths(picture):
        picture.render(painter, QPoint())
    painter.end()


@contextmanager
def _markers_as_paths(picture: QWidget) -> Iterator[None]:
    """Let pyqtgraph draw markers as shapes; on screen it copies small images of them."""
    scenes = [view.scene() for view in picture.findChildren(QGraphicsView)]
    items = [item for scene in scenes for item in scene.items() if hasattr(item, "setExportMode")]
    for item in items:
        item.setExportMode(True, {"antialias": True, "resolutionScale": 1.0})
    try:
        yield
    finally:
        for item in items:
            item.setExportMode(False)


def _write_png(picture: QWidget, buffer: QBuffer) -> None:
    size = picture.size()
    image = QImage(QSize(size.width() * SCALE, size.height() * SCALE), QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(SCALE)
    painter = QPainter(image)
    picture.render(painter, QPoint())
    painter.end()
    QImageWriter(buffer, b"png").write(image)


def _cell(value: object) -> str:
    if isinstance(value, float):
        return repr(float(value))
    return str(value).replace("\t", " ").replace("\n", " ")
