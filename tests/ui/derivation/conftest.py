"""A derivation panel of the size it has in the window."""

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from bpstudio.ui.derivation.panel import DerivationPanel
from bpstudio.ui.theme import Appearance
from tests.ui.windows import show


@pytest.fixture
def panel(qtbot: QtBot, appearance: Appearance) -> Iterator[DerivationPanel]:
    made = DerivationPanel()
    qtbot.addWidget(made)
    made.resize(468, 830)
    show(made)
    yield made
    made.hide()
