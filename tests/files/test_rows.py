"""Which rows are read, and on which line each stands."""

from __future__ import annotations

from pathlib import Path

from bpstudio.files.opening import open_table
from tests.files.tables import numbers, refuse, texts, write


def test_ragged_lines_are_rejected_with_line_and_reason(tmp_path: Path) -> None:
    text = "a,b,c\n1,2,3\n4,5\n\n6,7,8,9\n10,11,12\n"
    with open_table(write(tmp_path, text)) as table:
        assert numbers(table, 0, 1, 2) == [[1, 2, 3], [10, 11, 12]]
        assert table.rows.numbers.tolist() == [0, 3]
        assert table.rows.lines.tolist() == [2, 6]
        assert [str(rejected) for rejected in table.rows.rejected] == [
            "line 3 (row 1): 2 fields instead of 3",
            "line 5 (row 2): 4 fields instead of 3",
        ]


def test_empty_lines_are_no_rows_of_a_single_column_either(tmp_path: Path) -> None:
    with open_table(write(tmp_path, "a\n1\n\n2\n")) as table:
        assert numbers(table, 0) == [[1], [2]]
        assert table.rows.lines.tolist() == [2, 4]


def test_one_very_long_line_is_refused(tmp_path: Path) -> None:
    refuse(
        write(tmp_path, '{"a": [' + "1, " * 3_000_000 + "]}"), "columns, at most 20000 are possible"
    )


def test_a_header_that_does_not_fit_is_named(tmp_path: Path) -> None:
    refuse(write(tmp_path, "a,b\n1,2,3\n4,5,6\n"), r"3 fields instead of 2; does the header fit")


def test_lines_of_spaces_are_no_rows(tmp_path: Path) -> None:
    with open_table(write(tmp_path, "a,b\n1,2\n   \n3,4\n \n")) as table:
        assert table.rows.lines.tolist() == [2, 4]
        assert table.rows.numbers.tolist() == [0, 1]
        assert table.rows.rejected == ()


def test_a_quote_in_the_wrong_place_rejects_its_line_only(tmp_path: Path) -> None:
    text = 'a,b\n1,"x"y\n2,z\n3,"w"\n4,"v"\n'
    with open_table(write(tmp_path, text), delimiter=",") as table:
        assert table.rows.lines.tolist() == [3, 4, 5]
        assert "quote" in table.rows.rejected[0].reason


def test_a_quote_inside_a_plain_cell_is_a_character(tmp_path: Path) -> None:
    with open_table(write(tmp_path, 'n,pipe\n1,5" steel\n2,6" steel\n3,steel\n')) as table:
        assert texts(table, 1) == ['5" steel', '6" steel', "steel"]


def test_an_unclosed_quote_is_an_error_that_names_its_line(tmp_path: Path) -> None:
    text = "a,b\n" + "1,x\n" * 15 + '2,"y\n' + "3,z\n" * 100
    path = write(tmp_path, text)
    refuse(path, r"data\.csv, line 17: a quote .* not closed")


def test_ragged_rows_count_right_among_quoted_line_ends(tmp_path: Path) -> None:
    text = 'a,b\n1,"x\ny"\n2\n3,z\n4,w,"v\nu"\n5,t\n'
    with open_table(write(tmp_path, text)) as table:
        assert table.rows.lines.tolist() == [2, 5, 8]
        assert table.rows.numbers.tolist() == [0, 2, 4]
        assert [(r.row, r.line) for r in table.rows.rejected] == [(1, 4), (3, 6)]
