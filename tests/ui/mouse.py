"""What a hand does with the mouse."""

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget


def double_click(widget: QWidget, at: QPoint) -> None:
    """Two clicks with the left button, the second of which is told as a double click.

    Qt's own ``mouseDClick`` is the second press alone: the button stays down for all that follows.
    """
    left = Qt.MouseButton.LeftButton
    QTest.mouseClick(widget, left, pos=at)
    QTest.mouseDClick(widget, left, pos=at)
    QTest.mouseRelease(widget, left, pos=at)
