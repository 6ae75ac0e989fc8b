"""The command line as a whole: help, what is loaded when, how it ends."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
from pathlib import Path

import click
import pytest

from bpstudio import __version__, cli
from bpstudio.cli import COMMANDS
from bpstudio.core.errors import InputError
from tests.cli.conftest import Run

PYTHON = [sys.executable, "-m", "bpstudio"]


def process(*arguments: str, **options: object) -> subprocess.CompletedProcess[str]:
    """The same as a process of its own."""
    return subprocess.run(  # type: ignore[call-overload,no-any-return]
        [*PYTHON, *arguments], capture_output=True, text=True, encoding="utf-8", **options
    )


# ---- help --------------------------------------------------------------------------------------


def test_help_names_every_command(run: Run) -> None:
    for option in ("-h", "--help"):
        done = run(option)
        assert (done.code, done.err) == (0, "")
        for name, (_, what) in COMMANDS.items():
            assert f"{name} " in done.out
            assert what in done.out


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help(name: str, run: Run) -> None:
    done = run(name, "--help")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith(f"Usage: bpstudio {name} ")


OPTIONS = {
    "trace": "--target --row --rows --steps --only --out --at",
    "train": "--target --optimizer --lr --batch-size --epochs --l1 --l2 --validation --shuffle "
    "--no-shuffle --stop-when --out --json",
    "check": "--target --rows",
}
MODEL = "--hidden --activation --output-activation --loss --init --bias --no-bias --scale --seed "
MODEL += "--weights"


@pytest.mark.parametrize("name", OPTIONS)
def test_the_options_that_others_rely_on_are_there(name: str) -> None:
    command = cli.bpstudio.get_command(click.Context(cli.bpstudio), name)
    assert command is not None
    names = {word for option in command.params for word in (*option.opts, *option.secondary_opts)}
    assert set(f"{OPTIONS[name]} {MODEL}".split()) <= names


def test_the_version_is_told(run: Run) -> None:
    done = run("--version")
    assert (done.code, done.out) == (0, f"bpstudio {__version__}\n")


# ---- what is loaded ----------------------------------------------------------------------------

HEAVY = ("numpy", "duckdb", "rich", "msgspec", "numba", "PySide6")


def loaded_by(*arguments: str) -> set[str]:
    code = f"""
import sys
from bpstudio.cli import main
main({list(arguments)!r})
print("loaded", *[name for name in {HEAVY!r} if name in sys.modules])
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(done.stdout.splitlines()[-1].split()[1:])


def test_help_and_version_load_nothing_heavy() -> None:
    assert loaded_by("--help") == set()
    assert loaded_by("--version") == set()


def test_info_loads_neither_qt_nor_compiler_nor_rich(iris: Path) -> None:
    assert loaded_by("info", str(iris)) <= {"numpy", "duckdb"}


def test_trace_and_check_load_no_qt_and_no_compiler(iris: Path, tmp_path: Path) -> None:
    out = str(tmp_path / "t.csv")
    for command in (["trace", str(iris), "--out", out], ["check", str(iris)]):
        assert not loaded_by(*command, "--target", "species") & {"numba", "PySide6"}


# ---- usage -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["frobnicate"], "there is no command 'frobnicate'; the commands are open, info, trace"),
        (["--frobnicate"], "No such option"),
        (["trace"], "Missing argument 'DATA'; see bpstudio trace --help"),
        (["trace", "--hiden", "5"], "--hidden"),
        (["info"], "Missing argument 'FILE...'"),
        (["open"], "Missing argument 'FILE'"),
        (["check", "a.csv", "b.csv"], "unexpected extra argument (b.csv)"),
        (["train", "a.csv", "--lr"], "requires an argument"),
    ],
)
def test_wrong_usage_is_one_line(arguments: list[str], words: str, run: Run) -> None:
    assert words in run(*arguments).complaint


