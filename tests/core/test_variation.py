"""Other numbers for the same exercise."""

from __future__ import annotations

import numpy as np

from bpstudio.core.variation import vary, with_note
from bpstudio.core.worked import work_out
from tests.core.cases import traced


def test_weights_have_two_decimals_and_are_never_0():
    trace = traced()
    network, batch = vary(trace.network, trace.batch, 7)
    for layer in network.layers:
        for numbers in (layer.W, layer.b):
            np.testing.assert_array_equal(numbers, np.round(numbers, 2))
            assert (numbers != 0).all()
            assert (np.abs(numbers) < 1).all()
    np.testing.assert_array_equal(batch.X, np.round(trace.X, 2))
    assert batch.rows == trace.rows


def test_the_same_seed_gives_the_same_numbers_and_another_others():
    trace = traced(bias=False)
    first, again, other = (vary(trace.network, trace.batch, seed)[0] for seed in (1, 1, 2))
    np.testing.assert_array_equal(first.layers[0].W, again.layers[0].W)
    assert (first.layers[0].W != other.layers[0].W).any()
    assert first.layers[0].b is None
    assert first.sizes == trace.network.sizes


def test_the_derivation_says_that_its_numbers_are_varied():
    worked = with_note(work_out(traced(), "s52/fwd/l2/j0"), 7)
    assert "varied by seed 7" in worked.conventions[-1].text
