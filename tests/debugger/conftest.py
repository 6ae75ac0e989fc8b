"""A small data set and debuggers on it."""

from __future__ import annotations

import numpy as np
import pytest

from bpstudio.core.dataset import Dataset
from bpstudio.core.network import Network
from bpstudio.debugger.debugger import Debugger


def small_data() -> Dataset:
    """Twelve rows, three features, two classes."""
    rng = np.random.default_rng(5)
    X = rng.normal(size=(12, 3))
    Y = np.eye(2)[rng.integers(0, 2, size=12)]
    return Dataset.from_arrays(X, Y)


@pytest.fixture
def data() -> Dataset:
    return small_data()


@pytest.fixture
def network() -> Network:
    return Network.create([3, 4, 2], seed=1)


@pytest.fixture
def debugger(network: Network, data: Dataset) -> Debugger:
    return Debugger(network, data, rows=[3, 5], lr=0.1)
