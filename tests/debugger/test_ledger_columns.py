"""The numbers of a ledger's entries, and what they come to."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from bpstudio.debugger import ledger_columns
from bpstudio.debugger.ledger_columns import Columns, Digest, Tally, Writing

# few numbers, so that changes of one size are many, and some steps leave a gap
NUMBERS = st.lists(st.sampled_from([0.0, -0.0, 0.1, 0.3, -0.3, 1e16]), min_size=2, max_size=60)


def columns_of(values: list[float]) -> Columns:
    """Entries that lead from value to value."""
    before, after = np.array(values[:-1]), np.array(values[1:])
    return Columns(np.arange(len(before)), before, after)


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


@given(NUMBERS, st.lists(st.integers(0, 60), max_size=5), st.sets(st.integers(0, 58), max_size=2))
def test_what_is_written_in_parts_is_there_to_the_bit_with_its_gaps(
    values: list[float], cuts: list[int], gaps: set[int]
) -> None:
    whole = columns_of(values)
    before = whole.before.copy()
    for gap in gaps & set(range(len(before))):
        before[gap] = np.nextafter(before[gap], 1)
    whole = whole._replace(before=before)
    writing = Writing(values[0], len(values) + 3)
    for part in pieces(whole, cuts):
        writing.write(part)
    found = writing.digest()
    for written, given_ in zip(found.columns, whole, strict=True):
        assert written.tobytes() == given_.tobytes()
    assert found._replace(columns=whole)[:5] == Digest.of(whole, values[0])[:5]
    assert (writing.count, writing.end) == (len(before), values[-1])


def test_an_entry_without_a_gap_takes_two_numbers_and_not_three() -> None:
    writing = Writing(0.1, 3)
    writing.write(columns_of([0.1, 0.2, 0.3, 0.4]))
    columns = writing.digest().columns
    assert np.shares_memory(columns.before[1:], columns.after[:-1])
    writing = Writing(0.1, 3)
    writing.write(columns_of([0.2, 0.2, 0.3, 0.4]))
    columns = writing.digest().columns
    assert not np.shares_memory(columns.before, columns.after)
