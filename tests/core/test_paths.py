"""The sum over paths: all of them by brute force on small networks, the largest on any."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bpstudio.core.dataset import Batch
from bpstudio.core.errors import InputError
from bpstudio.core.network import Layer, Network
from bpstudio.core.paths import Path, paths
from bpstudio.core.trace import Trace, compute_trace
from tests.core import cases

ALL = 10**9


def enumerated(trace: Trace, s: int, l: int, j: int, k: int) -> list[float]:
    """The product of every path, by nested choices of the nodes it takes."""
    a_k = trace.a(l - 1)[s, k]
    return [product * a_k for product in _from_z(trace, s, l, j)]


def _from_z(trace: Trace, s: int, l: int, j: int) -> list[float]:
    if l == trace.L and trace.saturated[s, j]:
        return [trace.dC_dz(l)[s, j]]
    if not trace.sequence.is_softmax(l):
        return [trace.da_dz(l)[s, j] * p for p in _from_a(trace, s, l, j)]
    a = trace.a(l)[s]
    return [a[m] * ((m == j) - a[j]) * p for m in range(len(a)) for p in _from_a(trace, s, l, m)]


def _from_a(trace: Trace, s: int, l: int, j: int) -> list[float]:
    if l == trace.L:
        return [trace.dC_da(l)[s, j]]
    W = trace.network.layer(l + 1).W
    return [W[i, j] * p for i in range(len(W)) for p in _from_z(trace, s, l + 1, i)]


def weights(trace: Trace):
    for l in range(2, trace.L + 1):
        yield from itertools.product([l], *map(range, trace.network.layer(l).W.shape))


def require_sum(trace: Trace, s: int, l: int, j: int, k: int, most: int) -> None:
    every, found = enumerated(trace, s, l, j, k), paths(trace, s, l, j, k, most)
    assert found.count == len(every)
    assert found.total == trace[f"s{trace.rows[s]}/back/l{l}/j{j}/k{k}/dC_dw"].value
    size = math.fsum(map(abs, every))
    assert found.size == pytest.approx(size, rel=1e-12)
    assert math.fsum(every) == pytest.approx(found.total, rel=1e-12, abs=1e-12 * size)
    largest = sorted(map(abs, every), reverse=True)[:most]
    assert [abs(p.value) for p in found.shown] == pytest.approx(largest, rel=1e-12, abs=1e-300)
    shown = math.fsum(p.value for p in found.shown)
    assert shown + found.rest == pytest.approx(found.total, rel=1e-12, abs=1e-12 * size)
    for path in found.shown:
        require_path(trace, path, size)


def require_path(trace: Trace, path: Path, size: float) -> None:
    product = math.prod(factor.value for factor in path.factors)
    assert path.value == pytest.approx(product, rel=1e-12, abs=1e-300)
    assert path.share == pytest.approx(abs(path.value) / size if size else 0.0, rel=1e-12)
    sizes = [abs(factor.value) for factor in path.factors]
    assert sizes[path.weakest] == min(sizes)
    for factor in path.factors:
        assert trace[factor.address].address == factor.address
        assert trace[factor.address].value == factor.value


@pytest.mark.parametrize("name", [name for name in cases.varied() if name != "two digits"])
@pytest.mark.parametrize("most", [1, 3, ALL])
def test_all_paths_add_up_to_the_derivative_and_the_largest_are_shown(name, most):
    trace = cases.varied()[name]
    for l, j, k in list(weights(trace))[:40]:
        require_sum(trace, len(trace.rows) - 1, l, j, k, min(most, 400))


@settings(max_examples=40)
@given(seed=st.integers(0, 10**6), data=st.data())
def test_they_do_in_random_networks(seed, data):
    sizes = data.draw(st.lists(st.integers(1, 4), min_size=2, max_size=5))
    names = st.sampled_from([*cases.ELEMENTWISE, "softmax"])
    activations = [data.draw(names) for _ in sizes[1:]]
    trace = cases.traced(sizes, activations, "sse", rows=(1, 5), seed=seed)
    l, j, k = data.draw(st.sampled_from(list(weights(trace))))
    require_sum(trace, 1, l, j, k, data.draw(st.integers(1, 9)))


@pytest.mark.parametrize(
    ("output", "loss", "above", "y"),
    [
        ("sigmoid", "bce", [40.0, 1.0, -1.0], [0.0, 1.0, 1.0]),
        ("softmax", "cross_entropy", [350.0, -400.0, 0.0], [0.0, 1.0, 0.0]),
    ],
)
def test_at_a_saturated_output_a_path_ends_with_the_combined_form(output, loss, above, y):
    W = [[w, 0.5] for w in above]
    net = Network([Layer([[1.0], [2.0]], None, "tanh"), Layer(W, None, output)])
    trace = compute_trace(net, Batch((0,), 9.0 * np.ones((1, 1)), np.array([y])), loss)
    assert trace.saturated.any()
    for l, j, k in weights(trace):
        require_sum(trace, 0, l, j, k, 2)
    found = paths(trace, 0, 3, int(trace.saturated[0].argmax()), 0)
    assert [factor.address.split("/")[-1] for factor in found.shown[0].factors] == [
        "dC_dz",
        "dz_dw",
    ]


def test_a_path_names_its_nodes_and_its_factors_in_the_order_of_the_chain():
    found = paths(cases.traced(), 0, 2, 1, 3, ALL)
    assert found.count == 6 * 3
    path = found.shown[0]
    (_, j, _), (_, i, _), (_, o, _) = path.nodes
    assert j == 1
    assert [factor.address for factor in path.factors] == [
        f"s52/back/l4/j{o}/dC_da",
        f"s52/back/l4/j{o}/da_dz",
        f"s52/back/l3/j{i}/i{o}/dz_da",
        f"s52/back/l3/j{i}/da_dz",
        f"s52/back/l2/j1/i{i}/dz_da",
        "s52/back/l2/j1/da_dz",
        "s52/back/l2/j1/k3/dz_dw",
    ]
    assert path.factors[-1].name.startswith(r"\frac{\partial z_{1}^{(2)}}")


def test_a_dead_unit_is_the_factor_that_kills_a_path():
    layers = [Layer([[1.0]], [-9.0], "relu"), Layer([[2.0]], None, "linear")]
    trace = compute_trace(Network(layers), Batch((0,), np.ones((1, 1)), np.ones((1, 1))), "sse")
    (path,) = paths(trace, 0, 2, 0, 0).shown
    assert path.value == 0.0
    assert path.factors[path.weakest].address == "s0/back/l2/j0/da_dz"


def test_deep_and_wide_networks_have_more_paths_than_could_be_visited():
    trace = cases.traced((6, *(40,) * 30, 10), ("tanh",) * 30 + ("softmax",), "cross_entropy")
    found = paths(trace, 0, 2, 7, 3)
    assert found.count == 40**29 * 10 * 10
    assert len(found.shown) == 20
    values = [abs(path.value) for path in found.shown]
    assert values == sorted(values, reverse=True)
    assert len({path.nodes for path in found.shown}) == 20


def test_a_weight_that_does_not_exist_is_refused():
    with pytest.raises(InputError, match=r"j = 0..4, k = 0..3"):
        paths(cases.traced(), 0, 2, 5, 0)
    with pytest.raises(InputError, match=r"l = 2..4"):
        paths(cases.traced(), 0, 5, 0, 0)
