import pytest

from bpstudio.ui.fuzzy import match


@pytest.mark.parametrize(
    ("query", "text", "rank"),
    [
        ("", "Step back over", 0),
        ("back", "Step back over", 0),
        ("STEP  back", "Step back over", 0),
        ("ack", "Step back over", 1),
        ("sbo", "Step back over", 2),
        ("st ba ov", "Step back over", 2),
        ("tbv", "Step back over", 3),
    ],
)
def test_the_better_a_name_fits_the_lower_its_rank(query: str, text: str, rank: int) -> None:
    found = match(query, text)
    assert found is not None
    assert found.rank == rank


@pytest.mark.parametrize(("query", "text"), [("over back", "Step back over"), ("x", "Into")])
def test_letters_that_are_not_there_in_that_order_do_not_fit(query: str, text: str) -> None:
    assert match(query, text) is None


def test_the_letters_that_were_meant_are_told() -> None:
    found = match("sbo", "Step back over")
    assert found is not None
    assert "".join("Step back over"[place] for place in found.places) == "Sbo"


def test_a_word_that_begins_so_comes_before_one_that_contains_it() -> None:
    assert match("out", "Step out") < match("out", "About")  # type: ignore[operator]


def test_a_word_may_be_left_to_begin_the_next() -> None:
    # "bb" cannot go on in "back": its second letter begins "batch"
    found = match("bb", "Step back a batch")
    assert found is not None
    assert found.places == (5, 12)


def test_a_long_query_of_one_letter_is_answered() -> None:
    assert match("a" * 500, "a " * 40) is None
