"""Tick labels of the loss, and where its epochs are marked."""

from __future__ import annotations

import math

import pytest

from bpstudio.ui.loss_axis import LossAxis, tick_text
from bpstudio.ui.strides import stride_of


@pytest.mark.parametrize(
    ("value", "spacing", "text"),
    [
        (0.4, 0.2, "0.4"),
        (0.25, 0.05, "0.25"),
        (0.0, 0.2, "0"),
        (0.01234, 2e-5, "0.01234"),
        (0.5, 5e-4, "0.5000"),
        (12_500.0, 500.0, "1.25\u2009×\u200910⁴"),
        (-1.0, 0.5, "\u22121.0"),
        (4e295, 1e295, "4.0\u2009×\u200910²⁹⁵"),
    ],
)
def test_a_tick_has_the_digits_that_tell_it_from_the_next(value, spacing, text):
    assert tick_text(value, spacing) == text


def test_on_a_log_scale_only_one_two_and_five_are_labelled(qapp):
    axis = LossAxis("left")
    axis.setLogMode(x=False, y=True)
    axis.resize(40, 300)
    axis.setRange(-1.0, 0.0)
    values = [math.log10(value) for value in (0.1, 0.2, 0.3, 0.5, 0.9, 1.0)]
    assert axis.logTickStrings(values, 1.0, 1.0) == ["0.1", "0.2", "", "0.5", "", "1"]
    axis.setRange(-9.0, 0.0)
    assert axis.logTickStrings(values, 1.0, 1.0) == ["0.1", "", "", "", "", "1"]


def test_on_a_short_log_scale_only_powers_of_ten_are_labelled(qapp):
    axis = LossAxis("left")
    axis.setLogMode(x=False, y=True)
    axis.resize(40, 38)
    axis.setRange(-1.0, 0.0)
    assert axis.logTickStrings([-1.0, math.log10(0.2), 0.0], 1.0, 1.0) == ["0.1", "", "1"]


def test_a_name_longer_than_its_axis_is_left_out(qapp):
    axis = LossAxis("left")
    axis.setLabel("gradient norm")
    axis.resize(40, 300)
    assert axis.label.opacity() == 1.0
    axis.resize(40, 30)
    assert axis.label.opacity() == 0.0


@pytest.mark.parametrize(
    ("epochs", "stride"), [(0, 1), (5, 1), (6, 2), (60, 20), (100_000, 20_000)]
)
def test_few_epochs_are_marked(epochs, stride):
    assert stride_of(epochs) == stride
