"""The values training is made of: settings, what stays the same in a run, a state, a stretch."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from bpstudio.core.dataset import Dataset
from bpstudio.core.errors import InputError
from bpstudio.core.kernels import Engine, choose_engine
from bpstudio.core.limits import require_memory
from bpstudio.core.losses import find_loss, require_compatible, require_targets
from bpstudio.core.network import Network
from bpstudio.core.optimisers import UpdateSettings, UpdateState
from bpstudio.core.parameters import flatten, unflatten
from bpstudio.core.records import Records

Floats = NDArray[np.float64]
Parts = tuple[Floats, Floats, Floats, Floats]

_ARRAYS_PER_PARAMETER = 6  # two states, gradient, new values and two in passing
_ARRAYS_PER_SLOT = 4  # two states, new values and one in passing
_ARRAYS_PER_NODE = 8  # as of a trace, and the samples of the batch


@dataclass(frozen=True, slots=True, init=False)
class TrainingSettings:
    """What decides a run besides network and data. InputError where a value is impossible.

    ``lr`` and ``optimizer`` are short for those of ``update``, and go before them.
    """

    loss: str
    batch_size: int
    seed: int
    shuffle: bool
    update: UpdateSettings

    def __init__(
        self,
        loss: str = "sse",
        lr: float | None = None,
        batch_size: int = 10,
        seed: int = 0,
        shuffle: bool = True,
        optimizer: str | None = None,
        update: UpdateSettings | None = None,
    ) -> None:
        find_loss(loss)
        _require_whole("batch size", batch_size, 1)
        _require_whole("seed", seed, 0)
        given = {"lr": lr, "optimizer": optimizer}
        changes: dict[str, Any] = {name: x for name, x in given.items() if x is not None}
        rule = replace(update or UpdateSettings(), **changes)
        values = (loss, batch_size, seed, shuffle, rule)
        for name, value in zip(self.__dataclass_fields__, values, strict=True):
            object.__setattr__(self, name, value)

    @property
    def lr(self) -> float:
        """η before any schedule."""
        return self.update.lr

    @property
    def optimizer(self) -> str:
        """Name of the optimiser."""
        return self.update.optimizer


@dataclass(frozen=True, slots=True, eq=False)
class Samples:
    """What a network is trained on; of a large data set scaled when it is first asked for.

    ``n`` and ``n_validation`` count the samples. ``parts`` makes X (n, n_1) and Y (n, n_L) of
    those for training, then of the others, and keeps them.
    """

    n: int
    n_validation: int
    parts: Callable[[], Parts]

    @classmethod
    def of(cls, dataset: Dataset) -> Samples:
        """Those of a data set."""
        n, n_validation = len(dataset.training), len(dataset.validation)
        return cls(n, n_validation, cache(lambda: _parts(*dataset.parts)))

    @classmethod
    def from_arrays(cls, X: Floats, Y: Floats, X_other: Floats, Y_other: Floats) -> Samples:
        """Those in arrays."""
        made = _parts(X, Y, X_other, Y_other)
        return cls(len(X), len(X_other), lambda: made)


@dataclass(frozen=True, slots=True, eq=False)
class Training:
    """Everything that stays the same in a run: the network to start from, samples, settings.

    ``engine`` is what runs the updates: see `kernels`.
    """

    network: Network
    samples: Samples
    settings: TrainingSettings
    engine: Engine
    classification: bool = False

    @classmethod
    def of(cls, network: Network, dataset: Dataset, settings: TrainingSettings) -> Training:
        """Training of this network on the data set's training samples.

        InputError where they do not fit network, loss or memory. They are not scaled for it.
        """
        own = dataset.training
        n, whole = len(own), len(own) == len(dataset)
        _require_fit(network, dataset.features[:n], dataset.target[:n])
        engine = _engine(network, n, dataset.Y if whole else dataset.Y[own], settings)
        classes = dataset.task == "classification"
        return cls(network, Samples.of(dataset), settings, engine, classes)

    @staticmethod
    def require(network: Network, dataset: Dataset, settings: TrainingSettings) -> None:
        """InputError where `of` has one, without making what it is made of."""
        _require_fit(network, dataset.features, dataset.target)
        _engine(network, len(dataset.training), dataset.Y, settings)

    @classmethod
    def from_arrays(
        cls,
        network: Network,
        X: Floats,
        Y: Floats,
        settings: TrainingSettings,
        X_validation: Floats | None = None,
        Y_validation: Floats | None = None,
        classification: bool = False,
    ) -> Training:
        """Training on arrays. InputError where they do not fit network, loss or memory."""
        if X_validation is None or Y_validation is None:
            X_validation, Y_validation = X[:0], Y[:0]
        _require_fit(network, X, Y)
        _require_fit(network, X_validation, Y_validation)
        engine = _engine(network, len(X), Y, settings)
        samples = Samples.from_arrays(X, Y, X_validation, Y_validation)
        return cls(network, samples, settings, engine, classification)

    @property
    def X(self) -> Floats:
        """The training samples, scaled, shape (n, n_1)."""
        return self.samples.parts()[0]

    @property
    def Y(self) -> Floats:
        """Their targets, scaled, shape (n, n_L)."""
        return self.samples.parts()[1]

    @property
    def X_validation(self) -> Floats:
        """The other samples, maybe none."""
        return self.samples.parts()[2]

    @property
    def Y_validation(self) -> Floats:
        """Their targets."""
        return self.samples.parts()[3]

    @property
    def batches_per_epoch(self) -> int:
        """B; the last batch of an epoch may be a partial one."""
        return math.ceil(self.samples.n / self.settings.batch_size)

    def start(self) -> TrainingState:
        """The state before the first update, with the network's own parameters."""
        vector, update = flatten(self.network), self.settings.update
        slots = UpdateState.start(update, len(vector)).slots
        return TrainingState(vector, slots, remembers=update.slots)

    def fitted(self, state: TrainingState) -> TrainingState:
        """The state as this training goes on from it.

        It is the same one, but for an optimiser that remembers other things: it starts anew, with
        nothing remembered and no updates made.
        """
        if state.remembers == self.settings.update.slots:
            return state
        start = UpdateState.start(self.settings.update, len(state.parameters))
        return replace(state, slots=start.slots, t=0, remembers=self.settings.update.slots)

    def start_after(self, state: TrainingState, training: Training) -> TrainingState:
        """The start of this training as one that goes on where another stands.

        Epochs are counted on; so are batches and updates, and the optimiser keeps what it
        remembers, where they mean the same in both.
        """
        start = replace(self.start(), epoch=state.epoch)
        if training.batches_per_epoch == self.batches_per_epoch:  # else its batches are others
            start = replace(start, batch=state.batch, sums=state.sums)
        if state.slots.shape[1] == start.slots.shape[1]:
            remembered = replace(start, slots=state.slots, t=state.t, remembers=state.remembers)
            start = self.fitted(remembered)
        return start

    def network_at(self, state: TrainingState) -> Network:
        """The network with the parameters of a state."""
        return unflatten(self.network, state.parameters)


