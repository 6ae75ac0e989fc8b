import pytest

from bpstudio.ui.canvas.state import Scales, shown_sample
from tests.ui.canvas.scenes import state, trace


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
