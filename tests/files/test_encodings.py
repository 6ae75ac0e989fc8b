"""Encodings, found or said."""

from __future__ import annotations

from pathlib import Path

import pytest

from bpstudio.files.opening import open_table
from tests.files.tables import names, refuse, texts, write


@pytest.mark.parametrize(
    ("codec", "found"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("utf-16", "utf-16"),
        ("latin-1", "latin-1"),
        ("utf-32", "utf-32"),
    ],
)
def test_the_encoding_is_found(tmp_path: Path, codec: str, found: str) -> None:
    path = write(tmp_path, "größe,café\n1,é\n2,ü\n".encode(codec))
    with open_table(path) as table:
        assert table.encoding == found
        assert names(table) == ["größe", "café"]
        assert texts(table, 1) == ["é", "ü"]
        assert table.rows.lines.tolist() == [2, 3]


def test_windows_1252_is_told_from_latin_1_by_its_own_characters(tmp_path: Path) -> None:
    with open_table(write(tmp_path, "a,b\n1,10 €\n2,“x”\n".encode("cp1252"))) as table:
        assert table.encoding == "windows-1252"
        assert texts(table, 1) == ["10 €", "“x”"]


def test_one_late_byte_that_is_no_utf_8_makes_the_file_latin_1(tmp_path: Path) -> None:
    data = b"a,b\n" + b"1,x\n" * 600_000 + b"2,\xe9\n"
    with open_table(write(tmp_path, data)) as table:
        assert table.encoding == "latin-1"
        assert texts(table, 1)[-1] == "é"


def test_the_encoding_can_be_said(tmp_path: Path) -> None:
    with open_table(
        write(tmp_path, "a,b\n1,Ж\n2,Д\n".encode("cp1251")), encoding="cp1251"
    ) as table:
        assert texts(table, 1) == ["Ж", "Д"]


def test_a_wrong_encoding_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, "a,b\n1,é\n".encode("latin-1"))
    refuse(path, r"not utf-8 .*give another", encoding="utf-8")
    refuse(path, "no encoding 'zip'", encoding="zip")
