"""Training: steps a second beside PyTorch eager and scikit-learn, in the same run."""

from __future__ import annotations

import importlib
import time
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median
from typing import Any

import numpy as np
from bench_table import Row, Target
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from bpstudio.core.kernels import Engine
from bpstudio.core.network import Network
from bpstudio.core.training import Training, TrainingSettings, advance, prepared
from bpstudio.resources import resource

Floats = NDArray[np.float64]

ROUNDS = 3  # the peers take turns, so that a noisy machine is noisy for all


@dataclass(frozen=True, slots=True)
class Case:
    """A network with its data: 4–5–6–3 on Iris, or wide layers on noise."""

    sizes: tuple[int, ...]
    batch_size: int
    lr: float
    X: Floats
    Y: Floats

    @property
    def name(self) -> str:
        """Sizes and batch size as people write them."""
        return f"{'–'.join(map(str, self.sizes))}, batch {self.batch_size}"

    def training(self, engine: Engine | None = None) -> Training:
        """Training with sigmoid and the sum of squares, by the engine chosen unless given."""
        settings = TrainingSettings(lr=self.lr, batch_size=self.batch_size)
        made = Training.from_arrays(Network.create(self.sizes), self.X, self.Y, settings)
        return prepared(made if engine is None else replace(made, engine=engine))


def iris() -> Case:
    """The embedded default: 120 training rows, standardised."""
    table = np.genfromtxt(resource("data/iris.csv"), delimiter=",", skip_header=1, dtype=str)
    X = table[:, :4].astype(np.float64)
    labels = np.unique(table[:, 4], return_inverse=True)[1]
    rows = np.random.default_rng(0).permutation(len(X))[:120]
    X = (X - X[rows].mean(axis=0)) / X[rows].std(axis=0)
    return Case((4, 5, 6, 3), 10, 0.5, X[rows], np.eye(3)[labels[rows]])


def wide() -> Case:
    """784–128–64–10 on 2000 rows of noise."""
    rng = np.random.default_rng(0)
    Y = np.eye(10)[rng.integers(10, size=2000)]
    return Case((784, 128, 64, 10), 32, 0.01, rng.standard_normal((2000, 784)), Y)


Steps = Callable[[float], float]  # trains for so many seconds → updates a second


def of_bpstudio(training: Training) -> Steps:
    """Ours, as a window runs it: by stretches."""

    def steps(seconds: float) -> float:
        state, done, started = training.start(), 0, time.perf_counter()
        while (taken := time.perf_counter() - started) < seconds:
            portion = max(10, round(0.03 * done / taken)) if done else 10
            state = advance(training, state, portion).state
            done += portion
        return done / taken

    return steps


def of_torch(torch: Any, case: Case) -> Steps:
    """PyTorch eager: autograd, the SGD optimiser, batches by slices of a permutation."""
    torch.set_num_threads(1)  # faster for it too, at these sizes
    layers: list[Any] = []
    for n_in, n in pairwise(case.sizes):
        layers += [torch.nn.Linear(n_in, n), torch.nn.Sigmoid()]
    model = torch.nn.Sequential(*layers)
    optimizer = torch.optim.SGD(model.parameters(), lr=case.lr)
    X, Y = (torch.tensor(part, dtype=torch.float32) for part in (case.X, case.Y))

    def epoch() -> int:
        batches = torch.randperm(len(X)).split(case.batch_size)
        for rows in batches:
            optimizer.zero_grad()
            loss = ((model(X[rows]) - Y[rows]) ** 2).sum(dim=1).mean()
            loss.backward()
            optimizer.step()
        return len(batches)

    return lambda seconds: _repeat(epoch, seconds)


def of_sklearn(neural_network: Any, case: Case) -> Steps:
    """scikit-learn's own loop: MLPClassifier.fit with plain SGD."""
    labels = case.Y.argmax(axis=1)
    epochs = 100 if len(case.X) * case.sizes[0] < 10_000 else 2

    def fit() -> int:
        model = neural_network.MLPClassifier(
            hidden_layer_sizes=case.sizes[1:-1],
            activation="logistic",
            solver="sgd",
            alpha=0.0,
            batch_size=case.batch_size,
            learning_rate_init=case.lr,
            momentum=0.0,
            tol=0.0,
            max_iter=epochs,
            n_iter_no_change=epochs,
        )
        with warnings.catch_warnings(), threadpool_limits(1):  # faster for it too, as above
            warnings.simplefilter("ignore")  # that it has not converged
            model.fit(case.X, labels)
        return int(model.n_iter_) * -(-len(case.X) // case.batch_size)

    return lambda seconds: _repeat(fit, seconds)


def _repeat(train: Callable[[], int], seconds: float) -> float:
    train()  # the first time is slower
    done, started = 0, time.perf_counter()
    while (taken := time.perf_counter() - started) < seconds:
        done += train()
    return done / taken


def compare(case: Case, seconds: float, targets: dict[str, float]) -> Iterator[Row]:
    """A row for us and one for each peer, its ratio saying how many times faster we are."""
    runners = {
        "bpstudio": of_bpstudio(case.training()),
        "PyTorch eager": of_torch(importlib.import_module("torch"), case),
        "scikit-learn": of_sklearn(importlib.import_module("sklearn.neural_network"), case),
    }
    rates = _rates(runners, seconds)
    for name, rate in rates.items():
        row = Row(f"training {case.name}: {name}", "steps/s", rate)
        if name != "bpstudio":
            least = targets.get(name)
            bounds = () if least is None else (Target("ratio", least, at_least=True),)
            row = replace(row, ratio=rates["bpstudio"] / rate, targets=bounds)
        yield row


def _rates(runners: dict[str, Steps], seconds: float) -> dict[str, float]:
    """The median of several rounds, in turns."""
    rounds = [{name: run(seconds / ROUNDS) for name, run in runners.items()} for _ in range(ROUNDS)]
    return {name: median(one[name] for one in rounds) for name in runners}


def measure(quick: bool) -> Iterator[Row]:
    """The default network, which has targets, and a wide one, which has none."""
    seconds = 3.0 if quick else 12.0
    yield from compare(iris(), seconds, {"PyTorch eager": 5.0, "scikit-learn": 3.0})
    yield from compare(wide(), seconds, {})
