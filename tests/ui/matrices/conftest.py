"""A heat map with room for the numbers of the default network's third layer."""

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from bpstudio.ui.matrices.view import MatrixView
from bpstudio.ui.theme import Appearance
from tests.ui.matrices.scenes import shown
from tests.ui.windows import show


@pytest.fixture
def view(qtbot: QtBot, appearance: Appearance) -> Iterator[MatrixView]:
    made = MatrixView()
    qtbot.addWidget(made)
    made.resize(390, 220)
    made.show_matrix(shown())
    show(made)
    yield made
    made.hide()
