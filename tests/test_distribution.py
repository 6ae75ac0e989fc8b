"""A worker that crashes fails the one test it was in."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

CONFTEST = """
from tests.distribution import distribution

def pytest_xdist_make_scheduler(config, log):
    return distribution(config, log)
"""
FINE = "def test_{0}(): assert True\n"
CRASHES = "def test_{0}():\n    import os\n    os._exit(3)\n"


@pytest.mark.parametrize("at", [0, 5])
def test_a_crashed_worker_fails_its_test_and_the_others_run_once(tmp_path: Path, at: int) -> None:
    (tmp_path / "conftest.py").write_text(CONFTEST)
    for folder in ("tests/ui", "tests/core"):
        (tmp_path / folder).mkdir(parents=True)
    singly = "".join((CRASHES if n == at else FINE).format(n) for n in range(6))
    (tmp_path / "tests/ui/test_singly.py").write_text(singly)
    together = "".join(FINE.format(n) for n in range(4))
    (tmp_path / "tests/core/test_together.py").write_text(together)
    done = run(tmp_path)
    assert f"1 failed, {6 + 4 - 1} passed" in done.stdout
    assert f"crashed while running 'tests/ui/test_singly.py::test_{at}'" in done.stdout
    assert done.returncode == 1


def run(folder: Path) -> "subprocess.CompletedProcess[str]":
    root = Path(__file__).parents[1]
    return subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-n",
            "2",
            "-p",
            "no:cacheprovider",
            f"--rootdir={folder}",
        ],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
