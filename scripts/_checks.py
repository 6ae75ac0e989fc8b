"""The checks of test.py: where their windows open, what runs, and the summary."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from _environment import PYTHON, ROOT, prepare

WORKERS = 2
BESIDE = ("mypy", "import contracts")  # run while the tests do; what they say follows
SCREEN = "1920x1200x24"
# what the slow tests open files with, and the Debian package that has it
OPENERS = {"pdflatex": "texlive-latex-base", "chromium": "chromium"}
LINT_IMPORTS = "from importlinter.cli import lint_imports_command as main; main()"
MISSING = (
    "import json; from bpstudio.ui.system import missing_libraries as missing; "
    "print(json.dumps([package for _, package in missing('xcb')]))"
)


@dataclass(frozen=True, slots=True)
class Result:
    """How one check ended, and after how many seconds."""

    name: str
    passed: bool
    seconds: float


def main(arguments: list[str]) -> int:
    """Run every check, whatever the others say; 0 where all passed."""
    if {"-h", "--help"} & set(arguments):
        print(sys.modules["__main__"].__doc__)
        return 0
    everything = "--all" in arguments
    pytest = [argument for argument in arguments if argument != "--all"]
    prepare(("test", "peers", "docs") if everything else ("test",))
    if everything:
        install_openers()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # and so end the X servers
    try:
        return run_all(checks(everything, pytest))
    except KeyboardInterrupt:
        return 130


def run_all(commands: dict[str, list[str]]) -> int:
    """Run the checks, print what they say one after the other, and a summary; 0: all passed."""
    beside = {name: command for name, command in commands.items() if name in BESIDE}
    with windows() as (environment, where), begun(beside, environment) as begun_ones:
        print(f"Windows of the tests: {where}", flush=True)
        done = {
            name: run(name, command, environment)
            for name, command in commands.items()
            if name not in beside
        }
        done |= {name: told(name, future) for name, future in begun_ones.items()}
    results = [done[name] for name in commands]
    print(summary(results, environment["QT_QPA_PLATFORM"]), flush=True)
    return 0 if all(result.passed for result in results) else 1


def checks(everything: bool, pytest: Sequence[str]) -> dict[str, list[str]]:
    """What runs, in order: the arguments of Python under the name of the check."""
    slow = ["-m", ""] if everything else []
    return {
        "ruff check": ["-m", "ruff", "check", "--quiet", "."],
        "ruff format": ["-m", "ruff", "format", "--check", "--quiet", "."],
        "mypy": ["-m", "mypy", "--no-error-summary"],
        "import contracts": ["-c", LINT_IMPORTS],
        "pytest": ["-m", "pytest", "-n", str(WORKERS), *slow, *pytest],
    }


def run(name: str, arguments: list[str], environment: dict[str, str]) -> Result:
    """Run one check with the environment's Python, its output shown as it comes."""
    print(f"\n--- {name}", flush=True)
    start = time.monotonic()
    done = subprocess.run(
        [PYTHON, *arguments], cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, check=False
    )
    return Result(name, done.returncode == 0, time.monotonic() - start)


