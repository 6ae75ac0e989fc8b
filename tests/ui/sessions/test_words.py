"""What is said of sessions, and the lines that kept ones have in the menu."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bpstudio.ui.sessions.label import Label, read_label, write_label
from bpstudio.ui.sessions.words import entry, moment

NOON = datetime.now().replace(hour=12, minute=3, second=7)


@pytest.mark.parametrize(
    ("days", "exact", "said"),
    [
        (0, True, "12:03:07"),
        (0, False, "today, 12:03"),
        (1, True, "12:03:07, yesterday"),
        (1, False, "yesterday, 12:03"),
    ],
)
def test_a_time_of_day_has_its_day_where_that_is_not_today(days: int, exact: bool, said: str):
    assert moment((NOON - timedelta(days)).timestamp(), exact) == said


def test_a_day_long_ago_has_its_year():
    long_ago = datetime(2001, 3, 9, 8, 5)
    assert moment(long_ago.timestamp(), exact=False) == "9 March 2001, 08:05"


def test_an_entry_names_file_data_and_updates():
    at = NOON.timestamp()
    label = Label("iris.csv", 4120, "/home/me/mine.bps")
    assert entry(label, at) == "mine.bps: iris.csv, 4\u2009120 updates (today, 12:03)"
    assert entry(Label("iris.csv"), at) == "iris.csv (today, 12:03)"


def test_a_label_is_read_back_and_one_that_is_damaged_says_nothing(tmp_path: Path):
    path, label = tmp_path / "label.json", Label("iris.csv", 7, "mine.bps")
    write_label(path, label)
    assert read_label(path) == label
    for damaged in (b"", b"[]", b"\xff", b'{"updates": -1}', b'{"data": 1}', b" " * 20_000):
        path.write_bytes(damaged)
        assert read_label(path) == Label()
    assert read_label(tmp_path / "absent.json") == Label()
    write_label(tmp_path / "absent" / "label.json", label)
