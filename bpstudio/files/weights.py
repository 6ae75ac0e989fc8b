"""Weights of a network as a file: JSON (the "network" object of a trace, or a whole trace), .npz,
.safetensors or .onnx.

An .npz holds W2, b2, W3, b3, … (float64; no b for a layer without biases) and ``activations``,
their names for l = 2 … L. A .safetensors is a PyTorch state dict (see `network_safetensors`),
an .onnx a model of dense layers (see `network_onnx`).
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

from bpstudio.core.errors import InputError
from bpstudio.core.limits import require_memory
from bpstudio.core.network import Network
from bpstudio.files.atomic import writing_bytes
from bpstudio.files.network_json import network_parts, read_network
from bpstudio.files.network_npz import read_npz, write_npz
from bpstudio.files.network_onnx import read_onnx, write_onnx
from bpstudio.files.network_safetensors import read_safetensors, write_safetensors

SUFFIXES = (".json", ".npz", ".safetensors", ".onnx")
OPEN_SUFFIXES = (".safetensors",)  # of files that may leave their activations open


def load_weights(
    path: str | os.PathLike[str],
    activation: str | Sequence[str] | None = None,
    output_activation: str | None = None,
) -> Network:
    """The network in a .json, .npz, .safetensors or .onnx file. InputError names the place.

    The activations (``activation`` one for all hidden layers or one each) are those of a file
    that names none, such as a PyTorch state dict; a file that names its own keeps them.

    >>> bp.save_weights(bp.Network.create([2, 3, 1], "tanh", seed=0), "net.npz")
    >>> bp.load_weights("net.npz")
    Network(2–3–1, tanh, sigmoid)
    """
    suffix, name = _known_suffix(path), Path(path).name
    try:
        with open(path, "rb") as file:
            if suffix == ".npz":
                return read_npz(file, name)
            if suffix == ".json":
                return _read_json(file, name)
            if suffix == ".onnx":
                return read_onnx(_content(file, name), name)
        return read_safetensors(path, name, activation, output_activation)
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror or error}") from error


def save_weights(network: Network, path: str | os.PathLike[str]) -> None:
    """Write a network as .json, .npz, .safetensors or .onnx; the file appears when it is complete.

    >>> bp.save_weights(bp.Network.create([2, 3, 1], seed=0), "net.safetensors")
    """
    suffix = _known_suffix(path)
    with writing_bytes(path) as file:
        if suffix == ".npz":
            write_npz(network, file)
        elif suffix == ".safetensors":
            write_safetensors(network, file)
        elif suffix == ".onnx":
            write_onnx(network, file)
        else:
            file.writelines(network_parts(network))


def _read_json(file: BinaryIO, name: str) -> Network:
    return read_network(_content(file, name), name)


def _content(file: BinaryIO, name: str) -> bytes:
    size = os.fstat(file.fileno()).st_size
    require_memory(4 * size, f"reading {name}", "give the weights as .npz")
    return file.read()


def _known_suffix(path: str | os.PathLike[str]) -> str:
    suffix = Path(path).suffix.lower()
    if suffix not in SUFFIXES:
        known = f"{', '.join(SUFFIXES[:-1])} or {SUFFIXES[-1]}"
        raise InputError(f"{os.fspath(path)!r} holds no weights; give a {known}")
    return suffix
