"""Windows whose sessions are kept, in a folder of the test's own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from bpstudio.ui.app import make_window
from bpstudio.ui.sessions.shelf import Shelf
from bpstudio.ui.settings import Settings
from bpstudio.ui.window import MainWindow
from tests.ui.windows import show

OpenWindow = Callable[..., MainWindow]


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path / "sessions")


@pytest.fixture
def start(qtbot: QtBot, qapp: QApplication, tmp_path: Path, shelf: Shelf) -> OpenWindow:
    """Starts the application as `bpstudio` does; as `bpstudio open FILE` with a path."""

    def started(path: Path | None = None, fresh: bool = False) -> MainWindow:
        name = None if path is None else str(path)
        made = make_window(qapp, Settings(tmp_path / "settings.ini"), name, shelf, fresh)
        made.sessions.insist()  # however a test fails, its windows close
        qtbot.addWidget(made)
        made.resize(1600, 1000)
        show(made)
        qtbot.waitUntil(lambda: not made.files.readings.is_on)
        made.session.limit_speed(None)
        return made

    return started
