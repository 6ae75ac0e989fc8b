import pytest

from bpstudio.ui.canvas.state import CanvasState, Scales, neighbour, shown_sample, step_between
from tests.ui.canvas.scenes import iris, state, trace


def test_scales_are_round_numbers_that_nothing_exceeds() -> None:
    passed = trace(rows=(1, 2, 3))
    scales = Scales.of(passed)
    largest = max(abs(passed.dC_dw(l, s)).max() for l in (2, 3, 4) for s in range(3))
    assert largest <= scales.gradients <= 5 * largest
    assert f"{scales.gradients:.0e}"[0] in "125"


@pytest.mark.parametrize(("activation", "ends"), [("sigmoid", (0.0, 1.0)), ("tanh", (-1.0, 1.0))])
def test_bounded_activations_keep_their_range(activation: str, ends: tuple[float, float]) -> None:
    assert Scales.of(trace((3, 4, 2), activation)).activation(2) == ends


def test_unbounded_activations_reach_from_least_to_most() -> None:
    passed = trace((3, 4, 2), "relu", "linear")
    a = passed.a(3)
    assert Scales.of(passed).activation(3) == (a.min(), a.max())


def test_the_shown_sample_is_that_of_the_step_and_the_last_one_after_all() -> None:
    passed = trace(rows=(52, 7), lr=0.1)
    assert state(passed, "s7/loss/C").row == 7
    assert state(passed, "update/l2/j0/k0/update_w").row == 7
    assert state(passed, "update/l2/j0/k0/update_w").after_samples
    assert shown_sample(passed, None) == 0


@pytest.mark.parametrize(
    ("before", "after", "apart"),
    [
        (iris(3), iris(4), 1),
        (iris(4), iris(3), -1),
        (iris(3), iris(5), 0),
        (iris(3), iris(3), 0),
        (None, iris(3), 0),
        (iris(3), iris(None), 0),
        (iris(3), CanvasState(trace((2, 1)), iris(4).step), 0),
    ],
    ids=["forward", "back", "jump", "same", "first", "none", "other"],
)
def test_one_step_of_one_trace_is_forward_or_back(
    before: CanvasState | None, after: CanvasState | None, apart: int
) -> None:
    assert step_between(before, after) == apart


def test_the_neighbour_of_a_state_differs_in_its_step_only() -> None:
    here, there = iris(3), neighbour(iris(3), 1)
    assert there is not None
    assert there.facts == iris(4).facts
    assert there.facts != here.facts


def test_beyond_both_ends_there_is_no_neighbour() -> None:
    last = len(trace()) - 1
    assert neighbour(iris(0), -1) is None
    assert neighbour(iris(last), 1) is None
    assert neighbour(iris(None), 1) is None
