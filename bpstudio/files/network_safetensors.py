"""A network as .safetensors: its own, and plain PyTorch state dicts of dense layers: see `weights`.

Tensors are named as by an ``nn.Sequential`` of Linear and activation in turn, 0.weight, 0.bias,
2.weight, … (float64), so that PyTorch loads them as they are. The metadata has ``activations``,
their names for l = 2 … L, separated by commas.
"""

from __future__ import annotations

import math
import os
import re
from collections.abc import Mapping, Sequence
from itertools import pairwise, permutations
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save

from bpstudio.core.errors import InputError
from bpstudio.core.limits import require_memory
from bpstudio.core.network import Layer, Network, hidden_names

Array = NDArray[np.float64]

_NUMBERS = ("F64", "F32", "F16", "I64", "I32", "I16", "I8", "U64", "U32", "U16", "U8")
_RIGHT = "a state dict of dense layers holds 0.weight, 0.bias, 2.weight, …"
_MOST_TRIED = 7  # layers whose order is looked for in the shapes where names do not tell


Names = str | Sequence[str] | None


def write_safetensors(network: Network, file: BinaryIO) -> None:
    """Write W and b of every layer as float64, and the names of the activations."""
    tensors = {}
    for number, layer in enumerate(network.layers):
        tensors[f"{2 * number}.weight"] = np.ascontiguousarray(layer.W)
        if layer.b is not None:
            tensors[f"{2 * number}.bias"] = np.ascontiguousarray(layer.b)
    names = ",".join(layer.activation for layer in network.layers)
    file.write(save(tensors, {"format": "pt", "activations": names}))


def read_safetensors(
    path: str | os.PathLike[str], name: str, hidden: Names = None, output: str | None = None
) -> Network:
    """The network in a file. InputError names the tensor at fault, or what the file leaves open.

    ``hidden`` (one name for all hidden layers or one each) and ``output`` are the activations
    where the file names none.
    """
    try:
        with safe_open(os.fspath(path), framework="np") as file:
            tensors = _tensors(file, name)
            metadata = file.metadata() or {}
    except SafetensorError as error:
        raise InputError(f"{name} is no readable .safetensors: {error}; {_RIGHT}") from error
    layers = _in_order(_paired(tensors, name), name)
    names = _activations(metadata, len(layers), hidden, output, name)
    try:
        return Network([Layer(W, b, g) for (W, b), g in zip(layers, names, strict=True)])
    except InputError as error:
        raise InputError(f"{name}: {error}") from error


def _tensors(file: Any, name: str) -> dict[str, Array]:
    slices = {key: file.get_slice(key) for key in file.keys()}  # noqa: SIM118 (no mapping)
    for key, found in slices.items():
        if found.get_dtype() not in _NUMBERS:
            raise InputError(
                f"{name}, {key} holds {found.get_dtype()}; save the weights as float32 or float64"
            )
    n_bytes = 16 * sum(math.prod(found.get_shape()) for found in slices.values())
    require_memory(n_bytes, name, "take a smaller network")
    return {key: _finite(file.get_tensor(key), f"{name}, {key}") for key in slices}


def _finite(tensor: NDArray[Any], place: str) -> Array:
    array = tensor.astype(np.float64)
    if not np.isfinite(array).all():
        at = tuple(map(int, np.argwhere(~np.isfinite(array))[0]))
        raise InputError(f"{place}: number {at} is {array[at]}; weights must be finite")
    return array


Parts = tuple[Array, Array | None]


def _paired(tensors: Mapping[str, Array], name: str) -> dict[str, Parts]:
    """W and b of each layer by the layer's name: fc1.weight and fc1.bias make fc1."""
    ends = {key: key.rpartition(".") for key in tensors}
    stems = {stem for stem, _, end in ends.values() if end == "weight"}
    for key, (stem, _, end) in ends.items():
        if end not in ("weight", "bias") or stem not in stems:
            raise InputError(f"{name} holds {key}, which is no dense layer's; {_RIGHT}")
    if not stems:
        raise InputError(f"{name} holds no weights; {_RIGHT}")
    joined = {stem: stem + "." if stem else "" for stem in stems}
    pairs = {
        stem: (tensors[f"{start}weight"], tensors.get(f"{start}bias"))
        for stem, start in joined.items()
    }
    for stem, (W, _) in pairs.items():
        if W.ndim != 2:
            raise InputError(
                f"{name}, {joined[stem]}weight has the shape {W.shape}; only dense layers, "
                f"(nodes, nodes below), are read"
            )
    return pairs


def _in_order(pairs: Mapping[str, Parts], name: str) -> list[Parts]:
    """The layers from 2 on, as their numbers say, else in the only order in which shapes chain."""
    natural = sorted(pairs, key=_natural)
    numbered = all(re.search(r"\d", stem) for stem in natural)
    orders = [natural] if _chains(natural, pairs) else []
    if len(natural) <= _MOST_TRIED and not (numbered and orders):
        orders = [list(o) for o in permutations(natural) if _chains(o, pairs)]
    if len(orders) != 1:
        shapes = ", ".join(f"{stem or 'weight'} {pairs[stem][0].shape}" for stem in natural)
        what = "in several orders" if orders else "in no order"
        raise InputError(
            f"{name}: the layers {shapes} chain {what}; number them, and let the columns of "
            f"each be the rows of the one before"
        )
    return [pairs[stem] for stem in orders[0]]


def _natural(text: str) -> list[tuple[int, str]]:
    """A key that puts fc2 before fc10."""
    parts = re.findall(r"\d+|\D+", text)
    return [(int(part), "") if part.isascii() and part.isdigit() else (-1, part) for part in parts]


def _chains(order: Sequence[str], pairs: Mapping[str, Parts]) -> bool:
    shapes = [pairs[stem][0].shape for stem in order]
    return all(above[1] == below[0] for below, above in pairwise(shapes))


def _activations(
    metadata: Mapping[str, str], n: int, hidden: Names, output: str | None, name: str
) -> tuple[str, ...]:
    if "activations" in metadata:
        names = tuple(metadata["activations"].split(","))
        if len(names) != n:
            raise InputError(f"{name} names {len(names)} activations for its {n} layers")
        return names
    missing = []
    if n > 1 and hidden is None:
        missing.append(f"those of its {n - 1} hidden layers (--activation)")
    if output is None:
        missing.append("that of its output layer (--output-activation)")
    if missing or output is None:
        raise InputError(f"{name} does not name its activations; give {' and '.join(missing)}")
    try:
        return (*hidden_names(hidden or (), n - 1), output)
    except InputError as error:
        raise InputError(f"{name} does not name its activations: {error}") from error
