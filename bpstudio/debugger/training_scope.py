"""What the names of an expression mean over the updates of a run.

Everything is one number an update, over the last `MOST_PAST` updates and those that were just
made; ``known`` says where all that was read is there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bpstudio.core.errors import InputError
from bpstudio.core.parameters import parameter_index
from bpstudio.core.records import Probes, Records
from bpstudio.core.training_values import Training
from bpstudio.debugger.expressions import Expression, check_places, parse
from bpstudio.debugger.expressions.language import WORDS, Group
from bpstudio.debugger.expressions.places import written
from bpstudio.debugger.expressions.tree import Call, Reading, Whole, walk

Array = NDArray[Any]

_GRADIENTS = ("dC_dw", "dC_db", "mean_dC_dw", "mean_dC_db")
_PARAMETERS = ("w", "b")
_NAMES = ("loss", "lr", "L", "epoch", "batch", "step", "accuracy", "grad")
# columns of an epoch's row
_OF_VALIDATION = {"loss(validation)": 2, "accuracy(validation)": 3, "stalled": 4}


@dataclass(frozen=True, slots=True, eq=False)
class Window:
    """Numbers of consecutive updates: the first is update ``first`` of the run.

    ``epochs`` has what the last whole epoch before each update came to: (updates, 5), the columns
    of `training_values.Stretch` and the epochs since the best validation loss.
    """

    first: int
    losses: Array
    epoch: Array
    batch: Array
    records: Records
    epochs: Array

    def __len__(self) -> int:
        return len(self.losses)


class TrainingScope:
    """The environment of a stop condition."""

    def __init__(self, training: Training, window: Window) -> None:
        self._training, self._window = training, window
        self.known: Array | bool = True

    def name(self, name: str) -> Array | float:
        """``loss``, ``epoch``, ``grad``, ``accuracy(validation)`` …"""
        window, settings = self._window, self._training.settings
        if name in _OF_VALIDATION:
            numbers = window.epochs[:, _OF_VALIDATION[name]]
            self._require(~np.isnan(numbers))
            return numbers
        simple: dict[str, Any] = {
            "loss": lambda: window.losses,
            "epoch": lambda: window.epoch,
            "batch": lambda: window.batch,
            "step": lambda: window.first + np.arange(len(window), dtype=np.float64),
            "accuracy": window.records.accuracy,
            "grad": self._whole_gradient,
            "lr": lambda: self._rates(settings.update),
            "L": lambda: float(self._training.network.L),
        }
        return simple[name]()  # type: ignore[no-any-return]

    def indexed(self, name: str, layer: int | None, indices: tuple[int, ...]) -> Array:
        """A parameter, its gradient, or the loss some updates before."""
        if name in ("loss", "accuracy"):
            return self._before(np.asarray(self.name(name)), -indices[0])
        place = parameter_index(self._training.network, layer or 0, *indices)
        records = self._window.records
        return records.value(place) if name in _PARAMETERS else records.gradient(place)

    def whole(self, name: str, layer: int) -> Array:
        """The norm of a layer's weights or gradient, as the only one of its numbers."""
        records = self._window.records
        return (records.weight_norm(layer) if name == "w" else records.grad_norm(layer))[:, None]

    def of_layer(self, function: str, layer: int) -> Array:
        """``grad_norm`` (of W and b), ``update_ratio``, ``dead`` … of a layer."""
        records = self._window.records
        if function == "grad_norm":
            return np.hypot(records.grad_norm(layer), records.bias_grad_norm(layer))
        return np.asarray(getattr(records, function)(layer))

    def _whole_gradient(self) -> Array:
        layers = range(2, self._training.network.L + 1)
        return np.asarray(np.sqrt(sum(self.of_layer("grad_norm", l) ** 2 for l in layers)))

    def _rates(self, update: Any) -> Array:
        return np.asarray(update.rates(self._window.first, len(self._window)))

    def _before(self, numbers: Array, back: int) -> Array:
        """Each number ``back`` updates earlier; the first ones have none."""
        shifted = np.full(len(numbers), np.nan)
        shifted[back:] = numbers[: max(len(numbers) - back, 0)]
        self._require(np.arange(len(numbers)) >= back)
        return shifted

    def _require(self, known: Array) -> None:
        self.known = np.logical_and(self.known, known)


def probes_of(training: Training, expressions: tuple[Expression, ...]) -> Probes:
    """What has to be recorded of each update for these expressions."""
    watched: dict[int, None] = {}
    layers = False
    for expression in expressions:
        for reading in expression.at(training.network.L).reads:
            if reading.name in (*_PARAMETERS, *_GRADIENTS) and reading.indices:
                place = (reading.layer or 0, *reading.indices)
                watched[parameter_index(training.network, *place)] = None
            elif reading.layer is not None or reading.name == "grad":
                layers = True
    return Probes(tuple(watched), layers)


def training_expression(text: str, training: Training) -> Expression:
    """A stop condition of training. InputError where it reads what this run does not have."""
    expression = parse(text)
    for reading in expression.reads:
        _require_recorded(reading)
        _require_there(reading, training)
    for node in walk(expression.tree):
        if isinstance(node, Call) and node.reduces:
            _require_norm(node)
    network = training.network
    softmax = [layer.activation == "softmax" for layer in network.layers]
    biases = [layer.b is not None for layer in network.layers]
    check_places(expression, network.sizes, softmax, biases)
    return expression.at(network.L)


def _require_recorded(reading: Reading) -> None:
    word = WORDS.get(reading.name)
    if reading.name in (*_NAMES, *_OF_VALIDATION) or (word and word.group is Group.LAYER):
        return
    if reading.name in (*_PARAMETERS, *_GRADIENTS) and reading.layer is not None:
        return
    raise InputError(
        f"{written(reading)} is not recorded of every update; a stop in training reads loss, "
        "loss[-10], loss(validation), accuracy, grad, grad_norm(l), update_ratio(l), dead(l), "
        "w[l][j,k], dC_dw[l][j,k], norm(dC_dw[l]) and the like"
    )


def _require_there(reading: Reading, training: Training) -> None:
    """It would be never true otherwise, or always."""
    if reading.name in _OF_VALIDATION and training.samples.n_validation == 0:
        raise InputError(
            f"{written(reading)}: no rows are kept for validation; keep a share of them, such as "
            "0.2, or read loss"
        )
    if reading.name.startswith("accuracy") and not training.classification:
        raise InputError(
            f"{written(reading)}: the target is a number, which is not right or wrong; read loss"
        )


def _require_norm(node: Call) -> None:
    whole = node.arguments[0]
    plain = isinstance(whole, Whole) and whole.name in ("w", "dC_dw", "mean_dC_dw")
    if node.function != "norm" or not plain:
        raise InputError(
            f"{node.function}(…) of a layer is not recorded of every update; write norm(w[l]) or "
            "norm(dC_dw[l])"
        )
