"""Which rows are kept for validation."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpstudio.core.dataset import Dataset
from bpstudio.core.errors import InputError
from bpstudio.core.generated import generate
from bpstudio.core.splitting import ORDERS, validation_positions

LABELS = np.array([0] * 60 + [1] * 30 + [2] * 10)


def chosen(order: str, count: int, seed: int = 0) -> np.ndarray:
    return validation_positions(order, count, 100, LABELS, np.random.default_rng(seed))


def test_a_stratified_split_has_the_shares_of_the_classes() -> None:
    assert np.bincount(LABELS[chosen("stratified", 20)]).tolist() == [12, 6, 2]
    assert np.bincount(LABELS[chosen("stratified", 25)]).tolist() == [15, 8, 2]


def test_in_order_the_last_rows_are_kept() -> None:
    assert chosen("in order", 20).tolist() == list(range(80, 100))


def test_another_seed_keeps_other_rows_and_the_same_seed_the_same() -> None:
    for order in ("random", "stratified"):
        assert np.array_equal(chosen(order, 20), chosen(order, 20))
        assert not np.array_equal(chosen(order, 20), chosen(order, 20, seed=1))


@given(
    st.sampled_from(ORDERS),
    st.lists(st.integers(0, 4), min_size=2, max_size=60),
    st.data(),
)
def test_every_order_keeps_exactly_so_many_different_rows(
    order: str, labels: list[int], data: st.DataObject
) -> None:
    n = len(labels)
    count = data.draw(st.integers(0, n - 1))
    rng = np.random.default_rng(0)
    kept = validation_positions(order, count, n, np.array(labels), rng)
    assert kept.tolist() == sorted(set(kept.tolist()))
    assert len(kept) == count
    if order == "stratified":
        exact = np.bincount(labels) * count / n
        assert np.all(np.abs(np.bincount(np.array(labels)[kept], minlength=len(exact)) - exact) < 1)


def test_the_rows_of_a_data_set_are_divided_and_scaled_by_the_training_part() -> None:
    data = generate("moons", rows=50).split(0.2, 0, "in order")
    assert data.validation.tolist() == list(range(40, 50))
    assert data.training.tolist() == list(range(40))
    assert np.allclose(data.X[data.training].mean(axis=0), 0.0)


def test_numbers_cannot_be_stratified() -> None:
    data = Dataset.from_arrays([[1.0], [2.0], [3.0]], [1.0, 2.0, 3.5])
    with pytest.raises(InputError, match="a stratified split needs classes"):
        data.split(0.34, 0, "stratified")


def test_an_order_that_does_not_exist_is_refused() -> None:
    with pytest.raises(InputError, match="no order of splitting 'sorted'; choose random, strat"):
        chosen("sorted", 20)
