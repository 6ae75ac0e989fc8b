"""What a column holds: types, missing values, cells that cannot be read."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bpstudio.files.opening import open_table
from tests.files.tables import column_of, names, numbers, texts, types, write


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        (("1", "-2", "+3"), "integer"),
        (("1.0", "2"), "decimal"),
        (("1e-3", "2"), "decimal"),
        ((".5", "5."), "decimal"),
        (("true", "False", "TRUE"), "boolean"),
        (("x", "y"), "text"),
        (("2026-05-04", "2026-05-05"), "text"),
        (("1_2", "1_3"), "text"),
        (("NA", ""), "empty"),
        (("+", "-", "+"), "text"),
    ],
)
def test_the_type_of_a_column_is_inferred(
    tmp_path: Path, cells: tuple[str, ...], kind: str
) -> None:
    with open_table(column_of(tmp_path, *cells), header=True) as table:
        assert table.columns[0].type == kind


@pytest.mark.parametrize(
    "marker",
    ["", "NA", "na", "N/A", "n/a", "#N/A", "NaN", "nan", "NAN", "null", "NULL", "?", " NA "],
)
def test_markers_of_missing_values_are_known(tmp_path: Path, marker: str) -> None:
    with open_table(column_of(tmp_path, "1", marker, "3")) as table:
        assert table.columns[0].missing == 1
        assert table.columns[0].unreadable == 0
        assert np.isnan(numbers(table, 0)[1][0])


def test_a_dash_is_missing_among_numbers_and_a_class_among_words(tmp_path: Path) -> None:
    with open_table(write(tmp_path, "a,b\n1,+\n-,-\n3,+\n4,-\n")) as table:
        assert [column.missing for column in table.columns] == [1, 0]
        assert texts(table, 1) == ["+", "-", "+", "-"]


def test_spaces_around_cells_and_names_do_not_count(tmp_path: Path) -> None:
    with open_table(write(tmp_path, "a , b\n 1,  x \n2 ,x\u00a0\n")) as table:
        assert names(table) == ["a", "b"]
        assert types(table) == ["integer", "text"]
        assert texts(table, 1) == ["x", "x"]


def test_a_few_words_among_numbers_are_unreadable(tmp_path: Path) -> None:
    cells = [str(k) for k in range(30)]
    cells[17] = "abc"
    with open_table(column_of(tmp_path, *cells)) as table:
        assert table.columns[0].type == "integer"
        assert table.columns[0].unreadable == 1
        assert table.unreadable(table.columns[0]) == {17: "abc"}
        assert table.count_unreadable_rows() == 1


def test_a_single_word_is_unreadable_however_short_the_column(tmp_path: Path) -> None:
    with open_table(column_of(tmp_path, "1", "abc", "3")) as table:
        assert table.unreadable(table.columns[0]) == {1: "abc"}


def test_many_words_among_numbers_make_text(tmp_path: Path) -> None:
    with open_table(column_of(tmp_path, "1", "low", "3", "high", "5")) as table:
        assert table.columns[0].type == "text"
        assert table.columns[0].numbers == 3


@pytest.mark.parametrize("cell", ["inf", "-Infinity", "1e999", "1e301", "-1e305"])
def test_infinite_and_absurd_numbers_are_unreadable(tmp_path: Path, cell: str) -> None:
    with open_table(column_of(tmp_path, "1", cell, "3")) as table:
        assert types(table)[0] == "integer"
        assert table.unreadable(table.columns[0]) == {1: cell}
        assert np.isnan(numbers(table, 0)[1][0])


def test_codes_follow_the_sorted_values(tmp_path: Path) -> None:
    with open_table(column_of(tmp_path, "b", "a", "", "Z", "b"), header=True) as table:
        codes, values = table.texts(table.columns[0])
        assert values == ("Z", "a", "b")
        assert codes.tolist() == [2, 1, -1, 0, 2]
