"""Which rows are kept for validation."""

from __future__ import annotations

import tracemalloc
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpstudio.core.dataset import Dataset
from bpstudio.core.errors import InputError
from bpstudio.core.generated import generate
from bpstudio.core.splitting import ORDERS, groups_of, sides_of, validation_positions

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


@given(
    order=st.sampled_from(ORDERS),
    members=st.lists(st.integers(0, 8), min_size=2, max_size=60),
    fraction=st.floats(0.05, 0.9),
    seed=st.integers(0, 1000),
)
def test_no_group_is_ever_on_both_sides_and_each_side_has_one(
    order: str, members: list[int], fraction: float, seed: int
) -> None:
    n = len(members)
    groups = groups_of("plot", [f"p{m}" for m in members])
    count, labels = min(n - 1, max(1, round(fraction * n))), np.arange(n) % 2
    rng = np.random.default_rng(seed)
    if len(set(members)) == 1:
        with pytest.raises(InputError, match="all rows are of one group by plot"):
            validation_positions(order, count, n, labels, rng, groups)
        return
    kept = validation_positions(order, count, n, labels, rng, groups)
    inside = {members[place] for place in kept}
    outside = {members[place] for place in set(range(n)) - set(kept.tolist())}
    assert inside
    assert outside
    assert not inside & outside
    assert kept.tolist() == sorted(set(kept.tolist()))


def test_groups_come_as_near_to_the_part_as_whole_ones_can() -> None:
    members = groups_of("plot", [f"p{n // 10:02}" for n in range(150)])
    for order in ORDERS:
        labels = np.arange(150) // 50
        for seed in range(5):
            rng = np.random.default_rng(seed)
            kept = validation_positions(order, 30, 150, labels, rng, members)
            assert len(kept) == 30
            if order == "stratified":
                assert np.bincount(labels[kept]).tolist() == [10, 10, 10]
            if order == "in order":
                assert kept.tolist() == list(range(120, 150))


def test_a_group_that_is_larger_than_the_part_is_not_taken_if_a_smaller_one_is_there() -> None:
    groups = groups_of("plot", ["a"] * 90 + ["b"] * 10)
    for seed in range(4):
        rng = np.random.default_rng(seed)
        assert validation_positions("random", 3, 100, None, rng, groups).tolist() == [
            *range(90, 100)
        ]


def test_a_column_says_which_rows_are_for_validation() -> None:
    data = generate("moons", rows=6)
    said = ["train", "val", "train", "test", "train", "train"]
    data = replace(data, sides=sides_of("set", said, ("val", "test")))
    made = data.split(0.5, 9, "by column")
    assert made.validation.tolist() == [1, 3]
    assert made.training.tolist() == [0, 2, 4, 5]
    assert data.split(0.5, 9).validation.tolist() != [1, 3]
    everything = replace(data, sides=sides_of("set", said, ("train", "val", "test")))
    with pytest.raises(InputError, match="column set leaves no row for training"):
        everything.split(0.2, 0, "by column")
    with pytest.raises(InputError, match="no column that says which rows are for validation"):
        generate("moons", rows=6).split(0.2, 0, "by column")


def test_the_same_seed_keeps_the_same_groups() -> None:
    groups = groups_of("plot", [f"{n % 7}" for n in range(70)])
    data = replace(generate("moons", rows=70), groups=groups)
    first, again, other = (data.split(0.3, seed).validation.tolist() for seed in (1, 1, 2))
    assert first == again != other


def test_one_long_name_among_many_rows_takes_no_memory_for_all_of_them() -> None:
    values = [*"ba" * 1000, "x" * 10_000]
    tracemalloc.start()
    groups = groups_of("notes", values)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert groups.names == ("a", "b", "x" * 10_000)
    assert groups.of_rows.tolist() == [1, 0] * 1000 + [2]
    assert most < 1_000_000