@contextmanager
def begun(
    commands: dict[str, list[str]], environment: dict[str, str]
) -> Iterator[dict[str, Future[tuple[Result, str]]]]:
    """Checks that run on the side: how each ends and what it says. They end with the others."""
    start = time.monotonic()
    processes = {
        name: subprocess.Popen(
            [PYTHON, *arguments],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        for name, arguments in commands.items()
    }

    def ended(name: str) -> tuple[Result, str]:
        said, _ = processes[name].communicate()
        return Result(name, processes[name].returncode == 0, time.monotonic() - start), said

    with ThreadPoolExecutor(max(1, len(processes))) as pool:
        try:
            yield {name: pool.submit(ended, name) for name in processes}
        finally:
            for process in processes.values():
                process.terminate()


def told(name: str, future: Future[tuple[Result, str]]) -> Result:
    """Wait for a check that ran on the side, and show what it said."""
    result, said = future.result()
    print(f"\n--- {name}\n{said}", end="", flush=True)
    return result


def summary(results: Sequence[Result], platform: str) -> str:
    """A line for each check with its time, and last the word on all of them."""
    lines = [
        f"{result.name:<20}{'ok' if result.passed else 'FAILED':<8}{result.seconds:6.1f} s"
        for result in results
    ]
    failed = [result.name for result in results if not result.passed]
    verdict = f"Failed: {', '.join(failed)}" if failed else "Every check is fine"
    return "\n".join(["", *lines, f"{verdict} (windows: {platform})"])


# Where windows open ----------------------------------------------------------------------


@contextmanager
def windows() -> Iterator[tuple[dict[str, str], str]]:
    """The environment in which the tests' windows open, and the name of that place.

    Each worker has an X server of its own: on a shared one they take each other's focus.
    """
    if os.environ.get("QT_QPA_PLATFORM"):
        yield inherited(), f"QT_QPA_PLATFORM={os.environ['QT_QPA_PLATFORM']}, as set"
        return
    lacking = install_what_is_missing() if sys.platform == "linux" else "no X server here"
    with ExitStack() as stack:
        displays = [] if lacking else [stack.enter_context(x_server()) for _ in range(WORKERS)]
        if displays and all(displays):
            own = {"QT_QPA_PLATFORM": "xcb", "BPSTUDIO_TEST_DISPLAYS": " ".join(displays)}
            where = f"Xvfb {SCREEN} at {' and '.join(displays)}"
        else:
            own = {"QT_QPA_PLATFORM": "offscreen"}
            where = f"offscreen ({lacking or 'Xvfb did not start'})"
        yield {**inherited(), **own}, where


def inherited() -> dict[str, str]:
    """The environment, in which Python keeps what it compiles: the tests start it often."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def install_what_is_missing() -> str:
    """Have Xvfb and the libraries of Qt; what is still lacking, and how to get it ("": nothing)."""
    remedy = installed(missing_packages)
    return f"for real ones: {remedy}" if remedy else ""


def install_openers() -> None:
    """Have what derivations are opened with; where it is not there, tests of them are skipped."""
    remedy = installed(missing_openers)
    if remedy:
        print(f"Tests that open derivations are skipped; for them: {remedy}", flush=True)


def installed(missing: Callable[[], list[str]]) -> str:
    """Install the Debian packages that are missing; how to get those that still are ("": none)."""
    packages = missing()
    as_root = hasattr(os, "geteuid") and os.geteuid() == 0
    if packages and shutil.which("apt-get") and as_root:
        apt_get(packages)
        packages = missing()
    command = "apt-get install" if as_root else "sudo apt-get install"
    return f"{command} {' '.join(packages)}" if packages else ""


def missing_openers() -> list[str]:
    """The Debian packages of the programs that open derivations and that are not there."""
    return [package for program, package in OPENERS.items() if not shutil.which(program)]


def missing_packages() -> list[str]:
    """The Debian packages that a window on Xvfb needs and that are not there."""
    xvfb = [] if shutil.which("Xvfb") else ["xvfb"]
    asked = subprocess.run([PYTHON, "-c", MISSING], cwd=ROOT, capture_output=True, text=True)
    libraries = json.loads(asked.stdout) if asked.returncode == 0 else []
    return list(dict.fromkeys([*xvfb, *libraries]))


def apt_get(packages: Sequence[str]) -> None:
    """Install Debian packages as root; where that fails the tests go on without them."""
    print(f"Installing {', '.join(packages)} ...", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    options = ["-qq", "-o", "DPkg::Lock::Timeout=300"]
    install = ["install", "--yes", "--no-install-recommends", *packages]
    for command in (["update"], install):
        subprocess.run(
            ["apt-get", *options, *command],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            check=False,
        )


@contextmanager
def x_server() -> Iterator[str]:
    """An Xvfb on a free display, such as ":1", ended at the end; "" where it does not start."""
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", SCREEN, "-nolisten", "tcp"]
    with subprocess.Popen(
        command,
        pass_fds=[writing],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as server:
        os.close(writing)
        with os.fdopen(reading) as answer:
            number = answer.readline().strip()
        try:
            yield f":{number}" if number else ""
        finally:
            server.terminate()
