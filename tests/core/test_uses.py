"""Addresses: operands turned round, over every step and leaf of random shapes."""

from collections import defaultdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bpstudio.core.errors import InputError
from bpstudio.core.operands import operands_of
from bpstudio.core.optimisers import UpdateSettings
from bpstudio.core.sequence import Step, StepSequence
from bpstudio.core.updates import UpdateTerms
from bpstudio.core.uses import uses_of
from tests.core.cases import varied
from tests.core.shapes import sequence_of, shapes

SATURATED = set[tuple[int | None, int | None]]  # row and output node


def _rests_on(q: StepSequence, step: Step, saturated: SATURATED) -> bool:
    """Whether the step takes ∂C_0/∂z of a saturated elementwise output (as `Term` has it)."""
    if q.is_softmax(q.L):
        return False
    if step.kind in ("dC_dw", "dC_db"):
        return step.l == q.L and (step.row, step.j) in saturated
    return step.kind == "addend" and step.l == q.L - 1 and (step.row, step.i) in saturated


def _turned_round(q: StepSequence, saturated: SATURATED) -> dict[str, list[str]]:
    """For every address that is an operand, what it is an operand of, by looking at all steps."""
    found = defaultdict(list)
    for n in range(len(q)):
        step = q.step(n)
        for operand in dict.fromkeys(operands_of(q, step, _rests_on(q, step, saturated))):
            found[operand].append(step.address)
    return found


def _leaves(q: StepSequence) -> list[str]:
    found = [f"s{row}/x{k}" for row in q.rows for k in range(q.sizes[0])]
    found += [f"s{row}/y{j}" for row in q.rows for j in range(q.sizes[-1])]
    for l in range(2, q.L + 1):
        for j in range(q.sizes[l - 1]):
            found += [f"w/l{l}/j{j}/k{k}" for k in range(q.sizes[l - 2])]
            found += [f"b/l{l}/j{j}"] if q.has_bias(l) else []
    for slot in q.updates.slots if q.updates else ():
        parameters = [leaf for leaf in found if leaf.startswith(("w/", "b/"))]
        found += [f"state/{slot}/{leaf[2:]}" for leaf in parameters]
    return [*found, *(["rate"] if q.updates else [])]


@settings(max_examples=80)
@given(shape=shapes(widest=3, deepest=4), data=st.data())
def test_in_any_shape_uses_are_operands_turned_round(shape, data):
    q = sequence_of(shape)
    nodes = st.tuples(st.sampled_from(q.rows), st.integers(0, q.sizes[-1] - 1))
    saturated = data.draw(st.sets(nodes))
    expected = _turned_round(q, saturated)
    for n in range(len(q)):
        step = q.step(n)
        uses = uses_of(q, step.address, (step.row, step.j) in saturated)
        assert list(uses) == expected[step.address], step.address
    for leaf in _leaves(q):
        assert list(uses_of(q, leaf)) == expected[leaf], leaf


def test_the_uses_of_a_real_trace_are_the_terms_that_name_it():
    for trace in varied().values():
        for term in trace:
            for operand in term.operands:
                node = operand.startswith(f"s{term.row}/") and f"/l{trace.L}/" in operand
                row, j = _row_and_node(operand) if node else (None, None)
                of_saturated = node and bool(trace.saturated[trace.rows.index(row), j])
                assert term.address in uses_of(trace.sequence, operand, of_saturated)


def _row_and_node(address: str) -> tuple[int, int]:
    row, _, _, j = address.split("/")[:4]
    return int(row[1:]), int(j[1:])


def test_a_weight_in_a_batch_of_millions_has_its_uses_at_once():
    q = StepSequence((784, 128, 10), (True, True), (False, True), range(2_000_000), updates=True)
    uses = uses_of(q, "w/l3/j7/k100")
    assert len(uses) == 4_000_001
    assert uses[0] == "s0/fwd/l3/j7/k100/wa"
    assert uses[2_000_001] == "s1000000/back/l2/j100/i7/dz_da"
    assert uses[-1] == "update/l3/j7/k100/update_w"
    assert uses[-3:-1] == ("s1999999/fwd/l3/j7/k100/wa", "s1999999/back/l2/j100/i7/dz_da")
    with pytest.raises(IndexError, match="there are 4000001"):
        uses[4_000_001]


def test_the_rate_and_the_scale_of_clipping_are_used_by_every_parameter_in_order():
    q = StepSequence((2, 2, 1), (True, False), (False,) * 2, (1,), UpdateTerms(clip=True))
    assert list(uses_of(q, "update/clip")) == [
        *("update/l2/j0/k0/clipped", "update/l2/j0/k1/clipped", "update/l2/j0/clipped"),
        *("update/l2/j1/k0/clipped", "update/l2/j1/k1/clipped", "update/l2/j1/clipped"),
        *("update/l3/j0/k0/clipped", "update/l3/j0/k1/clipped"),
    ]
    assert uses_of(q, "rate")[2] == "update/l2/j0/update_b"
    assert len(uses_of(q, "rate")) == 8


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("state/m/l2/j0/k0", "momentum remembers no m"),
        ("state/velocity/l2/j0/k2", r"layer 1 has 2 nodes \(k = 0..1\)"),
        ("state/velocity/l3/j0", "layer 3 has no biases"),
        ("update/clip", "no clipping is in force"),
        ("update/l2/j0/k0/m", r"k0..k1/velocity"),
    ],
)
def test_what_an_update_does_not_have_is_refused(address, message):
    terms = UpdateTerms.of(UpdateSettings("momentum"))
    q = StepSequence((2, 3, 1), (True, False), (False, False), (1,), terms)
    with pytest.raises(InputError, match=message):
        uses_of(q, address)


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("s1/fwd/l2", "names a level"),
        ("s7/x0", "row 7 is not in this trace"),
        ("s1/x9", r"layer 1 has 2 nodes \(j = 0..1\)"),
        ("s1/y3", r"layer 3 has 1 nodes"),
        ("w/l1/j0/k0", r"l = 2..3"),
        ("w/l2/j0/k2", r"layer 1 has 2 nodes \(k = 0..1\)"),
        ("b/l3/j0", "layer 3 has no biases"),
        ("rate", "this pass has no update"),
        ("state/velocity/l2/j0", "this pass has no update"),
        ("scale/x0/mean", "not part of this pass"),
        ("seed", "not part of this pass"),
        ("nonsense", "no address"),
    ],
)
def test_what_is_no_number_of_the_pass_is_refused(address, message):
    q = StepSequence((2, 3, 1), (True, False), (False, False), (1,))
    with pytest.raises(InputError, match=message):
        uses_of(q, address)
