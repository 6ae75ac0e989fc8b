"""The orders of epochs: the compiled ones are numpy's to the bit, and numpy has the last word."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bpstudio.core import kernels, orders
from bpstudio.core.orders import epoch_order, epoch_orders
from bpstudio.core.training import advance
from tests.core import cases
from tests.core.training_cases import training

SEEDS = (0, 1, 2**32 - 1, 2**32, 2**63, 2**64 - 1, 2**64 + 5, 2**96, 2**200 + 3)
EPOCHS = (0, 1, 2**31 - 1, 2**32 - 2, 2**32, 2**40, 2**63 - 3)
agrees = orders._agrees
needs_compiler = pytest.mark.skipif(not kernels.has_compiler(), reason="numba is not there")


@pytest.fixture(autouse=True)
def forget():
    """What a test made of the first use is no other test's."""
    yield
    agrees.cache_clear()


def numpys(seed, first, count, n):
    return [np.random.default_rng([seed, 2, first + i]).permutation(n) for i in range(count)]


def compiled(seed, first, count, n):
    kernels.prepare("compiled")
    return orders._filled(kernels.compiled_orders(), seed, first, count, n)


@needs_compiler
@pytest.mark.parametrize("n", [1, 2, 3, 5, 12, 200, 2**16, 2**17 + 1])
def test_compiled_orders_are_numpys(n):
    seeds, epochs = (SEEDS, EPOCHS) if n <= 200 else (SEEDS[::4], EPOCHS[::3])
    for seed in seeds:
        for first in epochs:
            count = 3 if n <= 200 else 1
            assert np.array_equal(compiled(seed, first, count, n), numpys(seed, first, count, n))


@needs_compiler
@settings(max_examples=100, deadline=None)
@given(st.integers(0, 2**140), st.integers(0, 2**63 - 4), st.integers(1, 70))
def test_compiled_orders_are_numpys_whatever_the_seed(seed, first, n):
    assert np.array_equal(compiled(seed, first, 3, n), numpys(seed, first, 3, n))


@needs_compiler
def test_many_orders_at_once_are_those_of_the_epochs_one_by_one(monkeypatch):
    kernels.prepare("compiled")
    calls = []
    fill = kernels._ready[0].fill
    counting = kernels._ready[0]._replace(fill=lambda *given: calls.append(given) or fill(*given))
    monkeypatch.setattr(kernels, "_ready", [counting])
    for seed in (0, np.int64(7), 2**70):
        made = epoch_orders(seed, 4, 30, 11)
        assert made.tolist() == [epoch_order(seed, 4 + i, 11).tolist() for i in range(30)]
    assert len(calls) == 2 * 3  # for each seed one order to compare, and all thirty in one


@pytest.mark.parametrize("count", [1, 2, 5])
def test_without_shuffling_every_epoch_has_the_samples_in_their_order(count):
    assert epoch_orders(3, 9, count, 4, shuffle=False).tolist() == [[0, 1, 2, 3]] * count


def test_before_the_compiled_code_is_ready_the_orders_are_numpys_own(monkeypatch):
    monkeypatch.setattr(kernels, "_ready", [])
    assert np.array_equal(epoch_orders(5, 2, 6, 9), numpys(5, 2, 6, 9))


def test_large_samples_and_numbers_beyond_64_bits_are_left_to_numpy(monkeypatch):
    def fill(*given):
        raise AssertionError("this is nothing for compiled code")

    monkeypatch.setattr(kernels, "_ready", [kernels.Compiled(fill, fill)])
    many = orders._FEW_SAMPLES + 1
    assert np.array_equal(epoch_orders(5, 2, 2, many), numpys(5, 2, 2, many))
    assert np.array_equal(epoch_orders(5, 2**63 - 1, 2, 9), numpys(5, 2**63 - 1, 2, 9))


@needs_compiler
@pytest.mark.parametrize("n", [2, 12, 150])
def test_a_numpy_that_draws_otherwise_is_followed(monkeypatch, n):
    class Otherwise:
        """A later numpy, whose permutation is another one."""

        def __init__(self, entropy):
            self._drawn = np.random.Generator(np.random.PCG64(entropy))

        def permutation(self, n):
            return self._drawn.permutation(n)[::-1].copy()

    kernels.prepare("compiled")
    monkeypatch.setattr(np.random, "default_rng", Otherwise)
    made = epoch_orders(5, 3, 8, n)
    assert np.array_equal(made, [epoch_order(5, 3 + i, n) for i in range(8)])
    assert not np.array_equal(made, compiled(5, 3, 8, n))


@needs_compiler
def test_a_run_is_the_same_to_the_bit_whoever_makes_its_orders(monkeypatch):
    run = training(cases.network((3, 4, 2), ("tanh", "sigmoid")), engine="compiled")
    one = advance(run, run.start(), 100)
    monkeypatch.setattr(orders, "_agrees", lambda *given: False)
    other = advance(run, run.start(), 100)
    assert np.array_equal(one.state.parameters, other.state.parameters)
    assert np.array_equal(one.batch_losses, other.batch_losses)
