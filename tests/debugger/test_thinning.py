"""Every second entry goes, as if each were looked at in turn, and nobody else waits."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpstudio.debugger.thinning import let_go, odd_places, thinned, total


def in_turn(numbers: list[int], staying: set[int]) -> list[int]:
    """What stays, by its description."""
    last = len(numbers) - 1
    kept = [T for n, T in enumerate(numbers) if n % 2 == 0 or n == last or T in staying]
    return [kept[0], *kept[2:]] if len(kept) == len(numbers) else kept


@given(st.data())
def test_what_stays_is_found_as_if_each_were_looked_at_in_turn(data: st.DataObject) -> None:
    numbers = sorted(data.draw(st.sets(st.integers(0, 60), min_size=4)))
    staying = data.draw(st.sets(st.integers(0, 70)))
    kept = thinned(numbers, odd_places(numbers, staying))
    assert kept == in_turn(numbers, staying)
    assert len(kept) < len(numbers)


@pytest.mark.parametrize("count", [0, 1, 499, 500, 501, 1234])
def test_pieces_come_to_the_whole(count: int) -> None:
    entries = list(range(count))
    assert total(entries, lambda n: 2 * n) == count * (count - 1)
    let_go(entries)
    assert entries == []
