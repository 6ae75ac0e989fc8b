"""Weights as .safetensors: what PyTorch writes is read, what is no dense network is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors import safe_open
from safetensors.numpy import load_file, save_file

from bpstudio.core import limits
from bpstudio.core.errors import InputError
from bpstudio.core.network import Network
from bpstudio.files.weights import load_weights, save_weights
from tests.core.cases import network


def tensors(**shapes: tuple[int, ...]) -> dict[str, Any]:
    """Numbered tensors by name, a point written as _."""
    return {
        name.replace("_", "."): np.arange(1.0, 1 + np.prod(shape)).reshape(shape).astype("f4")
        for name, shape in shapes.items()
    }


def read(path: Path, found: dict[str, Any], *given: Any) -> Network:
    save_file(found, path / "w.safetensors")
    return load_weights(path / "w.safetensors", *given)


def refused(path: Path, found: dict[str, Any], *given: Any) -> str:
    with pytest.raises(InputError) as error:
        read(path, found, *given)
    assert str(error.value).startswith("w.safetensors")
    assert "\n" not in str(error.value)
    return str(error.value)


PLAIN = tensors(fc1_weight=(3, 2), fc1_bias=(3,), fc2_weight=(1, 3))


def test_a_file_of_ours_has_the_names_of_a_torch_sequential(tmp_path: Path) -> None:
    net = network((2, 3, 1), ("tanh", "linear"), [True, False])
    save_weights(net, tmp_path / "w.safetensors")
    found = load_file(tmp_path / "w.safetensors")
    assert {name: W.shape for name, W in found.items()} == {
        "0.weight": (3, 2),
        "0.bias": (3,),
        "2.weight": (1, 3),
    }
    with safe_open(tmp_path / "w.safetensors", "np") as file:
        assert file.metadata() == {"format": "pt", "activations": "tanh,linear"}


def test_a_state_dict_is_read_with_the_activations_given(tmp_path: Path) -> None:
    net = read(tmp_path, PLAIN, "relu", "linear")
    assert (net.sizes, net.n_biases) == ((2, 3, 1), 3)
    assert [layer.activation for layer in net.layers] == ["relu", "linear"]
    assert net.layers[0].W.tolist() == [[1, 2], [3, 4], [5, 6]]
    assert net.layers[0].W.dtype == np.float64


def test_one_layer_by_itself_has_tensors_without_a_stem(tmp_path: Path) -> None:
    net = read(tmp_path, tensors(weight=(3, 2), bias=(3,)), None, "softmax")
    assert (net.sizes, net.layers[0].activation) == ((2, 3), "softmax")


def test_numbers_order_the_layers_and_10_comes_after_2(tmp_path: Path) -> None:
    found = {f"net.{n}.weight": np.full((2, 2), n, "f4") for n in (10, 2, 0)}
    net = read(tmp_path, found, "relu", "linear")
    assert [layer.W[0, 0] for layer in net.layers] == [0, 2, 10]


def test_shapes_order_layers_without_numbers_where_one_order_chains(tmp_path: Path) -> None:
    found = tensors(input_weight=(4, 2), body_weight=(3, 4), head_weight=(1, 3))
    assert read(tmp_path, found, "relu", "linear").sizes == (2, 4, 3, 1)


def test_layers_whose_order_is_open_are_refused(tmp_path: Path) -> None:
    said = refused(tmp_path, tensors(a_weight=(2, 2), b_weight=(2, 2)), "relu", "relu")
    assert "chain in several orders" in said


def test_what_is_missing_is_said(tmp_path: Path) -> None:
    assert "give those of its 1 hidden layers (--activation) and that of its output layer" in (
        refused(tmp_path, PLAIN)
    )
    assert refused(tmp_path, PLAIN, "relu").endswith(
        "give that of its output layer (--output-activation)"
    )
    assert "2 activations were given for 1 hidden layers" in (
        refused(tmp_path, PLAIN, ["relu", "tanh"], "linear")
    )


BAD: dict[str, tuple[dict[str, Any], str]] = {
    "nothing": ({}, "holds no weights"),
    "a bias alone": (tensors(fc_bias=(2,)), "holds fc.bias, which is no dense layer's"),
    "another layer": ({**PLAIN, **tensors(bn_running=(2,))}, "holds bn.running"),
    "a convolution": (tensors(conv_weight=(2, 1, 3, 3)), "conv.weight has the shape (2, 1, 3, 3)"),
    "not joint": (tensors(fc1_weight=(3, 2), fc2_weight=(1, 4)), "chain in no order"),
    "biases too long": (tensors(fc_weight=(3, 2), fc_bias=(2,)), "b of layer 2 has the shape (2,)"),
    "not finite": ({"fc.weight": np.array([[1.0, np.nan]])}, "number (0, 1) is nan"),
    "truth values": ({"fc.weight": np.array([[True]])}, "fc.weight holds BOOL"),
    "no nodes": ({"fc.weight": np.ones((0, 2))}, "the shape (0, 2)"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_dense_network_is_refused_with_the_tensor(name: str, tmp_path: Path) -> None:
    found, words = BAD[name]
    assert words in refused(tmp_path, found, "relu", "linear")


@pytest.mark.parametrize("names", ["tanh", "tanh,cube", ""])
def test_activations_that_cannot_be_are_refused(names: str, tmp_path: Path) -> None:
    save_file(PLAIN, tmp_path / "w.safetensors", {"activations": names})
    with pytest.raises(InputError, match=r"w\.safetensors"):
        load_weights(tmp_path / "w.safetensors", "relu", "relu")


def test_every_beginning_of_a_file_is_refused(tmp_path: Path) -> None:
    save_weights(network((2, 2), ("tanh",)), tmp_path / "w.safetensors")
    whole = (tmp_path / "w.safetensors").read_bytes()
    for size in range(len(whole)):
        (tmp_path / "cut.safetensors").write_bytes(whole[:size])
        with pytest.raises(InputError, match=r"cut\.safetensors is no readable"):
            load_weights(tmp_path / "cut.safetensors")


def test_a_header_that_promises_too_much_is_refused(tmp_path: Path) -> None:
    """A header of 2^60 bytes, and a tensor of 10^12 numbers over 4 bytes."""
    tensor = b'{"fc.weight":{"dtype":"F32","shape":[1000000,1000000],"data_offsets":[0,4]}}'
    for content in (
        (2**60).to_bytes(8, "little") + b"{}",
        len(tensor).to_bytes(8, "little") + tensor + b"\0" * 4,
    ):
        (tmp_path / "w.safetensors").write_bytes(content)
        with pytest.raises(InputError, match="no readable"):
            load_weights(tmp_path / "w.safetensors")


def test_a_file_that_would_not_fit_into_memory_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save_file({"fc.weight": np.zeros((100, 100), "f4")}, tmp_path / "w.safetensors")
    monkeypatch.setattr(limits, "memory_limit", lambda: 100_000)
    with pytest.raises(InputError, match="needs 160 kB of memory"):
        load_weights(tmp_path / "w.safetensors", None, "relu")


@pytest.mark.slow
def test_torch_loads_what_is_written_and_its_own_comes_back(tmp_path: Path) -> None:
    torch = pytest.importorskip("torch")
    from safetensors.torch import load_file as load_torch
    from safetensors.torch import save_file as save_torch

    net = network((2, 3, 1), ("tanh", "linear"))
    save_weights(net, tmp_path / "w.safetensors")
    model = torch.nn.Sequential(torch.nn.Linear(2, 3), torch.nn.Tanh(), torch.nn.Linear(3, 1))
    model.load_state_dict(load_torch(tmp_path / "w.safetensors"))
    save_torch(model.state_dict(), tmp_path / "back.safetensors")
    back = load_weights(tmp_path / "back.safetensors", "tanh", "linear")
    assert [layer.W.tolist() for layer in back.layers] == [
        layer.W.astype("f4").tolist() for layer in net.layers
    ]
