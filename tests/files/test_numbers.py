"""What is kept as numbers is read exactly as from the text of all cells."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bpstudio.core.errors import InputError
from bpstudio.files import dataset, importing, numbers, opening, straight
from bpstudio.files.import_options import ImportOptions
from bpstudio.files.importing import Problem
from bpstudio.files.info import info
from tests.files.made_up import CASES, same
from tests.files.tables import write

CELLS = ["1", "2.5", "-3", "4e2", "", "NA", "-", "x", "1_0", " 7 ", "inf", "nan", "1.0", "8,", "?"]


@pytest.fixture(autouse=True)
def few_rows_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first rows, from which is guessed, are three in these tests."""
    monkeypatch.setattr(numbers, "GUESSED_FROM", 3)


def as_numbers(monkeypatch: pytest.MonkeyPatch, on: bool) -> None:
    monkeypatch.setattr(opening, "LARGE", 0 if on else 1 << 40)


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
@pytest.mark.parametrize(
    "name",
    ["no number", "spaces and no-break spaces", "decimal commas", "odd rows among decimal commas"],
)
def test_so_is_an_imported_one_whatever_becomes_of_its_cells(
    name: str, decimal: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path, CASES[name])
    for options in _treatments(decimal):
        assert same(*both(monkeypatch, importing.load, path, options))


ODD_CASES = [name for name in CASES if "odd" in name]


@pytest.mark.parametrize("name", [*ODD_CASES, "ragged", "gaps that come late"])
def test_so_is_every_problem_of_a_file(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, decimal = write(tmp_path, CASES[name]), "," if ";" in CASES[name] else "."
    one, other = both(monkeypatch, problems, path, ImportOptions(decimal=decimal))
    assert one == other
    assert one


@pytest.mark.parametrize("name", ["no number", "gaps that come late", "odd rows of few texts"])
def test_too_many_odd_rows_are_read_with_care(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(straight, "ODD_BYTES", 0)
    monkeypatch.setattr(straight, "LEAST_ODD", 1)
    path = write(tmp_path, CASES[name])
    assert same(*both(monkeypatch, dataset.load, path, bad_rows="leave out"))
    with opening.open_table(path, as_text=()) as opened:
        assert (opened._values is not None) == ("gaps" in name)


def problems(path: Path, options: ImportOptions) -> tuple[Problem, ...]:
    with importing.open_as(path, options, ()) as opened:
        plan = importing.plan_of(opened, options)
        return importing.look(opened, plan, options).problems


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
    with opening.open_table(path, as_text=()) as opened:
        assert opened.unreadable(opened.columns[0]) == {12: "low"}
        kept = opened._connection.execute("select * from odd").fetchall()
    assert kept == [(12, "low", "3")]


@pytest.mark.parametrize(
    ("name", "is_straight"),
    [
        ("numbers", True),
        ("whole numbers with a point", True),
        ("semicolons", True),
        ("quoted numbers", True),
        ("empty lines", True),
        ("underscores in a text", True),
        ("underscores", False),
        ("a code after the start", True),
        ("infinite and absurd", True),
        ("ragged", False),
        ("cells over lines", False),
        ("missing cells", True),
        ("surplus fields without value", False),
        ("other not-a-numbers", True),
        ("a signed not-a-number among gaps", True),
        ("gaps and quotes", True),
        ("gaps of all kinds", True),
        ("gaps and surplus fields", False),
        ("numbers that begin late", True),
        ("decimal commas", False),
        *((name, True) for name in ODD_CASES if "commas" not in name),
        ("gaps that come late", True),
    ],
)
def test_a_file_whose_rows_are_its_lines_is_read_straight_into_an_array(
    name: str, is_straight: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    as_numbers(monkeypatch, on=True)
    with opening.open_table(write(tmp_path, CASES[name]), as_text=()) as opened:
        assert (opened._values is not None) == is_straight
