"""The numbers of a ledger's entries, and what they come to."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from bpstudio.debugger import ledger_columns
from bpstudio.debugger.ledger_columns import Columns, Digest, Tally

# few numbers, so that changes of one size are many, and some steps leave a gap
NUMBERS = st.lists(st.sampled_from([0.0, -0.0, 0.1, 0.3, -0.3, 1e16]), min_size=2, max_size=60)


def columns_of(values: list[float]) -> Columns:
    """Entries that lead from value to value."""
    before, after = np.array(values[:-1]), np.array(values[1:])
    return Columns(np.arange(len(before)), before, after, np.zeros(len(before)))


def pieces(columns: Columns, cuts: list[int]) -> list[Columns]:
    ends = [*sorted({min(cut, len(columns.T)) for cut in cuts}), len(columns.T)]
    begins = [0, *ends[:-1]]
    return [
        Columns(*(column[begin:end] for column in columns))
        for begin, end in zip(begins, ends, strict=True)
    ]


@given(NUMBERS, st.lists(st.integers(0, 60), max_size=5))
def test_a_digest_is_that_of_all_entries_in_whatever_parts_they_came(
    values: list[float], cuts: list[int]
) -> None:
    columns = columns_of(values)
    tally = Tally(values[0])
    for part in pieces(columns, cuts):
        tally.add(part)
    found = tally.digest(columns)
    total = values[0]
    for before, after in pairwise(values):
        total += after - before
    assert (found.unbroken, found.end, found.float_sum) == (True, values[-1], total)
    sizes = np.abs(columns.after - columns.before)
    expected = sorted(range(len(sizes)), key=lambda n: (-sizes[n], n))
    assert found.largest.tolist() == expected


@given(NUMBERS, st.lists(st.integers(0, 60), max_size=5))
def test_only_the_largest_changes_are_kept_and_of_equal_ones_the_first(
    values: list[float], cuts: list[int]
) -> None:
    columns, most = columns_of(values), ledger_columns.MOST_LISTED
    ledger_columns.MOST_LISTED = 3
    try:
        tally = Tally(values[0])
        for part in pieces(columns, cuts):
            tally.add(part)
        found = tally.digest(columns).largest
    finally:
        ledger_columns.MOST_LISTED = most
    sizes = np.abs(columns.after - columns.before)
    assert found.tolist() == sorted(range(len(sizes)), key=lambda n: (-sizes[n], n))[:3]


def test_a_gap_of_one_bit_breaks_the_walk_within_a_part_and_between_two() -> None:
    whole = columns_of([0.1, 0.2, 0.3, 0.4])
    for at in range(3):
        before = whole.before.copy()
        before[at] = np.nextafter(before[at], 1)
        broken = whole._replace(before=before)
        for cuts in ([], [1], [2], [1, 2]):
            tally = Tally(0.1)
            for part in pieces(broken, cuts):
                tally.add(part)
            assert not tally.digest(broken).unbroken
    assert Digest.of(whole, 0.1).unbroken
    assert not Digest.of(whole, -0.1).unbroken
