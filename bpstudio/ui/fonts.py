"""The bundled faces: Inter for text, JetBrains Mono for addresses."""

from __future__ import annotations

from enum import IntEnum

from PySide6.QtGui import QFont, QFontDatabase, QGuiApplication

from bpstudio.resources import resource

UI_FAMILY = "Inter"
MONO_FAMILY = "JetBrains Mono"
REGULAR = QFont.Weight.Normal
MEDIUM = QFont.Weight.Medium
SEMIBOLD = QFont.Weight.DemiBold
FACES = {
    (UI_FAMILY, REGULAR): "Inter-Regular.otf",
    (UI_FAMILY, MEDIUM): "Inter-Medium.otf",
    (UI_FAMILY, SEMIBOLD): "Inter-SemiBold.otf",
    (MONO_FAMILY, REGULAR): "JetBrainsMono-Regular.ttf",
}


class Size(IntEnum):
    """Text sizes in pixels."""

    CAPTION = 11
    TABLE = 12
    BASE = 13
    NARRATION = 14
    EQUATION = 18
    RESULT = 20


def load_fonts(app: QGuiApplication) -> list[str]:
    """Register the bundled faces with the application, once; the files that would not load."""
    if app.property("bpstudio_fonts"):
        return []
    app.setProperty("bpstudio_fonts", True)
    return [name for name in FACES.values() if _register(name) < 0]


def face_file(family: str, weight: int) -> str | None:
    """The file of a bundled face; None for any other."""
    name = FACES.get((family, QFont.Weight(weight)))
    return None if name is None else _path(name)


def ui_font(size: float = Size.BASE, weight: QFont.Weight = REGULAR) -> QFont:
    """Inter with figures of equal width; `size` in pixels."""
    font = QFont(UI_FAMILY)
    font.setFeature(QFont.Tag("tnum"), 1)
    return _prepared(font, size, weight)


def mono_font(size: float = Size.TABLE) -> QFont:
    """JetBrains Mono without ligatures, so that an address shows its own characters."""
    font = QFont(MONO_FAMILY)
    font.setStyleHint(QFont.StyleHint.Monospace)
    for ligatures in ("calt", "liga"):
        font.setFeature(QFont.Tag(ligatures), 0)
    return _prepared(font, size, REGULAR)


def _prepared(font: QFont, size: float, weight: QFont.Weight) -> QFont:
    font.setPixelSize(max(1, round(size)))
    font.setWeight(weight)
    # Hinted advances are whole pixels, which spaces small text unevenly.
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return font


def _register(name: str) -> int:
    return QFontDatabase.addApplicationFont(_path(name))


def _path(name: str) -> str:
    return str(resource(f"fonts/{name}"))
