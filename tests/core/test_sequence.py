"""The order of steps by arithmetic, against naive nested loops and against its own inverse."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bpstudio.core.address import Address
from bpstudio.core.errors import InputError
from bpstudio.core.sequence import Step, StepSequence
from tests.core import naive
from tests.core.cases import network
from tests.core.naive import Shape
from tests.core.shapes import sequence_of, shapes

PAGE = Shape((4, 5, 6, 3), (True,) * 3, (False,) * 3, (52,))
LETTERS = {"s": "row", "l": "l", "j": "j", "k": "k", "i": "i", "m": "m"}


def _expected(n: int, address: str, rows: tuple[int, ...]) -> Step:
    """The step that an address spells out."""
    *levels, kind = address.split("/")
    indices = {LETTERS[part[0]]: int(part[1:]) for part in levels if part[1:].isdigit()}
    phase = next(part for part in levels if not part[1:].isdigit())
    s = rows.index(indices["row"]) if "row" in indices else None
    return Step(n, phase, kind, s=s, **indices)


@settings(max_examples=300)
@given(shape=shapes())
def test_every_step_is_that_of_the_nested_loops_and_its_address_leads_back(shape):
    sequence, expected = sequence_of(shape), naive.addresses(shape)
    assert len(sequence) == len(expected)
    for n, address in enumerate(expected):
        step = sequence.step(n)
        assert step == _expected(n, address, shape.rows)
        assert step.address == address
        assert sequence.index(address) == n
        assert sequence.span(address) == (range(n, n + 1),)


@settings(max_examples=100)
@given(shape=shapes(widest=3, deepest=4))
def test_every_level_covers_the_steps_whose_addresses_start_with_it(shape):
    sequence, expected = sequence_of(shape), naive.addresses(shape)
    for prefix in {prefix for address in expected for prefix in naive.prefixes(address)}:
        spans = sequence.span(prefix)
        covered = [n for span in spans for n in span]
        assert covered == naive.within(expected, prefix)
        # as few ranges as there can be
        assert all(before.stop < after.start for before, after in pairwise(spans))
        assert sequence.index(prefix) == covered[0]


@given(shape=shapes())
def test_the_empty_address_covers_everything(shape):
    sequence = sequence_of(shape)
    assert sequence.span(Address()) == (range(len(sequence)),)


@given(shape=shapes(), data=st.data())
def test_a_step_knows_its_place_and_the_levels_around_it(shape, data):
    sequence = sequence_of(shape)
    n = data.draw(st.integers(0, len(sequence) - 1))
    place, around = sequence.step(n).place, []
    assert place.kind is not None
    while (place := place.parent()) is not None:
        around.append(str(place))
        assert place.kind is None
    assert around == [*reversed(naive.prefixes(sequence.step(n).address)), ""]


def test_the_page_has_the_steps_of_its_formula():
    # forward 5 · (4 + 2) + 6 · (5 + 2) + 3 · (6 + 2) = 96, loss 3 + 1,
    # backward: layer 4: 3 · (3 + 2 · 6 + 2) = 51, layer 3: 6 · (2 · 3 + 3 + 2 · 5 + 2) = 126,
    # layer 2: 5 · (2 · 6 + 3 + 2 · 4 + 2) = 125
    assert len(sequence_of(PAGE)) == 96 + 4 + 51 + 126 + 125


def test_the_page_goes_as_the_interface_says():
    sequence = sequence_of(PAGE)
    first = sequence.index("s52/back/l3/j2")
    assert [sequence.step(n).address for n in range(first, first + 13)] == [
        *(f"s52/back/l3/j2/i{i}/{kind}" for i in range(3) for kind in ("dz_da", "addend")),
        "s52/back/l3/j2/dC_da",
        "s52/back/l3/j2/da_dz",
        "s52/back/l3/j2/dC_dz",
        "s52/back/l3/j2/k0/dz_dw",
        "s52/back/l3/j2/k0/dC_dw",
        "s52/back/l3/j2/k1/dz_dw",
        "s52/back/l3/j2/k1/dC_dw",
    ]


def test_a_softmax_node_lies_in_two_places():
    sequence = sequence_of(Shape((2, 3), (True,), (True,), (7,)))
    # forward: 3 nodes of (wa wa z), then a a a; backward: 3 dC_da, then 3 nodes of 13
    assert sequence.span("s7/fwd/l2/j1") == (range(3, 6), range(10, 11))
    start = sequence.index("s7/back")
    assert sequence.span("s7/back/l2/j1") == (
        range(start + 1, start + 2),
        range(start + 16, start + 29),
    )


def test_the_sequence_of_a_network_follows_its_layers():
    net = network((2, 3, 2), ("softmax", "sigmoid"), bias=(True, False))
    sequence = StepSequence.of(net, (5, 4), updates=True)
    shape = Shape((2, 3, 2), (True, False), (True, False), (5, 4), True)
    assert [sequence.step(n).address for n in range(len(sequence))] == naive.addresses(shape)


# ---- large -------------------------------------------------------------------------------------

LARGE = Shape((784, 8000, 8000, 10), (True,) * 3, (False, True, False), tuple(range(40, 56)), True)


@settings(max_examples=300)
@given(data=st.data())
def test_among_billions_of_steps_any_is_found_and_leads_back(data):
    sequence = sequence_of(LARGE)
    assert len(sequence) > 10**9
    n = data.draw(st.integers(0, len(sequence) - 1))
    step = sequence.step(n)
    assert step.index == n
    assert sequence.index(step.address) == n
    place = step.place
    while (place := place.parent()) is not None:
        assert any(n in span for span in sequence.span(place))


def test_a_step_far_out_is_known_by_hand():
    # 1–10⁵–10⁵–1, no biases. Forward: 10⁵ · 3 + 10⁵ (10⁵ + 2) + (10⁵ + 2) = 10 000 600 002
    sequence = sequence_of(Shape((1, 10**5, 10**5, 1), (False,) * 3, (False,) * 3, (0,)))
    # layer 2 takes 300 000 steps; 999 700 000 = 9996 · 100 002 + 80 008
    assert divmod(10**9 - 300_000, 100_002) == (9996, 80_008)
    assert sequence.step(10**9).address == "s0/fwd/l3/j9996/k80008/wa"
    assert sequence.step(10_000_600_002).address == "s0/loss/j0/C_j"


def test_the_work_for_a_step_does_not_grow_with_the_sizes():
    # nothing is stored for a node: the same number of regions for both
    small = sequence_of(Shape((2, 2, 2), (True,) * 2, (True,) * 2, (0,)))
    large = sequence_of(Shape((9999, 9999, 9999), (True,) * 2, (True,) * 2, (0,)))
    assert len(small.sample_regions) == len(large.sample_regions)


# ---- what is not there -------------------------------------------------------------------------


@pytest.mark.parametrize("n", [-1, 402, 10**12])
def test_a_step_outside_does_not_exist(n):
    with pytest.raises(IndexError, match=rf"step {n} does not exist; steps are 0\.\.401"):
        sequence_of(PAGE).step(n)


ABSENT = {
    # given: what the message has to say besides it
    "s53/back/l3": ("row 53", "row 52"),
    "back/l3/j2": ("sample", "s52/"),
    "fwd": ("sample", "s52/"),
    "e3/b4/s52": ("recorded run", "s52"),
    "e0/b0": ("recorded run", "s52"),
    "s52/fwd/l1": ("l = 2..4",),
    "s52/fwd/l5/j0": ("l = 2..4",),
    "s52/fwd/l3/j6": ("layer 3 has 6 nodes", "j = 0..5"),
    "s52/fwd/l3/j0/k5/wa": ("node 0 of layer 3", "k0..k4/wa", "z", "a"),
    "s52/fwd/l3/j0/k5": ("k0..k4/wa",),
    "s52/fwd/l3/j0/i1": ("k0..k4/wa",),
    "s52/fwd/l3/j0/wa": ("k0..k4/wa",),
    "s52/fwd/l3/j0/k0/z": ("k0..k4/wa, z",),
    "s52/back/l4/j0/i0/dz_da": ("node 0 of layer 4", "dC_da, da_dz, dC_dz"),
    "s52/back/l4/j0/m0/da_dz": ("da_dz",),
    "s52/back/l3/j2/i3/addend": ("i0..i2/addend",),
    "s52/back/j2": ("does not name the layer", "l2..l4"),
    "s52/back/dC_da": ("does not name the layer",),
    "s52/back/k1": ("does not name the layer",),
    "s52/back/l3/k1": ("does not name the node", "j0..j5"),
    "s52/back/l3/dC_da": ("does not name the node",),
    "s52/loss/j3/C_j": ("loss/j0/C_j .. loss/j2/C_j", "loss/C"),
    "s52/loss/j3": ("loss/j2/C_j",),
    "s52/loss/C_j": ("loss/j0/C_j",),
    "s52/loss/j0/C": ("loss/C",),
    "s52/loss/k0/C": ("loss/C",),
    "s52/loss/l4/C": ("loss/C",),
    "s52/loss/j0/k0": ("loss/j0/C_j",),
    "mean": ("more than one row",),
    "mean/l3/j2/k2/mean_dC_dw": ("more than one row",),
    "update/l3/j2/update_b": ("learning rate",),
    "s52/mean": ("belongs to the batch", "leave out s52"),
}


@pytest.mark.parametrize("address", ABSENT)
def test_an_address_that_is_not_there_says_what_is(address):
    with pytest.raises(InputError) as caught:
        sequence_of(PAGE).span(address)
    message = str(caught.value)
    assert "\n" not in message
    assert address in message
    assert all(word in message for word in ABSENT[address])


ABSENT_ELSEWHERE = {
    "s1/back/l2/j0/da_dz": ("m0..m2/da_dz",),  # softmax
    "s1/back/l2/j0/m3": ("m0..m2/da_dz",),
    "s1/back/l2/j0/dz_db": ("k0..k1/dC_dw",),  # no biases
    "mean/l2/j0/mean_dC_db": ("k0..k1/mean_dC_dw",),
    "mean/l2/k0/mean_dC_dw": ("does not name the node",),
    "update/k0": ("does not name the layer", "l2..l2"),
    "s3/loss": ("row 3", "rows 1, 2"),
}


@pytest.mark.parametrize("address", ABSENT_ELSEWHERE)
def test_what_a_softmax_layer_without_biases_lacks_is_said_as_well(address):
    sequence = sequence_of(Shape((2, 3), (False,), (True,), (1, 2), True))
    with pytest.raises(InputError) as caught:
        sequence.span(address)
    assert all(word in str(caught.value) for word in (address, *ABSENT_ELSEWHERE[address]))


def test_many_rows_are_named_by_their_range():
    sequence = sequence_of(Shape((1, 1), (True,), (False,), tuple(range(10, 90))))
    with pytest.raises(
        InputError, match=r"row 5 is not in this trace, which has 80 rows, 10\.\.89"
    ):
        sequence.span("s5")


def _some(*parts: str) -> st.SearchStrategy[str]:
    return st.sampled_from(("", *parts))


@settings(max_examples=300)
@given(
    shape=shapes(widest=3, deepest=3),
    parts=st.tuples(
        _some("s0", "s2", "s3"),
        _some("fwd", "loss", "back", "mean", "update"),
        _some("l1", "l2", "l3", "l4"),
        _some("j0", "j1", "j3"),
        _some("k0", "k2", "i0", "i2", "m0", "m2"),
        _some("wa", "z", "a", "C_j", "C", "da_dz", "addend", "dC_dw", "mean_dC_dw"),
    ),
)
def test_an_address_is_found_exactly_where_a_step_starts_with_it(shape, parts):
    shape = shape._replace(rows=(0, 2))
    address = "/".join(part for part in parts if part)
    expected = naive.within(naive.addresses(shape), address) if address else []
    try:
        found = [n for span in sequence_of(shape).span(address) for n in span]
    except InputError:
        found = []
    assert found == expected


def test_rows_may_be_numpy_integers():
    sequence = StepSequence((1, 1), (True,), (False,), tuple(np.arange(3)))
    assert sequence.step(sequence.index("s2/loss/C")).address == "s2/loss/C"


def test_networks_of_one_shape_share_their_sequence() -> None:
    one, other = (network((3, 2), ["tanh"], seed=seed) for seed in (1, 2))
    assert StepSequence.of(one, [5, 4]) is StepSequence.of(other, (5, 4))
    assert StepSequence.of(one, (5, 4)) is not StepSequence.of(one, (4, 5))
