"""Reading tables: the kinds of csv-spectrum, packed files, Parquet, size."""

from __future__ import annotations

import gzip
from pathlib import Path

import duckdb
import numpy as np
import pytest

from bpstudio.files import staging
from bpstudio.files.dataset import load
from bpstudio.files.opening import open_table
from tests.files.tables import names, numbers, texts, types, write


def _refuse(*_: object) -> None:
    raise staging._NotLineByLineError


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["lf", "crlf", "cr"])
def test_line_ends_of_any_kind_give_the_same_table(tmp_path: Path, end: str) -> None:
    text = "a,b,c\n1,2,x\n3,4,y\n".replace("\n", end)
    with open_table(write(tmp_path, text)) as table:
        assert names(table) == ["a", "b", "c"]
        assert numbers(table, 0, 1) == [[1, 2], [3, 4]]
        assert texts(table, 2) == ["x", "y"]
        assert table.rows.lines.tolist() == [2, 3]


def test_line_ends_may_be_mixed(tmp_path: Path) -> None:
    with open_table(write(tmp_path, "a,b\r\n1,x\n2,y\r3,z\r\n")) as table:
        assert numbers(table, 0) == [[1], [2], [3]]
        assert table.rows.lines.tolist() == [2, 3, 4]


def test_another_line_end_after_a_quote_is_none_of_the_cell(tmp_path: Path) -> None:
    text = 'a,b,c\n1,2,"x"\n5,6,"y"\r\n7,8,"z"w\n\n9,1,"x"\n'
    with open_table(write(tmp_path, text)) as table:
        assert numbers(table, 0) == [[1], [5], [9]]
        assert texts(table, 2) == ["x", "y", "x"]
        assert table.rows.lines.tolist() == [2, 3, 6]
        assert [str(each) for each in table.rows.rejected] == [
            "line 4 (row 2): a quote stands inside a field or is not closed"
        ]


def test_a_comma_in_quotes_belongs_to_the_cell(tmp_path: Path) -> None:
    with open_table(write(tmp_path, 'n,where\n1,"Paris, France"\n2,"Rome, Italy"\n')) as table:
        assert texts(table, 1) == ["Paris, France", "Rome, Italy"]


def test_doubled_quotes_in_quotes_are_one(tmp_path: Path) -> None:
    with open_table(write(tmp_path, 'n,said\n1,"he said ""no"""\n2,"""yes"""\n')) as table:
        assert texts(table, 1) == ['he said "no"', '"yes"']


def test_quotes_escaped_by_a_backslash_are_understood(tmp_path: Path) -> None:
    with open_table(write(tmp_path, 'n,said\n1,"he said \\"no\\""\n2,"yes"\n')) as table:
        assert texts(table, 1) == ['he said "no"', "yes"]


def test_json_in_a_cell_stays_whole(tmp_path: Path) -> None:
    cell = '"{""type"": ""Point"", ""at"": [102.0, 0.5]}"'
    with open_table(write(tmp_path, f"key,val\n1,{cell}\n2,{cell}\n")) as table:
        assert texts(table, 1) == ['{"type": "Point", "at": [102.0, 0.5]}'] * 2


@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["lf", "crlf"])
def test_a_quoted_cell_may_run_over_lines_and_lines_count_on(tmp_path: Path, end: str) -> None:
    text = 'n,text\n1,plain\n2,"two\nlines"\n\n3,"three\n\nlines"\n4,end\n'.replace("\n", end)
    with open_table(write(tmp_path, text)) as table:
        assert texts(table, 1) == ["plain", f"two{end}lines", f"three{end}{end}lines", "end"]
        assert table.rows.lines.tolist() == [2, 3, 6, 9]
        assert table.rows.numbers.tolist() == [0, 1, 2, 3]


def test_a_name_may_run_over_lines(tmp_path: Path) -> None:
    with open_table(write(tmp_path, '"width\nin cm",b\n1,2\n3,4\n')) as table:
        assert names(table) == ["width\nin cm", "b"]
        assert table.rows.lines.tolist() == [3, 4]


def test_empty_cells_are_missing_quoted_or_not(tmp_path: Path) -> None:
    with open_table(write(tmp_path, 'a,b,c\n1,"",""\n2,3,4\n,,5\n')) as table:
        assert [column.missing for column in table.columns] == [1, 2, 1]
        assert types(table) == ["integer", "integer", "integer"]


