"""Networks as .onnx: what others write is read, what is no chain of dense layers is refused."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bpstudio.core.activations import ACTIVATIONS
from bpstudio.core.errors import InputError
from bpstudio.core.network import Network
from bpstudio.core.passes import forward
from bpstudio.files.protobuf import BrokenMessageError, field, fields, varint
from bpstudio.files.weights import load_weights, save_weights
from tests.core.cases import network


@pytest.mark.parametrize("n", [0, 1, 127, 128, 300, 2**31, 2**64 - 1])
def test_a_number_comes_back(n: int) -> None:
    assert list(fields(field(3, n))) == [(3, n)]


def test_the_published_example_of_a_number() -> None:
    assert varint(150) == bytes([0x96, 0x01])  # protobuf.dev: field 1 with 150 is 08 96 01
    assert field(1, 150) == bytes([0x08, 0x96, 0x01])


@pytest.mark.parametrize("content", [b"\x08", b"\x12\x05ab", b"\x0b", b"\x08" + b"\xff" * 20])
def test_bytes_that_are_no_message_are_refused(content: bytes) -> None:
    with pytest.raises(BrokenMessageError):
        list(fields(content))


def node(kind: str, inputs: list[str], output: str, **attributes: Any) -> bytes:
    parts = b"".join(field(1, name) for name in inputs) + field(2, output) + field(4, kind)
    for key, value in attributes.items():
        if isinstance(value, float):
            content = varint(2 << 3 | 5) + np.float32(value).tobytes()
        else:
            content = field(3 if isinstance(value, int) else 4, value)
        parts += field(5, field(1, key) + content)
    return parts


def tensor(name: str, array: Any, kind: int = 1) -> bytes:
    array = np.asarray(array, "<f4")
    sizes = b"".join(field(1, n) for n in array.shape)
    return sizes + field(2, kind) + field(8, name) + field(9, array.tobytes())


W, B = tensor("W", [[1, 2], [3, 4], [5, 6]]), tensor("b", [7, 8, 9])
GEMM = node("Gemm", ["x", "W", "b"], "z", transB=1)


def model(path: Path, *nodes: bytes, tensors: tuple[bytes, ...] = (W, B)) -> Path:
    graph = b"".join(field(1, n) for n in nodes) + b"".join(field(5, t) for t in tensors)
    (path / "m.onnx").write_bytes(field(1, 8) + field(7, graph) + field(8, field(2, 20)))
    return path / "m.onnx"


def read(path: Path, *nodes: bytes, tensors: tuple[bytes, ...] = (W, B)) -> Network:
    return load_weights(model(path, *nodes, tensors=tensors))


def test_gemm_and_its_activation_are_a_layer(tmp_path: Path) -> None:
    (layer,) = read(tmp_path, GEMM, node("Relu", ["z"], "a")).layers
    assert layer.W.tolist() == [[1, 2], [3, 4], [5, 6]]
    assert layer.b is not None
    assert (layer.b.tolist(), layer.activation) == ([7, 8, 9], "relu")


def test_matmul_and_add_are_a_layer_with_weights_transposed(tmp_path: Path) -> None:
    T = tensor("T", [[1, 3, 5], [2, 4, 6]])
    nodes = (node("MatMul", ["x", "T"], "m"), node("Add", ["b", "m"], "z"))
    (layer,) = read(tmp_path, *nodes, tensors=(T, B)).layers
    assert layer.W.tolist() == [[1, 2], [3, 4], [5, 6]]
    assert layer.b is not None
    assert (layer.b.tolist(), layer.activation) == ([7, 8, 9], "linear")


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_every_activation_comes_back(name: str, tmp_path: Path) -> None:
    save_weights(network((2, 3, 2), (name, name), [True, False]), tmp_path / "w.onnx")
    names = [layer.activation for layer in load_weights(tmp_path / "w.onnx").layers]
    assert names == [name, name]


BAD = {
    "no layer": ((), (), "has no Gemm and no MatMul"),
    "another operator": ((GEMM, node("Conv", ["z"], "a")), (W, B), "Conv a is an operator that"),
    "two activations": (
        (GEMM, node("Relu", ["z"], "a"), node("Tanh", ["a"], "c")),
        (W, B),
        "Tanh c follows another activation",
    ),
    "before a layer": ((node("Relu", ["x"], "a"),), (), "Relu comes before the first layer"),
    "a branch": ((GEMM, node("Relu", ["x"], "a")), (W, B), "Relu a is no link of one chain"),
    "two inputs": ((GEMM, node("Add", ["z", "x"], "a")), (W, B), "Add a is no link of one chain"),
    "scaled": ((node("Gemm", ["x", "W"], "z", alpha=0.5),), (W,), "alpha, beta or transA"),
    "another slope": (
        (GEMM, node("LeakyRelu", ["z"], "a", alpha=0.3)),
        (W, B),
        "which bpstudio has not",
    ),
    "tanh of gelu": (
        (GEMM, node("Gelu", ["z"], "a", approximate="tanh")),
        (W, B),
        "approximate = tanh",
    ),
    "no weights": ((node("Gemm", ["x", "b"], "z"),), (B,), "has no matrix of weights"),
    "add twice": ((GEMM, node("Add", ["z", "b"], "a")), (W, B), "adds no bias to a MatMul"),
    "another type": ((GEMM,), (tensor("W", [[1.0]], 9), B), "W: 4 bytes of type 9"),
    "not finite": ((GEMM,), (tensor("W", [[np.inf] * 2] * 3), B), "W has a number that is not"),
    "biases too long": ((GEMM,), (W, tensor("b", [1, 2])), "b of layer 2 has the shape (2,)"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_chain_of_dense_layers_is_refused(name: str, tmp_path: Path) -> None:
    nodes, tensors, words = BAD[name]
    with pytest.raises(InputError) as error:
        read(tmp_path, *nodes, tensors=tensors)
    assert str(error.value).startswith("m.onnx")
    assert words in str(error.value)


def test_a_tensor_that_promises_more_than_it_holds_is_refused(tmp_path: Path) -> None:
    huge = field(1, 10**6) + field(1, 10**6) + field(2, 1) + field(8, "W") + field(9, b"\0" * 4)
    with pytest.raises(InputError, match="4 bytes of type 1 for the shape"):
        read(tmp_path, GEMM, tensors=(huge, B))


def test_no_beginning_of_a_file_is_taken_for_the_whole(tmp_path: Path) -> None:
    save_weights(network((2, 2), ("tanh",)), tmp_path / "w.onnx")
    whole = (tmp_path / "w.onnx").read_bytes()
    for size in range(len(whole)):
        (tmp_path / "cut.onnx").write_bytes(whole[:size])
        with pytest.raises(InputError, match=r"cut\.onnx"):
            load_weights(tmp_path / "cut.onnx")


@pytest.mark.slow
@pytest.mark.parametrize("name", ACTIVATIONS)
def test_onnx_takes_the_file_for_valid_and_computes_the_same(name: str, tmp_path: Path) -> None:
    onnx = pytest.importorskip("onnx")
    from onnx.reference import ReferenceEvaluator

    net = network((3, 4, 2), (name, name), [True, False])
    save_weights(net, tmp_path / "w.onnx")
    found = onnx.load(tmp_path / "w.onnx")
    onnx.checker.check_model(found, full_check=True)
    x = np.random.default_rng(0).standard_normal((5, 3))
    (y,) = ReferenceEvaluator(found).run(None, {"x": x})
    assert y == pytest.approx(forward(net, x)[1][-1], rel=1e-6)
    onnx.save(found, tmp_path / "again.onnx")
    back = load_weights(tmp_path / "again.onnx")
    for here, there in zip(back.layers, net.layers, strict=True):
        assert here.W.tobytes() == there.W.tobytes()


def test_a_file_with_any_byte_changed_is_a_network_or_refused(tmp_path: Path) -> None:
    save_weights(network((2, 2), ("silu",)), tmp_path / "w.onnx")
    whole = (tmp_path / "w.onnx").read_bytes()
    for at in range(len(whole)):
        for byte in (0, 0x7F, 0xFF, whole[at] ^ 1):
            changed = whole[:at] + bytes([byte]) + whole[at + 1 :]
            (tmp_path / "c.onnx").write_bytes(changed)
            with suppress(InputError):
                assert load_weights(tmp_path / "c.onnx").sizes
