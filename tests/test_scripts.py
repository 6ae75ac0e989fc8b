"""Two commands on a fresh machine: the set-up of run.py and test.py, and what they say.

A small project of the same shape, which depends on nothing, stands for bpstudio: its set-up takes
seconds and no network.
"""

import json
import os
import runpy
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from bpstudio.ui import system

ROOT = Path(__file__).resolve().parent.parent
SCRIPTS = ROOT / "scripts"

FIRST = "Setting up bpstudio"
AGAIN = "Updating bpstudio"

PYPROJECT = """
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]
[project]
name = "bpstudio"
version = "1"
dependencies = []
[project.optional-dependencies]
test = []
"""
BACKEND = """
import pathlib, time, zipfile
def build_editable(folder, config_settings=None, metadata_directory=None):
    building = pathlib.Path("building")
    if building.exists():
        building.unlink()
        time.sleep(60)
    about = "bpstudio-1.dist-info/"
    files = {
        "bpstudio.pth": str(pathlib.Path(__file__).parent),
        about + "METADATA": "Metadata-Version: 2.1\\nName: bpstudio\\nVersion: 1\\n"
        "Provides-Extra: test\\n",
        about + "WHEEL": "Wheel-Version: 1.0\\nGenerator: x\\nRoot-Is-Purelib: true\\n"
        "Tag: py3-none-any\\n",
        about + "RECORD": "",
    }
    with zipfile.ZipFile(folder + "/bpstudio-1-py3-none-any.whl", "w") as wheel:
        for name, text in files.items():
            wheel.writestr(name, text)
    return "bpstudio-1-py3-none-any.whl"
"""
PROGRAM = """
import json, os, sys, time
print(json.dumps([os.getcwd(), sys.argv[1:], os.getpid()]), flush=True)
if sys.argv[1:] == ["wait"]:
    time.sleep(60)
sys.exit(7)
"""


def make_project(folder: Path) -> Path:
    """The small project, not set up."""
    (folder / "bpstudio").mkdir(parents=True)
    shutil.copytree(SCRIPTS, folder / "scripts", ignore=shutil.ignore_patterns("__pycache__"))
    texts = {"pyproject.toml": PYPROJECT, "backend.py": BACKEND, "bpstudio/__main__.py": PROGRAM}
    for name, text in texts.items():
        (folder / name).write_text(text)
    return folder


def start(project: Path, *arguments: str, **options: Any) -> subprocess.CompletedProcess[str]:
    """What `python3 scripts/run.py arguments` does and says."""
    command = [sys.executable, project / "scripts/run.py", *arguments]
    return subprocess.run(command, capture_output=True, text=True, **options)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    path = tmp_path_factory.mktemp("scripts")
    yield path
    shutil.rmtree(path)


@pytest.fixture(scope="module")
def project(folder: Path) -> Path:
    """The small project after its first start, which two users made at the same moment."""
    path = make_project(folder / "project")
    command = [sys.executable, path / "scripts/run.py"]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    starts = [subprocess.Popen(command, **pipes) for _ in range(2)]
    said = [process.communicate() for process in starts]
    assert [process.returncode for process in starts] == [7, 7], said
    assert sum(FIRST in errors for _, errors in said) == 1, said
    return path


@pytest.fixture
def copy(project: Path, folder: Path, request: pytest.FixtureRequest) -> Path:
    """The project, set up, and then copied to another place."""
    return shutil.copytree(project, folder / request.node.name, symlinks=True)


def stamp(project: Path) -> Path:
    return project / ".venv/bpstudio-setup.json"


# A start of the application --------------------------------------------------------------


def test_arguments_folder_and_exit_code_are_the_programs_own(project: Path, tmp_path: Path) -> None:
    done = start(project, "trace", "a b", "--out", "x", cwd=tmp_path)
    assert json.loads(done.stdout)[:2] == [str(tmp_path), ["trace", "a b", "--out", "x"]]
    assert done.returncode == 7


