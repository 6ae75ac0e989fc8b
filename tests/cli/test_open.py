"""Opening the application from the command line."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType

import pytest

from tests.cli.conftest import Run


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str | None]:
    """What the application was opened on, in place of a window."""
    paths: list[str | None] = []
    app = ModuleType("bpstudio.ui.app")

    def run(path: str | None, fresh: bool = False) -> int:
        paths.append("afresh" if fresh else path)
        return 0

    app.run = run  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "bpstudio.ui.app", app)
    monkeypatch.setattr("bpstudio.cli.open.window_problem", lambda: None)
    return paths


def test_without_a_command_the_application_opens(run: Run, opened: list[str | None]) -> None:
    assert run().code == 0
    assert opened == [None]


def test_open_opens_it_on_a_file(run: Run, opened: list[str | None], iris: Path) -> None:
    assert run("open", iris).code == 0
    assert opened == [str(iris)]


def test_it_starts_afresh_on_demand(run: Run, opened: list[str | None], iris: Path) -> None:
    assert run("--new").code == 0
    assert opened == ["afresh"]
    assert "--new goes without a command" in run("--new", "info", iris).complaint


def test_a_recorded_run_is_opened(run: Run, opened: list[str | None], tmp_path: Path) -> None:
    path = tmp_path / "run.bps"
    path.write_bytes(b"")
    assert run("open", path).code == 0
    assert opened == [str(path)]


def test_a_file_that_is_not_there_is_refused(
    run: Run, opened: list[str | None], tmp_path: Path
) -> None:
    assert "there is no such file" in run("open", tmp_path / "absent.csv").complaint
    assert opened == []


@pytest.mark.parametrize("arguments", [[], ["open", "IRIS"]])
def test_without_a_display_one_line_names_what_works(
    arguments: list[str], run: Run, iris: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not sys.platform.startswith("linux"):
        pytest.skip("a display is always there")
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    said = run(*[iris if a == "IRIS" else a for a in arguments]).complaint
    assert "There is no display" in said
    assert "bpstudio info, trace, train, check" in said
