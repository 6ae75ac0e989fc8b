"""One window for all tests of a file: what they do leaves it as it was."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication, QDialog

from bpstudio.ui.app import make_window
from bpstudio.ui.settings import Settings
from bpstudio.ui.window import MainWindow
from tests.ui.canvas.conftest import canvas
from tests.ui.windows import show

__all__ = ["canvas"]

PLACE = "s52/back/l3/j2/i1/dz_da"


@pytest.fixture(scope="module")
def shared_window(
    qapp: QApplication, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[MainWindow]:
    made = make_window(qapp, Settings(tmp_path_factory.mktemp("settings") / "settings.ini"))
    made.appearance.choose("light")
    made.network.set_reduced_motion(True)
    made.resize(1280, 800)
    show(made)
    made.show_panel("flow")  # a plot makes menus of its own when it is first seen
    yield made
    made.close()
    made.deleteLater()
    QCoreApplication.sendPostedEvents(made, QEvent.Type.DeferredDelete)


@pytest.fixture
def window(shared_window: MainWindow) -> Iterator[MainWindow]:
    """At a factor, without a message; all its dialogs are closed afterwards."""
    shared_window.appearance.choose("light")
    shared_window.goto(PLACE)
    shared_window.message_bar.dismiss()
    QApplication.processEvents()
    yield shared_window
    for dialog in shared_window.findChildren(QDialog):
        dialog.reject()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where files are written."""
    made = tmp_path / "out"
    made.mkdir()
    return made
