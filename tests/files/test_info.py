"""What `bpstudio info` says of a data file."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb

from bpstudio.files.info import info, info_json, info_text
from bpstudio.resources import resource

IRIS = resource("data/iris.csv")


def write(folder: Path, text: str, name: str = "data.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_the_json_has_exactly_the_promised_keys() -> None:
    assert json.loads(info_json(info(IRIS))) == {
        "file": str(IRIS),
        "rows": 150,
        "rejected": 0,
        "columns": [
            {"name": "sepal_length_cm", "type": "decimal", "missing": 0},
            {"name": "sepal_width_cm", "type": "decimal", "missing": 0},
            {"name": "petal_length_cm", "type": "decimal", "missing": 0},
            {"name": "petal_width_cm", "type": "decimal", "missing": 0},
            {"name": "species", "type": "text", "missing": 0},
        ],
        "delimiter": ",",
        "encoding": "utf-8",
        "header": True,
        "suggested_target": "species",
    }


def test_the_json_is_one_line_of_ascii(tmp_path: Path) -> None:
    line = info_json(info(write(tmp_path, '"ä\nb",c\n1,x\n2,y\n', "ü.csv")))
    assert "\n" not in line
    assert line.isascii()


def test_missing_values_are_counted_and_reject_nothing() -> None:
    found = info(resource("data/penguins.csv"))
    assert (found.rows, found.rejected) == (344, 0)
    assert {c.name: c.missing for c in found.columns if c.missing} == {
        "bill_length_mm": 2,
        "bill_depth_mm": 2,
        "flipper_length_mm": 2,
        "body_mass_g": 2,
        "sex": 11,
    }


def test_ragged_lines_and_unreadable_cells_count_as_rejected_rows(tmp_path: Path) -> None:
    found = info(write(tmp_path, "a,b\n1,2\n3\n4,5,6\nabc,7\n8,inf\n9,10\n11,12\n"))
    assert (found.rows, found.rejected) == (3, 4)
    assert [column.unreadable for column in found.columns] == [1, 1]


def test_a_row_with_two_unreadable_cells_is_rejected_once(tmp_path: Path) -> None:
    found = info(write(tmp_path, "a,b\n1,2\n3,4\nx,inf\n5,6\n"))
    assert (found.rows, found.rejected) == (3, 1)


def test_a_file_that_cannot_be_read_gives_its_error(tmp_path: Path) -> None:
    found = info(tmp_path / "none.csv")
    parsed = json.loads(info_json(found))
    assert list(parsed) == ["file", "error"]
    assert parsed["file"] == str(tmp_path / "none.csv")
    assert "does not exist" in parsed["error"]
    assert info_text(found) == parsed["error"]


def test_parquet_has_neither_delimiter_nor_encoding(tmp_path: Path) -> None:
    path = tmp_path / "data.parquet"
    duckdb.sql("select range as a, 'x' as b from range(3)").write_parquet(str(path))
    parsed = json.loads(info_json(info(path)))
    assert (parsed["delimiter"], parsed["encoding"], parsed["header"]) == (None, None, True)
    assert "3 rows, 2 columns, Parquet" in info_text(info(path))


def test_a_file_of_one_column_is_described(tmp_path: Path) -> None:
    found = info(write(tmp_path, "a\n1\n2\n"))
    assert [column.name for column in found.columns] == ["a"]
    assert found.error is None


def test_the_text_for_people_has_a_line_for_each_column(tmp_path: Path) -> None:
    text = info_text(info(write(tmp_path, "width;b\n1;x\n2\n;y\nabc;z\n3.5;z\n")))
    assert text.splitlines() == [
        f"{tmp_path / 'data.csv'}: 3 rows, 2 columns, 2 rejected, semicolon, utf-8, with a header",
        "  width  decimal  1 missing, 1 not a number",
        "  b      text     3 distinct values",
        "  suggested target: b",
        "  note: line 3 (row 1): 1 field instead of 2",
    ]
