"""Writing a file whole or not at all."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

import pytest

from bpstudio.core.errors import InputError
from bpstudio.files import atomic
from bpstudio.files.atomic import require_writable, writing, writing_bytes


def write_half(path: Path, error: BaseException) -> None:
    with writing(path) as file:
        file.write("half of the n")
        raise error


def test_text_appears_whole_as_utf_8_when_the_block_ends(tmp_path: Path) -> None:
    path = tmp_path / "trace.csv"
    with writing(path) as file:
        file.write("∂C/∂w\r\n1\n")
        assert not path.exists()
    assert path.read_bytes() == "∂C/∂w\r\n1\n".encode()
    assert os.listdir(tmp_path) == ["trace.csv"]


def test_bytes_are_written_likewise(tmp_path: Path) -> None:
    with writing_bytes(tmp_path / "x.bin") as file:
        file.write(b"\0\r\n\xff")
    assert (tmp_path / "x.bin").read_bytes() == b"\0\r\n\xff"


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, InputError])
def test_nothing_is_left_and_the_old_file_stays_when_the_block_raises(
    tmp_path: Path, error: type[BaseException]
) -> None:
    path = tmp_path / "old.json"
    path.write_text("old")
    with pytest.raises(error):
        write_half(path, error())
    assert path.read_text() == "old"
    assert os.listdir(tmp_path) == ["old.json"]


def test_an_old_file_is_replaced_and_keeps_its_permissions(tmp_path: Path) -> None:
    path = tmp_path / "old.json"
    path.write_text("old")
    path.chmod(0o640)
    with writing(path) as file:
        file.write("new")
    assert path.read_text() == "new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_a_new_file_has_the_usual_permissions(tmp_path: Path) -> None:
    (tmp_path / "plain").write_text("")
    with writing(tmp_path / "new"):
        pass
    assert (tmp_path / "new").stat().st_mode == (tmp_path / "plain").stat().st_mode


def test_a_link_stays_a_link_and_its_file_is_written(tmp_path: Path) -> None:
    (tmp_path / "real").write_text("old")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    with writing(tmp_path / "link") as file:
        file.write("new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_text() == "new"


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("", "is a folder; give the name of a file"),
        ("folder", "is a folder; give the name of a file"),
        ("folder/", "is a folder; give the name of a file"),
        ("no such/x.json", "there is no folder .*no such; make it or choose another"),
        ("file/x.json", "cannot be written|no folder"),
        ("x" * 300, "cannot be written: File name too long"),
        ("a\0b", "cannot be written"),
    ],
    ids=["empty", "folder", "slash", "missing folder", "file as folder", "long", "zero"],
)
def test_a_place_where_no_file_can_be_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match=message), writing(name):
        pass
    assert sorted(os.listdir(tmp_path)) == ["file", "folder"]


@pytest.mark.skipif(not os.path.exists("/dev/null"), reason="needs devices")
def test_a_device_is_refused() -> None:
    with pytest.raises(InputError, match="no ordinary file"), writing("/dev/null"):
        pass


@pytest.mark.parametrize(
    ("denied", "message"),
    [("folder", "may not be written to; choose another"), ("old.json", "exists and is read-only")],
)
def test_a_place_without_permission_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, denied: str, message: str
) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "old.json").write_text("old")

    def access(path: str | Path, mode: int) -> bool:
        return Path(path).name != denied

    monkeypatch.setattr(atomic.os, "access", access)
    with pytest.raises(InputError, match=message):
        require_writable(folder / "old.json")


def test_a_full_disk_is_an_input_error_and_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="No space left"):
        write_half(tmp_path / "x", OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)))
    assert os.listdir(tmp_path) == []


def test_an_error_of_another_file_is_not_taken_for_one_of_this(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), writing(tmp_path / "x"):
        open(tmp_path / "other").close()
    assert os.listdir(tmp_path) == []
