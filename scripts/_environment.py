"""The virtual environment in .venv: made, filled and checked. Shared by run.py and test.py.

A stamp in it says what was installed for whom; while it holds, a start costs one small file. The
lock beside it lets one process at a time install, and holds a mark while it does: a mark that is
still there when the lock is free was left by an interrupted installation, which is redone.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import time
import tomllib
from collections import deque
from collections.abc import Sequence
from pathlib import Path
from typing import Any, BinaryIO, NoReturn

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
LOCK = ROOT / ".venv.lock"
STAMP = VENV / "bpstudio-setup.json"
WINDOWS = os.name == "nt"
PYTHON = VENV / ("Scripts/python.exe" if WINDOWS else "bin/python")
UNFINISHED = b"unfinished"
LAST_LINES = 12


class SetUpError(Exception):
    """The environment cannot be made; the message says why and what to do."""


def prepare(extras: Sequence[str] = ()) -> None:
    """Make .venv hold the project with these extras; returns at once where it does.

    Ends the process with one clear message where that fails.
    """
    try:
        wanted = fingerprints(extras)
        if not is_current(wanted):
            _set_up_alone(wanted)
    except SetUpError as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        print("\nThe set-up was interrupted; the next start does it again.", file=sys.stderr)
        sys.exit(130)
    except OSError as error:
        sys.exit(f"bpstudio cannot be set up in {ROOT}: {error}")


def hand_over(command: list[str]) -> NoReturn:
    """Become `command`: its exit code, its signals and its terminal are this process's own."""
    if WINDOWS:  # where execv returns to the shell at once
        sys.exit(subprocess.call(command))
    os.execv(command[0], command)


