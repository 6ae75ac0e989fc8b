"""What the head of a column says of its numbers."""

import pytest

from bpstudio.ui.importing.head import short


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (0.0526312, 4, "0.05263"),
        (0.0526312, 2, "0.053"),
        (-2501.3, 2, "−2501"),
        (12345.6, 4, "12346"),
        (0.0, 3, "0"),
    ],
)
def test_a_number_in_few_digits_keeps_its_whole_part(value: float, digits: int, text: str) -> None:
    assert short(value, digits) == text
