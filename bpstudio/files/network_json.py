"""A network as JSON: the "network" object of a trace, written and read row by row."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

import msgspec
import numpy as np
from numpy.typing import NDArray

from bpstudio.core.errors import InputError
from bpstudio.core.limits import require_memory
from bpstudio.core.network import Layer, Network
from bpstudio.files.trace_records import written

Array = NDArray[np.float64]

_BYTES_A_NUMBER = 21  # as written, with its comma
_LIST = "they are a list of numbers"
_PARSED = 5  # times the text: what reading takes in memory


def network_bytes(network: Network) -> int:
    """About how long the text will be."""
    return _BYTES_A_NUMBER * (network.n_weights + network.n_biases)


def network_parts(network: Network) -> Iterator[bytes]:
    """The text in parts, a row of weights each."""
    yield b'{"sizes":' + msgspec.json.encode(network.sizes) + b',"layers":['
    for l, layer in enumerate(network.layers, start=2):
        start = b"," if l > 2 else b""
        name = msgspec.json.encode(layer.activation)
        yield start + b'\n{"l":%d,"activation":%b,"weights":[' % (l, name)
        for j, row in enumerate(layer.W):
            yield (b"," if j else b"") + numbers(row)
        biases = b"null" if layer.b is None else numbers(layer.b)
        yield b'],"biases":' + biases + b"}"
    yield b"]}"


def numbers(row: Array) -> bytes:
    """A row of numbers, those that are not finite as words."""
    if np.isfinite(row).all():
        return msgspec.json.encode(row.tolist())
    return msgspec.json.encode([written(x) for x in row.tolist()])


class _Layer(msgspec.Struct):
    l: int
    activation: str
    weights: list[msgspec.Raw]
    biases: msgspec.Raw


class _Network(msgspec.Struct):
    layers: list[_Layer]
    sizes: list[int] | None = None


class _File(msgspec.Struct):
    """A network by itself, or a trace that holds one."""

    network: _Network | None = None
    layers: list[_Layer] | None = None
    sizes: list[int] | None = None
    format: str | None = None
    version: int | None = None


def read_network(text: bytes, name: str) -> Network:
    """The network in a JSON text. InputError names the file and the layer, row or key at fault."""
    require_memory(_PARSED * len(text), f"reading {name}", "give the weights as .npz")
    found = _decoded(text, _File, name, "")
    if found.format is not None and (found.format, found.version) != ("bpstudio-trace", 1):
        raise InputError(
            f"{name} is {found.format!r} version {found.version}; this bpstudio reads "
            f"'bpstudio-trace' version 1"
        )
    network = found.network
    if network is None and found.layers is not None:
        network = _Network(found.layers, found.sizes)
    if network is None:
        raise InputError(f'{name} has no network: neither "network" nor "layers" is in it')
    return _network(network, name)


def _network(found: _Network, name: str) -> Network:
    numbered = [layer.l for layer in found.layers]
    if numbered != list(range(2, len(numbered) + 2)):
        raise InputError(f"{name}: its layers are l = {numbered}; they must be 2, 3, … in order")
    try:
        network = Network([_layer(layer, name) for layer in found.layers])
    except InputError as error:
        raise error if str(error).startswith(name) else InputError(f"{name}: {error}") from error
    if found.sizes is not None and tuple(found.sizes) != network.sizes:
        raise InputError(
            f"{name}: sizes are {found.sizes}, the weights make {list(network.sizes)}; "
            f"the two must be equal"
        )
    return network


def _layer(found: _Layer, name: str) -> Layer:
    place = f"{name}, layer {found.l}"
    rows = [_row(row, f"{place}, row {j} of the weights") for j, row in enumerate(found.weights)]
    for j, row in enumerate(rows):
        if len(row) != len(rows[0]):
            raise InputError(f"{place}: row {j} has {len(row)} weights, row 0 has {len(rows[0])}")
    b = None if bytes(found.biases) == b"null" else _row(found.biases, f"{place}, the biases")
    return Layer(np.array(rows), b, found.activation)


def _row(text: msgspec.Raw, place: str) -> Array:
    found = _decoded(text, list[float | Literal["NaN", "Infinity", "-Infinity"]], place, _LIST)
    row = np.array([float(x) for x in found])
    if not np.isfinite(row).all():
        at = int(np.argmin(np.isfinite(row)))
        raise InputError(f"{place}: number {at} is {row[at]}; every weight must be finite")
    return row


def _decoded(text: Any, type_: Any, place: str, right: str) -> Any:
    try:
        return msgspec.json.decode(text, type=type_)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        remedy = right or "give a network or a trace as bpstudio writes it"
        raise InputError(f"{place}: {error}; {remedy}") from error
