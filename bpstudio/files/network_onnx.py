"""A network of dense layers as .onnx, in and out: see `weights`.

Written: for each layer Gemm (W as it is, transB) or, without biases, MatMul with W transposed,
then its activation; float64, operators of set 20. Read: chains of Gemm, or MatMul with Add, and
the activations, weights as initializers; nothing is computed and no file beside it is opened.
Source of the numbers of the fields: onnx/onnx.proto, version 1.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from dataclasses import field as attribute
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from bpstudio.core.errors import InputError
from bpstudio.core.network import Layer, Network
from bpstudio.files.protobuf import BrokenMessageError, Value, field, fields

Array = NDArray[np.float64]

_IR, _OPERATORS = 10, 20
_TYPES = {1: "<f4", 11: "<f8", 10: "<f2", 6: "<i4", 7: "<i8"}
_OF_OURS = {
    "sigmoid": "Sigmoid",
    "tanh": "Tanh",
    "relu": "Relu",
    "leaky_relu": "LeakyRelu",
    "elu": "Elu",
    "softplus": "Softplus",
    "gelu": "Gelu",
    "softmax": "Softmax",
}
_OF_ONNX = {theirs: ours for ours, theirs in _OF_OURS.items()}
_KNOWN = f"Gemm, MatMul, Add, Identity, {', '.join(_OF_ONNX)}"
_DEFAULTS = {"LeakyRelu": {"alpha": 0.01}, "Elu": {"alpha": 1.0}}  # what ours stand for


# ---- out ---------------------------------------------------------------------------------------


def write_onnx(network: Network, file: BinaryIO) -> None:
    """Write the network as a model with input x and output y, a sample a row."""
    nodes: list[bytes] = []
    tensors: list[bytes] = []
    below = "x"
    for l, layer in enumerate(network.layers, start=2):
        nodes.append(_dense(l, layer, below))
        tensors += _tensors(l, layer)
        below = "y" if l == network.L else f"a{l}"
        nodes += _activation(layer.activation, f"z{l}", below)
    graph = b"".join(field(1, node) for node in nodes) + field(2, "bpstudio")
    graph += b"".join(field(5, tensor) for tensor in tensors)
    graph += field(11, _value("x", network.sizes[0])) + field(12, _value("y", network.sizes[-1]))
    version = field(8, field(1, "") + field(2, _OPERATORS))
    file.write(field(1, _IR) + field(2, "bpstudio") + field(7, graph) + version)


def _node(kind: str, inputs: list[str], output: str, attributes: bytes = b"") -> bytes:
    names = b"".join(field(1, name) for name in inputs)
    return names + field(2, output) + field(3, output) + field(4, kind) + attributes


def _dense(l: int, layer: Layer, below: str) -> bytes:
    if layer.b is None:
        return _node("MatMul", [below, f"W{l}"], f"z{l}")
    transposed = field(5, field(1, "transB") + field(3, 1) + field(20, 2))
    return _node("Gemm", [below, f"W{l}", f"b{l}"], f"z{l}", transposed)


def _activation(name: str, z: str, a: str) -> list[bytes]:
    """SiLU has an operator of its own from set 24 on only; it is z · sigmoid(z)."""
    if name == "silu":
        return [_node("Sigmoid", [z], f"{z}_s"), _node("Mul", [z, f"{z}_s"], a)]
    return [_node(_OF_OURS.get(name, "Identity"), [z], a)]


def _tensors(l: int, layer: Layer) -> Iterator[bytes]:
    if layer.b is None:
        yield _tensor(f"W{l}", layer.W.T)
        return
    yield _tensor(f"W{l}", layer.W)
    yield _tensor(f"b{l}", layer.b)


def _tensor(name: str, array: Array) -> bytes:
    sizes = b"".join(field(1, n) for n in array.shape)
    return sizes + field(2, 11) + field(8, name) + field(9, array.astype("<f8").tobytes())


def _value(name: str, n: int) -> bytes:
    """A matrix of float64 with any number of rows."""
    shape = field(1, field(2, "rows")) + field(1, field(1, n))
    return field(1, name) + field(2, field(1, field(1, 11) + field(2, shape)))


# ---- in ----------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Node:
    kind: str = ""
    inputs: list[str] = attribute(default_factory=list)
    output: str = ""
    attributes: dict[str, Any] = attribute(default_factory=dict)


@dataclass(slots=True, eq=False)
class _Dense:
    """A layer while it is read."""

    W: Array
    b: Array | None = None
    activation: str = ""


def read_onnx(content: bytes, name: str) -> Network:
    """The network of a model. InputError names the operator or the weights at fault."""
    try:
        _require_operators(content)
        graph = _one(content, 7)
        nodes = [_read_node(_bytes(v)) for n, v in fields(graph) if n == 1]
        found = (_read_tensor(_bytes(v), name) for n, v in fields(graph) if n == 5)
        tensors = dict(found)
        layers = _layers(nodes, tensors, name)
        return Network([Layer(d.W, d.b, d.activation or "linear") for d in layers])
    except InputError as error:
        raise error if str(error).startswith(name) else InputError(f"{name}: {error}") from error
    except (ValueError, OverflowError, struct.error) as error:
        raise InputError(f"{name} is no readable .onnx: {error}") from error


def _require_operators(content: bytes) -> None:
    """Refuse a model that does not say its set of operators: without, it is cut off."""
    for number, value in fields(content):
        said = dict(fields(_bytes(value))) if number == 8 else {}
        if said.get(1, b"") in (b"", b"ai.onnx") and isinstance(said.get(2), int):
            break
    else:
        raise InputError("it does not say its set of operators (opset_import); is it cut off?")


def _one(message: bytes, number: int) -> bytes:
    for n, value in fields(message):
        if n == number:
            return _bytes(value)
    raise BrokenMessageError(f"field {number} is missing")


def _bytes(value: Value) -> bytes:
    if isinstance(value, int):
        raise BrokenMessageError("there is a number in place of a message")
    return value


def _read_node(message: bytes) -> _Node:
    node = _Node()
    for number, value in fields(message):
        if number == 1:
            node.inputs.append(_bytes(value).decode())
        elif number == 2:
            node.output = _bytes(value).decode()
        elif number == 4:
            node.kind = _bytes(value).decode()
        elif number == 5:
            node.attributes.update([_read_attribute(_bytes(value))])
    return node


def _read_attribute(message: bytes) -> tuple[str, Any]:
    """Name and value: a float (field 2), a whole number (3) or a text (4)."""
    name, found = "", None
    for number, value in fields(message):
        if number == 1:
            name = _bytes(value).decode()
        elif number == 2:
            found = struct.unpack("<f", _bytes(value))[0]
        elif number == 3:
            found = value
        elif number == 4:
            found = _bytes(value).decode()
    return name, found


def _read_tensor(message: bytes, file: str) -> tuple[str, Array]:
    shape: list[int] = []
    name, kind, raw, plain = "", 0, None, b""
    for number, value in fields(message):
        if number == 1:
            shape += [value] if isinstance(value, int) else _packed(value)
        elif number == 2 and isinstance(value, int):
            kind = value
        elif number == 8:
            name = _bytes(value).decode()
        elif number == 9:
            raw = _bytes(value)
        elif number in (4, 10):  # floats and doubles, packed or one by one
            plain += _bytes(value)
    data = plain if raw is None else raw
    if kind not in _TYPES or len(data) != math.prod(shape) * np.dtype(_TYPES[kind]).itemsize:
        raise InputError(
            f"{file}, {name}: {len(data)} bytes of type {kind} for the shape {tuple(shape)}; "
            f"weights are float32 or float64 within the file"
        )
    array = np.frombuffer(data, _TYPES[kind]).astype(np.float64).reshape(shape)
    if not np.isfinite(array).all():
        raise InputError(f"{file}, {name} has a number that is not finite")
    return name, array


def _packed(message: bytes) -> list[int]:
    """Whole numbers one after another: read as the fields of one number each."""
    found, at = [], 0
    while at < len(message):
        end = at
        while end < len(message) and message[end] > 127:
            end += 1
        part = b"\0" + message[at : end + 1]
        found += [value for _, value in fields(part) if isinstance(value, int)]
        at = end + 1
    return found


def _layers(nodes: list[_Node], tensors: Mapping[str, Array], file: str) -> list[_Dense]:
    """The layers along the chain of operators."""
    layers: list[_Dense] = []
    before = ""
    for node in _simple(nodes):
        dynamic = [name for name in node.inputs if name and name not in tensors]
        if len(dynamic) != 1 or (before and dynamic[0] != before):
            raise InputError(f"{file}: {node.kind} {node.output} is no link of one chain of layers")
        before = node.output
        if node.kind in ("Gemm", "MatMul"):
            layers.append(_read_dense(node, tensors, file))
        elif not layers:
            raise InputError(f"{file}: {node.kind} comes before the first layer")
        elif node.kind == "Add":
            _add_bias(layers[-1], node, tensors, file)
        elif node.kind != "Identity":
            _activate(layers[-1], node, file)
    if not layers:
        raise InputError(f"{file} has no Gemm and no MatMul; a network of dense layers has them")
    return layers


def _simple(nodes: list[_Node]) -> Iterator[_Node]:
    """The operators, Sigmoid and Mul of the same z as one SiLU."""
    at = 0
    while at < len(nodes):
        node, after = nodes[at], nodes[at + 1] if at + 1 < len(nodes) else _Node()
        of_same = sorted(after.inputs) == sorted([*node.inputs, node.output])
        if (node.kind, after.kind) == ("Sigmoid", "Mul") and of_same:
            yield _Node("Silu", node.inputs, after.output)
            at += 2
        else:
            yield node
            at += 1


def _read_dense(node: _Node, tensors: Mapping[str, Array], file: str) -> _Dense:
    place = f"{file}, {node.kind} {node.output}"
    a = node.attributes
    if len(node.inputs) < 2 or node.inputs[1] not in tensors or tensors[node.inputs[1]].ndim != 2:
        raise InputError(f"{place} has no matrix of weights as its second input")
    if a.get("alpha", 1.0) != 1 or a.get("beta", 1.0) != 1 or a.get("transA", 0):
        raise InputError(f"{place} has alpha, beta or transA; a dense layer has none of them")
    B = tensors[node.inputs[1]]
    W = B if a.get("transB", 0) else B.T
    dense = _Dense(W)
    if len(node.inputs) > 2 and node.inputs[2]:
        dense.b = _bias(tensors[node.inputs[2]], len(W))
    return dense


def _bias(b: Array, n: int) -> Array:
    """(n,), (1, n), or one number for all nodes."""
    return np.broadcast_to(b.ravel(), (n,)) if b.size == 1 else b.ravel()


def _add_bias(dense: _Dense, node: _Node, tensors: Mapping[str, Array], file: str) -> None:
    given = [tensors[name] for name in node.inputs if name in tensors]
    if dense.b is not None or dense.activation or len(given) != 1:
        raise InputError(f"{file}, Add {node.output} adds no bias to a MatMul")
    dense.b = _bias(given[0], len(dense.W))


def _activate(dense: _Dense, node: _Node, file: str) -> None:
    place = f"{file}, {node.kind} {node.output}"
    if node.kind != "Silu" and node.kind not in _OF_ONNX:
        raise InputError(f"{place} is an operator that bpstudio has not; it has {_KNOWN}")
    if dense.activation:
        raise InputError(f"{place} follows another activation; a layer has one")
    for key, value in node.attributes.items():
        expected = {"axis": (1, -1, 2**64 - 1), "approximate": ("none",)}.get(key)
        default = _DEFAULTS.get(node.kind, {}).get(key)
        if value not in (expected or ()) and (
            default is None or not math.isclose(value, default, rel_tol=1e-6)
        ):
            raise InputError(f"{place} has {key} = {value}, which bpstudio has not")
    dense.activation = "silu" if node.kind == "Silu" else _OF_ONNX[node.kind]
