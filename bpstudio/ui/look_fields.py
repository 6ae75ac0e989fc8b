"""How drawings that go to a file look: the fields that a picture and an animation share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from PySide6.QtWidgets import QCheckBox

from bpstudio.ui.animation.wish import AnimationWish
from bpstudio.ui.form import combo, select, whole
from bpstudio.ui.pictures.wish import COLORS, TEXT, Wish

_CAPTION = "A line below says what is shown: data, network, step, loss"


class Format(NamedTuple):
    """A format of files, and what it is for."""

    name: str
    suffix: str
    hint: str


class Look(NamedTuple):
    """What the fields say, in the order that `Wish` and `AnimationWish` have it too."""

    colors: str
    width: int
    height: int
    text: int
    caption: bool
    suffix: str


class LookFields:
    """Colours, size, caption and format; where they stand is the dialog's."""

    def __init__(
        self, width: str, height: str, sides: tuple[int, int], formats: Sequence[Format]
    ) -> None:
        """``width`` and ``height`` say what those mean, ``sides`` are the least and the most."""
        self._formats = formats
        self.colors = combo("Colours of the picture", [(t, name) for name, t in COLORS.items()])
        self.width = whole(width, *sides)
        self.height = whole(height, *sides)
        self.text = whole("Size of text and lines, in per cent of that on screen", *TEXT)
        self.text.setSuffix("\u2009%")
        self.caption = check("Caption", _CAPTION)
        self.format = combo("Format of the file", [(each.name, each.suffix) for each in formats])

    def show(self, wish: Wish | AnimationWish) -> None:
        """Have what was chosen before."""
        select(self.colors, wish.colors)
        self.width.setValue(wish.width)
        self.height.setValue(wish.height)
        self.text.setValue(wish.text)
        self.caption.setChecked(wish.caption)
        select(self.format, wish.suffix)

    def on_change(self, slot: Callable[..., object]) -> None:
        """Call this whenever one of them is another."""
        for box in (self.colors, self.format):
            box.currentIndexChanged.connect(slot)
        for field in (self.width, self.height, self.text):
            field.valueChanged.connect(slot)
        self.caption.toggled.connect(slot)

    @property
    def look(self) -> Look:
        """What is chosen now."""
        return Look(
            str(self.colors.currentData()),
            self.width.value(),
            self.height.value(),
            self.text.value(),
            self.caption.isChecked(),
            str(self.format.currentData()),
        )

    @property
    def hint(self) -> str:
        """What the chosen format is for."""
        return self._formats[self.format.currentIndex()].hint


def check(text: str, hint: str) -> QCheckBox:
    """A box to tick."""
    box = QCheckBox(text)
    box.setToolTip(hint)
    box.setAccessibleName(f"{text}: {hint}")
    return box
