"""A file that takes long to read: a bar on a terminal only, and Ctrl+C ends it with 130."""

from __future__ import annotations

import _thread
import threading
import time
from pathlib import Path

import pytest

from bpstudio.cli import progress, reading
from bpstudio.core.errors import InputError
from bpstudio.files.reading import tell
from tests.cli.conftest import Run


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "SHOWN_AFTER", 0.0)
    monkeypatch.setattr(reading, "LOOK", 0.005)


def slow(parts: int = 20) -> str:
    for part in range(parts):
        tell("cells", part / parts)
        time.sleep(0.005)
    return "made"


def endless() -> str:
    threading.Timer(0.05, _thread.interrupt_main).start()
    while True:
        slow()


def test_what_is_read_comes_back() -> None:
    assert reading.watched("data.csv", slow) == "made"


def test_so_does_what_is_wrong_with_it() -> None:
    def refuse() -> str:
        raise InputError("line 3 is broken")

    with pytest.raises(InputError, match="line 3 is broken"):
        reading.watched("data.csv", refuse)


def test_a_bar_on_a_terminal_only(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    reading.watched("data.csv", slow)
    assert capsys.readouterr().err == ""
    monkeypatch.setattr(progress, "is_shown", lambda: True)
    monkeypatch.setenv("FORCE_COLOR", "1")
    reading.watched("data.csv", slow)
    assert "Reading data.csv" in capsys.readouterr().err


def test_ctrl_c_ends_it_and_its_thread() -> None:
    before = threading.active_count()
    with pytest.raises(KeyboardInterrupt):
        reading.watched("data.csv", endless)
    assert not [t for t in threading.enumerate() if t.name == "bpstudio reading"]
    assert threading.active_count() <= before + 1  # a timer may just be ending


def test_a_command_then_ends_with_130(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bpstudio.cli.info.info", lambda *_file, **_how: endless())
    done = run("info", tmp_path / "data.csv")
    assert (done.code, done.out, done.err) == (130, "", "bpstudio: interrupted\n")
