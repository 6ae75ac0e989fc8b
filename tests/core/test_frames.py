"""The call stack of a step: 4 – 5 – 6 – 3, one sample or two."""

from itertools import pairwise

import pytest

from bpstudio.core.frames import frames
from bpstudio.core.notation import plain
from bpstudio.core.trace import Trace
from tests.core.cases import traced, varied

VARIED = varied()
PAGE = VARIED["page"]


def stack(trace: Trace, address: str) -> list[tuple[str, str, str]]:
    found = frames(trace, trace.sequence.index(address))
    return [(plain(frame.label), plain(frame.position), frame.address) for frame in found]


def test_the_levels_go_from_the_batch_inwards_to_the_step() -> None:
    row = PAGE.rows[0]
    assert stack(PAGE, f"s{row}/back/l3/j2/i1/dz_da") == [
        ("Batch", "1 row", ""),
        (f"Row {row}", "", f"s{row}"),
        ("Backward", "", f"s{row}/back"),
        ("Layer L−1", "l = 3 of 2 … 4", f"s{row}/back/l3"),
        ("Node 2", "j = 2 of 0 … 5", f"s{row}/back/l3/j2"),
        ("i = 1", "i = 1 of 0 … 2", f"s{row}/back/l3/j2/i1"),
        ("Factor 3 ∂z_1^(L) / ∂a_2^(L−1)", "", f"s{row}/back/l3/j2/i1/dz_da"),
    ]


def test_a_weight_is_one_of_as_many_as_the_layer_below_has_nodes() -> None:
    row = PAGE.rows[0]
    labels = [frame[:2] for frame in stack(PAGE, f"s{row}/fwd/l2/j0/k3/wa")]
    assert ("Weight 3", "k = 3 of 0 … 3") in labels


def test_the_loss_of_a_sample_lies_in_no_layer() -> None:
    row = PAGE.rows[0]
    labels = [frame[0] for frame in stack(PAGE, f"s{row}/loss/C")]
    assert labels[:3] == ["Batch", f"Row {row}", "Loss"]


@pytest.mark.parametrize("name", VARIED)
def test_every_frame_encloses_the_step_and_the_next_one(name: str) -> None:
    trace = VARIED[name]
    for n in range(0, len(trace), max(len(trace) // 40, 1)):
        found = frames(trace, n)
        assert found[0].steps == range(len(trace))
        assert found[-1].steps == range(n, n + 1)
        for outer, inner in pairwise(found):
            assert set(inner.steps) <= set(outer.steps)
        for frame in found:
            assert frame.value == trace[frame.steps.start].value
            if frame.address:
                assert n in set().union(*trace.sequence.span(frame.address))


def test_in_a_batch_the_sample_says_which_of_how_many_it_is() -> None:
    trace = traced(rows=(5, 9))
    assert stack(trace, "s9/loss/C")[:2] == [
        ("Batch", "2 rows", ""),
        ("Row 9", "row 1 of 0 … 1 in the batch", "s9"),
    ]
