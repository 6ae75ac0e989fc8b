"""What is offered while an expression is typed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpstudio.debugger.expressions import parse
from bpstudio.debugger.expressions.completion import Completion, complete
from bpstudio.debugger.expressions.language import LOGIC, WORDS

SIZES = (4, 5, 6, 3)
SOFTMAX = (False, False, True)


def offered(text: str, sizes: tuple[int, ...] = SIZES) -> list[str]:
    """What is offered at the bar in the text."""
    position = text.index("|")
    found = complete(text.replace("|", ""), position, sizes, SOFTMAX)
    return [completion.text for completion in found]


def test_names_that_begin_with_what_was_typed_come_first() -> None:
    assert offered("dC_d|") == [
        *("dC_da", "dC_dz", "dC_dw", "dC_db", "mean_dC_dw", "mean_dC_db"),
    ]
    assert offered("abs(da_|") == ["da_dz"]


def test_numbers_of_updates_are_offered_for_training_only() -> None:
    assert complete("update_r", 8, (3, 4, 2)) == ()
    (completion,) = complete("update_r", 8, (3, 4, 2), in_training=True)
    assert completion.text == "update_ratio("


def test_names_are_found_in_either_case_and_within() -> None:
    assert offered("dc_dw|") == ["dC_dw", "mean_dC_dw"]
    assert offered("norm|") == ["norm(", "grad_norm("]


def test_everything_is_offered_where_nothing_was_typed() -> None:
    texts = [text.rstrip("(") for text in offered("value > |")]
    steps = {name for name, word in WORDS.items() if not word.in_training}
    assert set(texts) == {*steps, *LOGIC}


def test_the_word_around_the_cursor_is_replaced() -> None:
    (completion,) = complete("abs(valxx) > 1", 7, SIZES)
    assert completion == Completion("value", 4, 9, WORDS["value"].documentation)
    assert completion.applied("abs(valxx) > 1") == ("abs(value) > 1", 9)


def test_a_parenthesis_that_stands_there_is_not_written_again() -> None:
    assert offered("isna|(value)") == ["isnan"]
    assert offered("isna|") == ["isnan("]


def test_layers_are_offered_in_brackets_and_in_functions_of_a_layer() -> None:
    assert offered("dC_dw[|") == ["2", "3", "4", "L"]
    assert offered("a[|]") == ["1", "2", "3", "4", "L"]
    assert offered("dz_da[|") == ["2", "3"]
    assert offered("grad_norm(|)") == ["2", "3", "4", "L"]


def test_indices_are_offered_for_the_layer() -> None:
    assert offered("dC_dw[3][|") == ["0", "1", "2", "3", "4", "5"]
    assert offered("dC_dw[3][2,|") == ["0", "1", "2", "3", "4"]
    assert offered("dC_dw[L-1][2, |") == ["0", "1", "2", "3", "4"]
    assert offered("dz_da[3][2,|") == ["0", "1", "2"]
    assert offered("x[|") == ["0", "1", "2", "3"]
    assert offered("C_j[|") == ["0", "1", "2"]
    assert offered("da_dz[4][0,|") == ["0", "1", "2"]
    assert offered("z[3][0,|") == [text for text in offered("|") if text]


def test_an_index_that_is_begun_is_completed() -> None:
    assert offered("x[1|", (20, 3)) == [str(n) for n in (1, *range(10, 20))]


def test_an_index_says_how_far_it_goes() -> None:
    (first, *_) = complete("dC_dw[3][", 9, SIZES)
    assert first.documentation == "j = 0..5, node of layer 3"


@pytest.mark.parametrize("text", ["dC_dw[9][|", "dC_dw[L-9][|", "zzz[|", "abs(|"])
def test_a_place_that_does_not_exist_offers_no_numbers(text: str) -> None:
    assert not any(offer.isdigit() for offer in offered(text))


@given(st.text("dC_wzaL-1235[](), >", max_size=20), st.integers(0, 20))
def test_what_is_offered_stands_around_the_cursor(text: str, at: int) -> None:
    position = min(at, len(text))
    for completion in complete(text, position, SIZES, SOFTMAX):
        assert 0 <= completion.start <= position <= completion.stop <= len(text)
        assert completion.documentation


def test_a_layer_and_indices_that_are_offered_make_an_expression() -> None:
    text, _ = complete("grad_n", 6, SIZES)[0].applied("grad_n")
    text, _ = complete(text, len(text), SIZES)[0].applied(text)
    assert parse(text + ")").text == "grad_norm(2)"
