"""Data made ready for a session: what takes long of opening it, for any thread to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bpstudio.core.dataset import Dataset
from bpstudio.core.network import Network
from bpstudio.core.training import Training
from bpstudio.debugger.experiment import Experiment


@dataclass(frozen=True, slots=True, eq=False)
class Opening:
    """Data and what is built on it, for a session with certain settings."""

    dataset: Dataset  # as it was read
    before: Experiment  # the session's settings
    settings: Mapping[str, Any]  # those that change with the data
    experiment: Experiment  # what comes of both
    data: Dataset  # split and scaled
    network: Network


def prepare(dataset: Dataset, before: Experiment, **settings: Any) -> Opening:
    """Split and scale data, draw the weights; InputError where something does not fit."""
    experiment = before.for_data(dataset).changed(**settings)
    if settings.keys() & {"validation", "split", "seed"}:  # refuses what is impossible
        dataset.split(experiment.validation, experiment.seed, experiment.split)
    data = experiment.prepared(dataset)
    network = experiment.network(data)
    Training.of(network, data, experiment.training)
    _ = data.mean_features  # kept in the data, as the scaled numbers are; plots ask for it
    return Opening(dataset, before, settings, experiment, data, network)
