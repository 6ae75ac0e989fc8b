"""Norms of gradients and updates by layer, against plain loops."""

from __future__ import annotations

import math

import numpy as np
import pytest

from bpstudio.core.dataset import Dataset
from bpstudio.core.layer_flow import LayerFlow, layer_flow
from bpstudio.core.network import Network
from bpstudio.core.trace import trace

ROWS = (0, 2, 3)


@pytest.fixture
def data() -> Dataset:
    rng = np.random.default_rng(3)
    return Dataset.from_arrays(rng.normal(size=(5, 3)), rng.normal(size=(5, 2)))


def test_the_norms_are_those_of_the_steps_one_by_one(data: Dataset) -> None:
    network = Network.create([3, 4, 2], "tanh", "linear", seed=1)
    made = trace(network, data, ROWS, "sse", lr=0.25)
    for flow in layer_flow(made):
        gradient = moved = size = 0.0
        for n in range(len(made)):
            step = made[n]
            if step.l != flow.l:
                continue
            if step.kind == "mean_dC_dw":
                gradient += step.value**2
            if step.kind == "update_w":
                old = network.layer(flow.l).W[step.j, step.k]
                moved += (step.value - old) ** 2
                size += old**2
        assert flow.grad_norm == pytest.approx(math.sqrt(gradient), rel=1e-12)
        assert flow.update_norm == pytest.approx(math.sqrt(moved), rel=1e-9)
        assert flow.weight_norm == pytest.approx(math.sqrt(size), rel=1e-12)
        assert flow.update_ratio == pytest.approx(math.sqrt(moved / size), rel=1e-9)


def test_every_layer_with_weights_has_its_norms(data: Dataset) -> None:
    made = trace(Network.create([3, 4, 4, 2], "relu", "linear"), data, ROWS, "sse", lr=0.1)
    assert [flow.l for flow in layer_flow(made)] == [2, 3, 4]


def test_without_updates_there_is_no_ratio(data: Dataset) -> None:
    made = trace(Network.create([3, 2], "tanh", "linear"), data, ROWS, "sse")
    assert math.isnan(layer_flow(made)[0].update_ratio)
    assert layer_flow(made)[0].grad_norm > 0


def test_a_layer_of_zeros_moves_infinitely_far_or_not_at_all() -> None:
    assert LayerFlow(2, 1.0, 0.0, 0.5).update_ratio == math.inf
    assert LayerFlow(2, 1.0, 0.0, 0.0).update_ratio == 0.0