@dataclass(frozen=True, slots=True, eq=False)
class TrainingState:
    """A run between two updates: the next one is that of batch e/b, and number t.

    ``parameters`` is the vector of `flatten`, ``slots`` (n_slots, n_parameters) what the
    optimiser remembers, by the names in ``remembers``; t counts the updates it has made.
    ``sums``: Σ C_0 over the samples of this epoch so far, and how many of them were classified
    rightly.
    """

    parameters: Floats
    slots: Floats
    epoch: int = 0
    batch: int = 0
    sums: tuple[float, float] = (0.0, 0.0)
    t: int = 0
    remembers: tuple[str, ...] = ()

    @property
    def update_state(self) -> UpdateState:
        """What the optimiser remembers before update t."""
        return UpdateState(self.slots, self.t)


@dataclass(frozen=True, slots=True)
class Halt:
    """Why a stretch ended before the update of e/b, which was not applied.

    ``kind``: "interrupted" by another thread, or what was not finite: the "loss" of the batch
    (``value``), its mean "gradient", or what the "update" would have given: the parameter, or
    what the optimiser remembers of it. ``parameter`` names the first one concerned.
    """

    kind: Literal["interrupted", "loss", "gradient", "update"]
    epoch: int
    batch: int
    value: float = math.nan
    parameter: str | None = None

    def __str__(self) -> str:
        place = f"e{self.epoch}/b{self.batch}"
        if self.kind == "interrupted":
            return f"stopped before {place}"
        return (
            f"{self._what()} at {place} is not a finite number; stopped before that update, "
            f"with the parameters as they were; try a smaller learning rate"
        )

    def _what(self) -> str:
        if self.kind == "loss":
            return f"the loss ({self.value})"
        if self.kind == "gradient":
            return f"the gradient of {self.parameter}"
        return f"the update of {self.parameter}"


