"""The arithmetic of what is computed, against comparing step numbers one by one."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from bpstudio.core.sequence import Step, StepSequence
from bpstudio.ui.canvas.progress import count_done, grid, is_done, moment
from tests.core.naive import Shape
from tests.core.shapes import sequence_of, shapes


def every_step(sequence: StepSequence) -> list[Step]:
    return [sequence.step(n) for n in range(len(sequence))]


def second_index(step: Step) -> int:
    return next((x for x in (step.k, step.i, step.m) if x is not None), 0)


@given(shapes(widest=3, deepest=4), st.data())
def test_a_scalar_is_computed_where_its_step_is_not_after_the_current_one(
    shape: Shape, data: st.DataObject
) -> None:
    sequence = sequence_of(shape)
    n = data.draw(st.integers(0, len(sequence) - 1))
    current = sequence.step(n)
    s = current.s if current.s is not None else len(sequence.rows) - 1
    now = moment(sequence, n, s)
    for step in every_step(sequence):
        if step.s in (s, None):
            at = (step.kind, step.l, step.j or 0, second_index(step), step.of_bias)
            assert bool(is_done(sequence, now, *at)) == (step.index <= n), step.address


@given(shapes(widest=3, deepest=3), st.data())
def test_the_count_of_computed_nodes_is_that_of_the_steps(
    shape: Shape, data: st.DataObject
) -> None:
    sequence = sequence_of(shape)
    n = data.draw(st.integers(0, sequence.sample_length - 1))
    now = moment(sequence, n, 0)
    done = [step for step in every_step(sequence)[: n + 1] if step.l == sequence.L]
    for kind in ("z", "a", "dC_da", "dC_dz"):
        expected = sum(step.kind == kind for step in done)
        assert count_done(sequence, now, kind, sequence.L) == expected


def test_without_a_step_everything_is_computed() -> None:
    sequence = StepSequence((2, 3, 1), (True, True), (False, False), (0, 1), True)
    now = moment(sequence, None, 0)
    assert is_done(sequence, now, "dC_dw", 2, 2, 1)
    assert is_done(sequence, now, "update_b", 3, 0)


def test_what_a_layer_does_not_have_is_never_computed() -> None:
    sequence = StepSequence((2, 1), (False,), (False,), (0,), False)
    assert grid(sequence, "dC_db", 2) is None
    assert not is_done(sequence, moment(sequence, None, 0), "dC_db", 2, 0)
    assert count_done(sequence, moment(sequence, None, 0), "dC_db", 2) == 0


def test_many_scalars_are_asked_at_once() -> None:
    sequence = StepSequence((3, 2, 1), (True, True), (False, False), (0,), False)
    n = sequence.index("s0/back/l2/j1/k0/dC_dw")
    done = is_done(
        sequence, moment(sequence, n, 0), "dC_dw", 2, np.arange(2)[:, None], np.arange(3)
    )
    assert done.tolist() == [[True, True, True], [True, False, False]]
