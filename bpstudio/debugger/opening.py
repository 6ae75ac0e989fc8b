"""Data made ready for a session: what takes long of opening it, for any thread to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bpstudio.core.dataset import Dataset
from bpstudio.core.network import Network
from bpstudio.core.training import Training
from bpstudio.debugger.experiment import Experiment

AT_ONCE = 1 << 18  # numbers that are scaled in no time


@dataclass(frozen=True, slots=True, eq=False)
class Opening:
    """Data and what is built on it, for a session with certain settings."""

    dataset: Dataset  # as it was read
    before: Experiment  # the session's settings
    settings: Mapping[str, Any]  # those that change with the data
    experiment: Experiment  # what comes of both
    data: Dataset  # split and scaled
    network: Network

    def ready_to_train(self) -> None:
        """Scale all samples; what is on show needs a few only, so this may be done beside it."""
        _ = self.data.parts  # kept in the data


def prepare(dataset: Dataset, before: Experiment, **settings: Any) -> Opening:
    """Split and scale data, draw the weights; InputError where something does not fit."""
    experiment = before.for_data(dataset).changed(**settings)
    if settings.keys() & {"validation", "split", "seed"}:  # refuses what is impossible
        dataset.split(experiment.validation, experiment.seed, experiment.split)
    data = experiment.prepared(dataset)
    network = experiment.network(data)
    Training.require(network, data, experiment.training)
    _ = data.mean_features  # kept in the data; plots ask for it
    opening = Opening(dataset, before, settings, experiment, data, network)
    if data.features.size <= AT_ONCE:
        opening.ready_to_train()
    return opening
