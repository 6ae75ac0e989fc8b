"""What can be done with every plot: save its picture, copy its numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtGui import QGuiApplication, QPainter
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from bpstudio.core.errors import InputError
from bpstudio.core.notation import format_count
from bpstudio.ui import dialogs
from bpstudio.ui.attempt import Attempt
from bpstudio.ui.buttons import icon_button
from bpstudio.ui.palette import Theme
from bpstudio.ui.pictures.drawing import Drawing
from bpstudio.ui.pictures.widgets import wearing, widget_drawing
from bpstudio.ui.pictures.writing import write_picture
from bpstudio.ui.theme import Appearance

MOST_COPIED = 1_000_000  # numbers; more than that no clipboard wants
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


def _as_it_is(_theme: Theme) -> None:
    """What has no colours of its own."""


class PlotActions(QObject):
    """Two buttons and a context menu for a plot; ``picture`` is what is saved.

    ``about`` says what it shows, to be kept in the file; ``retheme`` draws it in other colours.
    """

    def __init__(
        self,
        picture: QWidget,
        name: str,
        numbers: Callable[[], Table],
        appearance: Appearance,
        attempt: Attempt,
        about: Callable[[], str] = str,
        retheme: Callable[[Theme], None] = _as_it_is,
    ) -> None:
        super().__init__(picture)
        self._appearance, self._retheme = appearance, retheme
        self._picture, self._name, self._about = picture, name, about
        self._numbers, self._attempt = numbers, attempt
        what = f"Save the picture of {name} as SVG, PNG or PDF"
        self.save = icon_button("save", what, appearance)
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
            self._attempt(lambda: write_picture(self.drawing(), path))

    @property
    def name(self) -> str:
        """What is shown, as in the middle of a sentence."""
        return self._name

    def drawing(self, theme: Theme | None = None) -> Drawing:
        """The picture as it is now; in another theme, where one is given."""
        name = self._name.removeprefix("the ")
        title, now = name[:1].upper() + name[1:], self._appearance.theme
        theme = theme or now
        made = widget_drawing(self._picture, title, self._about(), theme.surface)
        if theme is now:
            return made
        return replace(made, paint=partial(self._paint_in, theme, made))

    def _paint_in(self, theme: Theme, made: Drawing, painter: QPainter) -> None:
        before = self._appearance.theme
        try:
            with self._appearance.lent(theme), wearing(self._picture, theme):
                self._retheme(theme)
                made.paint(painter)
        finally:
            self._retheme(before)

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


def _cell(value: object) -> str:
    if isinstance(value, float):
        return repr(float(value))
    return str(value).replace("\t", " ").replace("\n", " ")
