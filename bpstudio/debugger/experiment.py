"""The settings of an experiment: what is built from them, and which of them fit together."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from typing import Any

from bpstudio.core.dataset import Dataset
from bpstudio.core.errors import InputError
from bpstudio.core.losses import require_compatible, require_targets
from bpstudio.core.network import Network
from bpstudio.core.optimisers import UpdateSettings
from bpstudio.core.schedules import Schedule
from bpstudio.core.splitting import BY_COLUMN
from bpstudio.core.training import TrainingSettings

_OF_UPDATE = tuple(each.name for each in fields(UpdateSettings))
KEEPS_WEIGHTS = frozenset({*_OF_UPDATE, "batch_size", "epochs"})  # changed without starting again
# of optimisers whose steps add up, or have about the rate's length whatever the gradient
_RATES = {"momentum": 0.05, "nesterov": 0.05, "rmsprop": 0.01, "adam": 0.01, "adamw": 0.01}
_RESPLITS = frozenset({"seed", "validation", "scale", "split"})


@dataclass(frozen=True, slots=True)
class Experiment:
    """Everything that decides what is computed, but for the data.

    ``activations`` are one name for each hidden layer. ``validation`` is the fraction of rows
    that training does not see, chosen as ``split`` says (`bpstudio.core.splitting.ORDERS`, or
    "by column", which needs data that say it);
    ``epochs`` how many a run adds. The last ones are those of `UpdateSettings` by the same names.
    """

    hidden: tuple[int, ...] = (5, 6)
    activations: tuple[str, ...] = ("sigmoid", "sigmoid")
    output_activation: str = "sigmoid"
    loss: str = "sse"
    lr: float = 0.5
    batch_size: int = 10
    epochs: int = 60
    seed: int = 0
    init: str = "xavier"
    bias: bool = True
    scale: str = "standard"
    validation: float = 0.2
    split: str = "random"
    optimizer: str = "sgd"
    momentum: float = 0.9
    beta1: float = 0.9
    beta2: float = 0.999
    rho: float = 0.99
    epsilon: float = 1e-8
    weight_decay: float = 0.01
    l1: float = 0.0
    l2: float = 0.0
    clip: float | None = None
    schedule: Schedule = field(default_factory=Schedule)

    @property
    def update(self) -> UpdateSettings:
        """All that decides an update besides the gradient. InputError where it is impossible."""
        return UpdateSettings(**{name: getattr(self, name) for name in _OF_UPDATE})

    @property
    def training(self) -> TrainingSettings:
        """What the training loop needs of it."""
        return TrainingSettings(
            loss=self.loss, batch_size=self.batch_size, seed=self.seed, update=self.update
        )

    def suggested_rate(self, optimizer: str) -> float:
        """A learning rate to start an optimiser with, where this one suits gradient descent."""
        return min(self.lr, _RATES[optimizer]) if optimizer in _RATES else self.lr

    def changed(self, **settings: Any) -> Experiment:
        """The same experiment with other settings; activations follow the number of layers."""
        merged = replace(self, **settings)
        count = len(merged.hidden)
        if len(merged.activations) != count:
            filler = merged.activations[-1] if merged.activations else "sigmoid"
            names = (*merged.activations, *(filler,) * count)[:count]
            merged = replace(merged, activations=names)
        merged._require_numbers()
        return merged

    def for_data(self, dataset: Dataset) -> Experiment:
        """The same experiment with an output that suits the task of this data, and a split.

        Data that say themselves which rows are for validation are split so.
        """
        split = BY_COLUMN if dataset.sides is not None else self.split
        if split == BY_COLUMN and dataset.sides is None:
            split = Experiment().split
        if dataset.task == "regression":
            split = "random" if split == "stratified" else split
            loss = "sse" if self.loss in ("bce", "cross_entropy") else self.loss
            rate = min(self.lr, 0.05)
            return self.changed(output_activation="linear", loss=loss, lr=rate, split=split)
        if self.output_activation == "linear":
            return self.changed(output_activation="sigmoid", lr=Experiment().lr, split=split)
        return self if split == self.split else self.changed(split=split)

    def for_network(self, network: Network) -> Experiment:
        """The same experiment with the layers of this network."""
        *hidden, output = network.layers
        return self.changed(
            hidden=network.sizes[1:-1],
            activations=tuple(layer.activation for layer in hidden),
            output_activation=output.activation,
            bias=any(layer.b is not None for layer in network.layers),
        )

    def splits_unlike(self, other: Experiment) -> bool:
        """Whether training rows or scaling are others than those of another experiment."""
        return any(getattr(self, name) != getattr(other, name) for name in _RESPLITS)

    def sizes(self, dataset: Dataset) -> tuple[int, ...]:
        """Nodes of every layer."""
        return (dataset.n_features, *self.hidden, dataset.n_targets)

    def network(self, dataset: Dataset) -> Network:
        """The network before training."""
        require_compatible(self.loss, self.output_activation)
        require_targets(self.loss, dataset.Y)
        return Network.create(
            self.sizes(dataset),
            self.activations,
            self.output_activation,
            self.seed,
            self.init,
            self.bias,
        )

    def prepared(self, dataset: Dataset) -> Dataset:
        """The data, split and scaled as the experiment says.

        So few rows, or groups, that one side of the split would be empty are all trained on.
        """
        count = round(self.validation * len(dataset))
        single = dataset.groups is not None and len(dataset.groups.names) < 2
        share = self.validation if 0 < count < len(dataset) and not single else 0.0
        return dataset.split(share, self.seed, self.split, self.scale)

    def _require_numbers(self) -> None:
        _ = self.update  # refuses what is impossible
        if self.batch_size < 1:
            raise InputError(f"a batch has at least 1 row, given: {self.batch_size}")
        if self.epochs < 1:
            raise InputError(f"train for at least 1 epoch, given: {self.epochs}")
        for l, n in enumerate(self.hidden, start=2):
            if n < 1:
                raise InputError(f"layer {l} has {n} nodes; a layer needs at least 1")
