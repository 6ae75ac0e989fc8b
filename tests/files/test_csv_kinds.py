"""The kinds of CSV that readers stumble over, each with the table that it is, written by hand."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from bpstudio.core.errors import InputError
from bpstudio.files.dataset import load
from bpstudio.files.import_options import ImportOptions
from bpstudio.files.opening import open_table
from bpstudio.files.preview import Preview, preview
from bpstudio.files.table import Table
from tests.files.tables import names, refuse, write

Cells = list[tuple[str | None, ...]]

KINDS: dict[str, tuple[bytes, list[str], Cells]] = {
    "a comma in quotes": (
        b'first,last,address,city,zip\nJohn,Doe,120 any st.,"Anytown, WW",08123\n',
        ["first", "last", "address", "city", "zip"],
        [("John", "Doe", "120 any st.", "Anytown, WW", "08123")],
    ),
    "empty cells": (
        b'a,b,c\n1,"",""\n2,3,4\n',
        ["a", "b", "c"],
        [("1", None, None), ("2", "3", "4")],
    ),
    "empty cells, returns": (
        b'a,b,c\r\n1,"",""\r\n2,3,4\r\n',
        ["a", "b", "c"],
        [("1", None, None), ("2", "3", "4")],
    ),
    "escaped quotes": (
        b'a,b\n1,"ha ""ha"" ha"\n3,4\n',
        ["a", "b"],
        [("1", 'ha "ha" ha'), ("3", "4")],
    ),
    "JSON in a cell": (
        b'key,val\n1,"{""type"": ""Point"", ""coordinates"": [102.0, 0.5]}"\n',
        ["key", "val"],
        [("1", '{"type": "Point", "coordinates": [102.0, 0.5]}')],
    ),
    "line ends in quotes": (
        b'a,b,c\n1,2,3\n"Once upon \na time",5,6\n7,8,9\n',
        ["a", "b", "c"],
        [("1", "2", "3"), ("Once upon \na time", "5", "6"), ("7", "8", "9")],
    ),
    "line ends in quotes, returns": (
        b'a,b,c\r\n1,2,3\r\n"Once upon \r\na time",5,6\r\n7,8,9\r\n',
        ["a", "b", "c"],
        [("1", "2", "3"), ("Once upon \r\na time", "5", "6"), ("7", "8", "9")],
    ),
    "quotes and line ends": (
        b'a,b\n1,"ha \n""ha"" \nha"\n3,4\n',
        ["a", "b"],
        [("1", 'ha \n"ha" \nha'), ("3", "4")],
    ),
    "simple": (b"a,b,c\n1,2,3\n", ["a", "b", "c"], [("1", "2", "3")]),
    "simple, returns": (b"a,b,c\r\n1,2,3\r\n", ["a", "b", "c"], [("1", "2", "3")]),
    "other letters": (
        "a,b,c\n1,2,3\n4,5,ʤ\n".encode(),
        ["a", "b", "c"],
        [("1", "2", "3"), ("4", "5", "ʤ")],
    ),
    "coordinates in a cell": (
        b'time,name,latlon\n0.5,A,"(52.37, 4.90)"\n1.5,B,"(-33.87, 151.21)"\n',
        ["time", "name", "latlon"],
        [("0.5", "A", "(52.37, 4.90)"), ("1.5", "B", "(-33.87, 151.21)")],
    ),
    "a byte order mark": (
        b"\xef\xbb\xbfa,b\n1,2\n3,4\n",
        ["a", "b"],
        [("1", "2"), ("3", "4")],
    ),
    "equal names": (
        b"a,a,a\n1,2,3\n4,5,6\n",
        ["a", "a_2", "a_3"],
        [("1", "2", "3"), ("4", "5", "6")],
    ),
    "one column": (b"a\n1\n2\n", ["a"], [("1",), ("2",)]),
    "Latin-1": (
        "gr\u00f6\u00dfe,b\n1,\u00e4\n2,\u00fc\n".encode("latin-1"),
        ["gr\u00f6\u00dfe", "b"],
        [("1", "\u00e4"), ("2", "\u00fc")],
    ),
    "packed": (gzip.compress(b"a,b\n1,2\n3,4\n"), ["a", "b"], [("1", "2"), ("3", "4")]),
    "a delimiter named in the first line": (
        b"sep=;\r\na;b\r\n1;2\r\n3;4\r\n",
        ["a", "b"],
        [("1", "2"), ("3", "4")],
    ),
}


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_the_table_that_it_is(kind: str, tmp_path: Path) -> None:
    data, expected, rows = KINDS[kind]
    with open_table(write(tmp_path, data)) as table:
        assert names(table) == expected
        assert table.cells(10) == rows
        assert table.rows.rejected == ()
    shown = preview(write(tmp_path, data), ImportOptions())
    assert [line.cells for line in shown.lines] == rows


def test_lines_of_other_lengths_are_listed_and_never_filled_up(tmp_path: Path) -> None:
    with open_table(write(tmp_path, "a,b,c\n1,2\n3,4,5\n6,7,8,9\n1,2,3\n")) as table:
        assert table.cells(9) == [("3", "4", "5"), ("1", "2", "3")]
        assert [str(rejected) for rejected in table.rows.rejected] == [
            "line 2 (row 0): 2 fields instead of 3",
            "line 4 (row 2): 4 fields instead of 3",
        ]


def test_a_header_alone_and_a_single_column_are_no_data(tmp_path: Path) -> None:
    refuse(write(tmp_path, "a,b,c\n"), "has a header and no rows")
    with pytest.raises(InputError, match="has one column only, 'a'"):
        load(write(tmp_path, "a\n1\n2\n"))


def test_a_zero_byte_is_named_by_its_place(tmp_path: Path) -> None:
    refuse(write(tmp_path, b"a,b\n1,\x002\n3,4\n"), "is no text: byte 6 is zero")
    marked = "a,b\n1,\x002\n".encode("utf-16")
    refuse(write(tmp_path, marked), "line 2: holds a zero character")


# ---- what no cell is made of --------------------------------------------------------------------


def notes_of(path: Path, options: ImportOptions | None = None) -> tuple[str, ...]:
    shown = preview(path, options or ImportOptions())
    assert shown.data is not None
    return shown.data.notes


def test_lines_without_a_row_and_a_mark_are_counted(tmp_path: Path) -> None:
    text = "\ufeff# one\n# two\n\na,b,y\n1,2,u\n\n3,4,v\n# three\n5,7,u\n\n\n"
    path = write(tmp_path, text.encode())
    said = "skipped a byte order mark, 3 comment lines and 4 empty lines"
    assert notes_of(path) == (said,)
    plain = write(tmp_path, "a,b,y\n1,2,u\n3,4,v\n")
    assert notes_of(plain) == ()
    skipped = write(tmp_path, "title\n\na,b,y\n1,2,u\n3,4,v\n")
    assert notes_of(skipped, ImportOptions(skip=2)) == ("skipped 2 lines",)


def test_they_are_counted_where_cells_run_over_lines_too(tmp_path: Path) -> None:
    text = '\na,b,y\n1,"x\n\ny",u\n\n\n3,"z\nz",v\n\n'
    assert notes_of(write(tmp_path, text)) == ("skipped 4 empty lines",)
    returns = write(tmp_path, text.replace("\n", "\r\n"))
    assert notes_of(returns) == ("skipped 4 empty lines",)


def test_a_file_of_comments_in_the_middle_of_cells_keeps_them(tmp_path: Path) -> None:
    path = write(tmp_path, "# c\na,y\n1,u\n2,v # no comment\n")
    assert [line.cells for line in preview(path, ImportOptions()).lines][1] == (
        "2",
        "v # no comment",
    )


def test_spaces_that_are_cut_off_are_counted(tmp_path: Path) -> None:
    path = write(tmp_path, "a,b,y\n1,x ,u\n2, x,v \n3,x,u\n")
    data = load(path, target="y")
    assert data.target_names == ("u", "v")
    assert data.notes[0] == "spaces round 3 cells were cut off, in b and y"


@pytest.mark.parametrize(
    "text",
    ["a,b,y,\n1,2,u,\n3,4,v,\n", "a,b,y\n1,2,u,\n3,4,v,\n", "a,b,y,\r\n1,2,u,\r\n3,4,v,\r\n"],
)
def test_a_delimiter_at_the_end_of_lines_makes_no_column(tmp_path: Path, text: str) -> None:
    path = write(tmp_path, text)
    data = load(path)
    assert (data.column_names, data.target_column_names) == (("a", "b", "y"), ("y",))
    said = "lines end with a delimiter; the empty column after it is left out"
    assert data.notes == (said,)
    assert notes_of(path) == (said,)


def test_some_lines_with_a_delimiter_too_many_are_listed(tmp_path: Path) -> None:
    with open_table(write(tmp_path, "a,b\n1,2,\n3,4\n5,6\n")) as table:
        assert str(table.rows.rejected[0]) == "line 2 (row 0): 3 fields instead of 2"


# ---- numbers that may be read in two ways -------------------------------------------------------


def listed(shown: Preview) -> list[tuple[int, int | None, str, bool]]:
    return [(p.line, p.column, p.what, p.leaves_out) for p in shown.problems]


def first_column(path: Path, options: ImportOptions) -> list[float]:
    shown = preview(path, options)
    assert shown.data is not None, shown.refused
    return shown.data.features[:, 0].tolist()


@pytest.mark.parametrize(
    ("text", "decimal"),
    [
        ('a,y\n"1,234.5",u\n"2,345",v\n"12,345,678.25",u\n', "point"),
        ("a;y\n1.234,5;u\n2.345;v\n12.345.678,25;u\n", "comma"),
    ],
)
def test_marks_for_thousands_are_read_said_and_can_be_refused(
    tmp_path: Path, text: str, decimal: str
) -> None:
    path = write(tmp_path, text)
    shown = preview(path, ImportOptions())
    assert first_column(path, ImportOptions()) == [1234.5, 2345.0, 12345678.25]
    other = "comma" if decimal == "point" else "point"
    cells = [cell for (cell,) in (line.cells[:1] for line in shown.lines)]
    assert listed(shown) == [
        (2, 0, f"'{cells[0]}' has marks for thousands", False),
        (3, 0, f"'{cells[1]}' has a decimal {other} or marks for thousands", False),
        (4, 0, f"'{cells[2]}' has marks for thousands", False),
    ]
    assert shown.data.notes == ("3 cells of column a were read with marks for thousands",)
    read = ImportOptions().with_column(0, unreadable="read", missing="mean")
    assert [p.leaves_out for p in preview(path, read).problems] in ([], [True, False, True])
    out = preview(path, ImportOptions().with_column(0, unreadable="leave out"))
    assert "none of its 3 rows is complete" in out.refused


def test_opening_refuses_marks_for_thousands_as_it_does_decimal_commas(tmp_path: Path) -> None:
    path = write(tmp_path, 'a,y\n"1,234.5",u\n"2,345.5",v\n')
    with pytest.raises(InputError, match="marks for thousands, which needs to be said"):
        load(path)


def test_words_with_few_numbers_are_no_thousands(tmp_path: Path) -> None:
    with open_table(write(tmp_path, "a,y\nx,u\n1 000,v\nz,u\n")) as table:
        assert not table.columns[0].grouped


def test_a_column_of_mixed_decimal_marks_says_so(tmp_path: Path) -> None:
    path = write(tmp_path, "a;b;y\n1,5;2.5;u\n2,5;3,5;v\n")
    assert "column b is text, though 1 of its cells are numbers" in notes_of(path)
    said = ImportOptions().with_column(1, kind="number")
    assert listed(preview(path, said)) == [(2, 1, "'2.5' has a decimal point, not a comma", True)]


def test_what_the_tables_note_is_said_once(tmp_path: Path) -> None:
    notes = notes_of(write(tmp_path, "a,a,y\n1,2,u\n3,4,v\n"))
    assert notes == ("another column is named a too; column 1 is called a_2",)


def test_a_table_is_closed_over_its_own_columns(tmp_path: Path) -> None:
    with open_table(write(tmp_path, "a,b,\n1,2,\n")) as table:
        assert isinstance(table, Table)
        assert table.numbers(table.columns).tolist() == [[1.0, 2.0]]
