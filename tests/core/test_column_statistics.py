"""Statistics taken in blocks are those that numpy gives over all rows at once, to the bit."""

from __future__ import annotations

import numpy as np
import pytest

from bpstudio.core import column_statistics
from bpstudio.core.column_statistics import blocks, extremes, has_nan, mean_and_deviation, mean_of


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(column_statistics, "BLOCK", 60)


def table(n: int, m: int, order: str = "C") -> np.ndarray:
    rng = np.random.default_rng(n * 1000 + m)
    return np.array(rng.normal(size=(n, m)) * 10.0 ** rng.integers(-8, 9, size=m), order=order)


SHAPES = [(1, 1), (100, 1), (1, 3), (2, 2), (99, 2), (1000, 3), (1001, 7), (500, 33), (50, 100)]


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("order", ["C", "F"])
def test_mean_and_deviation(shape: tuple[int, int], order: str) -> None:
    values = table(*shape, order)
    some = np.arange(0, shape[0], 3)
    for rows in (None, some):
        chosen = values if rows is None else values[rows]
        unit = np.abs(chosen).max(axis=0)
        mean, deviation = mean_and_deviation(values, unit, rows)
        reduced = chosen / unit
        assert mean.tobytes() == reduced.mean(axis=0).tobytes()
        assert deviation.tobytes() == reduced.std(axis=0).tobytes()


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_smallest_and_largest(shape: tuple[int, int]) -> None:
    values = table(*shape)
    some = np.arange(0, shape[0], 3)
    for rows, chosen in ((None, values), (some, values[some])):
        low, high = extremes(values, rows)
        assert (low == chosen.min(axis=0)).all()
        assert (high == chosen.max(axis=0)).all()


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("order", ["C", "F"])
def test_mean_over_some_rows(shape: tuple[int, int], order: str) -> None:
    values, rows = table(*shape, order), np.arange(0, shape[0], 2)
    assert mean_of(values, rows).tobytes() == values[rows].mean(axis=0).tobytes()


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_blocks_are_all_rows_in_their_order(shape: tuple[int, int]) -> None:
    values = table(*shape)
    assert (np.concatenate(list(blocks(values))) == values).all()


def test_rows_that_lack_a_number() -> None:
    values = table(40, 3)
    values[[3, 25], [0, 2]] = np.nan
    assert np.flatnonzero(has_nan(values)).tolist() == [3, 25]
    assert has_nan(values[:0]).tolist() == []
