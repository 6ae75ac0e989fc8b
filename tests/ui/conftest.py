"""The window's tests share one look."""

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from bpstudio.ui.theme import Appearance


@pytest.fixture
def appearance(qapp: QApplication) -> Iterator[Appearance]:
    """The light theme, on the application."""
    made = Appearance(qapp, "light")
    yield made
    made.setParent(None)
    made.deleteLater()
