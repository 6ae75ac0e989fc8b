"""Bad input: each kind of file that is no table gives one line that says what is wrong."""

from __future__ import annotations

import errno
import gzip
import os
import zipfile
from pathlib import Path

import pytest

from bpstudio.core.errors import InputError
from bpstudio.files import source, staging
from bpstudio.files.opening import open_table


def write(folder: Path, data: bytes, name: str = "data.csv") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def refusal(path: Path) -> str:
    with pytest.raises(InputError) as caught, open_table(path):
        pass
    message = str(caught.value)
    assert "\n" not in message
    assert path.name in message
    return message


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "is empty"),
        (b"\n\n\r\n", "has no data, only empty lines"),
        (b"a,b,c\n", "has a header and no rows"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "is no text: byte 8 is zero"),
        (b"a,b\n1,\x012\n\xff,3\n", "holds control characters"),
        (b"PK\x03\x04rest", "a zip archive or a spreadsheet; save the sheet as CSV"),
        (b"\xd0\xcf\x11\xe0rest", "an old spreadsheet"),
        (b"BZh91AY", "packed with bzip2"),
        (b"\xfd7zXZ\x00", "packed with xz"),
        (b"SQLite format 3\x00", "a database; export the table as CSV"),
        (b"PAR1 and no more", "no readable Parquet file"),
        (b"\x1f\x8b\x08 and no more", "a damaged gzip file"),
        (gzip.compress(b"a,b\n1,2\n" * 1000, mtime=0)[:-20], "a damaged gzip file"),
        (gzip.compress(b"", mtime=0), "is empty once unpacked"),
        (b"\xff\xfea\x00,\x00b\x00\n\x00\x00\xd8", "not utf-16"),
        ("a,b\n1,\0\n".encode("utf-16"), "line 2: holds a zero character"),
        (b"a,b\n1\n2\n", "no usable row; the first of 2, line 2 (row 0): 1 field instead of 2"),
    ],
)
def test_a_file_that_is_no_table_is_refused_in_one_line(
    tmp_path: Path, data: bytes, message: str
) -> None:
    assert message in refusal(write(tmp_path, data))


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    assert "does not exist" in refusal(tmp_path / "nowhere.csv")
    assert "does not exist" in refusal(tmp_path / "no folder" / "nowhere.csv")


def test_a_folder_is_refused(tmp_path: Path) -> None:
    assert "is a folder" in refusal(tmp_path)


def test_a_file_as_a_folder_is_refused(tmp_path: Path) -> None:
    assert "cannot be read" in refusal(write(tmp_path, b"x") / "data.csv")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_is_refused_without_waiting_for_it(tmp_path: Path) -> None:
    path = tmp_path / "pipe.csv"
    os.mkfifo(path)
    assert "no ordinary file" in refusal(path)


def test_a_name_with_a_zero_character_is_refused() -> None:
    with pytest.raises(InputError, match="is no name of a file"), open_table("a\0b.csv"):
        pass


def test_a_file_that_may_not_be_read_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def deny(path: Path, *_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    path = write(tmp_path, b"a,b\n1,2\n")
    monkeypatch.setattr(source, "open", deny, raising=False)
    assert "cannot be read: Permission denied" in refusal(path)


def test_a_real_spreadsheet_is_refused_with_the_remedy(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    assert "save the sheet as CSV" in refusal(path)


def test_a_file_that_unpacks_without_end_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(source, "LARGEST_UNPACKED", 1_500_000)
    path = write(tmp_path, gzip.compress(bytes(4_000_000)), "data.csv.gz")
    assert "unpacks to more than 1.5 MB" in refusal(path)


def test_working_files_are_gone_afterwards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.setattr(source.tempfile, "tempdir", str(work))
    path = write(tmp_path, gzip.compress('a,b\n1,"x\ny"\n'.encode("utf-16")))
    with open_table(path):
        assert len(list(work.iterdir())) == 1
    assert list(work.iterdir()) == []
    refusal(write(tmp_path, gzip.compress(b"\0\0", mtime=0)))
    assert list(work.iterdir()) == []


def test_a_disk_without_room_for_working_files_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_given: object, **_how: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(staging, "open", full, raising=False)  # rows that run over lines
    assert "cannot be read: No space left" in refusal(write(tmp_path, b'a,b\n1,"x\ny"\n'))
    monkeypatch.setattr(source.tempfile, "TemporaryDirectory", full)
    assert "cannot be read: No space left" in refusal(write(tmp_path, b"a,b\n1,2\n"))
