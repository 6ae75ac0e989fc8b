"""What a recorded run trained, within its file: network, settings and the states that were kept."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Annotated, Literal

import msgspec
import numpy as np

from bpstudio.core.activations import find_activation
from bpstudio.core.dataset import Dataset
from bpstudio.core.errors import InputError
from bpstudio.core.network import Layer, Network
from bpstudio.core.optimisers import UpdateSettings
from bpstudio.core.parameters import flatten, unflatten
from bpstudio.core.training_values import Training, TrainingSettings, TrainingState
from bpstudio.files.run_archive import Reader, Writer
from bpstudio.files.run_arrays import Array, require_finite, require_shape

MOST_BETWEEN = 10_000_000  # updates between two states: what a visit replays at most
_LARGEST = 2**53

Whole = Annotated[int, msgspec.Meta(ge=0, le=_LARGEST)]
Size = Annotated[int, msgspec.Meta(ge=1, le=2**31)]


class NetworkPart(msgspec.Struct, forbid_unknown_fields=True):
    """A network: sizes n_1 … n_L, of layers 2 … L the activations and whether they have biases."""

    sizes: Annotated[tuple[Size, ...], msgspec.Meta(min_length=2, max_length=1000)]
    activations: tuple[str, ...]
    biases: tuple[bool, ...]
    parameters: str


class SettingsPart(msgspec.Struct, forbid_unknown_fields=True):
    """`TrainingSettings`, and the engine that ran them."""

    loss: str
    batch_size: Size
    seed: Annotated[int, msgspec.Meta(ge=0, le=2**63 - 1)]
    shuffle: bool
    engine: Literal["compiled", "numpy"]
    update: UpdateSettings


class StatesPart(msgspec.Struct, forbid_unknown_fields=True):
    """The states of a segment, a row each: T, e, b and t in ``numbers``."""

    numbers: str
    sums: str
    parameters: str
    slots: str


# Networks and settings ----------------------------------------------------------------------


def network_part(network: Network, writer: Writer, at: str) -> NetworkPart:
    """A network, its parameters kept under ``at``."""
    layers = network.layers
    return NetworkPart(
        network.sizes,
        tuple(layer.activation for layer in layers),
        tuple(layer.b is not None for layer in layers),
        writer.array(f"{at}/parameters", flatten(network)),
    )


def read_network(part: NetworkPart, reader: Reader) -> Network:
    """The network. InputError where its parts do not fit together."""
    pairs, n_layers = list(pairwise(part.sizes)), len(part.sizes) - 1
    if not len(part.activations) == len(part.biases) == n_layers:
        raise InputError(f"{reader.name}: its network has {n_layers} layers, not all described")
    for name in part.activations:
        find_activation(name)
    count = sum(n * n_in + n * bias for (n_in, n), bias in zip(pairs, part.biases, strict=True))
    place = reader.place(part.parameters)
    vector = require_shape(reader.array(part.parameters), "f", (count,), place)
    empty = [
        Layer(_blank(n, n_in), _blank(n) if bias else None, name)
        for (n_in, n), bias, name in zip(pairs, part.biases, part.activations, strict=True)
    ]
    return unflatten(Network(empty), require_finite(vector, place))


def _blank(*shape: int) -> Array:
    """Zeros that take no room."""
    return np.broadcast_to(np.zeros(1), shape)


def settings_part(training: Training) -> SettingsPart:
    """The settings of a training."""
    s = training.settings
    return SettingsPart(
        s.loss, int(s.batch_size), int(s.seed), bool(s.shuffle), training.engine, s.update
    )


def read_training(part: SettingsPart, network: Network, data: Dataset) -> Training:
    """The training on this data. InputError where they do not fit together."""
    settings = TrainingSettings(
        part.loss,
        batch_size=part.batch_size,
        seed=part.seed,
        shuffle=part.shuffle,
        update=part.update,
    )
    return replace(Training.of(network, data, settings), engine=part.engine)


# States -------------------------------------------------------------------------------------


def states_part(
    states: tuple[tuple[int, TrainingState], ...], writer: Writer, at: str
) -> StatesPart:
    """The states of a segment, kept under ``at``."""
    numbers = [(T, state.epoch, state.batch, state.t) for T, state in states]
    kept = [state for _, state in states]
    return StatesPart(
        writer.array(f"{at}/numbers", np.array(numbers, dtype=np.int64)),
        writer.array(f"{at}/sums", np.array([state.sums for state in kept], dtype=np.float64)),
        writer.array(f"{at}/parameters", np.stack([state.parameters for state in kept])),
        writer.array(f"{at}/slots", np.stack([state.slots for state in kept])),
    )


def read_states(
    part: StatesPart, reader: Reader, training: Training, first: int, below: int
) -> tuple[tuple[int, TrainingState], ...]:
    """The states of a segment that begins with update ``first`` and ends before ``below``.

    InputError where they do not follow each other, or are not those of this training.
    """
    names, n_parameters = training.settings.update.slots, len(flatten(training.network))
    numbers = require_shape(reader.array(part.numbers), "i", (-1, 4), reader.place(part.numbers))
    n = len(numbers)
    _require_places(numbers, training, first, below, reader.place(part.numbers))

    def table(name: str, *shape: int) -> Array:
        return require_shape(reader.array(name), "f", (n, *shape), reader.place(name))

    sums = table(part.sums, 2).tolist()
    parameters = require_finite(table(part.parameters, n_parameters), reader.place(part.parameters))
    slots = table(part.slots, len(names), n_parameters)
    require_finite(slots, reader.place(part.slots))
    return tuple(
        (
            T,
            TrainingState(
                parameters[i], slots[i], epoch, batch, (sums[i][0], sums[i][1]), t, names
            ),
        )
        for i, (T, epoch, batch, t) in enumerate(numbers.tolist())
    )


def _require_places(numbers: Array, training: Training, first: int, below: int, place: str) -> None:
    """T ascends from ``first``, and e/b goes with it."""
    in_range = len(numbers) > 0 and bool(((numbers >= 0) & (numbers < _LARGEST)).all())
    if not in_range or numbers[0, 0] != first or numbers[-1, 0] >= below:
        raise InputError(f"{place} does not fit its segment, which begins with update {first}")
    T, epoch, batch, _ = numbers.T
    per_epoch = training.batches_per_epoch
    if bool((epoch > _LARGEST // per_epoch).any()) or bool((batch >= per_epoch).any()):
        raise InputError(f"{place} names a batch that an epoch does not have")
    steps = np.diff(np.append(T, min(below, _LARGEST)))
    if bool((steps < 1).any()) or bool((steps > MOST_BETWEEN + 1).any()):
        raise InputError(f"{place}: states do not follow each other, or lie too far apart")
    if bool((np.diff(epoch * per_epoch + batch - T) != 0).any()):
        raise InputError(f"{place}: epochs and batches do not go with the updates")
