"""Icons: outlines from resources/icons, tinted by the theme."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from PySide6.QtCore import QByteArray, QObject, QRectF, Qt
from PySide6.QtGui import QAction, QGuiApplication, QIcon, QImage, QPaintEngine, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QAbstractButton

from bpstudio.resources import resource
from bpstudio.ui.palette import Theme
from bpstudio.ui.theme import Appearance

ICON_SIZE = 16


def icon(name: str, theme: Theme, size: int = ICON_SIZE, color: str | None = None) -> QIcon:
    """The icon in the theme's main text colour (or `color`), greyed where it is disabled.

    `size` in pixels of the interface; sharp on screens of higher density as well.
    Raises FileNotFoundError for a name that does not exist.
    """
    made = QIcon()
    tints = ((QIcon.Mode.Normal, color or theme.text1), (QIcon.Mode.Disabled, theme.text3))
    for mode, tint in tints:
        for ratio in _pixel_ratios():
            made.addPixmap(QPixmap.fromImage(icon_image(name, tint, size, ratio)), mode)
    return made


@lru_cache(maxsize=512)
def icon_image(name: str, color: str, size: int = ICON_SIZE, ratio: float = 1.0) -> QImage:
    """The icon as a picture, kept; for what is painted by hand. Not to be changed."""
    pixels = round(size * ratio)
    image = QImage(pixels, pixels, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    QSvgRenderer(QByteArray(tinted_svg(name, color).encode())).render(painter)
    painter.end()
    image.setDevicePixelRatio(ratio)
    return image


def paint_icon(painter: QPainter, name: str, box: QRectF, color: str) -> None:
    """Draw the icon into a square box, sharp at the painter's density; as lines into a file."""
    engine = painter.paintEngine()
    if engine is not None and engine.type() != QPaintEngine.Type.Raster:
        QSvgRenderer(QByteArray(tinted_svg(name, color).encode())).render(painter, box)
        return
    ratio = painter.device().devicePixelRatioF()
    painter.drawImage(box.topLeft(), icon_image(name, color, round(box.width()), ratio))


class TintedIcon(QObject):
    """Keeps the icon of an action or a button in the colours of the theme, as long as it lives."""

    def __init__(
        self, target: QAction | QAbstractButton, name: str, appearance: Appearance
    ) -> None:
        super().__init__(target)
        self._name = name
        appearance.changed.connect(self._put_on)
        self._put_on(appearance.theme)

    def _put_on(self, theme: Theme) -> None:
        # The target is asked for anew: kept, it would keep itself alive through its child.
        target: Any = self.parent()
        target.setIcon(icon(self._name, theme))


def tinted_svg(name: str, color: str) -> str:
    """The icon's file with `color` in the place of currentColor."""
    return _source(name).replace("currentColor", color)


@lru_cache(maxsize=128)
def _source(name: str) -> str:
    return resource(f"icons/{name}.svg").read_text(encoding="utf-8")


def _pixel_ratios() -> list[float]:
    ratios = {screen.devicePixelRatio() for screen in QGuiApplication.screens()}
    return sorted({1.0, 2.0, *ratios})
