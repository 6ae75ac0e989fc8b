"""The titles over the columns of the watches."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from bpstudio.ui.fonts import Size, ui_font
from bpstudio.ui.theme import current_theme
from bpstudio.ui.watch_rows import columns

_CAPTIONS = 22


class Captions(QWidget):
    """The titles over the columns."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(_CAPTIONS)
        self.wanted = 0.0  # width of the longest expression

    def sizeHint(self) -> QSize:
        """As high as a table's header."""
        return QSize(0, _CAPTIONS)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Expression, History, Value."""
        theme = current_theme()
        painter = QPainter(self)
        painter.setFont(ui_font(Size.CAPTION))
        painter.setPen(QColor(theme.text3))
        left, spark, value = columns(self.rect(), self.wanted)
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(left, middle, "Expression")
        if spark.width() > 0:
            painter.drawText(QRectF(spark.left(), 0, spark.width(), _CAPTIONS), middle, "History")
        painter.drawText(value, middle | Qt.AlignmentFlag.AlignRight, "Value")
        painter.fillRect(QRectF(0, _CAPTIONS - 1, self.width(), 1), QColor(theme.divider))
        painter.end()
