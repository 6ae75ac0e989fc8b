"""Blocks and portions against the sequence step by step, forwards and backwards."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpstudio.core import blocks
from bpstudio.core.blocks import Block, block_at, blocks_of, portions
from bpstudio.core.selection import Selection, selected
from bpstudio.core.sequence import StepSequence
from tests.core.cases import varied

TRACES = varied()
HUGE = StepSequence([4, 8000, 8000, 3], [True] * 3, [False] * 3, range(16))


def all_numbers(block: Block) -> list[int]:
    return np.broadcast_to(block.numbers, block.shape).ravel().tolist()


@given(st.data())
def test_portions_cover_a_range_in_order_and_hold_whole_lines(data: st.DataObject) -> None:
    sequence = data.draw(st.sampled_from(list(TRACES.values()))).sequence
    start = data.draw(st.integers(0, len(sequence) - 1))
    stop = data.draw(st.integers(start + 1, len(sequence)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(blocks, "CHUNK", data.draw(st.integers(1, 500)))
        forward = list(portions(sequence, start, stop))
        backward = list(portions(sequence, start, stop, reverse=True))
    assert backward == forward[::-1]
    assert forward[0].start <= start
    assert forward[-1].stop >= stop
    for before, after in pairwise(forward):
        assert before.stop == after.start
    for portion in forward:
        covered = [n for b in blocks_of(sequence, portion, Selection()) for n in all_numbers(b)]
        assert sorted(covered) == list(range(portion.start, portion.stop))


@given(st.data())
def test_blocks_are_the_selected_steps_with_their_numbers(data: st.DataObject) -> None:
    trace = data.draw(st.sampled_from(list(TRACES.values())))
    sequence = trace.sequence
    like = sequence.step(data.draw(st.integers(0, len(sequence) - 1)))
    names = data.draw(st.sets(st.sampled_from(["row", "l", "j", "k", "i", "m", "kind", "phase"])))
    given_: dict[str, Any] = {name: getattr(like, name) for name in names}
    chosen = Selection(s=given_.pop("row", None), **given_)
    found: dict[int, float] = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(blocks, "CHUNK", data.draw(st.integers(1, 500)))
        for portion in portions(sequence, 0, len(sequence)):
            for block in blocks_of(sequence, portion, chosen):
                numbers, shape = all_numbers(block), block.shape
                assert numbers == sorted(numbers)
                assert (numbers[0], numbers[-1], len(numbers)) == (
                    block.start,
                    block.last,
                    block.size,
                )
                values = np.broadcast_to(block.values(trace), shape).ravel()
                found.update(zip(numbers, values.tolist(), strict=True))
    expected = [n for steps in selected(sequence, chosen) for n in steps]
    assert sorted(found) == expected
    np.testing.assert_array_equal([found[n] for n in expected], [trace[n].value for n in expected])


@pytest.mark.parametrize("name", TRACES)
def test_every_step_is_a_block_of_one(name: str) -> None:
    trace = TRACES[name]
    for n in range(len(trace)):
        block = block_at(trace.sequence, n)
        assert (block.start, block.last, block.size) == (n, n, 1)
        assert block.kind == trace[n].kind
        np.testing.assert_array_equal(block.values(trace).item(), trace[n].value)


def test_a_portion_far_into_a_large_sequence_is_found_by_arithmetic() -> None:
    portion = next(portions(HUGE, 1_000_000_000, 1_000_000_005))
    assert portion.start <= 1_000_000_000 < portion.stop
    assert portion.stop - portion.start <= blocks.CHUNK
