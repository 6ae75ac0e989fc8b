"""NPZ: the numbers of a trace for numpy, to the bit."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bpstudio.core.selection import Selection
from bpstudio.files.traces import write_trace
from tests.core.cases import traced, varied


def read(path: Path) -> dict[str, Any]:
    with np.load(path, allow_pickle=False) as arrays:
        return dict(arrays)


@pytest.mark.parametrize("name", varied())
def test_every_number_and_index_reads_back_as_it_is(name: str, tmp_path: Path) -> None:
    trace, path = varied()[name], tmp_path / "t.npz"
    assert write_trace(trace, path) == len(trace)
    found = read(path)
    assert found["values"].tobytes() == trace.values(0, len(trace)).tobytes()
    for n, term in enumerate(trace):
        assert found["index"][n] == n
        assert found["kinds"][found["kind"][n]] == term.kind
        for letter in ("row", "l", "j", "k", "i", "m"):
            index = getattr(term, letter)
            assert found[letter][n] == (-1 if index is None else index)


def test_it_has_those_arrays_and_no_other(tmp_path: Path) -> None:
    write_trace(traced(), tmp_path / "t.npz")
    found = {name: str(array.dtype) for name, array in read(tmp_path / "t.npz").items()}
    assert found.pop("kinds").startswith("<U")
    assert found == {
        "values": "float64",
        "index": "int64",
        "kind": "int8",
        "row": "int64",
        **dict.fromkeys("ljkim", "int32"),
    }


def test_chosen_steps_of_many_portions_stay_in_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bpstudio.files.trace_columns.AT_ONCE", 9)
    trace = traced(rows=(6, 4, 6))
    write_trace(trace, tmp_path / "t.npz", Selection(30, 1100).only("l=3,s=6"))
    index = read(tmp_path / "t.npz")["index"].tolist()
    assert index == [n for n in range(30, 1100) if (trace[n].row, trace[n].l) == (6, 3)]


def test_the_same_trace_gives_the_same_file_and_nothing_is_packed(tmp_path: Path) -> None:
    for name in ("a.npz", "b.npz"):
        write_trace(traced(), tmp_path / name)
    assert (tmp_path / "a.npz").read_bytes() == (tmp_path / "b.npz").read_bytes()
    with zipfile.ZipFile(tmp_path / "a.npz") as archive:
        assert archive.testzip() is None
        assert {info.compress_type for info in archive.infolist()} == {zipfile.ZIP_STORED}
