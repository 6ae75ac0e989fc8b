"""Selections against a walk over all steps, at steps 10⁹ apart, and what no step fits."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpstudio.core.chosen import ChosenSteps
from bpstudio.core.errors import InputError
from bpstudio.core.selection import Selection, selected
from bpstudio.core.sequence import StepSequence
from tests.core.cases import varied

TRACES = list(varied().values())
HUGE = StepSequence([4, 8000, 8000, 3], [True] * 3, [False] * 3, range(16))


def numbers(sequence: StepSequence, selection: Selection) -> list[int]:
    return [n for steps in selected(sequence, selection) for n in steps]


@given(st.data())
def test_what_is_selected_is_what_a_walk_over_all_steps_finds(data: st.DataObject) -> None:
    sequence = data.draw(st.sampled_from(TRACES)).sequence
    steps = [sequence.step(n) for n in range(len(sequence))]
    start = data.draw(st.integers(0, len(steps) - 1))
    stop = data.draw(st.integers(start + 1, len(steps)))
    like = data.draw(st.sampled_from(steps[start:stop]))
    names = data.draw(st.sets(st.sampled_from(["row", "l", "j", "k", "i", "m", "kind", "phase"])))
    given_: dict[str, Any] = {name: getattr(like, name) for name in names}
    expected = [
        step.index
        for step in steps[start:stop]
        if all(x is None or getattr(step, name) == x for name, x in given_.items())
    ]
    row = given_.pop("row", None)
    assert numbers(sequence, Selection(start, stop, s=row, **given_)) == expected


@given(st.data())
def test_several_kinds_are_what_a_walk_finds(data: st.DataObject) -> None:
    trace = data.draw(st.sampled_from(TRACES))
    steps = [trace.sequence.step(n) for n in range(len(trace))]
    there = sorted({step.kind for step in steps})
    kinds = data.draw(st.lists(st.sampled_from(there), min_size=2, max_size=5, unique=True))
    chosen = Selection().only(f"kind={'+'.join(kinds)}")
    expected = [step.index for step in steps if step.kind in kinds]
    assert numbers(trace.sequence, chosen) == expected
    assert list(ChosenSteps(trace.sequence, chosen)) == expected


def test_no_condition_selects_everything_in_one_range() -> None:
    for trace in TRACES:
        assert list(selected(trace.sequence, Selection())) == [range(len(trace))]


def test_a_window_far_into_a_sequence_is_one_range() -> None:
    window = Selection(1_000_000_000, 1_000_000_005)
    assert list(selected(HUGE, window)) == [range(1_000_000_000, 1_000_000_005)]


def test_a_weight_is_found_among_billions_of_steps() -> None:
    chosen = numbers(HUGE, Selection().only("l=3,j=7999,k=7998"))
    assert [HUGE.step(n).address for n in chosen[:3]] == [
        "s0/fwd/l3/j7999/k7998/wa",
        "s0/back/l3/j7999/k7998/dz_dw",
        "s0/back/l3/j7999/k7998/dC_dw",
    ]
    assert len(chosen) == 16 * 3 + 1
    assert HUGE.step(chosen[-1]).address == "mean/l3/j7999/k7998/mean_dC_dw"


def test_one_kind_of_a_node_comes_as_one_range_with_a_stride() -> None:
    (steps,) = selected(HUGE, Selection().only("s=3,l=3,j=5,kind=dC_dw"))
    assert (len(steps), steps.step) == (8000, 2)


@pytest.mark.parametrize("start", range(5))
@pytest.mark.parametrize("stop", range(6, 11))
def test_a_window_cuts_a_range_with_a_stride_at_both_ends(start: int, stop: int) -> None:
    """∂C_0/∂w of node 5: every second step from 1 on, counted from the node's ∂z/∂w_0."""
    at = HUGE.index("s3/back/l3/j5/k0/dz_dw")
    chosen = Selection(at + start, at + stop).only("kind=dC_dw")
    assert [n - at for n in numbers(HUGE, chosen)] == [n for n in range(start, stop) if n % 2]


