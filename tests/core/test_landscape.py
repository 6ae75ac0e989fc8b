"""The loss along parameters, against one whole pass for each value."""

from __future__ import annotations

import numpy as np
import pytest

from bpstudio.core import landscape
from bpstudio.core.boundary import pass_cost
from bpstudio.core.errors import InputError
from bpstudio.core.landscape import Landscape, Parameter
from bpstudio.core.losses import find_loss
from bpstudio.core.network import Network
from bpstudio.core.passes import forward

PAIRS = [
    (Parameter(2, 1, 0),),
    (Parameter(4, 0, 2),),
    (Parameter(3, 2),),
    (Parameter(2, 0, 1), Parameter(4, 1, 1)),
    (Parameter(3, 1, 1), Parameter(3, 1, 0)),
    (Parameter(3, 1, 1), Parameter(3, 1)),
    (Parameter(4, 1), Parameter(2, 0)),
]


def samples(n: int = 6) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(4)
    return rng.normal(size=(n, 2)), np.eye(2)[rng.integers(2, size=n)]


def one_by_one(ground: Landscape, values: np.ndarray) -> np.ndarray:
    """A network for each row of values, and its loss sample by sample."""
    found = []
    for row in values:
        network = ground.network
        for parameter, value in zip(ground.along, row, strict=True):
            network = parameter.put(network, value)
        total = 0.0
        for x, y in zip(ground.X, ground.Y, strict=True):
            a = forward(network, x[None, :])[1][-1]
            total += float(find_loss(ground.loss).C_j(a, y[None, :]).sum())
        found.append(total / len(ground.X))
    return np.array(found)


def filled(ground: Landscape, values: np.ndarray) -> np.ndarray:
    out = np.full(len(values), np.nan)
    for _ in ground.fill(values, out):
        pass
    return out


@pytest.mark.parametrize("along", PAIRS, ids=lambda along: "-".join(map(str, along)))
@pytest.mark.parametrize(
    ("output", "loss"), [("softmax", "cross_entropy"), ("linear", "sse")], ids=["softmax", "linear"]
)
def test_each_value_is_a_network_of_its_own(
    along: tuple[Parameter, ...], output: str, loss: str
) -> None:
    network = Network.create([2, 3, 3, 2], "tanh", output, seed=3)
    ground = Landscape(network, *samples(), loss, along)
    values = np.random.default_rng(1).normal(size=(9, len(along)))
    assert filled(ground, values) == pytest.approx(one_by_one(ground, values), rel=1e-12)


def test_where_the_parameters_stand_the_loss_is_that_of_the_network() -> None:
    network = Network.create([2, 3, 2], "tanh", "softmax", seed=3)
    along = (Parameter(2, 1, 0), Parameter(3, 0, 2))
    ground = Landscape(network, *samples(), "cross_entropy", along)
    here = [parameter.value(network) for parameter in along]
    assert ground.at(here) == pytest.approx(one_by_one(ground, np.array([here]))[0])


def test_portions_are_bounded_and_change_no_result(monkeypatch: pytest.MonkeyPatch) -> None:
    network = Network.create([2, 3, 2], "tanh", "softmax", seed=3)
    ground = Landscape(network, *samples(10), "sse", (Parameter(2, 1, 0),))
    values = np.linspace(-2, 2, 5)[:, None]
    whole = filled(ground, values)
    monkeypatch.setattr(landscape, "_OPERATIONS", 1)
    monkeypatch.setattr(landscape, "_BELOW", 4 * pass_cost(network))  # four samples
    out = np.full(5, np.nan)
    known = [int(np.isfinite(out).sum()) for _ in ground.fill(values, out)]
    assert known == [0] * 15  # three portions of the samples, each for one value at a time
    assert out == pytest.approx(whole, rel=1e-12)


@pytest.mark.parametrize("text", ["w/l2/j1/k0", "b/l3/j1"])
def test_a_parameter_is_its_address(text: str) -> None:
    network = Network.create([2, 3, 2])
    assert str(Parameter.parse(f" {text} ", network)) == text


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("w/l2/j1", "no address of a parameter"),
        ("b/l2/j1/k0", "no address of a parameter"),
        ("", "no address of a parameter"),
        ("w/l2/j3/k0", r"layer 2 has 3 nodes \(j = 0\.\.2\)"),
        ("w/l1/j0/k0", "layer 1 has no weights"),
        ("b/l2/j0", "layer 2 has no biases"),
    ],
)
def test_what_is_no_parameter_is_refused(text: str, reason: str) -> None:
    with pytest.raises(InputError, match=reason):
        Parameter.parse(text, Network.create([2, 3, 2], bias=False))


def test_the_mean_may_be_over_some_of_the_samples(monkeypatch: pytest.MonkeyPatch) -> None:
    network = Network.create([2, 3, 2], "tanh", "softmax", seed=3)
    X, Y = samples(10)
    rows = np.array([7, 1, 4, 9, 2])
    monkeypatch.setattr(landscape, "_BELOW", 2 * pass_cost(network))
    values = np.linspace(-1, 1, 4)[:, None]
    some = Landscape(network, X, Y, "sse", (Parameter(3, 0, 1),), rows)
    alone = Landscape(network, X[rows], Y[rows], "sse", (Parameter(3, 0, 1),))
    assert some.n == alone.n == 5
    assert filled(some, values) == pytest.approx(one_by_one(alone, values), rel=1e-12)
