"""Training speed beside PyTorch and scikit-learn, and how long training keeps a window waiting.

    python scripts/bench_training.py [seconds]

Peers that are not installed are left out with a line that says so; `pip install .[peers]` brings
them. The figures of one run belong together: machine and load differ from run to run.
"""

from __future__ import annotations

import importlib
import sys
import time
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # the repository's own bpstudio

from bpstudio.core.kernels import Engine
from bpstudio.core.network import Network
from bpstudio.core.training import Training, TrainingSettings, advance, prepared
from bpstudio.debugger.run import TrainingRun
from bpstudio.resources import resource

Floats = NDArray[np.float64]

ROUNDS = 3  # the peers take turns, so that a noisy machine is noisy for all
GAP = 50.0  # ms


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table; ``met`` is None where there is no target."""

    what: str
    measured: str
    target: str = ""
    met: bool | None = None


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


# Updates a second ------------------------------------------------------------------------

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


def compare(case: Case, seconds: float, targets: dict[str, float]) -> list[Row]:
    """A row for each of us and the peers, and how many times faster we are."""
    runners = {"bpstudio": of_bpstudio(case.training())}
    rows = []
    for name, module, of_peer in (
        ("PyTorch eager", "torch", of_torch),
        ("scikit-learn", "sklearn.neural_network", of_sklearn),
    ):
        try:
            runners[name] = of_peer(importlib.import_module(module), case)
        except ImportError:
            rows.append(Row(f"{case.name}: {name}", "not installed, left out"))
    rates = _rates(runners, seconds)
    for name, rate in rates.items():
        rows.append(Row(f"{case.name}: {name}", f"{rate:,.0f} updates/s"))
        if name != "bpstudio":
            rows.append(_ratio(case, name, rates["bpstudio"] / rate, targets.get(name)))
    return rows


def _rates(runners: dict[str, Steps], seconds: float) -> dict[str, float]:
    """The median of several rounds, in turns."""
    rounds = [{name: run(seconds / ROUNDS) for name, run in runners.items()} for _ in range(ROUNDS)]
    return {name: median(one[name] for one in rounds) for name in runners}


def _ratio(case: Case, name: str, times: float, target: float | None) -> Row:
    what = f"{case.name}: times {name}"
    if target is None:
        return Row(what, f"{times:.1f}")
    return Row(what, f"{times:.1f}", f"≥ {target:g}", times >= target)


# Gaps ------------------------------------------------------------------------------------


def measure_gaps(case: Case, seconds: float) -> list[Row]:
    """The longest gap between two turns of Qt's event loop while training runs at full speed."""
    what = f"{case.name}: longest gap in the event loop over {seconds:g} s"
    try:
        core = importlib.import_module("PySide6.QtCore")
    except ImportError:
        return [Row(what, "PySide6 is not installed, left out")]
    run = TrainingRun(case.training())
    run.start()
    try:
        gaps = _turns(core, run, seconds)
    finally:
        run.stop()
    worst = 1000 * max(gaps)
    return [Row(what, f"{worst:.1f} ms", f"≤ {GAP:g} ms", worst <= GAP)]


def _turns(core: Any, run: TrainingRun, seconds: float) -> list[float]:
    """Turns of the event loop that look at the run; the seconds between them."""
    app = core.QCoreApplication.instance() or core.QCoreApplication([])
    end, times = time.perf_counter() + seconds, []

    def turn() -> None:
        run.snapshot()
        times.append(time.perf_counter())
        if times[-1] > end:
            app.quit()

    timer = core.QTimer()
    timer.setInterval(1)
    timer.timeout.connect(turn)
    timer.start()
    app.exec()
    timer.stop()
    return [b - a for a, b in pairwise(times)]


# The table -------------------------------------------------------------------------------


def measure(seconds: float = 6.0, gap_seconds: float = 30.0) -> list[Row]:
    """All rows: ``seconds`` for each of us and the peers, ``gap_seconds`` for each network."""
    return [
        *compare(iris(), seconds, {"PyTorch eager": 5.0, "scikit-learn": 3.0}),
        *compare(wide(), seconds, {}),
        *measure_gaps(iris(), gap_seconds),
        *measure_gaps(wide(), gap_seconds),
    ]


def table(rows: Sequence[Row]) -> str:
    """The rows in columns, with a word on each target."""
    words = {None: "", True: "ok", False: "MISSED"}
    cells = [(row.what, row.measured, row.target, words[row.met]) for row in rows]
    widths = [max(len(line[i]) for line in cells) for i in range(4)]
    lines = [zip(line, widths, strict=True) for line in cells]
    return "\n".join("  ".join(f"{cell:<{width}}" for cell, width in line) for line in lines)


if __name__ == "__main__":
    print(table(measure(*map(float, sys.argv[1:]))))
