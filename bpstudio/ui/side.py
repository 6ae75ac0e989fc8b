"""The left dock: its panels, or a strip to open them by where the window is narrow."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QWidget

from bpstudio.ui.fonts import SEMIBOLD, Size, ui_font
from bpstudio.ui.icons import paint_icon
from bpstudio.ui.style import set_role
from bpstudio.ui.theme import current_theme

QWIDGETSIZE_MAX = (1 << 24) - 1
STRIP = 32


class Strip(QAbstractButton):
    """A narrow upright button with the panel's name."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedWidth(STRIP)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)

    def say(self, tip: str) -> None:
        """What a click does, with its key."""
        self.setToolTip(tip)
        self.setAccessibleName(tip)

    def sizeHint(self) -> QSize:
        """As wide as the strip."""
        return QSize(STRIP, 160)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The icon, and the name read upwards."""
        theme = current_theme()
        painter = QPainter(self)
        painter.fillRect(
            self.rect(), QColor(theme.surface3 if self.underMouse() else theme.surface)
        )
        paint_icon(painter, "panel-left", QRectF(8, 10, 16, 16), theme.text1)
        painter.setFont(ui_font(Size.BASE, SEMIBOLD))
        painter.setPen(QColor(theme.text1))
        width = painter.fontMetrics().horizontalAdvance(self.text())
        painter.translate(STRIP / 2, 40 + width)
        painter.rotate(-90)
        box = QRectF(0, -STRIP / 2, width, STRIP)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, self.text())


class Side(QWidget):
    """The panels with their strip; one of the two is shown."""

    toggled = Signal(bool)
    """Whether the panels are open now."""

    def __init__(self, panel: QWidget) -> None:
        super().__init__()
        set_role(self, "panel")
        self.panel = panel
        self.strip = Strip()
        self._least = STRIP
        self.strip.clicked.connect(lambda: self.show_panel(True))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.strip)
        row.addWidget(panel)
        self.strip.hide()

    @property
    def is_open(self) -> bool:
        """Whether the panels are shown, not the strip."""
        return not self.panel.isHidden()

    def name_strip(self, title: str) -> None:
        """What the strip opens."""
        self.strip.setText(title)
        self.strip.update()

    def set_least(self, width: int) -> None:
        """The open panels are at least so wide."""
        self._least = width
        self._set_widths()

    def show_panel(self, on: bool) -> None:
        """Open the panels, or leave their strip."""
        if on == self.is_open:
            return
        self.panel.setVisible(on)
        self.strip.setVisible(not on)
        self._set_widths()
        self.toggled.emit(on)

    def _set_widths(self) -> None:
        self.setMinimumWidth(self._least if self.is_open else STRIP)
        self.setMaximumWidth(QWIDGETSIZE_MAX if self.is_open else STRIP)
