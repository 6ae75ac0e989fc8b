"""Colour tokens: the two themes as values, and the arithmetic of contrast.

Nothing here knows Qt. A colour is a string "#RRGGBB".
"""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Theme:
    """Every colour of the interface, by what it is for."""

    name: str
    dark: bool

    window: str
    surface: str
    surface2: str
    surface3: str
    canvas: str
    divider: str
    grid: str
    border: str

    text1: str
    text2: str
    text3: str

    accent: str
    on_accent: str
    accent_text: str
    accent_soft: str
    accent_outline: str

    error: str
    warning: str
    ready: str
    node_outline: str
    pending_edge: str
    training: str

    activation: tuple[str, ...]
    """Sequential ramp at 0, ¼, ½, ¾, 1."""
    diverging: tuple[str, ...]
    """Signed ramp at −1, −⅔, −⅓, 0, ⅓, ⅔, 1: orange is negative, teal is positive."""
    dimmed: float
    """How far edges off the highlighted path are mixed towards the canvas."""

    @property
    def breakpoint(self) -> str:
        """Red, shared by breakpoints and errors and by nothing else."""
        return self.error

    @property
    def negative(self) -> str:
        return self.diverging[1]

    @property
    def positive(self) -> str:
        return self.diverging[5]


LIGHT = Theme(
    name="light",
    dark=False,
    window="#ECEEF2",
    surface="#FFFFFF",
    surface2="#F6F7F9",
    surface3="#ECEEF3",
    canvas="#FBFBFD",
    divider="#DADDE4",
    grid="#ECEEF3",
    border="#838B9A",
    text1="#191C23",
    text2="#454C5B",
    text3="#626A7B",
    accent="#5A3FD0",
    on_accent="#FFFFFF",
    accent_text="#4F35C2",
    accent_soft="#EFECFD",
    accent_outline="#B7AAF2",
    error="#C4183C",
    warning="#8A5A00",
    ready="#1B7A43",
    node_outline="#6B7383",
    pending_edge="#C1C8D3",
    training="#0F6E80",
    activation=("#F6F8FC", "#D5DFF1", "#AEC2E6", "#7494D0", "#27458A"),
    diverging=("#8F3A05", "#C45C14", "#E2A46F", "#D0D5DD", "#78B5BF", "#1D8294", "#0A5161"),
    dimmed=0.20,
)

DARK = Theme(
    name="dark",
    dark=True,
    window="#101216",
    surface="#1A1D23",
    surface2="#20242B",
    surface3="#2A2F38",
    canvas="#15181D",
    divider="#323844",
    grid="#262B33",
    border="#727B8C",
    text1="#ECEEF3",
    text2="#BCC2CE",
    text3="#949CAB",
    accent="#A996FF",
    on_accent="#15112B",
    accent_text="#B9AAFF",
    accent_soft="#2B2650",
    accent_outline="#6A5BB8",
    error="#FF6B7D",
    warning="#E5B454",
    ready="#5FD08E",
    node_outline="#8790A0",
    pending_edge="#3C434F",
    training="#4CB8C9",
    activation=("#232831", "#33466B", "#4A69A8", "#8FB0EA", "#E3EDFF"),
    diverging=("#FFB884", "#EE8E48", "#A86A3E", "#474E5B", "#3E8794", "#4CB8C9", "#94E6F0"),
    dimmed=0.30,
)


PRINT = replace(LIGHT, name="print", canvas="#FFFFFF", surface2="#FFFFFF")
"""The light theme on white paper."""


def rgb(color: str) -> tuple[int, int, int]:
    """Red, green and blue, 0…255, of "#RRGGBB"."""
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)


def luminance(color: str) -> float:
    """Relative luminance, 0 (black) … 1 (white), after WCAG 2.2."""
    channels = (value / 255 for value in rgb(color))
    r, g, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, 1 … 21, after WCAG 2.2."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def mix(color: str, towards: str, share: float) -> str:
    """`color` mixed with `share` (0 … 1) of another colour, in sRGB."""
    pairs = zip(rgb(color), rgb(towards), strict=True)
    r, g, b = (round(a + (b - a) * share) for a, b in pairs)
    return f"#{r:02X}{g:02X}{b:02X}"


def text_on(background: str) -> str:
    """Pure black or pure white, whichever contrasts more with the background."""
    on_black, on_white = contrast(background, "#000000"), contrast(background, "#FFFFFF")
    return "#000000" if on_black >= on_white else "#FFFFFF"
