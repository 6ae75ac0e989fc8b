"""Weights as files: there and back to the bit, and files that are none."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bpstudio.core import limits
from bpstudio.core.errors import InputError
from bpstudio.core.network import Network
from bpstudio.files.traces import write_trace
from bpstudio.files.weights import load_weights, save_weights
from tests.core.cases import network, traced

NETWORKS = {
    "default": network((4, 5, 6, 3), ("sigmoid", "tanh", "softmax")),
    "some biases": network((2, 3, 2), ("relu", "linear"), [True, False]),
    "one by one": network((1, 1), ("gelu",)),
}


def assert_equal(one: Network, other: Network) -> None:
    assert one.sizes == other.sizes
    for here, there in zip(one.layers, other.layers, strict=True):
        assert here.activation == there.activation
        assert here.W.tobytes() == there.W.tobytes()
        assert (here.b is None) == (there.b is None)
        assert here.b is None or there.b is None or here.b.tobytes() == there.b.tobytes()


@pytest.mark.parametrize("suffix", [".json", ".npz", ".safetensors", ".onnx"])
@pytest.mark.parametrize("name", NETWORKS)
def test_weights_come_back_to_the_bit(name: str, suffix: str, tmp_path: Path) -> None:
    save_weights(NETWORKS[name], tmp_path / f"w{suffix}")
    assert_equal(load_weights(tmp_path / f"w{suffix}"), NETWORKS[name])


def test_the_network_of_a_trace_can_be_taken_up_again(tmp_path: Path) -> None:
    trace = traced()
    write_trace(trace, tmp_path / "t.json")
    assert_equal(load_weights(tmp_path / "t.json"), trace.network)


def test_weights_written_by_others_may_be_whole_numbers_and_float32(tmp_path: Path) -> None:
    text = '{"layers": [{"l": 2, "activation": "relu", "weights": [[1, 2]], "biases": [-3]}]}'
    (tmp_path / "w.json").write_text(text)
    np.savez(
        tmp_path / "w.npz", W2=np.array([[1, 2]], "f4"), b2=np.array([-3]), activations=["relu"]
    )
    for name in ("w.json", "w.npz"):
        (layer,) = load_weights(tmp_path / name).layers
        assert (layer.W.tolist(), layer.W.dtype) == ([[1.0, 2.0]], np.float64)
        assert layer.b is not None
        assert layer.b.tolist() == [-3.0]


def test_a_compressed_npz_is_read(tmp_path: Path) -> None:
    np.savez_compressed(tmp_path / "w.npz", W2=np.zeros((2, 2)), activations=["relu"])
    assert load_weights(tmp_path / "w.npz").sizes == (2, 2)


def refused(path: Path) -> str:
    with pytest.raises(InputError) as error:
        load_weights(path)
    message = str(error.value)
    assert "\n" not in message
    assert path.name in message
    return message


# ---- JSON that is no network -------------------------------------------------------------------


def good() -> dict[str, Any]:
    return {
        "sizes": [2, 2, 1],
        "layers": [
            {"l": 2, "activation": "tanh", "weights": [[1.0, 2.0], [3.0, 4.0]], "biases": [0, 0]},
            {"l": 3, "activation": "linear", "weights": [[5.0, 6.0]], "biases": None},
        ],
    }


def spoiled(change: Callable[[dict[str, Any]], object]) -> str:
    found = good()
    change(found)
    return json.dumps(found)


def layer(number: int, **keys: Any) -> Callable[[dict[str, Any]], object]:
    return lambda found: found["layers"][number - 2].update(keys)


BAD = {
    "": "truncated",
    "[1, 2]": "Expected `object`",
    "{}": 'neither "network" nor "layers"',
    '{"format": "bpstudio-trace", "version": 2}': "this bpstudio reads 'bpstudio-trace' version 1",
    '{"format": "other", "version": 1}': "is 'other' version 1",
    spoiled(lambda found: found.pop("layers")): 'neither "network" nor "layers"',
    spoiled(lambda found: found["layers"].clear()): "no layer was given",
    spoiled(lambda found: found["layers"].reverse()): "layers are l = [3, 2]",
    spoiled(lambda found: found.update(sizes=[2, 3, 1])): "sizes are [2, 3, 1], the weights make",
    spoiled(layer(2, weights=[[1.0, 2.0], [3.0]])): "layer 2: row 1 has 1 weights, row 0 has 2",
    spoiled(layer(2, weights=[[1.0, 2.0], [3.0, "NaN"]])): "layer 2, row 1 of the weights",
    spoiled(layer(2, weights=[[1.0, 2.0], [3.0, None]])): "layer 2, row 1 of the weights",
    spoiled(layer(2, weights=[])): "the shape",
    spoiled(layer(2, biases=[1.0])): "b of layer 2 has the shape (1,)",
    spoiled(layer(2, biases="no")): "layer 2, the biases",
    spoiled(layer(3, weights=[[5.0]])): "W of layer 3 has 1 columns, but layer 2 has 2 nodes",
    spoiled(layer(3, activation="cube")): "there is no activation 'cube'",
    spoiled(layer(3, l="three")): "Expected `int`",
    '{"layers": [{"l": 2, "activation": "relu"}]}': "missing required field `weights`",
    '{"layers": [{"l": 2, "activation": "relu", "weights": [[1e999]], "biases": null}]}': (
        "layer 2, row 0 of the weights"
    ),
    "[" * 100_000: "w.json",
}


@pytest.mark.parametrize(("text", "words"), BAD.items(), ids=range(len(BAD)))
def test_json_that_is_no_network_is_refused_with_the_place(
    text: str, words: str, tmp_path: Path
) -> None:
    (tmp_path / "w.json").write_text(text)
    assert words in refused(tmp_path / "w.json")


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    (tmp_path / "w.json").write_bytes(b'{"layers": "\xff\xfe"}')
    refused(tmp_path / "w.json")


# ---- .npz that is no network -------------------------------------------------------------------


def arrays(**changes: Any) -> dict[str, Any]:
    found = {
        "W2": np.ones((2, 2)),
        "b2": np.zeros(2),
        "W3": np.ones((1, 2)),
        "activations": np.array(["tanh", "linear"]),
        **changes,
    }
    return {key: value for key, value in found.items() if value is not None}


BAD_ARRAYS = {
    "absent": ({"W2": None}, "b2"),
    "no layers": ({"W2": None, "b2": None, "W3": None}, "has no W2"),
    "counted from 1": ({"W1": np.ones((2, 2))}, "holds W1"),
    "a gap": ({"W5": np.ones((2, 2))}, "holds W5"),
    "no activations": ({"activations": None}, "has no activations"),
    "few activations": ({"activations": np.array(["tanh"])}, "activations must be 2 names"),
    "numbers as names": ({"activations": np.array([1.0, 2.0])}, "activations must be 2 names"),
    "unknown activation": ({"activations": np.array(["tanh", "cube"])}, "no activation 'cube'"),
    "text as weights": ({"W3": np.array([["1", "2"]])}, "W3 holds text"),
    "complex weights": ({"W3": np.ones((1, 2), dtype=complex)}, "W3 holds complex128"),
    "not finite": ({"W3": np.array([[0.0, np.inf]])}, "W3: number (0, 1) is inf"),
    "a vector": ({"W2": np.ones(4)}, "W of layer 2 has the shape (4,)"),
    "not joint": ({"W3": np.ones((1, 3))}, "W of layer 3 has 3 columns"),
}


@pytest.mark.parametrize("name", BAD_ARRAYS)
def test_an_npz_that_is_no_network_is_refused_with_the_member(name: str, tmp_path: Path) -> None:
    changes, words = BAD_ARRAYS[name]
    np.savez(tmp_path / "w.npz", **arrays(**changes))
    assert words in refused(tmp_path / "w.npz")


def test_pickled_objects_are_never_loaded(tmp_path: Path) -> None:
    np.savez(tmp_path / "w.npz", **arrays(b2=np.array([object()], dtype=object)))
    assert "b2 holds object" in refused(tmp_path / "w.npz")


def npy(array: Any) -> bytes:
    file = io.BytesIO()
    np.save(file, array)
    return file.getvalue()


def write_members(path: Path, **members: bytes) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(f"{name}.npy", content)


def test_a_member_that_promises_more_than_it_holds_is_refused(tmp_path: Path) -> None:
    """A shape of 10^12 numbers over 32 bytes: nothing of that size is allocated."""
    small = npy(np.ones((2, 2)))
    big = small.replace(
        b"'shape': (2, 2), }" + b" " * 20, b"'shape': (1000000, 1000000), }" + b" " * 8
    )
    assert len(big) == len(small)
    write_members(tmp_path / "w.npz", W2=big, activations=npy(["relu"]))
    assert "W2: its shape (1000000, 1000000) does not fit" in refused(tmp_path / "w.npz")


def test_a_member_that_would_not_fit_into_memory_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Zeros of 8 MB in a file of some kB."""
    write_members(tmp_path / "w.npz", W2=npy(np.zeros((1000, 1000))), activations=npy(["relu"]))
    monkeypatch.setattr(limits, "memory_limit", lambda: 2**20)
    assert "needs 16 MB of memory" in refused(tmp_path / "w.npz")


