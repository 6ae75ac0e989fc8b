"""Whole numbers that 64 bits cannot hold are said."""

from __future__ import annotations

from pathlib import Path

import pytest

from bpstudio.files import opening as module
from bpstudio.files.opening import open_table

ROUNDED = 9007199254740993
TWO = (
    "column a: 2 whole numbers are 2⁵³ or more and were rounded to what 64 bits hold; "
    "the first is in row 2"
)


def notes(path: Path, cells: list[object], width: int = 1) -> tuple[str, ...]:
    head = ",".join("abcdefgh"[:width])
    rows = (",".join([str(cell)] * width) for cell in cells)
    path.write_text("\n".join([head, *rows]) + "\n")
    with open_table(path, as_text=()) as table:
        return table.notes


@pytest.mark.parametrize("large", [0, 1 << 20])
def test_numbers_beyond_are_counted_and_the_first_is_named(
    large: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LARGE", large)
    assert notes(tmp_path / "d.csv", [1, ROUNDED - 2, ROUNDED, 7, -ROUNDED]) == (TWO,)


def test_numbers_of_many_digits_are_rounded_too(tmp_path: Path) -> None:
    (said,) = notes(tmp_path / "d.csv", [1, int("123456789" * 5)])
    assert said.startswith("column a: 1 whole number is 2⁵³ or more and was rounded")


@pytest.mark.parametrize("cell", [2**53 - 1, "1.5e20", "9007199254740993.5"])
def test_other_numbers_are_not_said(tmp_path: Path, cell: object) -> None:
    assert notes(tmp_path / "d.csv", [1, cell]) == ()


def test_of_many_columns_the_first_are_named(tmp_path: Path) -> None:
    said = notes(tmp_path / "d.csv", [1, ROUNDED], width=6)
    assert len(said) == 5
    assert said[-1] == "2 more columns have such numbers"
