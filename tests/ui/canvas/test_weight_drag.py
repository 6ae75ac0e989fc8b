"""What a drag makes of a weight."""

import pytest

from bpstudio.ui.canvas.weight_drag import ACROSS, begun, value_of
from tests.ui.canvas.scenes import trace

NETWORK = trace().network
EDGE, BIAS = ("edge", 3, 2, 1), ("bias", 3, 2)


def test_a_drag_over_the_whole_way_adds_the_end_of_the_ramp() -> None:
    drag = begun(NETWORK, EDGE, 2.0, 300.0)
    first = float(NETWORK.layer(3).W[2, 1])
    assert drag.to(300.0 - ACROSS).value == pytest.approx(first + 2.0)
    assert drag.to(300.0 + ACROSS).value == pytest.approx(first - 2.0)


def test_a_finer_drag_adds_a_tenth_from_where_it_is() -> None:
    drag = begun(NETWORK, EDGE, 2.0, 300.0).to(250.0)
    there = drag.value
    assert drag.to(240.0, finer=True).value == pytest.approx(there + 0.01)


def test_there_and_back_is_the_value_of_before() -> None:
    drag = begun(NETWORK, BIAS, 5.0, 10.0).to(90.0).to(10.0)
    assert drag.value == pytest.approx(drag.first)
    assert drag.first == value_of(NETWORK, BIAS)


@pytest.mark.parametrize(("vmax", "digits"), [(0.002, 6), (2.0, 3), (5.0, 3), (2000.0, 0)], ids=str)
def test_the_shown_value_has_the_digits_that_a_pixel_can_tell(vmax: float, digits: int) -> None:
    drag = begun(NETWORK, EDGE, vmax, 0.0).to(-7.0, finer=True)
    assert drag.shown == round(drag.value, digits)


def test_without_a_ramp_a_drag_still_changes_the_weight() -> None:
    drag = begun(NETWORK, EDGE, 0.0, 0.0)
    assert drag.to(-10.0).value > drag.first
