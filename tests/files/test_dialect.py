"""Delimiters and headers, found or said."""

from __future__ import annotations

from pathlib import Path

import pytest

from bpstudio.files.opening import open_table
from tests.files.tables import names, refuse, types, write


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", " "])
def test_the_delimiter_is_found(tmp_path: Path, delimiter: str) -> None:
    rows = [["a", "b", "c"], ["1", "2.5", "x"], ["3", "4.5", "y"], ["5", "6.5", "x"]]
    text = "\n".join(delimiter.join(row) for row in rows)
    with open_table(write(tmp_path, text)) as table:
        assert table.delimiter == delimiter
        assert types(table) == ["integer", "decimal", "text"]


def test_times_and_words_do_not_mislead_the_detection(tmp_path: Path) -> None:
    text = "time,what,n\n12:30:11,a first word,1\n12:31:12,a second one,2\n"
    with open_table(write(tmp_path, text)) as table:
        assert table.delimiter == ","
        assert names(table) == ["time", "what", "n"]


def test_a_ragged_file_is_not_taken_for_one_column(tmp_path: Path) -> None:
    with open_table(write(tmp_path, "a,b,c\n1,2,3\n4,5\n6,7,8,9\n1,2,4\n")) as table:
        assert table.delimiter == ","
        assert len(table) == 2


def test_the_delimiter_can_be_said(tmp_path: Path) -> None:
    with open_table(write(tmp_path, "a;b,c\n1;2,3\n4;5,6\n"), delimiter=",") as table:
        assert names(table) == ["a;b", "c"]


@pytest.mark.parametrize("delimiter", ["", ",,", '"', "\n"])
def test_an_impossible_delimiter_is_refused(tmp_path: Path, delimiter: str) -> None:
    path = write(tmp_path, "a,b\n1,2\n")
    refuse(path, "it must be one character", delimiter=delimiter)


def test_semicolons_with_decimal_commas_are_read_as_text_and_marked(tmp_path: Path) -> None:
    with open_table(write(tmp_path, "a;b\n5,1;x\n3,25;y\n4,0;x\n")) as table:
        assert table.delimiter == ";"
        assert types(table) == ["text", "text"]
        assert [column.decimal_commas for column in table.columns] == [True, False]


@pytest.mark.parametrize(
    ("text", "header"),
    [
        ("a,b\n1,2\n", True),
        ("1,2\n3,4\n", False),
        ("5.1,setosa\n4.9,setosa\n", False),
        ("colour,shape\nred,round\nblue,flat\n", True),
        ("red,round\nblue,flat\nred,flat\n", False),
        (",a\n1,2\n", True),
        ("?,NA\n1,2\n", False),
        ("2026-05-04,x\n2026-05-05,y\n", False),
        ("-1.5e3,x\n2,y\n", False),
        ("0,1,2,3,4,5,6,7,label\n1,2,3,4,5,6,7,8,x\n", True),
        ("0,1,2,x\n1,2,3,y\n", False),
    ],
)
def test_a_header_is_told_from_data(tmp_path: Path, text: str, header: bool) -> None:
    with open_table(write(tmp_path, text)) as table:
        assert table.header is header
        assert len(table) == text.count("\n") - header


def test_without_a_header_columns_are_numbered(tmp_path: Path) -> None:
    with open_table(write(tmp_path, "1,2,x\n3,4,y\n")) as table:
        assert names(table) == ["c0", "c1", "c2"]
        assert table.rows.lines.tolist() == [1, 2]


def test_whether_there_is_a_header_can_be_said(tmp_path: Path) -> None:
    path = write(tmp_path, "1,2\n3,4\n")
    with open_table(path, header=True) as table:
        assert names(table) == ["1", "2"]
    with open_table(path, header=False) as table:
        assert len(table) == 2


def test_double_and_empty_names_are_made_unique_and_noted(tmp_path: Path) -> None:
    with open_table(write(tmp_path, "a,a,,a_2,b \n1,2,3,4,5\n")) as table:
        assert names(table) == ["a", "a_2", "c2", "a_2_2", "b"]
        assert len(table.notes) == 3
        assert "another column is named a too" in table.notes[0]
        assert "has no name" in table.notes[1]


def test_empty_lines_before_the_header_are_counted_as_lines(tmp_path: Path) -> None:
    with open_table(write(tmp_path, "\n\na,b\n\n1,2\n\n3,4\n\n")) as table:
        assert names(table) == ["a", "b"]
        assert table.rows.lines.tolist() == [5, 7]
        assert table.rows.numbers.tolist() == [0, 1]
