import sys
from pathlib import Path

import pytest
from PySide6.QtWidgets import QDockWidget, QMainWindow
from pytestqt.qtbot import QtBot

from bpstudio.ui.settings import FOLDER_VARIABLE, Settings, config_folder, system_reduces_motion


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "new" / "settings.ini"


def reopened(settings: Settings) -> Settings:
    settings.save()
    return Settings(settings.path)


def test_a_new_user_gets_the_defaults_and_no_file(path: Path) -> None:
    settings = Settings(path)
    assert (settings.theme, settings.motion, settings.recent_files) == ("system", "system", ())
    assert not settings.flag("loss/log_scale")
    assert not path.exists()


def test_choices_are_there_at_the_next_start(path: Path) -> None:
    settings = Settings(path)
    settings.theme, settings.motion = "dark", "reduced"
    settings.set_flag("loss/log_scale", True)
    again = reopened(settings)
    assert (again.theme, again.motion) == ("dark", "reduced")
    assert again.flag("loss/log_scale")


def test_the_folder_can_be_redirected(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path / "elsewhere"))
    assert config_folder() == tmp_path / "elsewhere"
    assert Settings().path == tmp_path / "elsewhere" / "settings.ini"


def test_the_folder_is_the_user_s_own_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(FOLDER_VARIABLE, raising=False)
    assert config_folder().name == "bpstudio"


@pytest.mark.parametrize("content", [b"theme=pink\nmotion=7\n", b"\xff\xfe[[\x00=\n", b""])
def test_a_spoilt_file_counts_as_never_set(path: Path, content: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(content)
    settings = Settings(path)
    assert (settings.theme, settings.motion, settings.recent_files) == ("system", "system", ())


def test_recent_files_are_the_last_ten_newest_first(path: Path, tmp_path: Path) -> None:
    settings = Settings(path)
    names = [tmp_path / f"data, {n} é.csv" for n in range(12)]
    for name in names:
        settings.add_recent_file(name)
    settings.add_recent_file(names[5])
    expected = [5, 11, 10, 9, 8, 7, 6, 4, 3, 2]
    assert reopened(settings).recent_files == tuple(str(names[n]) for n in expected)


def test_motion_follows_the_preference(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = Settings(path)
    settings.motion = "reduced"
    assert settings.reduced_motion
    settings.motion = "full"
    assert not settings.reduced_motion


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="these systems do say")
def test_a_system_that_does_not_say_lets_things_move(qtbot: QtBot) -> None:
    assert not system_reduces_motion()


def window_with_dock(qtbot: QtBot) -> tuple[QMainWindow, QDockWidget]:
    from PySide6.QtCore import Qt

    window, dock = QMainWindow(), QDockWidget("Steps")
    dock.setObjectName("steps")
    window.addDockWidget(Qt.DockWidgetArea.BottomDockWidgetArea, dock)
    qtbot.addWidget(window)
    return window, dock


def test_a_window_comes_back_as_it_was(path: Path, qtbot: QtBot) -> None:
    window, dock = window_with_dock(qtbot)
    window.resize(640, 480)
    dock.hide()
    settings = Settings(path)
    settings.save_window(window)
    other, other_dock = window_with_dock(qtbot)
    assert reopened(settings).restore_window(other)
    assert (other.width(), other.height()) == (640, 480)
    assert other_dock.isHidden()


def test_without_anything_kept_the_window_stays_as_it_is(path: Path, qtbot: QtBot) -> None:
    window, _ = window_with_dock(qtbot)
    window.resize(640, 480)
    assert not Settings(path).restore_window(window)
    assert window.width() == 640