@dataclass(frozen=True, slots=True, eq=False)
class Stretch:
    """What a stretch of updates came to.

    ``batch_losses``: C of each batch before its update. ``epochs``: a row for each epoch that
    ended, its columns the loss and accuracy of the training samples (each before the update it
    took part in), then of the validation samples after the epoch (NaN without any).
    ``records``: of each update that was made, where probes were given.
    """

    state: TrainingState
    batch_losses: Floats
    epochs: Floats
    halt: Halt | None = None
    records: Records | None = None


def _require_whole(name: str, value: int, least: int) -> None:
    try:
        number = operator.index(value)
    except TypeError:
        raise InputError(f"the {name} is {value!r}; it must be a whole number") from None
    if number < least:
        raise InputError(f"the {name} is {number}; it must be at least {least}")


def _engine(network: Network, n: int, Y: Floats, settings: TrainingSettings) -> Engine:
    """What runs the updates with n samples. InputError where they are impossible."""
    if n == 0:
        raise InputError("there is no sample to train on; give at least one row")
    require_compatible(settings.loss, network.layers[-1].activation)
    require_targets(settings.loss, Y)
    n_parameters = network.n_weights + network.n_biases
    batch_size = min(settings.batch_size, n)
    _require_memory(network, n_parameters, batch_size, len(settings.update.slots))
    return choose_engine(n_parameters, len(network.layers), batch_size)


def _require_fit(network: Network, X: Floats, Y: Floats) -> None:
    n_1, n_L = network.sizes[0], network.sizes[-1]
    if X.ndim != 2 or X.shape[1] != n_1:
        raise InputError(f"X has the shape {X.shape}; the network's input layer has {n_1} nodes")
    if Y.shape != (len(X), n_L):
        raise InputError(f"Y has the shape {Y.shape}; for this network and X it is {len(X), n_L}")


def _require_memory(network: Network, n_parameters: int, batch_size: int, n_slots: int) -> None:
    per_batch = batch_size * sum(network.sizes) * _ARRAYS_PER_NODE
    what = f"training {network!r} by batches of {batch_size}"
    remedy = "choose a smaller batch size or smaller layers"
    per_parameter = _ARRAYS_PER_PARAMETER + _ARRAYS_PER_SLOT * n_slots
    require_memory(8 * (n_parameters * per_parameter + per_batch), what, remedy)


def _parts(X: Floats, Y: Floats, X_other: Floats, Y_other: Floats) -> Parts:
    return _contiguous(X), _contiguous(Y), _contiguous(X_other), _contiguous(Y_other)


def _contiguous(values: Floats) -> Floats:
    array = np.ascontiguousarray(values, dtype=np.float64).view()
    array.flags.writeable = False
    return array
