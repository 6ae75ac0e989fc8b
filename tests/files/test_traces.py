"""Trace files: what is in them, to the bit, and what is refused before anything is written."""

from __future__ import annotations

import csv
import json
import math
import shutil
import struct
import tracemalloc
from collections import namedtuple
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bpstudio.core.dataset import Batch
from bpstudio.core.errors import InputError
from bpstudio.core.network import Layer, Network
from bpstudio.core.selection import Selection
from bpstudio.core.trace import Trace, compute_trace
from bpstudio.files import traces
from bpstudio.files.trace_export import Export
from bpstudio.files.trace_records import COLUMNS, written
from bpstudio.files.traces import FORMATS, write_export, write_trace
from tests.core.cases import traced, varied
from tests.files.parquet import read_parquet

KEYS = [
    "index",
    "address",
    "kind",
    "row",
    "l",
    "j",
    "k",
    "i",
    "m",
    "value",
    "symbol",
    "substitution",
    "operands",
]
TEXTS = [".json", ".jsonl", ".csv"]
SUFFIXES = [*TEXTS, ".parquet"]  # .npz holds the numbers alone: test_trace_npz


def bits(x: float) -> bytes:
    return struct.pack("<d", x)


def read_steps(path: Path) -> list[dict[str, Any]]:
    """The steps of a file of any format, as the JSON has them."""
    if path.suffix == ".json":
        return list(json.loads(path.read_bytes(), parse_constant=refuse)["steps"])
    if path.suffix == ".jsonl":
        lines = path.read_text("utf-8").splitlines()
        return [json.loads(line, parse_constant=refuse) for line in lines]
    if path.suffix == ".parquet":
        return [present(row) for row in read_parquet(path)]
    with open(path, encoding="utf-8", newline="") as file:
        return [typed(row) for row in csv.DictReader(file, strict=True)]


def present(row: dict[str, Any]) -> dict[str, Any]:
    """As the JSON has it: without what is absent, and with words for what is not finite."""
    found = {key: value for key, value in row.items() if value is not None}
    return {**found, "value": written(found["value"])}


def refuse(word: str) -> None:
    raise AssertionError(f"{word} is no JSON")