def test_overlapping_members_are_refused(tmp_path: Path) -> None:
    """Two entries of the directory that share one place: how zip bombs multiply."""
    write_members(tmp_path / "w.npz", W2=npy(np.ones((2, 2))), b2=npy(np.zeros(2)))
    data = bytearray((tmp_path / "w.npz").read_bytes())
    second = data.rindex(b"PK\x01\x02")
    data[second + 42 : second + 46] = (1).to_bytes(4, "little")  # where its local header is
    (tmp_path / "w.npz").write_bytes(data)
    assert "overlap" in refused(tmp_path / "w.npz")


@pytest.mark.parametrize("content", [b"", b"no archive", b"PK\x03\x04 cut off"])
def test_a_file_that_is_no_archive_is_refused(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "w.npz").write_bytes(content)
    assert "no readable .npz" in refused(tmp_path / "w.npz")


def test_a_cut_off_archive_is_refused(tmp_path: Path) -> None:
    np.savez(tmp_path / "w.npz", **arrays())
    data = (tmp_path / "w.npz").read_bytes()
    (tmp_path / "w.npz").write_bytes(data[:100] + b"\0" * 50 + data[150:])
    refused(tmp_path / "w.npz")


# ---- any file ----------------------------------------------------------------------------------


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    assert "No such file" in refused(tmp_path / "absent.json")


def test_a_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "w.npz").mkdir()
    refused(tmp_path / "w.npz")


@pytest.mark.parametrize("name", ["w.csv", "w.pt", "w"])
def test_another_suffix_is_refused(name: str, tmp_path: Path) -> None:
    assert "give a .json, .npz, .safetensors or .onnx" in refused(tmp_path / name)
    with pytest.raises(InputError, match=r"give a \.json, \.npz, "):
        save_weights(NETWORKS["default"], tmp_path / name)
    assert list(tmp_path.iterdir()) == []
