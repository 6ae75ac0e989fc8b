"""What is kept as numbers is read exactly as from the text of all cells."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bpstudio.core.dataset import Dataset
from bpstudio.core.errors import InputError
from bpstudio.files import dataset, importing, numbers, table
from bpstudio.files.import_options import ImportOptions
from bpstudio.files.info import info
from tests.files.tables import write

CASES = {
    "numbers": "a,b,y\n1.5,2,x\n3.25,4,y\n-1e-3,5,x\n",
    "no header": "1.5,2,x\n3.25,4,y\n-1e-3,5,x\n",
    "missing cells": "a,b,y\n1.5,,x\n,4,y\n2.5,NA,x\n3.5,7,y\nnan,8,x\n",
    "no number": "a,b,y\n" + "1.5,2,x\n" * 12 + "low,4,y\n2.5,5.5.5,x\n",
    "spaces and no-break spaces": "a,b,y\n 1.5 ,2\u00a0,x\n2.5,\u00a03, y \n3,4,x\n",
    "infinite and absurd": "a,b,y\n" + "1.5,2,x\n" * 20 + "inf,4,y\n2.5,1e301,x\n-1e400,3,y\n",
    "other not-a-numbers": "a,b,y\n" + "1.5,2,x\n" * 20 + "-nan,4,y\n+NaN,5,x\n2,Infinity,y\n",
    "dashes": "a,b,y\n1.5,-,x\n-,4,y\n2.5,5,x\n",
    "underscores": "a,b_c,y\n" + "1.5,2,x\n" * 12 + "1_2,4,y\n2.5,5,x\n",
    "a signed not-a-number among gaps": "a,b,y\n1.5,,x\n" + "2.5,3,y\n" * 20 + "-nan,4,x\n",
    "few cells in a text": "a,b,y\n,1,1\n,1,1\n-,1,1\n1,1,1\n-,1e301,inf\n",
    "gaps and quotes": 'a,b,y\n1.5,,"x"\n2.5,3,y\n"4",5,x\n',
    "gaps of all kinds": "a,b,y\n1.5,,NA\nN/A,2,y\n2.5,null,x\n?,3.0,\n"
    "#N/A,NaN,y\n3,4,x\nNULL,5,y\n",
    "gaps and surplus fields": "a,b,y\n1.5,,x\n2.5,3,y,\n4,5,x\n",
    "underscores in a text": "a,b_c,y\n" + "1.5,2,x_1\n2.5,3,y\n" * 4,
    "whole numbers with a point": "a,b,y\n1.0,2,x\n3.0,4,y\n5.0,6,x\n",
    "leading zeros and signs": "a,b,y\n007,+2,x\n1,-4,y\n.5,5.,x\n",
    "long digits": "a,b,y\n0.1000000000000000055511151231257827,123456789012345678901,x\n2,3,y\n",
    "subnormal": "a,b,y\n4.9e-324,1e-310,x\n1,2,y\n",
    "ragged": "a,b,y\n1,2,x\n3,4\n5,6,y,7\n8,9,x\n",
    "surplus fields without value": "a,b,y\n1,2,x,\n3,4,y\n8,9,x,,\n5,6,y\n",
    "quoted numbers": 'a,b,y\n"1.5","2",x\n3,"4,5",y\n6,7,"x"\n',
    "cells over lines": 'a,b,y\n1.5,2,"x\nz"\n3,4,y\n"5\n",6,y\n',
    "empty lines": "a,b,y\n\n1,2,x\n\n3,4,y\n",
    "semicolons": "a;b;y\n1.5;2;x\n3;4;y\n",
    "decimal commas": "a;b;y\n1,5;2,0;x\n3,25;4,5;y\n1.5;3;x\n",
    "truth values": "a,b,y\n1,true,x\n2,false,y\n3,TRUE,x\n",
    "an empty column": "a,b,y\n1,,x\n2,,y\n",
    "constant": "a,b,y\n1,2,x\n1,3,y\n",
    "one row": "a,y\n1.5,2\n",
    "hexadecimal and others": "a,b,y\n" + "1,2,x\n" * 12 + "0x1F,1e,y\n1 2,٣,x\n",
    "numbers that begin late": "a,b,y\n" + "1,,x\n2,NA,y\n" * 3 + "3,low,x\n4,high,y\n",
    "a code after the start": "a,b,y\n" + "1,2,x\n2,3,y\n" * 6 + "1,q,x\n" * 9,
    "a fraction after the start": "a,b,y\n" + "1,2,x\n2,3,y\n" * 6 + "1.5,2.0,x\n",
}
"""The first rows, from which is guessed, are three in these tests."""
CELLS = ["1", "2.5", "-3", "4e2", "", "NA", "-", "x", "1_0", " 7 ", "inf", "nan", "1.0", "8,", "?"]


@pytest.fixture(autouse=True)
def few_rows_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(numbers, "GUESSED_FROM", 3)


def as_numbers(monkeypatch: pytest.MonkeyPatch, on: bool) -> None:
    monkeypatch.setattr(table, "LARGE", 0 if on else 1 << 40)


def same(one: object, other: object) -> bool:
    """Whether two data sets, or what was refused, agree to the bit."""
    if not isinstance(one, Dataset) or not isinstance(other, Dataset):
        return str(one) == str(other)
    return all(_same(getattr(one, f.name), getattr(other, f.name)) for f in fields(Dataset))


def _same(one: object, other: object) -> bool:
    if isinstance(one, np.ndarray) and isinstance(other, np.ndarray):
        layout = one.flags.c_contiguous == other.flags.c_contiguous
        return layout and one.dtype == other.dtype and one.tobytes() == other.tobytes()
    if hasattr(one, "shift"):
        return all(_same(getattr(one, k), getattr(other, k)) for k in ("kind", "shift", "scale"))
    return one == other


def outcome(read: object, *arguments: object, **options: object) -> object:
    try:
        return read(*arguments, **options)  # type: ignore[operator]
    except InputError as error:
        return str(error)


def both(monkeypatch: pytest.MonkeyPatch, read: object, *args: object, **options: object) -> list:
    made = []
    for on in (False, True):
        as_numbers(monkeypatch, on)
        made.append(outcome(read, *args, **options))
    return made


@pytest.mark.parametrize("name", CASES)
def test_a_data_set_is_the_same_as_from_the_text_of_all_cells(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path, CASES[name])
    assert same(*both(monkeypatch, dataset.load, path, bad_rows="leave out"))


@pytest.mark.parametrize("decimal", [".", ","])
@pytest.mark.parametrize("name", ["no number", "spaces and no-break spaces", "decimal commas"])
def test_so_is_an_imported_one_whatever_becomes_of_its_cells(
    name: str, decimal: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path, CASES[name])
    for options in _treatments(decimal):
        assert same(*both(monkeypatch, importing.load, path, options))


@pytest.mark.slow
@pytest.mark.parametrize("decimal", [".", ","])
@pytest.mark.parametrize("name", CASES)
def test_so_is_every_choice_of_every_case(
    name: str, decimal: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path, CASES[name])
    for options in _treatments(decimal):
        assert same(*both(monkeypatch, importing.load, path, options))
    for choice in ({}, {"target": "a", "bad_rows": "leave out"}):
        assert same(*both(monkeypatch, dataset.load, path, **choice))
    assert same(*both(monkeypatch, info, path))


def _treatments(decimal: str) -> list[ImportOptions]:
    said = ImportOptions(decimal=decimal).with_column(0, missing="mean", unreadable="read")
    said = said.with_column(1, kind="number", missing="flag", unreadable="missing")
    return [said, said.with_column(0, kind="class", missing="flag", unreadable="missing")]


@pytest.mark.slow
@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=200
)
@given(
    rows=st.lists(st.lists(st.sampled_from(CELLS), min_size=3, max_size=3), min_size=1, max_size=30)
)
def test_so_are_any_cells(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rows: list[list[str]]
) -> None:
    text = "a,b,y\n" + "".join(",".join(row) + "\n" for row in rows)
    path = write(tmp_path, text)
    assert same(*both(monkeypatch, dataset.load, path, bad_rows="leave out"))
    assert same(*both(monkeypatch, info, path))


def test_what_is_told_of_a_file_is_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path, CASES["no number"])
    assert same(*both(monkeypatch, info, path))


def test_a_column_kept_as_numbers_has_no_texts_but_those_of_odd_rows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    as_numbers(monkeypatch, on=True)
    path = write(tmp_path, "a,b\n" + "1.5,2\n" * 12 + "low,3\n")
    with table.open_table(path, as_text=()) as opened:
        assert opened.unreadable(opened.columns[0]) == {12: "low"}
        kept = opened._connection.execute("select * from odd").fetchall()
    assert kept == [(12, "low", "3")]


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("numbers", True),
        ("whole numbers with a point", True),
        ("semicolons", True),
        ("quoted numbers", False),
        ("empty lines", True),
        ("underscores in a text", True),
        ("underscores", False),
        ("a code after the start", False),
        ("infinite and absurd", False),
        ("ragged", False),
        ("cells over lines", False),
        ("missing cells", True),
        ("surplus fields without value", False),
        ("other not-a-numbers", False),
        ("a signed not-a-number among gaps", False),
        ("gaps and quotes", False),
        ("gaps of all kinds", True),
        ("gaps and surplus fields", False),
        ("decimal commas", False),
    ],
)
def test_only_a_clean_file_is_read_straight_into_an_array(
    name: str, clean: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    as_numbers(monkeypatch, on=True)
    with table.open_table(write(tmp_path, CASES[name]), as_text=()) as opened:
        assert (opened._values is not None) == clean
