"""How diagnoses write a learning rate and a share."""

import pytest

from bpstudio.core.diagnoses.words import percent, rate


@pytest.mark.parametrize(
    ("lr", "words"),
    [
        (1e6, " to 100000"),
        (0.5, " to 0.05"),
        (1e-4, " to 1e−5"),
        (1e60, " to 1e59"),
        (1 / 3, " to 0.0333"),
    ],
)
def test_a_rate_is_written_as_one_types_it(lr: float, words: str) -> None:
    assert rate(lr, 0.1) == words


@pytest.mark.parametrize(
    ("share", "words"), [(0.0, "0 %"), (0.294, "29 %"), (0.0085, "0.85 %"), (3e-6, "0.0003 %")]
)
def test_a_share_has_as_many_digits_as_it_takes(share: float, words: str) -> None:
    assert percent(share) == words
