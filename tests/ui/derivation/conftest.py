"""A derivation panel of the size it has in the window."""

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from bpstudio.ui.derivation.panel import DerivationPanel
from bpstudio.ui.theme import Appearance


@pytest.fixture
def panel(qtbot: QtBot, appearance: Appearance) -> Iterator[DerivationPanel]:
    made = DerivationPanel()
    qtbot.addWidget(made)
    made.resize(468, 830)
    made.show()
    qtbot.waitExposed(made)
    made.activateWindow()
    qtbot.waitActive(made)
    yield made
    made.hide()
