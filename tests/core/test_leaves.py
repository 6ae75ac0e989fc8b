"""Leaves: text and parts go back and forth."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpstudio.core.errors import InputError
from bpstudio.core.leaves import SLOTS, STATISTICS, Leaf, find_leaf, parse_leaf

NUMBER = st.integers(0, 10**9)
LEAVES = st.one_of(
    st.builds(Leaf, st.sampled_from("xy"), row=NUMBER, j=NUMBER),
    st.builds(Leaf, st.just("w"), l=NUMBER, j=NUMBER, k=NUMBER),
    st.builds(Leaf, st.just("b"), l=NUMBER, j=NUMBER),
    st.builds(
        Leaf,
        st.just("scale"),
        j=NUMBER,
        side=st.sampled_from("xy"),
        statistic=st.sampled_from(STATISTICS),
    ),
    st.builds(Leaf, st.just("data"), row=NUMBER, column=NUMBER),
    st.builds(
        Leaf,
        st.just("state"),
        l=NUMBER,
        j=NUMBER,
        k=st.one_of(NUMBER, st.just(-1)),
        statistic=st.sampled_from(SLOTS),
    ),
    st.just(Leaf("seed")),
    st.just(Leaf("rate")),
)


@given(leaf=LEAVES)
def test_text_and_parts_go_back_and_forth(leaf):
    assert parse_leaf(str(leaf)) == leaf


@pytest.mark.parametrize(
    ("text", "leaf"),
    [
        ("s52/x0", Leaf("x", row=52, j=0)),
        ("s52/y1", Leaf("y", row=52, j=1)),
        ("w/l3/j2/k2", Leaf("w", l=3, j=2, k=2)),
        ("b/l3/j2", Leaf("b", l=3, j=2)),
        ("state/velocity/l3/j2/k2", Leaf("state", l=3, j=2, k=2, statistic="velocity")),
        ("state/m/l3/j2", Leaf("state", l=3, j=2, statistic="m")),
        ("rate", Leaf("rate")),
        ("scale/x0/mean", Leaf("scale", j=0, side="x", statistic="mean")),
        ("data/r52/c0", Leaf("data", row=52, column=0)),
        (" /seed/", Leaf("seed")),
    ],
)
def test_a_leaf_is_taken_apart(text, leaf):
    assert parse_leaf(text) == leaf


@pytest.mark.parametrize(
    "text", ["", "s52", "s52/x", "s052/x0", "w/l3/j2", "scale/x0/median", "data/r1", "s1/fwd/l2"]
)
def test_what_is_no_leaf_is_refused_with_how_one_reads(text):
    assert find_leaf(text) is None
    with pytest.raises(InputError, match="one reads like s52/x0"):
        parse_leaf(text)
