"""Over and out, forwards and backwards, against their definition by brute force."""

from itertools import accumulate, pairwise

import pytest
from hypothesis import given, settings

from bpstudio.core import levels
from bpstudio.core.optimisers import UpdateSettings
from bpstudio.core.updates import UpdateTerms
from tests.core import naive
from tests.core.naive import Shape
from tests.core.shapes import sequence_of, shapes

PAGE = sequence_of(Shape((4, 5, 6, 3), (True,) * 3, (False,) * 3, (52,), True))


def _first_after(found: list[str], n: int, level: str) -> int:
    """The first step after n that is not in the level; the last step where there is none."""
    inside = set(naive.within(found, level))
    return next((x for x in range(n + 1, len(found)) if x not in inside), len(found) - 1)


def _last_before(found: list[str], n: int, level: str) -> int:
    inside = set(naive.within(found, level))
    return next((x for x in range(n - 1, -1, -1) if x not in inside), 0)


@settings(max_examples=60)
@given(shape=shapes(widest=3, deepest=4, most_rows=2))
def test_every_verb_leads_where_its_definition_says(shape):
    sequence, found = sequence_of(shape), naive.addresses(shape)
    for n, address in enumerate(found):
        around = ["", *naive.prefixes(address)]
        # the scale of clipping comes before all layers of its pass and is a level of its own
        *_, larger, smallest = [*around, address] if address == "update/clip" else around
        assert levels.over(sequence, n) == _first_after(found, n, smallest)
        assert levels.out(sequence, n) == _first_after(found, n, larger)
        assert levels.back_over(sequence, n) == _last_before(found, n, smallest)
        assert levels.back_out(sequence, n) == _last_before(found, n, larger)
        assert str(levels.smallest_level(sequence, n)) == smallest
        assert [str(level) for level in levels.enclosing_levels(sequence, n)] == around


@pytest.mark.parametrize(
    ("verb", "start", "end"),
    [
        # over a weight, over a node
        (levels.over, "s52/back/l3/j2/k1/dz_dw", "s52/back/l3/j2/k2/dz_dw"),
        (levels.over, "s52/back/l3/j2/i1/dz_da", "s52/back/l3/j2/i2/dz_da"),
        (levels.over, "s52/back/l3/j2/dC_dz", "s52/back/l3/j3/i0/dz_da"),
        (levels.over, "s52/fwd/l2/j0/z", "s52/fwd/l2/j1/k0/wa"),
        (levels.over, "s52/loss/C", "s52/back/l4/j0/dC_da"),
        # out of a node, out of a layer
        (levels.out, "s52/back/l3/j2/k1/dz_dw", "s52/back/l3/j3/i0/dz_da"),
        (levels.out, "s52/back/l3/j2/dC_dz", "s52/back/l2/j0/i0/dz_da"),
        (levels.out, "s52/loss/C", "update/l2/j0/k0/update_w"),
        (levels.out, "s52/loss/j1/C_j", "s52/back/l4/j0/dC_da"),
        # and their mirrors
        (levels.back_over, "s52/back/l3/j2/k1/dC_dw", "s52/back/l3/j2/k0/dC_dw"),
        (levels.back_over, "s52/back/l3/j2/dC_dz", "s52/back/l3/j1/dC_db"),
        (levels.back_out, "s52/back/l3/j2/k1/dC_dw", "s52/back/l3/j1/dC_db"),
        (levels.back_out, "s52/back/l3/j2/dC_dz", "s52/back/l4/j2/dC_db"),
        (levels.back_out, "s52/back/l4/j2/dC_dz", "s52/loss/C"),
    ],
)
def test_a_verb_on_the_page_leads_to_the_place_expected(verb, start, end):
    assert PAGE.step(verb(PAGE, PAGE.index(start))).address == end


@pytest.mark.parametrize("unit", ["term", "node", "layer"])
def test_no_unit_smaller_than_the_pass_goes_from_the_scale_of_clipping_past_the_parameters(unit):
    sequence = sequence_of(
        Shape((2, 2), (True,), (False,), (0, 1), UpdateTerms.of(UpdateSettings(clip=1.0)))
    )
    clip = sequence.index("update/clip")
    assert levels.by(sequence, clip, unit) == clip + 1
    assert levels.by(sequence, clip, unit, forward=False) == clip - 1
    assert levels.by(sequence, clip, "sample") == len(sequence) - 1


@pytest.mark.parametrize(
    ("forwards", "backwards"), [(levels.over, levels.back_over), (levels.out, levels.back_out)]
)
@settings(max_examples=30)
@given(shape=shapes())
def test_going_on_ends_at_the_last_step_and_going_back_at_the_first(forwards, backwards, shape):
    sequence = sequence_of(shape)
    last = len(sequence) - 1
    ahead = list(accumulate(range(last), lambda n, _: forwards(sequence, n), initial=0))
    back = list(accumulate(range(last), lambda n, _: backwards(sequence, n), initial=last))
    assert ahead[-1] == last
    assert back[-1] == 0
    assert all(n < after for n, after in pairwise(ahead) if n < last)
    assert all(before < n for n, before in pairwise(back) if n > 0)