def test_a_file_in_place_of_a_command_is_answered_with_open(run: Run, iris: Path) -> None:
    assert f"bpstudio open {iris} opens it" in run(iris).complaint


# ---- how errors end ----------------------------------------------------------------------------


def ends_with(error: BaseException, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every command fail like this."""

    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(cli, "_run", fail)


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (InputError("this is\nwrong"), 2, "this is wrong"),
        (FileNotFoundError(errno.ENOENT, "No such file", "a.csv"), 2, "a.csv: No such file"),
        (OSError(errno.ENOSPC, "No space left on device"), 2, "No space left on device"),
        (MemoryError(), 2, "there is not enough memory for this; take fewer rows"),
        (KeyboardInterrupt(), 130, "interrupted"),
        (click.UsageError("no."), 2, "no"),
        (ZeroDivisionError("by 0"), 70, "a mistake in bpstudio itself (ZeroDivisionError: by 0)"),
    ],
)
def test_every_error_is_one_line_and_an_exit_code(
    error: BaseException, code: int, words: str, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    ends_with(error, monkeypatch)
    done = run("info")
    assert done.code == code
    assert done.err.startswith(f"bpstudio: {words}")
    assert done.err.count("\n") == 1
    assert done.out == ""


def test_a_mistake_in_bpstudio_shows_where_on_request(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    ends_with(ZeroDivisionError("by 0"), monkeypatch)
    monkeypatch.setenv("BPSTUDIO_TRACEBACK", "1")
    with pytest.raises(ZeroDivisionError):
        run("info")


def test_the_process_ends_with_the_code(iris: Path, tmp_path: Path) -> None:
    assert process("info", str(iris)).returncode == 0
    done = process("info", str(tmp_path / "absent.csv"))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("bpstudio: ")
    assert "Traceback" not in done.stderr


@pytest.mark.skipif(os.name == "nt", reason="pipes of another kind")
def test_a_reader_that_goes_away_ends_it_in_silence(iris: Path) -> None:
    with subprocess.Popen(
        [*PYTHON, "info", *[str(iris)] * 300],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdout.read(10)
        running.stdout.close()
        err = running.stderr.read()
    assert (running.returncode, err) == (141, b"")


def test_characters_that_the_output_lacks_are_written_as_numbers(tmp_path: Path) -> None:
    (tmp_path / "d.csv").write_text("数,y\n1,a\n2,b\n", encoding="utf-8")
    environment = {**os.environ, "PYTHONIOENCODING": "latin-1"}
    done = process("info", str(tmp_path / "d.csv"), env=environment)
    assert done.returncode == 0
    assert r"\u6570" in done.stdout


def _interrupted_export(number: int, folder: Path, iris: Path) -> subprocess.CompletedProcess[str]:
    """Signal a process while it writes."""
    command = ["trace", str(iris), "--target", "species", "--hidden", "300,300", "--out", "t.csv"]
    with subprocess.Popen(
        [*PYTHON, *command], cwd=folder, stdout=-1, stderr=-1, text=True
    ) as running:
        while not list(folder.glob(".t.csv.*.part")):
            assert running.poll() is None
        running.send_signal(number)
        out, err = running.communicate()
    return subprocess.CompletedProcess(command, running.returncode, out, err)


@pytest.mark.skipif(os.name == "nt", reason="signals of another kind")
@pytest.mark.parametrize(
    ("number", "code", "words"),
    [(signal.SIGINT, 130, "bpstudio: interrupted\n"), (signal.SIGTERM, 143, "")],
)
def test_a_signal_leaves_no_half_written_file(
    number: int, code: int, words: str, tmp_path: Path, iris: Path
) -> None:
    done = _interrupted_export(number, tmp_path, iris)
    assert (done.returncode, done.stdout, done.stderr) == (code, "", words)
    assert list(tmp_path.iterdir()) == []


def test_python_m_and_the_console_command_are_one() -> None:
    assert process("--version").stdout == f"bpstudio {__version__}\n"
