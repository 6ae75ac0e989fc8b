"""Iterations of other programs: recomputed and compared, the first disagreement named."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import pytest

from bpstudio.core.errors import InputError
from bpstudio.core.trace import Trace
from bpstudio.files.captures import Capture, Origin, dataset_of, read_capture, write_capture
from bpstudio.files.traces import write_trace
from bpstudio.files.weights import load_weights
from tests.core.cases import traced, varied

GOLDEN = Path(__file__).resolve().parents[1] / "data" / "captured.json"
CASES = varied()


def written(path: Path, change: Callable[[dict[str, Any]], object]) -> Path:
    """The golden capture, changed."""
    found = json.loads(GOLDEN.read_text())
    change(found)
    (path / "c.json").write_text(json.dumps(found))
    return path / "c.json"


def value(address: str, change: Callable[[float], float]) -> Callable[[dict[str, Any]], object]:
    """One number of a capture, changed."""

    def apply(found: dict[str, Any]) -> None:
        (step,) = [step for step in found["steps"] if step["address"] == address]
        step["value"] = change(step["value"])

    return apply


def test_an_iteration_of_torch_agrees_with_ours_within_its_type() -> None:
    capture = read_capture(GOLDEN)
    assert capture.origin.by.startswith("PyTorch 2")
    assert (capture.origin.dtype, capture.loss) == ("float32", "cross_entropy")
    verdict = capture.compared()
    assert verdict.passed
    assert verdict.compared == len(capture.values) == 204
    kinds = {address.rpartition("/")[2] for address in capture.values}
    assert kinds == {"z", "a", "C", "dC_da", "dC_dz", "mean_dC_dw", "mean_dC_db"}


def test_a_capture_is_a_json_trace_whose_network_can_be_taken_up() -> None:
    found = json.loads(GOLDEN.read_text())
    assert (found["format"], found["version"]) == ("bpstudio-trace", 1)
    assert load_weights(GOLDEN).sizes == (3, 4, 3, 2)
    indices = [step["index"] for step in found["steps"]]
    assert indices == sorted(indices)
    (step,) = [step for step in found["steps"] if step["address"] == "mean/l4/j1/k2/mean_dC_dw"]
    assert {key: step[key] for key in ("kind", "l", "j", "k")} == {
        "kind": "mean_dC_dw",
        "l": 4,
        "j": 1,
        "k": 2,
    }
    assert not {"row", "i", "m"} & step.keys()
    assert (step["symbol"], step["substitution"], step["operands"]) == ("", "", [])


@pytest.mark.parametrize(
    ("address", "change", "words"),
    [
        ("s2/fwd/l3/j0/z", lambda z: z + 0.01, "none of the usual mistakes"),
        ("s0/back/l2/j3/dC_dz", lambda x: -x, "the sign is wrong"),
        ("s4/back/l2/j1/dC_da", lambda x: 2 * x, "a factor 2 too many"),
        ("mean/l4/j1/k2/mean_dC_dw", lambda x: x * 1.01 + 1, "none of the usual mistakes"),
    ],
    ids=["z", "dC_dz", "dC_da", "mean_dC_dw"],
)
def test_the_first_disagreement_is_named(
    address: str, change: Callable[[float], float], words: str, tmp_path: Path
) -> None:
    def alone(found: dict[str, Any]) -> None:
        value(address, change)(found)
        found["steps"] = [step for step in found["steps"] if step["address"] == address]

    verdict = read_capture(written(tmp_path, alone)).compared()
    assert verdict.first is not None
    assert verdict.first.address == address
    assert words in str(verdict)
    everything = read_capture(written(tmp_path, value(address, change))).compared()
    assert everything.n_wrong == 1


def test_a_number_beyond_the_type_is_an_overflow_of_it(tmp_path: Path) -> None:
    def beyond(found: dict[str, Any]) -> None:
        found["samples"][2]["x"][0] = 1e75
        place = "s2/fwd/l2/j0/z"
        found["steps"] = [step for step in found["steps"] if step["address"] == place]
        found["steps"][0]["value"] = "Infinity"

    verdict = read_capture(written(tmp_path, beyond)).compared()
    assert "it overflows float32, whose largest number is 3.4e+38" in str(verdict)


def test_what_is_made_of_an_overflow_is_told_as_well(tmp_path: Path) -> None:
    made = value("s2/fwd/l3/j0/z", lambda z: cast(float, "NaN"))  # as JSON has it
    verdict = read_capture(written(tmp_path, made)).compared()
    assert "a number before may overflow float32" in str(verdict)


def test_the_type_says_how_far_numbers_may_be_off(tmp_path: Path) -> None:
    def finer(found: dict[str, Any]) -> None:
        found["captured"]["dtype"] = "float64"

    assert not read_capture(written(tmp_path, finer)).compared().passed


def captured(trace: Trace) -> Capture:
    values = {term.address: term.value for term in trace if "update/" not in term.address}
    origin = Origin("somebody", "float64", 2.0)
    return Capture(trace.network, trace.batch, trace.loss, values, origin)


@pytest.mark.parametrize("name", CASES)
def test_a_capture_comes_back_to_the_bit(name: str, tmp_path: Path) -> None:
    capture = captured(CASES[name])
    write_capture(capture, tmp_path / "c.json")
    back = read_capture(tmp_path / "c.json")
    assert (back.values, back.origin, back.loss) == (capture.values, capture.origin, capture.loss)
    assert back.batch.rows == capture.batch.rows
    assert back.batch.X.tobytes() == capture.batch.X.tobytes()
    assert back.compared().passed


@pytest.mark.parametrize("prefix", ["", "e3/b4/"])
@pytest.mark.parametrize("name", ["batch", "adam"])
def test_a_trace_of_ours_is_checked_without_its_update(
    name: str, prefix: str, tmp_path: Path
) -> None:
    write_trace(CASES[name], tmp_path / "t.json", prefix=prefix)
    capture = read_capture(tmp_path / "t.json")
    assert capture.origin == Origin()
    assert capture.compared().passed
    assert len(capture.values) == sum("update/" not in term.address for term in CASES[name])


def refused(path: Path) -> str:
    with pytest.raises(InputError) as error:
        read_capture(path).compared()
    assert "\n" not in str(error.value)
    return str(error.value)


def at(name: str, value: Any) -> Callable[[dict[str, Any]], object]:
    return lambda found: found.update({name: value})


def first(name: str, **keys: Any) -> Callable[[dict[str, Any]], object]:
    return lambda found: found[name][0].update(keys)


BAD: dict[str, tuple[Callable[[dict[str, Any]], object], str]] = {
    "version": (at("version", 2), "version 2; this bpstudio reads"),
    "format": (at("format", "other"), "is 'other' version 1"),
    "loss": (at("loss", "l2"), "there is no loss 'l2'"),
    "no loss": (lambda found: found.pop("loss"), "missing required field `loss`"),
    "no network": (lambda found: found.pop("network"), "has no network"),
    "no samples": (at("samples", []), "has no samples"),
    "no steps": (at("steps", []), "there are no numbers to compare"),
    "type": (at("captured", {"dtype": "int8"}), "has numbers of 'int8'"),
    "short x": (first("samples", x=[1.0]), "sample of row 0: x is 3 finite numbers, given: 1"),
    "row twice": (first("samples", row=1), "no different rows"),
    "row below 0": (first("samples", row=-1), "no different rows"),
    "words": (first("steps", value="many"), "'many' is no number"),
    "address": (first("steps", address="s0/over/there"), "is no address"),
    "another row": (first("steps", address="s9/loss/C"), "row 9 is not in this trace"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_capture_is_refused_with_the_place(name: str, tmp_path: Path) -> None:
    change, words = BAD[name]
    assert words in refused(written(tmp_path, change))


def test_every_beginning_of_a_capture_is_refused(tmp_path: Path) -> None:
    write_capture(captured(traced((1, 1), ("tanh",))), tmp_path / "c.json")
    whole = (tmp_path / "c.json").read_bytes().rstrip()
    for size in range(0, len(whole), 7):
        (tmp_path / "cut.json").write_bytes(whole[:size])
        assert "cut.json is no JSON trace" in refused(tmp_path / "cut.json")


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    assert "No such file" in refused(tmp_path / "absent.json")


def test_a_capture_of_an_unknown_type_is_not_written(tmp_path: Path) -> None:
    trace = traced()
    capture = Capture(trace.network, trace.batch, "sse", {"s52/loss/C": 1.0}, Origin("x", "int8"))
    with pytest.raises(InputError, match="has numbers of 'int8'"):
        write_capture(capture, tmp_path / "c.json")
    assert list(tmp_path.iterdir()) == []


def test_the_samples_of_a_capture_are_data_of_their_own() -> None:
    capture = captured(CASES["batch"])
    data = dataset_of(capture, "c.json")
    assert (data.name, data.rows.tolist()) == ("c.json", [3, 7, 14])
    again = data.batch(capture.batch.rows)
    assert again.X.tobytes() == capture.batch.X.tobytes()
    assert again.Y.tobytes() == capture.batch.Y.tobytes()


@pytest.mark.parametrize("word", ["NaN", "-Infinity"])
def test_a_weight_that_is_not_finite_is_named(word: str, tmp_path: Path) -> None:
    def change(found: dict[str, Any]) -> None:
        found["network"]["layers"][0]["weights"][1][0] = word

    said = refused(written(tmp_path, change))
    assert f"layer 2, row 1 of the weights: number 0 is {float(word)}; every weight" in said
