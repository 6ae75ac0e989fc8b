"""Whether what an expression reads exists in a network."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bpstudio.core.errors import InputError
from bpstudio.debugger.expressions.language import (
    OF_BOTH,
    OF_VALIDATION,
    SOFTMAX_LETTERS,
    WITH_PAST,
    WORDS,
    Group,
    Word,
)
from bpstudio.debugger.expressions.tree import Expression, Reading, real_layer

_HIDDEN_ONLY = ("dz_da", "addend")
_SOFTMAX_ONLY = ("addend_z",)
_OF_BIASES = ("b", "dz_db", "dC_db", "mean_dC_db", "update_b")
_OF_SLOPES = ("dead", "saturated")


@dataclass(frozen=True, slots=True)
class Shape:
    """Sizes of a network; ``softmax`` and ``biases`` say for l = 2 … L what a layer is or has."""

    sizes: tuple[int, ...]
    softmax: tuple[bool, ...]
    biases: tuple[bool, ...]

    @property
    def L(self) -> int:
        """Number of the output layer."""
        return len(self.sizes)

    def layers(self, name: str) -> range:
        """The layers that a kind, parameter or function can have, before what they are made of."""
        first = 1 if name == "a" else 2
        return range(first, self.L if name in _HIDDEN_ONLY else self.L + 1)

    def letters(self, word: Word, layer: int | None) -> str:
        """The indices that come after the layer."""
        if layer is not None and layer >= 2 and self.softmax[layer - 2]:
            return SOFTMAX_LETTERS.get(word.name, word.letters)
        return word.letters

    def count(self, letter: str, name: str, layer: int | None) -> int:
        """How many values an index has."""
        if layer is None:
            return self.sizes[0] if name == "x" else self.sizes[-1]
        offset = {"j": -1, "m": -1, "k": -2, "i": 0}[letter]
        return self.sizes[layer + offset]


def check(
    expression: Expression,
    sizes: Sequence[int],
    softmax: Sequence[bool],
    biases: Sequence[bool],
) -> None:
    """InputError where something that the expression reads does not exist in such a network.

    ``softmax`` and ``biases`` say for l = 2 … L whether the layer is softmax and has biases.
    """
    for reading in expression.reads:
        if is_of_updates(reading):
            raise InputError(
                f"{written(reading)} is known of the updates of a run, not of a single step; "
                "use it in a stop condition of training"
            )
    check_places(expression, sizes, softmax, biases)


def check_places(
    expression: Expression,
    sizes: Sequence[int],
    softmax: Sequence[bool],
    biases: Sequence[bool],
) -> None:
    """The layers and indices of an expression against a network, whatever it is used for."""
    shape = Shape(tuple(sizes), tuple(softmax), tuple(biases))
    for reading in expression.reads:
        if not is_of_updates(reading) or reading.layer is not None:
            _check_reading(reading, shape)


def is_of_updates(reading: Reading) -> bool:
    """Whether it exists in training only."""
    if reading.name in OF_VALIDATION.values() or (reading.name in WITH_PAST and reading.indices):
        return True
    return WORDS[reading.name].in_training


def written(reading: Reading) -> str:
    """A reading as it is written in an expression."""
    if reading.name in OF_VALIDATION.values():
        return reading.name
    word = WORDS[reading.name]
    layer = "" if reading.layer is None else _layer_text(reading.layer)
    if word.group is Group.LAYER:
        return f"{reading.name}({layer})"
    indices = f"[{','.join(map(str, reading.indices))}]" if reading.indices else ""
    return f"{reading.name}[{layer}]{indices}" if layer else f"{reading.name}{indices}"


def _layer_text(layer: int) -> str:
    return str(layer) if layer > 0 else "L" if layer == 0 else f"L-{-layer}"


def _check_reading(reading: Reading, shape: Shape) -> None:
    layer = real_layer(reading.layer, shape.L)
    if layer is None:
        _require_somewhere(reading, shape)
    else:
        _require_layer(reading, layer, shape)
        _require_nature(reading, layer, shape)
    if reading.indices:
        _require_indices(reading, layer, shape)


def _require_somewhere(reading: Reading, shape: Shape) -> None:
    """A bare term must occur in some layer at least."""
    if reading.name in _SOFTMAX_ONLY and not any(shape.softmax):
        raise InputError(f"{reading.name}: no layer of this network is softmax")
    if reading.name in _OF_BIASES and not any(shape.biases):
        raise InputError(f"{reading.name}: this network has no biases")
    if reading.name in _HIDDEN_ONLY and shape.L < 3:
        raise InputError(f"{reading.name}: this network has no hidden layer")


def _require_layer(reading: Reading, layer: int, shape: Shape) -> None:
    layers = shape.layers(reading.name)
    if layer not in layers:
        known = f"l = {layers[0]}..{layers[-1]}" if layers else "none: there is no hidden layer"
        raise InputError(
            f"{written(reading)}: layer {layer} has no {reading.name}; the layers that have are "
            f"{known}"
        )


def _require_nature(reading: Reading, layer: int, shape: Shape) -> None:
    if layer < 2:
        return
    softmax = shape.softmax[layer - 2]
    if reading.name in _SOFTMAX_ONLY and not softmax:
        raise InputError(f"{written(reading)}: layer {layer} is not softmax")
    if reading.name in _OF_SLOPES and softmax:
        raise InputError(
            f"{written(reading)}: layer {layer} is softmax, its ∂a/∂z is not one number a node; "
            "give another layer"
        )
    if reading.name in _OF_BIASES:
        _require_biases(reading, layer, shape)


def _require_biases(reading: Reading, layer: int, shape: Shape) -> None:
    if not shape.biases[layer - 2]:
        raise InputError(f"{written(reading)}: layer {layer} has no biases")


def _require_indices(reading: Reading, layer: int | None, shape: Shape) -> None:
    word = WORDS[reading.name]
    letters = shape.letters(word, layer)
    if reading.name in OF_BOTH and len(reading.indices) == 1 and layer is not None:
        _require_biases(reading, layer, shape)
        letters = "j"
    if len(letters) != len(reading.indices):
        what = "softmax" if letters == SOFTMAX_LETTERS.get(word.name) else "not softmax"
        right = f"{word.name}[l][{','.join(letters)}]"
        raise InputError(f"{written(reading)}: layer {layer} is {what}; write {right}")
    for letter, index in zip(letters, reading.indices, strict=True):
        _require_index(reading, letter, index, layer, shape)


def _require_index(
    reading: Reading, letter: str, index: int, layer: int | None, shape: Shape
) -> None:
    count = shape.count(letter, reading.name, layer)
    if index >= count:
        owner = _owner(letter, reading.name, layer)
        raise InputError(
            f"{written(reading)}: {owner} has {count} nodes ({letter} = 0..{count - 1})"
        )


def _owner(letter: str, name: str, layer: int | None) -> str:
    if layer is None:
        return "the input" if name == "x" else "the output"
    return f"layer {layer + {'j': 0, 'm': 0, 'k': -1, 'i': 1}[letter]}"
