"""Trainings that the tests of training are tried on, and both engines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from bpstudio.core.kernels import Engine, has_compiler, prepare
from bpstudio.core.network import Network
from bpstudio.core.training import Training, TrainingSettings
from bpstudio.core.training_values import Samples
from tests.core import cases

ENGINES: tuple[Engine, ...] = ("compiled", "numpy") if has_compiler() else ("numpy",)


def training(
    net: Network,
    n: int = 13,
    n_validation: int = 0,
    engine: Engine = "numpy",
    classification: bool = False,
    **settings: object,
) -> Training:
    """Training of a network on random samples, 3 of which stay over from batches of 5."""
    chosen = TrainingSettings(**{"batch_size": 5, "lr": 0.1, **settings})
    samples = cases.batch(net, range(n), chosen.loss, seed=1)
    others = cases.batch(net, range(n_validation), chosen.loss, seed=2) if n_validation else None
    made = Training.from_arrays(
        net,
        samples.X,
        samples.Y,
        chosen,
        None if others is None else others.X,
        None if others is None else others.Y,
        classification,
    )
    return replace(made, engine=prepare(engine))


def page(engine: Engine, **options: object) -> Training:
    """The page's own network, 4–5–6–3."""
    return training(cases.network((4, 5, 6, 3), ("sigmoid",) * 3), engine=engine, **options)


def only(training: Training, rows: slice) -> Training:
    """The same training on some of its samples."""
    X, Y, *others = training.samples.parts()
    return replace(training, samples=Samples.from_arrays(X[rows], Y[rows], *others))


def distance(one: Sequence[float], other: Sequence[float]) -> float:
    """The largest difference, relative where numbers are above 1; NaN equals NaN."""
    a, b = np.asarray(one), np.asarray(other)
    assert a.shape == b.shape
    assert np.array_equal(np.isnan(a), np.isnan(b))
    return float(np.nanmax(np.abs(a - b) / np.maximum(1.0, np.abs(b)), initial=0.0))
