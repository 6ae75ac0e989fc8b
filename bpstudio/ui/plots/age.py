"""What a picture is of, and the sign on one that is not of what is on show."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

from bpstudio.core.notation import format_count
from bpstudio.ui.style import GAP, set_role

_TOP = 2  # pixels above it


@dataclass(frozen=True, slots=True, eq=False)
class PictureOf:
    """The network or pass that a picture was made from, and the updates behind its weights."""

    subject: object
    update: int


def age_words(drawn: PictureOf | None, now: PictureOf, training: bool) -> str:
    """Which update a picture is of; "" where it is of what is on show, or there is none.

    In training there is always a newer one to come, so it is said all the time.
    """
    if drawn is None:
        return ""
    if training:
        return f"Update {format_count(drawn.update)}"
    if drawn.subject is now.subject:
        return ""
    if drawn.update == now.update:
        return "Still as before …"
    return f"Still update {format_count(drawn.update)} …"


class AgeSigns:
    """A chip under the read-out; where that has no room, in the picture's upper right corner."""

    def __init__(self, picture: QWidget) -> None:
        self.below, self.over = _chip(picture), _chip(picture)
        self._picture = picture

    def say(self, words: str, is_narrow: bool) -> None:
        """Which update it is of; "" for nothing."""
        for chip, wanted in ((self.below, not is_narrow), (self.over, is_narrow)):
            chip.setText(words)
            chip.setAccessibleName(words)
            chip.setVisible(wanted and bool(words))
        self.over.adjustSize()
        self.over.move(self._picture.width() - self.over.width() - GAP, _TOP)
        self.over.raise_()

    @property
    def text(self) -> str:
        """What is said."""
        return self.below.text()


def _chip(picture: QWidget) -> QLabel:
    chip = QLabel(picture)
    set_role(chip, "chip")
    chip.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    chip.hide()
    return chip