def fingerprints(extras: Sequence[str]) -> dict[str, str]:
    """What pyproject.toml asks for: one digest for a user's needs ("") and one for each extra."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    about = project["project"]
    names = ("version", "requires-python", "dependencies", "scripts")
    needs: dict[str, Any] = {"": [project["build-system"], [about.get(name) for name in names]]}
    needs |= {extra: about["optional-dependencies"][extra] for extra in extras}
    return {name: hashlib.sha256(repr(need).encode()).hexdigest() for name, need in needs.items()}


def is_current(wanted: dict[str, str]) -> bool:
    """Whether a finished set-up of this folder, with this Python, installed what is wanted."""
    stamp = _read_stamp()
    return _is_of_this_place(stamp) and wanted.items() <= stamp["installed"].items()


def _read_stamp() -> dict[str, Any]:
    try:
        stamp: dict[str, Any] = json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stamp


def _is_of_this_place(stamp: dict[str, Any]) -> bool:
    """False once the folder was moved or copied, or its Python is gone or another one."""
    return stamp.get("place") == _place() and PYTHON.exists()


def _place() -> list[str]:
    return [str(ROOT), os.path.realpath(PYTHON)]


def _set_up_alone(wanted: dict[str, str]) -> None:
    """Set up under the lock, unless another process has done so while this one waited."""
    with LOCK.open("a+b") as lock:
        _take(lock)
        if is_current(wanted):
            return
        lock.seek(0)
        interrupted = lock.read() == UNFINISHED
        _mark(lock, UNFINISHED)
        try:
            _set_up(wanted, keep=not interrupted)
        except SetUpError:  # an end like any other: what is installed is whole
            _mark(lock, b"")
            raise
        _mark(lock, b"")


def _take(lock: BinaryIO) -> None:
    """Hold the lock until this process and its pip have ended, waiting for those who hold it."""
    os.set_inheritable(lock.fileno(), True)
    if not _try_to_take(lock):
        _say("Another start is setting bpstudio up; waiting for it ...")
        while not _try_to_take(lock):
            time.sleep(0.2)


def _try_to_take(lock: BinaryIO) -> bool:
    try:
        if sys.platform == "win32":
            lock.seek(1)  # the byte after the mark's: a locked byte cannot be read
            msvcrt.locking(lock.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _mark(lock: BinaryIO, text: bytes) -> None:
    lock.truncate(0)
    lock.write(text)
    lock.flush()


def _set_up(wanted: dict[str, str], keep: bool) -> None:
    start = time.monotonic()
    stamp = _read_stamp()
    keep = keep and (not stamp or _is_of_this_place(stamp)) and _works()
    if not keep:
        _require_venv()
    _say(f"{'Updating' if keep else 'Setting up'} bpstudio in {VENV} (a minute or two, once) ...")
    STAMP.unlink(missing_ok=True)
    if not keep:
        _make()
    extras = ",".join(extra for extra in wanted if extra)
    _install(f"{ROOT}[{extras}]" if extras else str(ROOT))
    _compile_training()
    installed = {**(stamp.get("installed", {}) if keep else {}), **wanted}
    _write_stamp({"place": _place(), "installed": installed})
    _say(f"Set up in {time.monotonic() - start:.0f} s.")


def _write_stamp(stamp: dict[str, Any]) -> None:
    beside = STAMP.with_suffix(".new")
    beside.write_text(json.dumps(stamp, indent=1), encoding="utf-8")
    beside.replace(STAMP)


def _works() -> bool:
    """Whether .venv has a Python that is new enough and has pip."""
    probe = "import pip, sys; sys.exit(sys.version_info < (3, 11))"
    try:
        return subprocess.run([PYTHON, "-c", probe], stderr=subprocess.DEVNULL).returncode == 0
    except OSError:
        return False


def _require_venv() -> None:
    if importlib.util.find_spec("ensurepip") is None or importlib.util.find_spec("venv") is None:
        raise SetUpError(
            f"This Python ({sys.executable}) cannot make virtual environments: its venv module is "
            "not complete. On Debian or Ubuntu: sudo apt-get install "
            f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
        )


def _make() -> None:
    _run([sys.executable, "-m", "venv", "--clear", str(VENV)], "Python's venv module")


def _install(project: str) -> None:
    options = ["--no-input", "--disable-pip-version-check", "--progress-bar", "off"]
    _run([str(PYTHON), "-m", "pip", "install", *options, "--editable", project], "pip")


def _compile_training() -> None:
    """Compile the training loop now, so that the first training need not wait for it."""
    code = "from bpstudio.core import kernels; kernels.fill_cache()"
    command = [str(PYTHON), "-P", "-c", code]
    # where it cannot be compiled now, it is when training first asks for it
    subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False)


def _run(command: list[str], name: str) -> None:
    """Run a step of the set-up, showing its latest line; SetUpError with its last lines."""
    last: deque[str] = deque(maxlen=LAST_LINES)
    with subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        env=_clean_environment(),
        close_fds=False,  # the lock is held as long as this runs
    ) as process:
        for line in process.stdout or ():
            last.append(f"    {line.rstrip()}")
            _show(line.strip())
    _show("")
    if process.returncode:
        raise SetUpError(
            "\n".join(
                [
                    f"bpstudio could not be set up: {name} ended with {process.returncode}. "
                    "Its last lines:",
                    *last,
                    "What to do: see that the network and the disk are there, then start again; "
                    f"if it still fails, delete {VENV} first.",
                ]
            )
        )


def _clean_environment() -> dict[str, str]:
    """The environment without what would make pip install somewhere else."""
    elsewhere = {"PIP_PREFIX", "PIP_ROOT", "PIP_TARGET", "PIP_USER", "PYTHONHOME", "PYTHONPATH"}
    return {name: value for name, value in os.environ.items() if name not in elsewhere}


def _say(line: str) -> None:
    """Tell the user; on standard error, since a command's output may go into a file."""
    print(line, file=sys.stderr, flush=True)


def _show(line: str) -> None:
    """Replace the line of progress on a terminal."""
    if sys.stderr and sys.stderr.isatty():
        width = shutil.get_terminal_size().columns - 1
        print(f"\r\x1b[K{line[:width]}", end="", file=sys.stderr, flush=True)
