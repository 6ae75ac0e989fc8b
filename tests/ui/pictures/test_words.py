"""What stands under a picture."""

from __future__ import annotations

from bpstudio.ui.markup import parse_markup
from bpstudio.ui.pictures.words import caption
from tests.ui.canvas.scenes import FACTOR_3, iris


def test_the_name_of_the_data_is_not_taken_for_markup() -> None:
    name = "costs $5$ **new**.csv"
    first, loss = parse_markup(caption(iris().trace, name, FACTOR_3))
    assert first.text.startswith(f"{name} ")
    assert (first.bold, first.tex) == (False, False)
    assert loss.tex
