"""The form of the experiment says what the data has."""

from __future__ import annotations

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from bpstudio.core.dataset import Dataset
from bpstudio.debugger.session import Session
from bpstudio.ui.panels.experiment import ExperimentPanel
from bpstudio.ui.theme import Appearance
from tests.ui.in_sight import in_sight
from tests.ui.panels.conftest import Attempts


@pytest.mark.parametrize(("n", "said"), [(1, "1 row"), (2, "2 rows")])
def test_rows_are_counted_in_words(
    n: int, said: str, qtbot: QtBot, appearance: Appearance, attempts: Attempts
) -> None:
    session = Session(Dataset.from_arrays(np.arange(2.0 * n).reshape(n, 2), np.arange(1.0 * n)))
    made = ExperimentPanel(session, appearance, attempts)
    with in_sight(made, qtbot, session, (264, 600)) as panel:
        assert panel.rows_note.text() == said
    session.close()
