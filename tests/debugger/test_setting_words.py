"""What a change of settings is called in the ledger."""

from __future__ import annotations

from typing import Any

import pytest

from bpstudio.core.optimisers import UpdateSettings
from bpstudio.core.schedules import Schedule
from bpstudio.core.training import TrainingSettings
from bpstudio.debugger.setting_words import changed_settings

PLAIN = TrainingSettings("sse", update=UpdateSettings(lr=0.5))


@pytest.mark.parametrize(
    ("update", "words"),
    [
        ({}, ""),
        ({"lr": 0.00001}, "learning rate 1e−5"),
        ({"optimizer": "adam", "beta1": 0.8}, "Adam, β₁ 0.8"),
        ({"clip": 2.0, "l2": 0.001}, "L2 0.001, gradient clipped to 2"),
        (
            {"schedule": Schedule("cosine", 5000, 0.1, 20)},
            "cosine rate over 5\u2009000 updates to 0.1, warm-up of 20 updates",
        ),
        ({"schedule": Schedule("step", 300, 0.5)}, "rate times 0.5 every 300 updates"),
    ],
)
def test_a_change_is_said_as_the_form_of_the_optimiser_says_it(
    update: dict[str, Any], words: str
) -> None:
    after = TrainingSettings("sse", update=UpdateSettings(**{"lr": 0.5, **update}))
    assert changed_settings(PLAIN, after) == words


def test_a_limit_that_was_taken_away_and_other_batches_are_said_too() -> None:
    clipped = TrainingSettings("sse", update=UpdateSettings(lr=0.5, clip=1.0))
    assert changed_settings(clipped, PLAIN) == "no clipping"
    other = TrainingSettings("sse", batch_size=5, shuffle=False, update=PLAIN.update)
    assert changed_settings(PLAIN, other) == "batch size 5, rows in the order of the file"
