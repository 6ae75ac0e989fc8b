"""The window's tests share one look."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from bpstudio.ui.app import make_window
from bpstudio.ui.settings import Settings
from bpstudio.ui.theme import Appearance
from bpstudio.ui.window import MainWindow
from tests.ui.windows import show


@pytest.fixture
def appearance(qapp: QApplication) -> Iterator[Appearance]:
    """The light theme, on the application."""
    made = Appearance(qapp, "light")
    yield made
    made.setParent(None)
    made.deleteLater()


@pytest.fixture
def main_window(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> MainWindow:
    """The whole application on the embedded example, as a new user sees it."""
    made = make_window(qapp, Settings(tmp_path / "settings.ini"))
    qtbot.addWidget(made)
    made.resize(1600, 1000)
    show(made)
    made.session.limit_speed(None)
    return made
