"""Which steps are listed, against a walk over all of them."""

from __future__ import annotations

import math

import numpy as np
import pytest

from bpstudio.core.errors import InputError
from bpstudio.core.selection import Selection
from bpstudio.core.trace import Trace
from bpstudio.debugger import filtering
from bpstudio.debugger.filtering import Listed, StepFilter, place_selection, step_filter
from bpstudio.debugger.scope import Facts
from tests.core.cases import varied

TRACES = list(varied().values())


def listed(trace: Trace, chosen: StepFilter) -> Listed:
    made = Listed(trace, chosen)
    for share in made.look(Facts(trace)) if chosen.looks else ():
        assert 0 < share <= 1
    assert made.is_complete
    return made


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", Selection()),
        ("l=3, j=2", Selection(l=3, j=2)),
        ("row=4,k=1", Selection(s=4, k=1)),
        ("dC_dw, l=3", Selection(kind="dC_dw", l=3)),
        ("back", Selection(phase="back")),
        ("s52", Selection(s=52)),
        ("s52/back/l3", Selection(s=52, phase="back", l=3)),
        ("back/l3/j2/i1/dz_da", Selection(phase="back", l=3, j=2, i=1, kind="dz_da")),
        ("l3", Selection(l=3)),
        ("l3/j2", Selection(l=3, j=2)),
        ("l3/j2/z", Selection(l=3, j=2, kind="z")),
        ("l3/j2/k1/update_w", Selection(l=3, j=2, k=1, kind="update_w")),
        ("fwd/l2/", Selection(phase="fwd", l=2)),
    ],
)
def test_a_place_is_part_of_an_address_or_indices(text: str, expected: Selection) -> None:
    assert place_selection(text) == expected


@pytest.mark.parametrize(
    "text", ["l3/x2", "l3/j2/nothing", "x=3", "nonsense", "e1/b2/s3", "l=three", "l=3,l=4"]
)
def test_another_place_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        place_selection(text)


def test_a_kind_that_contradicts_the_place_is_refused() -> None:
    sequence = TRACES[0].sequence
    with pytest.raises(InputError, match="names the kind z, but a is chosen"):
        step_filter(sequence, kind="a", place="kind=z")
    assert step_filter(sequence, kind="z", place="kind=z").selection.kind == "z"


def test_a_condition_is_checked_against_the_network() -> None:
    with pytest.raises(InputError, match="layer 99"):
        step_filter(TRACES[0].sequence, condition="z[99][0] > 1")


@pytest.mark.parametrize("number", range(len(TRACES)))
def test_without_a_filter_every_step_is_a_row(number: int) -> None:
    trace = TRACES[number]
    rows = listed(trace, StepFilter())
    assert len(rows) == len(trace)
    assert [rows[row] for row in range(len(rows))] == list(range(len(trace)))
    assert rows.row_of(len(trace) - 1) == len(trace) - 1


@pytest.mark.parametrize("number", range(len(TRACES)))
def test_a_condition_lists_the_steps_where_it_holds(number: int) -> None:
    trace = TRACES[number]
    rows = listed(trace, StepFilter(Selection(phase="back"), "abs(value) > 0.1"))
    terms = [term for term in trace if "/back/" in term.address]
    expected = [term.index for term in terms if abs(term.value) > 0.1]
    assert rows.found.tolist() == expected
    for n in range(0, len(trace), 7):
        assert rows.below(n) == sum(m < n for m in expected)
        assert (rows.row_of(n) is not None) == (n in expected)


@pytest.mark.parametrize("number", range(len(TRACES)))
@pytest.mark.parametrize("top", [1, 10])
def test_the_largest_are_listed_by_size(number: int, top: int) -> None:
    trace = TRACES[number]
    rows = listed(trace, StepFilter(top=top))
    terms = sorted(trace, key=lambda term: (-abs(term.value), term.index))
    assert rows.found.tolist() == [term.index for term in terms[:top]]
    assert rows.row_of(terms[0].index) == 0
    assert rows.row_of(terms[-1].index) is None


def test_the_largest_of_those_where_a_condition_holds() -> None:
    trace = TRACES[0]
    rows = listed(trace, StepFilter(Selection(kind="dC_dw"), "value < 0", 3))
    negative = [term for term in trace if term.kind == "dC_dw" and term.value < 0]
    expected = sorted(negative, key=lambda term: (term.value, term.index))[:3]
    assert rows.found.tolist() == [term.index for term in expected]


def test_what_is_not_a_number_is_larger_than_any() -> None:
    sizes = filtering._sizes(np.array([-3.0, math.nan, math.inf, 2.0]))
    assert sizes.tolist() == [3.0, math.inf, math.inf, 2.0]


def test_no_more_than_so_many_are_kept_and_the_rest_is_counted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(filtering, "MOST_FOUND", 10)
    trace = TRACES[0]
    rows = listed(trace, StepFilter(Selection(), "isfinite(value)"))
    assert rows.found.tolist() == list(range(10))
    assert rows.left_out == len(trace) - 10


def test_a_look_can_be_given_up() -> None:
    trace = TRACES[0]
    rows = Listed(trace, StepFilter(top=5))
    steps = rows.look(Facts(trace))
    next(steps)
    steps.close()
    assert not rows.is_complete
