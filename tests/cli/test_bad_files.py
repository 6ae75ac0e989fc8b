"""Files that are no data, given to every command: one line, exit code 2, nothing written."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Run

UNREADABLE = {
    "absent.csv": None,
    "empty.csv": b"",
    "binary.csv": bytes(range(256)) * 20,
    "header.csv": b"a,b,y\n",
    "archive.csv": b"PK\x03\x04" + bytes(100),
    "no-parquet.parquet": b"PAR1 and then nothing",
    "cut.csv.gz": b"\x1f\x8b\x08\x00 cut off",
}
NO_DATA_SET = {
    "spaces.csv": b" \n\n \n",
    "one-column.csv": b"y\nu\nv\n",
    "one-class.csv": b"a,y\n1,u\n2,u\n",
    "no-target.csv": b"a,b\n1,2\n3,4\n",
    "nothing-left.csv": b"a,y\n,u\n,v\n",
    "all-missing.csv": b"a,b,y\n1,,u\n,2,v\n",
}
COMMANDS = {
    "info": ["info"],
    "trace": ["trace", "--target", "y", "--out", "out.json"],
    "train": ["train", "--target", "y"],
    "check": ["check", "--target", "y"],
}


@pytest.fixture(autouse=True)
def _in_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def make(name: str, content: bytes | None) -> None:
    if content is not None:
        Path(name).write_bytes(content)


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("name", UNREADABLE)
def test_a_file_that_cannot_be_read_is_named(name: str, command: str, run: Run) -> None:
    make(name, UNREADABLE[name])
    before = sorted(Path.cwd().iterdir())
    assert name in run(*COMMANDS[command], name).complaint
    assert sorted(Path.cwd().iterdir()) == before


@pytest.mark.parametrize("command", ["trace", "train", "check"])
@pytest.mark.parametrize("name", NO_DATA_SET)
def test_a_table_that_is_no_data_set_is_named(name: str, command: str, run: Run) -> None:
    make(name, NO_DATA_SET[name])
    before = sorted(Path.cwd().iterdir())
    assert name in run(*COMMANDS[command], name).complaint
    assert sorted(Path.cwd().iterdir()) == before


@pytest.mark.parametrize("command", ["trace", "train", "check"])
def test_rows_that_cannot_be_used_are_refused_with_the_first_place(command: str, run: Run) -> None:
    """A ragged line, an infinite and an absurd number: nothing is left out in silence."""
    text = "a,y\n" + "".join(f"{n},{'uv'[n % 2]}\n" for n in range(40))
    make("d.csv", f"{text}1\ninf,u\n1e999,v\n".encode())
    complaint = run(*COMMANDS[command], "d.csv").complaint
    assert "d.csv, line 42 (row 40): 1 field instead of 2; 3 rows are like this" in complaint


@pytest.mark.parametrize("command", ["trace", "train", "check"])
def test_rows_with_a_missing_value_are_left_out_and_told(command: str, run: Run) -> None:
    text = "a,y\n" + "".join(f"{n},{'uv'[n % 2]}\n" for n in range(40))
    make("d.csv", f"{text},u\n,v\n".encode())
    done = run(*COMMANDS[command], "d.csv")
    assert done.code == 0
    assert "d.csv: 2 rows were left out; the first: line 42" in done.err


@pytest.mark.parametrize("command", ["trace", "train", "check"])
def test_a_folder_is_no_data_file(command: str, run: Run) -> None:
    Path("folder").mkdir()
    assert "folder" in run(*COMMANDS[command], "folder").complaint
