"""Drawing rows of a file: any as likely as another, and the same on every machine."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpstudio.core import drawing
from bpstudio.core.drawing import Drawn, drawn_rows, row_keys
from bpstudio.core.errors import InputError


def test_the_keys_are_those_of_splitmix64() -> None:
    """By its definition, in whole numbers without end; the seed 0 is mixed to 0."""
    state, expected = 0, []
    for _ in range(3):
        state = (state + 0x9E3779B97F4A7C15) % 2**64
        z = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9 % 2**64
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB % 2**64
        expected.append(z ^ (z >> 31))
    assert row_keys(np.arange(3), 0).tolist() == expected


def test_the_rows_are_the_same_everywhere() -> None:
    assert drawn_rows(10, 3, 0).tolist() == [2, 4, 6]
    assert drawn_rows(10, 3, 1).tolist() == [4, 7, 8]


@given(of=st.integers(1, 400), rows=st.integers(1, 400), seed=st.integers(0, 2**63 - 1))
def test_so_many_different_rows_are_drawn_in_order(of: int, rows: int, seed: int) -> None:
    found = drawn_rows(of, rows, seed)
    assert found.size == min(of, rows)
    assert (np.diff(found) > 0).all()
    assert found[0] >= 0
    assert found[-1] < of


@given(of=st.integers(1, 300), rows=st.integers(1, 60), chunk=st.integers(1, 100))
def test_in_how_many_pieces_they_are_drawn_does_not_matter(of: int, rows: int, chunk: int) -> None:
    whole = drawn_rows(of, rows, 5).tolist()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(drawing, "CHUNK", chunk)
        assert drawn_rows(of, rows, 5).tolist() == whole


def test_every_row_is_as_likely_as_any_other() -> None:
    """Of 20 rows 5 are drawn 4,000 times: each 1,000 times, with a deviation of √750 ≈ 27."""
    counts = np.zeros(20)
    for seed in range(4000):
        counts[drawn_rows(20, 5, seed)] += 1
    assert np.abs(counts - 1000).max() < 4 * 27.4
    assert ((counts - 1000) ** 2 / 750).sum() < 45  # χ² of 19 freedoms: beyond it 1 of 1,000


def test_pairs_of_neighbours_are_as_likely_as_other_pairs() -> None:
    """Of 10 rows 2 are drawn: two neighbours in 9 of the 45 pairs."""
    neighbours = sum(int(np.diff(drawn_rows(10, 2, seed))[0]) == 1 for seed in range(3000))
    assert abs(neighbours - 600) < 4 * 22


def test_a_large_file_is_drawn_from_end_to_end() -> None:
    found = drawn_rows(3_000_000, 30_000, 7)
    counts, _ = np.histogram(found, bins=10, range=(0, 3_000_000))
    assert np.abs(counts - 3000).max() < 4 * 52


@pytest.mark.parametrize(("rows", "seed"), [(0, 0), (-1, 0), (1, -1), (1, 2**63)])
def test_what_is_no_sample_is_refused(rows: int, seed: int) -> None:
    with pytest.raises(InputError):
        drawn_rows(10, rows, seed)


def test_a_sample_says_how_much_of_what_it_is() -> None:
    said = "a sample of 500,000 of 48,211,033 rows, drawn from seed 0"
    assert str(Drawn(500_000, 48_211_033)) == said
