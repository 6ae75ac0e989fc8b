"""File › Export picture…: asking what, and writing it."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from bpstudio.ui import dialogs
from bpstudio.ui.pictures.dialog import PictureDialog
from bpstudio.ui.pictures.drawing import Drawing
from bpstudio.ui.pictures.sources import drawing, offered
from bpstudio.ui.pictures.wish import NETWORK, Wish
from bpstudio.ui.pictures.writing import write_picture
from bpstudio.ui.visiting import address_now

if TYPE_CHECKING:
    from bpstudio.ui.window import MainWindow


class PictureVerbs:
    """Keeps what was chosen last."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self._last: Wish | None = None

    def ask(self, what: str = "") -> PictureDialog:
        """Choose a picture, see it, and write it; ``what`` is chosen at first."""
        wish, known = self._wish(), offered(self._window)
        names = [name for _, name in known]
        what = what or wish.what
        wish = replace(wish, what=what if what in names else NETWORK)
        dialog = PictureDialog(known, wish, self.drawing, self._window)
        dialog.accepted.connect(partial(self._ask_where, dialog))
        dialog.open()
        return dialog

    def drawing(self, wish: Wish) -> Drawing:
        """The picture of a wish."""
        return drawing(self._window, wish)

    def _wish(self) -> Wish:
        canvas = self._window.network.canvas
        width, height = max(canvas.width(), 640), max(canvas.height(), 420)
        return self._last or Wish(NETWORK, width=width, height=height)

    def _ask_where(self, dialog: PictureDialog) -> None:
        self._last = wish = dialog.wish
        path = dialogs.ask_where_to_save_picture(self._window, self._suggestion(wish))
        if path is not None:
            self.write(path, wish)

    def _suggestion(self, wish: Wish) -> str:
        session = self._window.session
        place = address_now(session.debugger).replace("/", "-")
        what = wish.what.rpartition(":")[2]
        return f"{Path(session.data.name).stem}-{what}-{place}{wish.suffix}"

    def write(self, path: Path, wish: Wish) -> bool:
        """Write a picture; the format follows the suffix."""
        window = self._window
        if not window.attempt(
            lambda: write_picture(self.drawing(wish), path, float(wish.sharpness))
        ):
            return False
        window.message_bar.show_note(f"The picture was written to {path}.")
        return True
