"""bpstudio script."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Run


def test_a_script_of_a_row_runs_by_itself(run: Run, iris: Path, tmp_path: Path) -> None:
    out = tmp_path / "pass.py"
    done = run("script", iris, "--target", "species", "--row", 52, "--lr", 0.5, "--out", out)
    assert (done.code, done.out) == (0, f"the pass was written to {out}\n")
    command = [sys.executable, "-I", str(out)]
    ran = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "new W of layer 4" in ran.stdout


def test_rows_and_library_are_chosen(run: Run, iris: Path, tmp_path: Path) -> None:
    out = tmp_path / "pass.py"
    options = ("--rows", "3:5", "--library", "torch", "--out", out)
    assert run("script", iris, "--target", "species", *options).code == 0
    text = out.read_text()
    assert "rows 3, 4: one pass with PyTorch" in text
    assert "optimizer.step()" not in text  # no rate, no update


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ("", "--out is missing"),
        ("--out p.txt", "--out: 'p.txt' is no script"),
        ("--out absent/p.py", "--out: absent/p.py: there is no folder"),
        ("--out p.py --library jax", "--library: there is no script for 'jax'"),
        ("--out p.py --row 1 --rows 1:2", "--row and --rows are both given"),
        ("--out p.py --row 900", "--row: "),
    ],
    ids=range(6),
)
def test_what_cannot_be_is_refused(
    options: str,
    words: str,
    run: Run,
    iris: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    complaint = run("script", iris, "--target", "species", *options.split()).complaint
    assert words in complaint
    assert list(tmp_path.iterdir()) == []
