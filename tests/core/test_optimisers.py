"""Optimisers: how a gradient becomes new parameters."""

import numpy as np
import pytest

from bpstudio.core.errors import InputError
from bpstudio.core.optimisers import OPTIMISERS, UpdateSettings, find_optimiser, update_terms


def test_gradient_descent_goes_against_the_gradient_by_the_learning_rate():
    # 1 − 0.5 · 4 = −1 and −2 − 0.5 · (−1) = −1.5
    w, gradient = np.array([1.0, -2.0]), np.array([4.0, -1.0])
    terms = update_terms(UpdateSettings(lr=0.5), 0, w, gradient, {}, True, 1.0)
    assert terms["update"].tolist() == [-1.0, -1.5]
    assert w.tolist() == [1.0, -2.0]


def test_every_optimiser_is_found_by_its_name():
    assert [find_optimiser(name).name for name in OPTIMISERS] == list(OPTIMISERS)


@pytest.mark.parametrize("name", ["adamax", "", None, ["sgd"]])
def test_an_unknown_optimiser_is_refused_with_those_there_are(name):
    with pytest.raises(InputError, match="it is one of sgd"):
        find_optimiser(name)
