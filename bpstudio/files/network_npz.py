"""A network as .npz, its members checked before any of them is read: see `weights`."""

from __future__ import annotations

import math
import zipfile
import zlib
from itertools import count, pairwise
from typing import Any, BinaryIO

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from bpstudio.core.errors import InputError
from bpstudio.core.limits import require_memory
from bpstudio.core.network import Layer, Network

Array = NDArray[np.float64]

_HEADERS = {(1, 0): npy.read_array_header_1_0, (2, 0): npy.read_array_header_2_0}
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, ValueError, RuntimeError, NotImplementedError)
_RIGHT = "an .npz of weights holds W2, b2, W3, b3, … and activations"


def write_npz(network: Network, file: BinaryIO) -> None:
    """Write W and b of every layer and the names of the activations."""
    arrays: dict[str, Any] = {"activations": np.array([g.activation for g in network.layers])}
    for l, layer in enumerate(network.layers, start=2):
        arrays[f"W{l}"] = layer.W
        if layer.b is not None:
            arrays[f"b{l}"] = layer.b
    np.savez(file, allow_pickle=False, **arrays)


def read_npz(file: BinaryIO, name: str) -> Network:
    """The network in an .npz file. InputError names the member at fault."""
    try:
        with zipfile.ZipFile(file) as archive:
            return _network(archive, _members(archive, name), name)
    except InputError:
        raise
    except _BROKEN as error:
        raise InputError(f"{name} is no readable .npz: {error}; {_RIGHT}") from error


def _members(archive: zipfile.ZipFile, name: str) -> dict[str, zipfile.ZipInfo]:
    """The members by their array's name; refused where they overlap or would not fit."""
    infos = sorted(archive.infolist(), key=lambda info: info.header_offset)
    for one, other in pairwise(infos):
        if one.header_offset + one.compress_size > other.header_offset:
            raise InputError(f"{name}: {one.filename} and {other.filename} overlap; {_RIGHT}")
    require_memory(2 * sum(info.file_size for info in infos), name, "take a smaller network")
    members = {info.filename.removesuffix(".npy"): info for info in infos}
    if len(members) < len(infos):
        raise InputError(f"{name} has a member twice; {_RIGHT}")
    return members


def _network(archive: zipfile.ZipFile, members: dict[str, zipfile.ZipInfo], name: str) -> Network:
    expected = ["activations"]
    for l in count(2):
        if f"W{l}" not in members:
            break
        expected += [f"W{l}", f"b{l}"]
    _require_names(members, expected, name)
    arrays = {key: _array(archive, info, f"{name}, {key}") for key, info in members.items()}
    names = _activations(arrays["activations"], len(expected) // 2, name)
    layers = [
        Layer(_numbers(arrays, f"W{l}", name), _biases(arrays, f"b{l}", name), names[l - 2])
        for l in range(2, len(names) + 2)
    ]
    try:
        return Network(layers)
    except InputError as error:
        raise InputError(f"{name}: {error}") from error


def _require_names(members: dict[str, Any], expected: list[str], name: str) -> None:
    strange = sorted(members.keys() - set(expected))
    if "W2" not in members or strange:
        what = f"holds {', '.join(strange)}" if strange else "has no W2"
        raise InputError(f"{name} {what}; {_RIGHT}, layers numbered from 2")
    if "activations" not in members:
        raise InputError(f"{name} has no activations; {_RIGHT}")


def _array(archive: zipfile.ZipFile, info: zipfile.ZipInfo, place: str) -> NDArray[Any]:
    """One member; its size must be what its shape says."""
    with archive.open(info) as member:
        version = npy.read_magic(member)
        if version not in _HEADERS:
            raise InputError(f"{place}: .npy version {version} is not read; save it as 1.0")
        shape, _, dtype = _HEADERS[version](member)
        promised = math.prod(shape) * dtype.itemsize
        if dtype.hasobject or dtype.kind not in "fiuU":
            raise InputError(f"{place} holds {dtype}; it must hold plain numbers")
        if promised != info.file_size - member.tell():
            raise InputError(f"{place}: its shape {shape} does not fit its size; {_RIGHT}")
    with archive.open(info) as member:
        return np.asarray(npy.read_array(member, allow_pickle=False))


def _activations(array: NDArray[Any], n: int, name: str) -> list[str]:
    if array.dtype.kind != "U" or array.shape != (n,):
        raise InputError(f"{name}: activations must be {n} names, one for each layer from 2 on")
    return [str(given) for given in array]


def _biases(arrays: dict[str, NDArray[Any]], key: str, name: str) -> Array | None:
    return _numbers(arrays, key, name) if key in arrays else None


def _numbers(arrays: dict[str, NDArray[Any]], key: str, name: str) -> Array:
    if arrays[key].dtype.kind == "U":
        raise InputError(f"{name}, {key} holds text; it must hold numbers")
    array = arrays[key].astype(np.float64)
    if not np.isfinite(array).all():
        at = tuple(map(int, np.argwhere(~np.isfinite(array))[0]))
        raise InputError(f"{name}, {key}: number {at} is {array[at]}; weights must be finite")
    return array
