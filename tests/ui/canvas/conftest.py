"""A canvas of the size it has in the window, showing the default network."""

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from bpstudio.ui.canvas.widget import NetworkCanvas
from bpstudio.ui.theme import Appearance
from tests.ui.canvas.scenes import iris


@pytest.fixture
def canvas(qtbot: QtBot, appearance: Appearance) -> Iterator[NetworkCanvas]:
    made = NetworkCanvas()
    qtbot.addWidget(made)
    made.set_reduced_motion(True)
    made.resize(750, 480)
    made.show_state(iris())
    yield made
    made.hide()
