"""Weights of a network as a file: JSON (the "network" object of a trace, or a whole trace) or .npz.

An .npz holds W2, b2, W3, b3, … (float64; no b for a layer without biases) and ``activations``,
their names for l = 2 … L.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import BinaryIO

from bpstudio.core.errors import InputError
from bpstudio.core.limits import require_memory
from bpstudio.core.network import Network
from bpstudio.files.atomic import writing_bytes
from bpstudio.files.network_json import network_parts, read_network
from bpstudio.files.network_npz import read_npz, write_npz

SUFFIXES = (".json", ".npz")


def load_weights(path: str | os.PathLike[str]) -> Network:
    """The network in a .json or .npz file. InputError names the file and the place in it."""
    suffix, name = _known_suffix(path), Path(path).name
    try:
        with open(path, "rb") as file:
            return read_npz(file, name) if suffix == ".npz" else _read_json(file, name)
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror or error}") from error


def save_weights(network: Network, path: str | os.PathLike[str]) -> None:
    """Write a network; the file appears when it is complete."""
    suffix = _known_suffix(path)
    with writing_bytes(path) as file:
        if suffix == ".npz":
            write_npz(network, file)
        else:
            file.writelines(network_parts(network))


def _read_json(file: BinaryIO, name: str) -> Network:
    size = os.fstat(file.fileno()).st_size
    require_memory(size, f"reading {name}", "give the weights as .npz")
    return read_network(file.read(), name)


def _known_suffix(path: str | os.PathLike[str]) -> str:
    suffix = Path(path).suffix.lower()
    if suffix not in SUFFIXES:
        raise InputError(f"{os.fspath(path)!r} holds no weights; give a {' or '.join(SUFFIXES)}")
    return suffix