def test_a_second_start_sets_nothing_up(project: Path) -> None:
    before = stamp(project).stat().st_mtime_ns
    assert start(project).stderr == ""
    assert stamp(project).stat().st_mtime_ns == before


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_a_signal_reaches_the_program(project: Path) -> None:
    command = [sys.executable, project / "scripts/run.py", "wait"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert json.loads(process.stdout.readline())[2] == process.pid
        process.send_signal(signal.SIGTERM)
    assert process.returncode == -signal.SIGTERM


def test_a_file_in_the_users_folder_is_not_mistaken_for_a_module(
    project: Path, tmp_path: Path
) -> None:
    (tmp_path / "json.py").write_text("raise SystemExit('the wrong json')")
    assert start(project, cwd=tmp_path).returncode == 7


# Set up again, or not --------------------------------------------------------------------


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
@pytest.mark.parametrize("kind", ["SIGINT", "SIGKILL"])
def test_an_interrupted_set_up_is_done_again_from_the_start(project: Path, kind: str) -> None:
    stamp(project).unlink()
    said = interrupt_a_start(project, signal.Signals[kind])
    assert "Traceback" not in said
    half = project / ".venv/half-installed"
    half.touch()
    done = start(project)
    assert FIRST in done.stderr
    assert done.returncode == 7
    assert not half.exists()
    assert start(project).stderr == ""


def interrupt_a_start(project: Path, kind: signal.Signals) -> str:
    """Start the project and send a signal, as a terminal does, while pip is building it."""
    building = project / "building"
    building.touch()
    command = [sys.executable, project / "scripts/run.py"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, start_new_session=True)
    while building.exists() and process.poll() is None:  # until the backend has it
        time.sleep(0.01)
    os.killpg(process.pid, kind)
    return process.communicate()[1]


def test_an_environment_made_by_hand_is_kept_and_filled(project: Path) -> None:
    stamp(project).unlink()
    own = project / ".venv/own"
    own.touch()
    assert AGAIN in start(project).stderr
    assert own.exists()
    assert start(project).stderr == ""


def test_new_dependencies_are_installed_into_the_environment_there_is(project: Path) -> None:
    pyproject = project / "pyproject.toml"
    pyproject.write_text(PYPROJECT.replace('version = "1"', 'version = "1"\nscripts.x = "x:y"'))
    assert AGAIN in start(project).stderr
    assert start(project).stderr == ""


def test_the_tests_extra_is_no_part_of_a_users_set_up(project: Path) -> None:
    pyproject = project / "pyproject.toml"
    pyproject.write_text(pyproject.read_text().replace("test = []", 'test = ["none-such==0"]'))
    assert start(project).stderr == ""


def test_a_copied_folder_gets_an_environment_of_its_own(copy: Path) -> None:
    done = start(copy)
    assert FIRST in done.stderr
    assert json.loads(stamp(copy).read_text())["place"][0] == str(copy)


def test_a_failing_pip_is_quoted_and_the_remedy_said(copy: Path) -> None:
    wrong = PYPROJECT.replace("dependencies = []", 'dependencies = ["none @ file:///none/such"]')
    (copy / "pyproject.toml").write_text(wrong)
    backend = BACKEND.replace(
        "Provides-Extra", "Requires-Dist: none @ file:///none/such\\nProvides-Extra"
    )
    (copy / "backend.py").write_text(backend)
    done = start(copy)
    assert done.returncode == 1
    assert "could not be set up: pip ended with 1. Its last lines:" in done.stderr
    assert "/none/such" in done.stderr
    assert "start again" in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr
    assert not stamp(copy).exists()


# What this Python lacks ------------------------------------------------------------------


def start_with(change: str, project: Path) -> subprocess.CompletedProcess[str]:
    """Start run.py in a Python that was changed first."""
    run = f"import runpy, sys; {change}; runpy.run_path(sys.argv[1], run_name='__main__')"
    return subprocess.run(
        [sys.executable, "-c", run, project / "scripts/run.py"],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(project / "scripts")},
    )


def test_an_old_python_is_told_in_one_line(tmp_path: Path) -> None:
    done = start_with("sys.version_info = (3, 9, 2)", make_project(tmp_path / "project"))
    assert done.returncode == 1
    assert done.stderr.startswith("bpstudio needs Python 3.11 or newer; this is Python 3.9 (")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("name", ["run.py", "test.py"])
def test_an_old_python_can_read_the_scripts(name: str) -> None:
    compile(text := (SCRIPTS / name).read_text(), name, "exec", dont_inherit=True)
    assert not any(sign in text for sign in ('f"', "f'", ":=", "match ", " | ", "->"))


def test_a_python_without_venv_is_told_the_package(tmp_path: Path) -> None:
    done = start_with("sys.modules['ensurepip'] = None", make_project(tmp_path / "project"))
    assert done.returncode == 1
    assert done.stderr.endswith(f"apt-get install python3.{sys.version_info.minor}-venv\n")
    assert done.stderr.count("\n") == 1


