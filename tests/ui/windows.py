"""Windows on the screen."""

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget


def show(window: QWidget) -> None:
    """Show a window, and wait until it is on the screen and has the keys.

    pytest-qt's ``waitExposed`` and ``waitActive`` wait at the end of a block, and nowhere else.
    """
    window.show()
    window.activateWindow()
    assert QTest.qWaitForWindowExposed(window)
    assert QTest.qWaitForWindowActive(window)
