"""What is asked for of a picture."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from bpstudio.ui.palette import DARK, LIGHT, PRINT, Theme

SHOWN, NETWORK, BOTH, DERIVATION = "shown", "network", "both", "derivation"
RESIZED = (NETWORK, BOTH)  # what is drawn in any size
PLOTS = "plot:"  # before the name of the panel of a plot

COLORS: Mapping[str, str] = MappingProxyType(
    {"screen": "As on screen", "light": "Light", "dark": "Dark", "print": "For print, on white"}
)
_THEMES = MappingProxyType({theme.name: theme for theme in (LIGHT, DARK, PRINT)})
SIZES = (200, 8000)  # least and most pixels of a side
TEXT = (50, 400)  # per cent


@dataclass(frozen=True, slots=True)
class Wish:
    """``what`` is one of the names above; ``width`` and ``height`` of the network in pixels of the
    screen; ``text`` enlarges text and lines, in per cent; ``caption``: a line under the picture
    says what it shows; ``sharpness``: pixels of a PNG for each on screen.
    """

    what: str
    colors: str = "screen"
    width: int = 960
    height: int = 600
    text: int = 100
    caption: bool = True
    suffix: str = ".svg"
    sharpness: int = 2

    @property
    def scale(self) -> float:
        """How much larger text and lines are."""
        return self.text / 100 if self.what != SHOWN else 1.0

    def theme(self, on_screen: Theme) -> Theme:
        """The colours that are asked for."""
        return theme_of(self.colors, on_screen)


def theme_of(colors: str, on_screen: Theme) -> Theme:
    """The theme of one of the `COLORS`."""
    return on_screen if colors == "screen" else _THEMES[colors]
