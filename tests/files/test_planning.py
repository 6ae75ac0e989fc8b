"""A table of many columns and few rows is read as any other, only sooner."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from bpstudio.core.dataset import Dataset
from bpstudio.core.errors import InputError
from bpstudio.files import planning
from bpstudio.files.import_options import ImportOptions
from bpstudio.files.preview import Preview, preview
from tests.files.made_up import CASES, same
from tests.files.tables import write


def shown(path: Path, options: ImportOptions) -> Preview | str:
    try:
        return preview(path, options)
    except InputError as error:
        return str(error)


def agree(one: object, other: object) -> bool:
    """Whether two previews are the same to the cell."""
    if not isinstance(one, Preview) or not isinstance(other, Preview):
        return one == other
    parts = [(getattr(one, f.name), getattr(other, f.name)) for f in fields(Preview)]
    return all(_agree(*pair) for pair in parts)


def _agree(one: object, other: object) -> bool:
    if isinstance(one, Dataset) and isinstance(other, Dataset):
        return same(one, other)
    return repr(one) == repr(other)  # NaN too


def both(monkeypatch: pytest.MonkeyPatch, path: Path, options: ImportOptions) -> list[object]:
    made = []
    for group in (1 << 20, 1):
        monkeypatch.setattr(planning, "GROUP", group)
        made.append(shown(path, options))
    return made


USUAL = ("missing cells", "no number", "gaps of all kinds", "truth values", "cells over lines")


def _mark(name: str) -> tuple[pytest.MarkDecorator, ...]:
    return () if name in USUAL else (pytest.mark.slow,)


@pytest.mark.parametrize("name", [pytest.param(name, marks=_mark(name)) for name in CASES])
def test_a_preview_is_the_same_whether_or_not_its_columns_are_many(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path, CASES[name])
    assert agree(*both(monkeypatch, path, ImportOptions()))


@pytest.mark.parametrize(
    ("name", "decimal"),
    [("no number", "."), ("spaces and no-break spaces", "."), ("decimal commas", ",")],
)
def test_so_it_is_whatever_is_said_of_the_columns(
    name: str, decimal: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = ImportOptions(decimal=decimal).with_column(0, kind="class", missing="flag")
    said = said.with_column(1, kind="number", missing="mean", unreadable="missing")
    assert agree(*both(monkeypatch, write(tmp_path, CASES[name]), said))


def test_lists_are_asked_for_only_where_rows_are_few() -> None:
    assert planning.is_wide(planning.GROUP + 1, 10)
    assert not planning.is_wide(planning.GROUP, 10)
    assert not planning.is_wide(planning.GROUP + 1, planning.FEW_ROWS + 1)
    assert not planning.is_wide(planning.GROUP + 1, 0)