# The checks ------------------------------------------------------------------------------


@pytest.fixture
def checks(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """The functions of scripts/_checks.py."""
    monkeypatch.syspath_prepend(SCRIPTS)
    names = runpy.run_path(str(SCRIPTS / "_checks.py"), run_name="_checks")
    return SimpleNamespace(**names)


def test_all_checks_run_though_one_fails(
    checks: SimpleNamespace, capfd: pytest.CaptureFixture[str]
) -> None:
    commands = {"one": ["-c", "print('1st')"], "two": ["-c", "1 / 0"], "three": ["-c", "print(3)"]}
    globals_of = checks.run_all.__globals__
    globals_of["PYTHON"] = sys.executable
    assert checks.run_all(commands) == 1
    said = capfd.readouterr().out.splitlines()
    assert "1st" in said
    assert "3" in said
    assert said[-1].startswith("Failed: two (windows: ")
    assert [line.split()[:2] for line in said[-4:-1]] == [
        ["one", "ok"],
        ["two", "FAILED"],
        ["three", "ok"],
    ]


def test_what_runs_beside_the_tests_is_told_after_them_and_listed_in_order(
    checks: SimpleNamespace, capfd: pytest.CaptureFixture[str]
) -> None:
    commands = {
        "ruff check": ["-c", "print('1st')"],
        "mypy": ["-c", "print('last'); raise SystemExit(1)"],
        "pytest": ["-c", "import time; time.sleep(0.2); print('2nd')"],
    }
    checks.run_all.__globals__["PYTHON"] = sys.executable
    assert checks.run_all(commands) == 1
    said = capfd.readouterr().out.splitlines()
    places = [said.index(line) for line in ("1st", "2nd", "--- mypy", "last")]
    assert places == sorted(places)
    assert [line.split("  ")[0] for line in said[-4:-1]] == list(commands)
    assert said[-1].startswith("Failed: mypy (windows: ")


def test_fine_checks_exit_with_0(checks: SimpleNamespace) -> None:
    checks.run_all.__globals__["PYTHON"] = sys.executable
    assert checks.run_all({"one": ["-c", "pass"]}) == 0


def test_the_slow_tests_run_only_when_asked_for(checks: SimpleNamespace) -> None:
    assert "-m" not in checks.checks(False, ["-k", "x"])["pytest"][2:]
    assert checks.checks(True, ["-k", "x"])["pytest"][-4:] == ["-m", "", "-k", "x"]


def test_windows_open_where_the_caller_says(
    checks: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "minimal")
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    with checks.windows() as (environment, where):
        assert environment["QT_QPA_PLATFORM"] == "minimal"
        assert "PYTHONDONTWRITEBYTECODE" not in environment
    assert where == "QT_QPA_PLATFORM=minimal, as set"


def test_without_an_x_server_windows_are_offscreen_and_the_remedy_is_said(
    checks: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("BPSTUDIO_TEST_DISPLAYS", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    own = checks.windows.__wrapped__.__globals__
    own["install_what_is_missing"] = lambda: "for real ones: apt-get install xvfb"
    with checks.windows() as (environment, where):
        assert environment["QT_QPA_PLATFORM"] == "offscreen"
        assert "BPSTUDIO_TEST_DISPLAYS" not in environment
    assert where == "offscreen (for real ones: apt-get install xvfb)"


def test_what_opens_derivations_is_installed_or_the_command_for_it_is_said(
    checks: SimpleNamespace, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    own, asked = checks.install_openers.__globals__, []
    own["apt_get"] = asked.append
    monkeypatch.setattr(shutil, "which", lambda name: None if name == "chromium" else name)
    for user, command in ((0, "apt-get install"), (1000, "sudo apt-get install")):
        monkeypatch.setattr("os.geteuid", lambda user=user: user, raising=False)
        checks.install_openers()
        assert capfd.readouterr().out.endswith(f"; for them: {command} chromium\n")
    assert asked == [["chromium"]]


@pytest.mark.skipif(not shutil.which("Xvfb"), reason="needs Xvfb")
def test_an_x_server_lives_as_long_as_the_checks(
    checks: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "xcb")
    with checks.x_server() as display:
        monkeypatch.setenv("DISPLAY", display)
        assert system.display_problem() is None
    assert "no X server answers" in (system.display_problem() or "")