def typed(row: dict[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = {key: text for key, text in row.items() if text != ""}
    for key in ("index", "row", "l", "j", "k", "i", "m"):
        if key in found:
            found[key] = int(found[key])
    found["operands"] = row["operands"].split()
    value = float(row["value"])
    found["value"] = value if math.isfinite(value) else row["value"]
    return found


def expected(trace: Trace, n: int) -> dict[str, Any]:
    term = trace[n]
    found = {key: getattr(term, key) for key in KEYS if getattr(term, key) is not None}
    return {**found, "operands": list(term.operands), "value": written(term.value)}


# ---- what is in them ---------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("name", varied())
def test_every_step_reads_back_as_it_is_to_the_bit(name: str, suffix: str, tmp_path: Path) -> None:
    trace, path = varied()[name], tmp_path / f"trace{suffix}"
    count = write_trace(trace, path)
    steps = read_steps(path)
    assert count == len(steps) == len(trace)
    for n, step in enumerate(steps):
        assert step == expected(trace, n)
        assert bits(step["value"]) == bits(trace[n].value)


def test_the_json_is_the_format_that_others_rely_on(tmp_path: Path) -> None:
    trace = traced(rows=(52, 7))
    write_trace(trace, tmp_path / "t.json", Selection(0, 1))
    found = json.loads((tmp_path / "t.json").read_bytes())
    assert list(found) == ["format", "version", "loss", "network", "samples", "steps"]
    assert (found["format"], found["version"], found["loss"]) == ("bpstudio-trace", 1, "sse")
    assert found["network"] == {
        "sizes": [4, 5, 6, 3],
        "layers": [
            {
                "l": l,
                "activation": layer.activation,
                "weights": layer.W.tolist(),
                "biases": layer.b.tolist() if layer.b is not None else None,
            }
            for l, layer in enumerate(trace.network.layers, start=2)
        ],
    }
    assert found["samples"] == [
        {"row": row, "x": trace.X[s].tolist(), "y": trace.Y[s].tolist()}
        for s, row in enumerate((52, 7))
    ]
    step = found["steps"][0]
    assert list(step) == ["index", "address", "kind", "row", "l", "j", "k", *KEYS[9:]]
    assert (step["index"], step["address"], step["row"]) == (0, "s52/fwd/l2/j0/k0/wa", 52)
    assert step["operands"] == ["w/l2/j0/k0", "s52/x0"]


def test_a_layer_without_biases_has_null(tmp_path: Path) -> None:
    write_trace(traced(bias=False), tmp_path / "t.json", Selection(0, 1))
    layers = json.loads((tmp_path / "t.json").read_bytes())["network"]["layers"]
    assert [layer["biases"] for layer in layers] == [None] * 3


def test_all_formats_have_the_same_columns_in_the_same_order(tmp_path: Path) -> None:
    assert list(COLUMNS) == KEYS
    write_trace(traced(), tmp_path / "t.csv")
    assert (tmp_path / "t.csv").read_text().splitlines()[0] == ",".join(KEYS)


def test_csv_leaves_absent_indices_empty_and_joins_operands(tmp_path: Path) -> None:
    trace = traced(rows=(0, 1))
    write_trace(trace, tmp_path / "t.csv")
    with open(tmp_path / "t.csv", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    loss = rows[trace.sequence.index("s0/loss/C")]
    assert [loss[key] for key in "ljkim"] == [""] * 5
    assert loss["operands"] == "s0/loss/j0/C_j s0/loss/j1/C_j s0/loss/j2/C_j"
    assert rows[-1]["row"] == ""
    assert rows[trace.sequence.index("s0/back/l4/j0/dz_db")]["operands"] == ""


def test_lines_end_in_a_newline_on_every_system(tmp_path: Path) -> None:
    for suffix in TEXTS:
        write_trace(traced(), tmp_path / f"t{suffix}")
        text = (tmp_path / f"t{suffix}").read_bytes()
        assert text.endswith(b"\n")
        assert b"\r" not in text


def not_finite() -> Trace:
    """z = ∞, −∞ and 0 · ∞."""
    net = Network([Layer(np.array([[1.0], [-1.0], [0.0]]), None, "linear")])
    return compute_trace(net, Batch((0,), np.array([[np.inf]]), np.zeros((1, 3))))


@pytest.mark.parametrize("suffix", TEXTS)
def test_what_is_not_finite_is_a_word_and_never_null(suffix: str, tmp_path: Path) -> None:
    write_trace(not_finite(), tmp_path / f"t{suffix}")
    steps = read_steps(tmp_path / f"t{suffix}")
    assert [s["value"] for s in steps if s["kind"] == "z"] == ["Infinity", "-Infinity", "NaN"]
    assert "null" not in (tmp_path / f"t{suffix}").read_text().replace('"biases":null', "")


def test_weights_that_are_not_finite_are_words_too(tmp_path: Path) -> None:
    net = Network([Layer(np.array([[np.nan, -np.inf, 0.5]]), None, "linear")])
    trace = compute_trace(net, Batch((0,), np.zeros((1, 3)), np.zeros((1, 1))))
    write_trace(trace, tmp_path / "t.json")
    layers = json.loads((tmp_path / "t.json").read_bytes(), parse_constant=refuse)["network"]
    assert layers["layers"][0]["weights"] == [["NaN", "-Infinity", 0.5]]


@pytest.mark.parametrize("x", [-0.0, 5e-324, 1.7976931348623157e308, 0.1, 1e22, 123456789.0, 1e-5])
@pytest.mark.parametrize("suffix", SUFFIXES)
def test_difficult_numbers_keep_their_bits(x: float, suffix: str, tmp_path: Path) -> None:
    net = Network([Layer(np.array([[1.0]]), None, "linear")])
    trace = compute_trace(net, Batch((0,), np.array([[x]]), np.zeros((1, 1))))
    write_trace(trace, tmp_path / f"t{suffix}", Selection().only("kind=dz_dw"))
    (step,) = read_steps(tmp_path / f"t{suffix}")
    assert bits(step["value"]) == bits(x)


# ---- selecting ---------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_only_the_selected_steps_are_written(suffix: str, tmp_path: Path) -> None:
    trace, path = traced(rows=(3, 4)), tmp_path / f"t{suffix}"
    chosen = Selection(start=100).only("l=3,j=2,kind=dC_dw")
    assert write_trace(trace, path, chosen) == 10
    assert [step["address"] for step in read_steps(path)] == [
        f"s{row}/back/l3/j2/k{k}/dC_dw" for row in (3, 4) for k in range(5)
    ]


def test_several_kinds_are_written_in_the_order_of_the_steps(tmp_path: Path) -> None:
    for trace in (traced(rows=(3, 4)), varied()["adam"], varied()["nesterov"]):
        kinds = ("dC_dw", "m", "velocity", "m_hat", "update_w")
        there = [kind for kind in kinds if any(term.kind == kind for term in trace)]
        chosen = Selection().only(f"kind={'+'.join(kinds)}")
        write_trace(trace, tmp_path / "t.jsonl", chosen)
        found = [step["address"] for step in read_steps(tmp_path / "t.jsonl")]
        assert found == [term.address for term in trace if term.kind in there]


def test_many_steps_are_written_in_portions_without_a_gap(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bpstudio.files.trace_columns.AT_ONCE", 7)
    trace = traced(rows=(1, 2))
    for chosen in (Selection(), Selection(5, 90), Selection().only("kind=dC_dw")):
        write_trace(trace, tmp_path / "t.jsonl", chosen)
        for step in read_steps(tmp_path / "t.jsonl"):
            assert step == expected(trace, step["index"])


@pytest.mark.parametrize("suffix", [*SUFFIXES, ".npz"])
def test_memory_does_not_grow_with_the_number_of_steps(
    suffix: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bpstudio.files.trace_columns.AT_ONCE", 64)
    other, trace = traced(rows=tuple(range(30, 50)), seed=1), traced(rows=tuple(range(20)))

    def peak(stop: int, trace: Trace = trace) -> int:
        tracemalloc.start()
        write_trace(trace, tmp_path / f"t{suffix}", Selection(0, stop))
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    # fills the interpreter's lists of free tuples; what was kept of these steps would be no help
    peak(2_000, other)
    # 1,800 steps held at once would take 150,000 bytes as columns, more as records
    assert peak(2_000) < peak(200) + 60_000


# ---- refusing ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["t.tex", "t.md", "t.html", "t.txt", "t", "t.json.gz", ".json"])
def test_an_unknown_suffix_is_refused_with_those_there_are(name: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"use \.json, \.jsonl, \.csv, \.parquet, \.npz"):
        write_trace(traced(), tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_capital_letters_in_a_suffix_are_no_other_format(tmp_path: Path) -> None:
    write_trace(traced(), tmp_path / "T.JSONL", Selection(0, 3))
    assert len((tmp_path / "T.JSONL").read_text().splitlines()) == 3


def test_nothing_is_left_where_no_step_fits(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("as it was")
    with pytest.raises(InputError, match="layers with terms"):
        write_trace(traced(), tmp_path / "t.csv", Selection().only("l=7"))
    assert [path.name for path in tmp_path.iterdir()] == ["t.csv"]
    assert (tmp_path / "t.csv").read_text() == "as it was"


def test_nothing_is_left_when_writing_is_interrupted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(traces, "FORMATS", {".csv": interrupt})
    with pytest.raises(KeyboardInterrupt):
        write_trace(traced(), tmp_path / "t.csv")
    assert list(tmp_path.iterdir()) == []


class _CalledOffError(Exception):
    """As a window ends an export."""


@pytest.mark.parametrize("suffix", FORMATS)
def test_called_off_in_the_middle_it_leaves_what_was_there(
    suffix: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bpstudio.files.trace_columns.AT_ONCE", 50)
    path, heard = tmp_path / f"t{suffix}", []
    path.write_text("as it was")

    def call_off(more: int) -> None:
        heard.append(more)
        if len(heard) == 3:
            raise _CalledOffError

    with pytest.raises(_CalledOffError):
        write_trace(traced(), path, advanced=call_off)
    assert [found.name for found in tmp_path.iterdir()] == [path.name]
    assert path.read_text() == "as it was"


@pytest.mark.parametrize("suffix", FORMATS)
def test_progress_adds_up_to_all_steps(suffix: str, tmp_path: Path) -> None:
    trace, heard = traced(rows=(1, 2)), []
    write_trace(trace, tmp_path / f"t{suffix}", Selection(10, 700), heard.append)
    assert sum(heard) == 690


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    for suffix in FORMATS:
        with pytest.raises(InputError, match="there is no folder"):
            write_trace(traced(), tmp_path / "absent" / f"t{suffix}")


def test_a_network_too_large_for_the_disk_is_refused_as_json_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(10, 10, 1000))
    with pytest.raises(InputError, match=r"1 kB are free; use \.jsonl or \.csv"):
        write_trace(traced(), tmp_path / "t.json")
    write_trace(traced(), tmp_path / "t.csv", Selection(0, 1))
    assert [path.name for path in tmp_path.iterdir()] == ["t.csv"]


# ---- among many ----------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", FORMATS)
def test_steps_can_be_picked_by_their_numbers(
    suffix: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bpstudio.files.trace_columns.AT_ONCE", 50)
    trace, picked = traced(rows=(3, 4), lr=0.5), np.array([0, 7, 333, 334, 870, 900])
    heard: list[int] = []
    export = Export(trace, among=picked, advanced=heard.append)
    path = tmp_path / f"t{suffix}"
    assert write_export(export, path) == sum(heard) == export.count() == 6
    if suffix == ".npz":
        with np.load(path) as arrays:
            assert arrays["index"].tolist() == picked.tolist()
        return
    assert read_steps(path) == [expected(trace, n) for n in picked.tolist()]
