"""Nothing that was written is lost by a kill at any moment, nor is anything left over."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bpstudio.files.atomic import clear_leftovers, writing
from bpstudio.sessions import read, remember, write
from tests.sessions.sessions import session


@pytest.mark.skipif(not hasattr(os, "fork"), reason="it needs kill -9")
@pytest.mark.parametrize("count", [50, pytest.param(500, marks=pytest.mark.slow)])
def test_what_was_acknowledged_outlives_a_kill(count: int, tmp_path: Path) -> None:
    seed = int.from_bytes(os.urandom(4))
    command = (sys.executable, "-m", "tests.sessions.killing", tmp_path / "a.bps", count, seed)
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}
    done = subprocess.run(
        [*map(str, command)], check=False, capture_output=True, text=True, env=environment
    )
    assert done.returncode == 0, f"seed {seed}\n{done.stderr}"


def left_over(path: Path) -> Path:
    """As a process leaves it that is killed while it writes."""
    part = path.with_name(f".{path.name}.0123abcd.part")
    part.write_bytes(b"PK")
    return part


def test_what_a_killed_process_left_is_removed_by_the_next_write_and_reading(
    tmp_path: Path,
) -> None:
    path, made = tmp_path / "work.bps", session()
    part = left_over(path)
    write(remember(made), path)
    assert not part.exists()
    left_over(path)
    read(path)
    assert list(tmp_path.iterdir()) == [path]


def test_what_another_writes_just_now_stays(tmp_path: Path) -> None:
    path = tmp_path / "work.txt"
    with writing(path) as file:
        file.write("whole")
        clear_leftovers(path)
    assert path.read_text() == "whole"


@pytest.mark.parametrize("name", [".work.bps.part", "work.bps", ".work.bps.0123abcg.part", ".x"])
def test_other_files_are_left_alone(name: str, tmp_path: Path) -> None:
    other = tmp_path / name
    other.write_bytes(b"mine")
    clear_leftovers(tmp_path / "work.bps")
    assert other.read_bytes() == b"mine"


def test_a_place_that_is_none_is_no_matter(tmp_path: Path) -> None:
    clear_leftovers(tmp_path / "absent" / "work.bps")
    clear_leftovers("\0")
