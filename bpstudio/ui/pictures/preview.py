"""A small picture of what will be written."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from bpstudio.ui.pictures.drawing import Drawing
from bpstudio.ui.theme import current_theme

_SIZE = QSize(420, 380)


class Preview(QWidget):
    """Shows a drawing as large as there is room."""

    def __init__(self) -> None:
        super().__init__()
        self._image = QImage()
        self.setFixedSize(_SIZE)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Preview")

    @property
    def image(self) -> QImage:
        """What is shown; null while there is nothing to show."""
        return self._image

    def show_drawing(self, drawing: Drawing | None) -> None:
        """Paint it once, in the pixels that it takes here; None: nothing."""
        self._image = QImage() if drawing is None else self._painted(drawing)
        self.setAccessibleDescription("" if drawing is None else drawing.about)
        self.update()

    def show_image(self, image: QImage, about: str) -> None:
        """Show pixels, smaller where there is no room for all."""
        ratio = self.devicePixelRatioF()
        room = QSize(_SIZE.width() - 2, _SIZE.height() - 2) * ratio
        if image.width() > room.width() or image.height() > room.height():
            mode = Qt.TransformationMode.SmoothTransformation
            image = image.scaled(room, Qt.AspectRatioMode.KeepAspectRatio, mode)
        image.setDevicePixelRatio(ratio)
        self._image = image
        self.setAccessibleDescription(about)
        self.update()

    def _painted(self, drawing: Drawing) -> QImage:
        ratio = self.devicePixelRatioF()
        room = QSize(_SIZE.width() - 2, _SIZE.height() - 2)
        scale = min(room.width() / drawing.width, room.height() / drawing.height, 1.0)
        size = QSize(round(drawing.width * scale * ratio), round(drawing.height * scale * ratio))
        image = QImage(size.expandedTo(QSize(1, 1)), QImage.Format.Format_RGB32)
        image.fill(QColor(drawing.ground))
        image.setDevicePixelRatio(ratio)
        with QPainter(image) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.scale(scale, scale)
            drawing.paint(painter)
        return image

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._image.isNull():
            return
        size = self._image.deviceIndependentSize()
        left, top = (self.width() - size.width()) / 2, (self.height() - size.height()) / 2
        with QPainter(self) as painter:
            painter.drawImage(QPointF(left, top), self._image)
            painter.setPen(QPen(QColor(current_theme().divider), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(
                round(left) - 1, round(top) - 1, round(size.width()) + 1, round(size.height()) + 1
            )
