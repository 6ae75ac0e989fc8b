import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpstudio.ui.canvas.elision import Shown, elide, image_shape


def test_a_layer_of_32_is_shown_whole() -> None:
    assert elide(32, current=20) == Shown(32, tuple(range(32)))


def test_a_wider_layer_shows_first_12_and_last_4() -> None:
    shown = elide(64)
    assert shown.nodes == (*range(12), *range(60, 64))
    assert shown.gaps == ((12, 60),)


def test_the_current_node_comes_with_three_neighbours_on_each_side() -> None:
    shown = elide(128, current=108)
    assert shown.nodes == (*range(12), *range(105, 112), *range(124, 128))
    assert shown.gaps == ((12, 105), (112, 124))


def test_nodes_of_the_path_stay() -> None:
    assert {31, 54} <= set(elide(64, path={31, 54}).nodes)


def test_a_gap_of_two_is_shown_and_a_gap_of_three_is_not() -> None:
    assert elide(64, path={14}).gaps == ((15, 60),)
    assert elide(64, path={15}).gaps == ((12, 15), (16, 60))


def test_the_head_shrinks_where_it_is_told_to() -> None:
    assert elide(64, head=6).nodes[:7] == (0, 1, 2, 3, 4, 5, 60)


def test_what_was_unfolded_is_shown() -> None:
    assert set(range(12, 24)) <= set(elide(64, unfolded=[(12, 24)]).nodes)


@given(
    st.integers(33, 300),
    st.integers(0, 400),
    st.sets(st.integers(-5, 400), max_size=6),
    st.sampled_from([6, 12]),
)
def test_nodes_and_gaps_together_are_the_layer(
    n: int, current: int, path: set[int], head: int
) -> None:
    shown = elide(n, current, path, head)
    hidden = [j for first, stop in shown.gaps for j in range(first, stop)]
    assert sorted([*shown.nodes, *hidden]) == list(range(n))
    assert all(stop - first >= 3 for first, stop in shown.gaps)
    assert shown.slots == len(shown.nodes) + len(shown.gaps)


@pytest.mark.parametrize(
    ("names", "shape"),
    [
        ([f"p{r}_{c}" for r in range(8) for c in range(8)], (8, 8)),
        ([f"{r}x{c}" for r in range(1, 29) for c in range(1, 29)], (28, 28)),
        ([f"pixel{n}" for n in range(784)], (28, 28)),
        ([f"x{n}" for n in range(100)], None),
        ([f"p{c}_{r}" for r in range(8) for c in range(8)], None),
        ([f"pixel{n}" for n in range(49)], None),
        ([f"p{n}_0" for n in range(64)], None),
        (["sepal_length", "sepal_width"], None),
    ],
    ids=["rows_columns", "from_1", "running", "features", "turned", "small", "column", "words"],
)
def test_inputs_are_an_image_where_they_are_named_as_its_pixels(
    names: list[str], shape: tuple[int, int] | None
) -> None:
    assert image_shape(tuple(names)) == shape
