"""`pip install .` gives the command and its resources, whole and in any folder."""

import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Iterator
from email.parser import Parser
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parent.parent
BIN = "Scripts" if os.name == "nt" else "bin"


def build(source: Path, kind: str, out: Path) -> Path:
    """The wheel or the sdist of a source folder."""
    command = [sys.executable, "-m", "hatchling", "build", "--target", kind, "--directory", out]
    subprocess.run(command, cwd=source, check=True, capture_output=True)
    suffix = {"wheel": "*.whl", "sdist": "*.tar.gz"}[kind]
    return next(out.glob(suffix))


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(ROOT, "wheel", tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def files(wheel: Path) -> list[str]:
    """The names of the files in the wheel."""
    with zipfile.ZipFile(wheel) as archive:
        return archive.namelist()


@pytest.fixture(scope="module")
def environment(wheel: Path, outside: dict[str, str]) -> Iterator[Path]:
    """The programs of an empty environment into which only the wheel was installed.

    Below the temporary folder, but not kept by pytest: it is large.
    """
    with tempfile.TemporaryDirectory(prefix="bpstudio-wheel-") as folder:
        programs = Path(folder) / "venv" / BIN
        subprocess.run([sys.executable, "-m", "venv", programs.parent], check=True)
        options = ("--disable-pip-version-check", "--no-compile")
        install = [programs / "python", "-m", "pip", "install", *options]
        done = subprocess.run([*install, wheel], env=outside, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
        yield programs


def test_the_wheel_holds_every_resource_and_module(files: list[str]) -> None:
    places = {"resources": "bpstudio/_resources", "bpstudio": "bpstudio"}
    wanted = {
        f"{inside}/{path.relative_to(ROOT / folder).as_posix()}"
        for folder, inside in places.items()
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert {name for name in files if name.startswith("bpstudio/")} == wanted
    assert {"bpstudio/py.typed", "bpstudio/_resources/data/iris.csv"} <= wanted


def test_the_sdist_builds_the_same_wheel(files: list[str], tmp_path: Path) -> None:
    with tarfile.open(build(ROOT, "sdist", tmp_path)) as archive:
        # Python before 3.11.4 has no filters, Python 3.12 warns where none is given
        safely = {"filter": "data"} if hasattr(tarfile, "data_filter") else {}
        archive.extractall(tmp_path / "source", **safely)
    (source,) = (tmp_path / "source").iterdir()
    again = build(source, "wheel", tmp_path)
    with zipfile.ZipFile(again) as archive:
        assert sorted(archive.namelist()) == sorted(files)


@pytest.fixture(scope="module")
def needs(wheel: Path) -> list[Requirement]:
    """What the wheel asks for."""
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        about = Parser().parsestr(archive.read(name).decode())
    return [Requirement(need) for need in about.get_all("Requires-Dist") or []]


def test_a_user_installs_no_tool_of_the_tests(needs: list[Requirement]) -> None:
    tools = {"hypothesis", "mypy", "pytest", "ruff", "scikit-learn", "torch"}
    asked_for = {need.name: str(need.marker) for need in needs if need.name in tools}
    assert asked_for.keys() == tools
    assert all(marker.startswith("extra == ") for marker in asked_for.values())


def test_no_python_gets_a_qt_that_crashes_it(needs: list[Requirement]) -> None:
    for version, allowed in (("3.11", False), ("3.12", True)):
        qt = [
            need
            for need in needs
            if need.name.lower() == "pyside6-essentials"
            and need.marker is not None
            and need.marker.evaluate({"python_version": version})
        ]
        assert ["6.12.0" in need.specifier for need in qt] == [allowed]


def test_the_installed_command_runs_in_another_folder(environment: Path, tmp_path: Path) -> None:
    ask = "from bpstudio.resources import resource; print(resource('data/iris.csv'))"
    iris = run([environment / "python", "-c", ask], tmp_path).strip()
    assert Path(iris).is_relative_to(environment.parent)
    told = json.loads(run([environment / "bpstudio", "info", "--json", iris], tmp_path))
    assert told["rows"] == 150
    assert run([environment / "bpstudio", "--version"], tmp_path).strip().endswith("0.1.0")


def run(command: list[str | Path], folder: Path) -> str:
    """What a command prints that must succeed and say nothing else."""
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


@pytest.mark.slow
def test_a_fresh_clone_of_a_fresh_user_starts(outside: dict[str, str], tmp_path: Path) -> None:
    """The README's first command in a copy of what git tracks, with an empty home."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split("\0")
    with tempfile.TemporaryDirectory(prefix="bpstudio-clone-") as clone:
        for name in filter(None, listed):
            (Path(clone) / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, Path(clone) / name)
        home = {name: str(tmp_path) for name in ("HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME")}
        command = [sys.executable, Path(clone) / "scripts/run.py", "--version"]
        done = subprocess.run(
            command, cwd=tmp_path, env={**outside, **home}, capture_output=True, text=True
        )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip().endswith("0.1.0")