def test_text_in_any_language_is_read(tmp_path: Path) -> None:
    with open_table(write(tmp_path, "länge,名前\n1,ʤ\n2,Zoë\n")) as table:
        assert names(table) == ["länge", "名前"]
        assert texts(table, 1) == ["ʤ", "Zoë"]


def test_a_file_without_a_last_line_end_is_whole(tmp_path: Path) -> None:
    with open_table(write(tmp_path, "a,b\n1,2\n3,4")) as table:
        assert numbers(table, 0, 1) == [[1, 2], [3, 4]]


def test_a_packed_file_is_read_whatever_its_name(tmp_path: Path) -> None:
    packed = gzip.compress(b"a,b\n1,x\n2,y\n")
    for name in ("data.csv.gz", "data.csv"):
        with open_table(write(tmp_path, packed, name)) as table:
            assert numbers(table, 0) == [[1], [2]]


def test_a_plain_file_may_be_named_gz(tmp_path: Path) -> None:
    with open_table(write(tmp_path, "a,b\n1,x\n2,y\n", "data.csv.gz")) as table:
        assert numbers(table, 0) == [[1], [2]]


@pytest.mark.parametrize("name", ["a[1].csv", "a*b.csv", "what?.csv", "it's.csv", "ü x.csv"])
def test_a_file_name_is_no_pattern(tmp_path: Path, name: str) -> None:
    with open_table(write(tmp_path, "a,b\n1,x\n2,y\n", name)) as table:
        assert numbers(table, 0) == [[1], [2]]
        assert table.name == name


def test_parquet_is_read_with_its_types(tmp_path: Path) -> None:
    path = tmp_path / "data.parquet"
    duckdb.sql(
        "select * from (values (1, 0.1, 'x', true), (2, null, 'y', false)) as t(a, b, c, d)"
    ).write_parquet(str(path))
    with open_table(path) as table:
        assert names(table) == ["a", "b", "c", "d"]
        assert types(table) == ["integer", "decimal", "text", "boolean"]
        assert (table.delimiter, table.encoding, table.header) == (None, None, True)
        assert numbers(table, 0, 3) == [[1, 1], [2, 0]]
        assert table.columns[1].missing == 1


def test_a_row_of_parquet_is_named_without_a_line(tmp_path: Path) -> None:
    path = tmp_path / "data.parquet"
    duckdb.sql("select i / 7 as a, if(i = 5, null, i) as b from range(9) as t(i)").write_parquet(
        str(path)
    )
    (left_out,) = load(path, target="a").rejected
    assert str(left_out) == "row 5, column b: the value is missing"


def test_plain_files_are_never_read_row_by_row(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = np.random.default_rng(0)
    lines = [f"{x},{y},c{k % 3}" for k, (x, y) in enumerate(rng.normal(size=(5000, 2)))]
    lines[1234] = "1,2"
    path = write(tmp_path, "a,b,c\n\n" + "\n".join(lines) + "\n")
    monkeypatch.setattr(staging, "_rewrite", _refuse)
    with open_table(path) as table:
        assert len(table) == 4999
        assert table.rows.rejected[0].line == 1237
        assert table.rows.lines[[0, 1233, 1234, -1]].tolist() == [3, 1236, 1238, 5002]


def test_a_wide_file_is_read(tmp_path: Path) -> None:
    width = 1000
    header = ",".join(f"p{k}" for k in range(width))
    rows = [",".join(str((k * n) % 256) for k in range(width)) for n in range(1, 8)]
    with open_table(write(tmp_path, "\n".join([header, *rows]))) as table:
        assert len(table.columns) == width
        assert table.numbers(table.columns)[2, 999] == 999 * 3 % 256


def test_reading_leaves_nothing_in_the_working_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path, 'a,b\n1,"x\ny"\n'.encode("utf-16"))
    with open_table("data.csv") as table:
        assert len(table) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["data.csv"]


def test_duckdb_may_not_load_extensions() -> None:
    with staging.connect() as connection:
        for setting in ("autoinstall_known_extensions", "autoload_known_extensions"):
            (value,) = connection.execute(f"select current_setting('{setting}')").fetchone() or ()
            assert value in (False, "false")
        threads = connection.execute("select current_setting('threads')").fetchone() or (99,)
        assert threads[0] <= 4
