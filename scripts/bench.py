"""Measure what has to be fast, and print a table: python3 scripts/bench.py [options]

--quick       a short run: less certain figures, in about two minutes
--only NAME   only this measurement; may be given several times
--no-peers    do not install PyTorch and scikit-learn, and leave the comparison with them out

Windows open on an X server of their own (Xvfb) where there is one, else offscreen. Nothing else
should be running. Exit code 1 where a target is missed.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack, contextmanager
from importlib import import_module
from typing import TYPE_CHECKING

import _checks
import _environment

if TYPE_CHECKING:  # it needs what is set up first
    from bench_table import Row

# each is a module of its own with measure(quick) -> rows, run in a process of its own
MEASUREMENTS = {
    "stepping": "bench_stepping",
    "continuing": "bench_continuing",
    "sequence": "bench_sequence",
    "export": "bench_export",
    "start": "bench_start",
    "responsive": "bench_responsive",
    "travel": "bench_travel",
    "import": "bench_import",
    "training": "bench_training",
}
NEED_PEERS = frozenset({"training"})


def main(arguments: list[str]) -> int:
    """Set up, measure, print; 0 where every target is met."""
    options = parse(arguments)
    names = chosen(options)
    if not runs_in_environment():
        _environment.prepare(("peers",) if NEED_PEERS & set(names) else ())
        _environment.hand_over([str(_environment.PYTHON), os.path.abspath(__file__), *arguments])
    table = import_module("bench_table")
    with windows() as where:
        table.show_machine(where)
        rows = [row for name in names for row in measured(name, options.quick)]
    table.show(rows)
    return 0 if all(row.met for row in rows) else 1


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """The options of the command line."""
    text = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=text, usage="bench.py")
    parser.add_argument("--quick", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--no-peers", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--only", action="append", choices=MEASUREMENTS, help=argparse.SUPPRESS)
    return parser.parse_args(arguments)


def chosen(options: argparse.Namespace) -> list[str]:
    """The measurements asked for, in the order of the table."""
    asked = options.only or MEASUREMENTS
    left_out = NEED_PEERS if options.no_peers else frozenset()
    return [name for name in MEASUREMENTS if name in asked and name not in left_out]


def runs_in_environment() -> bool:
    """Whether this Python is that of .venv."""
    return os.path.realpath(sys.prefix) == str(_environment.VENV)


def measured(name: str, quick: bool) -> list[Row]:
    """The rows of one measurement, made in a fresh process."""
    print(f"Measuring: {name} ...", file=sys.stderr, flush=True)
    context = multiprocessing.get_context("spawn")
    try:
        with ProcessPoolExecutor(max_workers=1, mp_context=context) as pool:
            return pool.submit(run, MEASUREMENTS[name], quick).result()
    except BrokenProcessPool:
        sys.exit(f"The measurement {name} ended before it had a result.")


def run(module: str, quick: bool) -> list[Row]:
    """In the process of a measurement: its rows."""
    return list(import_module(module).measure(quick))


@contextmanager
def windows() -> Iterator[str]:
    """Let windows open on a server of their own, with the settings of a new user; → where."""
    with ExitStack() as stack:
        settings = stack.enter_context(tempfile.TemporaryDirectory(prefix="bpstudio-bench-"))
        os.environ["BPSTUDIO_CONFIG_DIR"] = settings
        if os.environ.get("QT_QPA_PLATFORM"):
            yield f"QT_QPA_PLATFORM={os.environ['QT_QPA_PLATFORM']}, as set"
            return
        lacking = sys.platform != "linux" or _checks.missing_packages()
        display = "" if lacking else stack.enter_context(_checks.x_server())
        os.environ["QT_QPA_PLATFORM"] = "xcb" if display else "offscreen"
        if display:
            os.environ["DISPLAY"] = display
        yield f"Xvfb {_checks.SCREEN} at {display}" if display else "offscreen (no Xvfb here)"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
