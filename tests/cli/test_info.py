"""bpstudio info."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bpstudio.files import extent
from tests.cli.conftest import Run

KEYS = ["file", "rows", "rejected", "columns", "delimiter", "encoding", "header"]
KEYS.append("suggested_target")


def test_people_read_columns_and_dialect(run: Run, iris: Path) -> None:
    done = run("info", iris)
    assert (done.code, done.err) == (0, "")
    assert "150 rows" in done.out
    for word in ("sepal_length_cm", "species", "suggested target: species"):
        assert word in done.out


def test_json_is_one_object_a_line(run: Run, iris: Path) -> None:
    done = run("info", "--json", iris, iris)
    assert (done.code, done.err) == (0, "")
    lines = [json.loads(line) for line in done.out.splitlines()]
    assert len(lines) == 2
    assert list(lines[0]) == KEYS
    assert (lines[0]["rows"], lines[0]["suggested_target"]) == (150, "species")
    assert lines[0]["columns"][4] == {"name": "species", "type": "text", "missing": 0}


def test_a_file_that_cannot_be_read_does_not_keep_others_from_being_read(
    run: Run, iris: Path, tmp_path: Path
) -> None:
    (tmp_path / "empty.csv").write_bytes(b"")
    done = run("info", tmp_path / "empty.csv", iris)
    assert done.code == 2
    assert done.err.startswith("bpstudio: ")
    assert done.err.count("\n") == 1
    assert "150 rows" in done.out


def test_in_json_the_error_is_an_object_too(run: Run, iris: Path, tmp_path: Path) -> None:
    done = run("info", tmp_path / "absent.csv", iris, "--json")
    assert (done.code, done.err) == (2, "")
    first, second = (json.loads(line) for line in done.out.splitlines())
    assert list(first) == ["file", "error"]
    assert first["file"] == str(tmp_path / "absent.csv")
    assert second["rows"] == 150


def test_a_sample_is_said_to_people_and_in_json(run: Run, iris: Path) -> None:
    done = run("info", iris, "--sample", 40, "--sample-seed", 3)
    assert "note: a sample of 40 of 150 rows, drawn from seed 3" in done.out
    found = json.loads(run("info", iris, "--sample", 40, "--json").out)
    assert list(found) == [*KEYS, "sample"]
    assert (found["rows"], found["sample"]) == (40, {"rows": 40, "of": 150, "seed": 0})


def test_a_file_that_is_too_large_is_sampled_unless_all_is_wanted(
    run: Run, iris: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(extent, "reading_limit", lambda: 5 * 60 * extent.PER_CELL)
    assert json.loads(run("info", iris, "--json").out)["sample"]["rows"] == 50
    assert json.loads(run("info", iris, "--sample", "all", "--json").out)["rows"] == 150


def test_what_is_no_number_of_rows_is_refused(run: Run, iris: Path) -> None:
    said = run("info", iris, "--sample", "0").complaint
    assert said == "--sample: '0' is no whole number from 1; or all, for all rows"