def test_steps_of_the_batch_have_no_row() -> None:
    steps = numbers(TRACES[0].sequence, Selection().only("kind=update_w,l=4,j=2,k=5"))
    assert [TRACES[0].sequence.step(n).address for n in steps] == ["update/l4/j2/k5/update_w"]


def test_conditions_are_read_with_spaces_and_in_any_order() -> None:
    assert Selection().only(" k=2, l=3 ,phase=fwd") == Selection(l=3, k=2, phase="fwd")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no condition"),
        ("l", "'l' is no condition"),
        ("l=3,", "'' is no condition"),
        ("q=3", "'q=3' is no condition on s, l, j, k, i, m, kind, phase"),
        ("l=-1", "l=-1 is no index"),
        ("l=x", "l=x is no index"),
        ("l=²", "no index"),
        ("l=3,l=4", "l is given twice"),
        ("kind=dc", "there is no kind 'dc'"),
        ("kind=dC_dw+dc", "there is no kind 'dc'"),
        ("kind=dC_dw+", "there is no kind ''"),
        ("phase=fwd+back", "there is no phase 'fwd+back'"),
        ("phase=forward", "there is no phase 'forward'; it is one of fwd, loss, back, mean"),
    ],
)
def test_a_condition_that_is_none_is_refused(text: str, words: str) -> None:
    with pytest.raises(InputError) as error:
        Selection().only(text)
    assert words in str(error.value)


@pytest.mark.parametrize(
    ("text", "expected"), [("2:7", (2, 7)), (":7", (0, 7)), ("2:", (2, None)), (":", (0, None))]
)
def test_a_range_of_steps_is_half_open(text: str, expected: tuple[int, int | None]) -> None:
    selection = Selection().numbered(text)
    assert (selection.start, selection.stop) == expected


@pytest.mark.parametrize("text", ["", "5", "a:b", "-1:4", "1:2:3", "1.5:3", "1e3:2e3", "9" * 19])
def test_a_range_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="write A:B"):
        Selection().numbered(text)


@pytest.mark.parametrize(("start", "stop"), [(3, 3), (4, 2), (0, 10**9), (10**9, None)])
def test_a_window_outside_the_trace_is_refused_with_its_length(
    start: int, stop: int | None
) -> None:
    sequence = TRACES[0].sequence
    with pytest.raises(InputError, match=f"which has {len(sequence)} steps"):
        selected(sequence, Selection(start, stop))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("l=9", "layers with terms are l = 2..4"),
        ("l=1", "layers with terms are l = 2..4"),
        ("s=3", "row 3 is not in this trace; its rows are 52"),
        ("l=3,j=6", "layer 3 has 6 nodes (j = 0..5)"),
        ("j=6", "the widest layer has 6 nodes"),
        ("k=1,i=1", "no step of 0:484 has k=1,i=1"),
        ("l=3,k=5", "no step of 0:484 has l=3,k=5"),
        ("m=0", "has m=0"),
        ("kind=dz_da,l=4", "has l=4,kind=dz_da"),
        ("phase=mean", "has phase=mean"),
    ],
)
def test_a_selection_that_no_step_fits_says_why(text: str, words: str) -> None:
    with pytest.raises(InputError) as error:
        selected(TRACES[0].sequence, Selection().only(text))
    assert words in str(error.value)


def test_a_long_list_of_rows_is_shortened() -> None:
    with pytest.raises(InputError, match=r"its rows are 16, 0\.\.15"):
        selected(HUGE, Selection().only("s=99"))


def test_selecting_from_many_rows_does_not_walk_over_them() -> None:
    """A million rows, a step of the batch: no sample is looked at."""
    rows = range(1_000_000)
    sequence = StepSequence([2, 2], [True], [False], rows)
    (steps,) = selected(sequence, Selection().only("kind=mean_dC_db,j=1"))
    assert sequence.step(steps[0]).address == "mean/l2/j1/mean_dC_db"
    assert math.prod((len(steps), steps.step)) == 1
