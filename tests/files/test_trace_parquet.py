"""Parquet: typed columns that any reader takes, and rows that stay as they are."""

from __future__ import annotations

import errno
import json
import math
import os
from pathlib import Path
from types import SimpleNamespace
from typing import Any, BinaryIO

import numpy as np
import pytest

from bpstudio.core.dataset import Batch
from bpstudio.core.network import Layer, Network
from bpstudio.core.selection import Selection
from bpstudio.core.trace import Trace, compute_trace
from bpstudio.files.trace_export import Export
from bpstudio.files.trace_parquet import write_parquet
from bpstudio.files.traces import write_trace
from tests.core.cases import traced
from tests.files.parquet import read_parquet

GOLDEN = Path(__file__).resolve().parent.parent / "data" / "trace_parquet.jsonl"


def by_hand() -> Trace:
    """1–1–1, its numbers short enough to check: x = 2, w = 0.5, b = −0.25, relu, w = 3, y = 1."""
    below = Layer(np.array([[0.5]]), np.array([-0.25]), "relu")
    net = Network([below, Layer(np.array([[3.0]]), None, "linear")])
    return compute_trace(net, Batch((7,), np.array([[2.0]]), np.array([[1.0]])), lr=0.5)


def test_a_tiny_file_has_the_rows_of_the_golden_one(tmp_path: Path) -> None:
    write_trace(by_hand(), tmp_path / "t.parquet")
    expected = [json.loads(line) for line in GOLDEN.read_text("utf-8").splitlines()]
    assert read_parquet(tmp_path / "t.parquet") == expected


def test_columns_have_types(tmp_path: Path) -> None:
    write_trace(traced(), tmp_path / "t.parquet")
    query = "DESCRIBE SELECT * FROM read_parquet(?)"
    found = read_parquet(tmp_path / "t.parquet", query)
    types = {row["column_name"]: row["column_type"] for row in found}
    assert types == {
        "index": "BIGINT",
        "address": "VARCHAR",
        "kind": "VARCHAR",
        "row": "BIGINT",
        **dict.fromkeys("ljkim", "INTEGER"),
        "value": "DOUBLE",
        "symbol": "VARCHAR",
        "substitution": "VARCHAR",
        "operands": "VARCHAR[]",
    }


def test_texts_that_repeat_are_stored_once(tmp_path: Path) -> None:
    write_trace(traced(rows=tuple(range(50))), tmp_path / "t.parquet")
    query = "SELECT path_in_schema AS name, encodings FROM parquet_metadata(?)"
    encodings = {
        row["name"]: row["encodings"] for row in read_parquet(tmp_path / "t.parquet", query)
    }
    for name in ("kind", "symbol"):
        assert "DICTIONARY" in encodings[name]
    assert "DICTIONARY" not in encodings["substitution"]


def test_what_is_not_finite_is_a_number_of_its_own(tmp_path: Path) -> None:
    net = Network([Layer(np.array([[1.0], [-1.0], [0.0]]), None, "linear")])
    trace = compute_trace(net, Batch((0,), np.array([[np.inf]]), np.zeros((1, 3))))
    write_trace(trace, tmp_path / "t.parquet", Selection().only("kind=z"))
    values = [row["value"] for row in read_parquet(tmp_path / "t.parquet")]
    assert values[:2] == [math.inf, -math.inf]
    assert math.isnan(values[2])


def test_many_groups_of_rows_are_one_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bpstudio.files.trace_columns.AT_ONCE", 100)
    monkeypatch.setattr("bpstudio.files.trace_parquet._GROUP", 128)
    monkeypatch.setattr("bpstudio.files.trace_parquet._LEAST", 16)
    trace = traced(rows=(4, 2))
    write_trace(trace, tmp_path / "t.parquet")
    query = "SELECT DISTINCT row_group_id FROM parquet_metadata(?)"
    assert len(read_parquet(tmp_path / "t.parquet", query)) == -(-len(trace) // 128)
    found = read_parquet(tmp_path / "t.parquet")
    assert [row["index"] for row in found] == list(range(len(trace)))
    assert (
        np.array([row["value"] for row in found]).tobytes() == trace.values(0, len(trace)).tobytes()
    )


@pytest.mark.parametrize("room", [0, 100, 20_000])
def test_a_full_disk_is_said_in_one_line(
    room: int, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    export = Export(traced(rows=tuple(range(50))))
    with open(tmp_path / "t.parquet", "wb") as file, pytest.raises(OSError, match="No space"):
        write_parquet(export, _small_disk(file, room))
    assert capfd.readouterr() == ("", "")


def _small_disk(file: BinaryIO, room: int) -> Any:
    def write(data: bytes) -> int:
        if file.tell() + len(data) > room:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return file.write(data)

    return SimpleNamespace(write=write, seek=file.seek, flush=file.flush)
