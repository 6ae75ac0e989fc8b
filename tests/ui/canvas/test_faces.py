import math

import pytest

from bpstudio.ui.canvas.faces import bias_kind, bias_value, faces, node_number
from bpstudio.ui.canvas.progress import moment
from bpstudio.ui.canvas.state import Scales
from bpstudio.ui.palette import LIGHT
from bpstudio.ui.ramps import activation_color, diverging_color
from tests.ui.canvas.scenes import state, trace

SCALES = Scales.of(trace())


@pytest.mark.parametrize(
    ("x", "text"),
    [
        (0.654, "0.65"),
        (-0.8071, "−0.81"),
        (0.0, "0.00"),
        (9.999, "10.0"),
        (-12.345, "−12.3"),
        (123.4, "123"),
        (0.0002, "2·10⁻⁴"),
        (-0.0049, "−5·10⁻³"),
        (23456.0, "2·10⁴"),
        (math.nan, "nan"),
        (-math.inf, "−∞"),
    ],
)
def test_a_node_carries_few_characters(x: float, text: str) -> None:
    assert node_number(x) == text


def test_a_computed_node_has_its_number_on_the_ramp() -> None:
    at = state(trace(), "s52/fwd/l3/j2/a")
    now = moment(at.sequence, at.step.index if at.step else 0, 0)
    shown = faces(at, "a", now, 3, range(6), LIGHT, SCALES)
    value = float(trace().a(3)[0, 1])
    assert shown[1].text == node_number(value)
    assert shown[1].fill == activation_color(LIGHT, value, 0, 1).name().upper()
    assert shown[1].ink in ("#000000", "#FFFFFF")
    assert [face.known for face in shown] == [True] * 3 + [False] * 3


def test_a_pending_node_has_neither_number_nor_fill() -> None:
    at = state(trace(), 0)
    (face,) = faces(at, "a", moment(at.sequence, 0, 0), 3, [4], LIGHT, SCALES)
    assert (face.text, face.fill, face.known) == ("", None, False)


def test_signed_numbers_take_the_signed_ramp() -> None:
    at = state(trace())
    (face,) = faces(at, "dC_da", moment(at.sequence, None, 0), 4, [2], LIGHT, SCALES)
    value = float(trace().dC_da(4)[0, 2])
    assert face.fill == diverging_color(LIGHT, value, SCALES.dC_da).name().upper()


def test_inputs_have_no_fill_and_no_z() -> None:
    at = state(trace())
    now = moment(at.sequence, None, 0)
    assert [f.fill for f in faces(at, "a", now, 1, range(4), LIGHT, SCALES)] == [None] * 4
    assert [f.text for f in faces(at, "z", now, 1, range(4), LIGHT, SCALES)] == ["–"] * 4


def test_a_bias_is_known_as_weight_and_pending_as_gradient() -> None:
    at = state(trace(), "s52/back/l3/j2/dC_db")
    now = moment(at.sequence, at.step.index if at.step else 0, 0)
    b = trace().network.layer(3).b
    assert b is not None
    assert bias_value(at, "weights", now, 3, 5) == (float(b[5]), True)
    assert bias_value(at, "gradients", now, 3, 2) == (float(trace().dC_db(3, 0)[2]), True)
    found = bias_value(at, "gradients", now, 3, 3)
    assert found is not None
    assert not found[1]


def test_after_the_last_sample_a_bias_has_its_mean() -> None:
    passed = trace(rows=(52, 7), lr=0.1)
    at = state(passed, "mean/l3/j2/mean_dC_db")
    assert bias_kind(at) == "mean_dC_db"
    now = moment(at.sequence, at.step.index if at.step else 0, at.s)
    assert bias_value(at, "gradients", now, 3, 2) == (float(passed.mean_dC_db(3)[2]), True)


def test_a_network_without_biases_has_no_marks() -> None:
    at = state(trace((2, 1), bias=False))
    assert bias_value(at, "weights", moment(at.sequence, None, 0), 2, 0) is None
