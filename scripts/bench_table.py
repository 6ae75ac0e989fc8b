"""What the measurements of bench.py give, and the table that shows it."""

from __future__ import annotations

import os
import platform
import statistics
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Literal

from rich.console import Console
from rich.table import Table

Figure = Literal["median", "worst", "ratio"]

PACKAGES = ("numpy", "numba", "PySide6_Essentials", "pyqtgraph", "torch", "scikit-learn")
HEADINGS = ("what", "median", "worst", "ratio", "target", "met")


@dataclass(frozen=True, slots=True)
class Target:
    """A bound on one figure: ``at_least`` it, else at most."""

    figure: Figure
    bound: float
    at_least: bool = False

    def is_met(self, value: float) -> bool:
        """Whether a figure keeps to it."""
        return value >= self.bound if self.at_least else value <= self.bound

    def __str__(self) -> str:
        sign = "≥" if self.at_least else "≤"
        return f"{self.figure} {sign} {number(self.bound)}"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table. ``ratio`` is to what ``name`` says it is compared with."""

    name: str
    unit: str
    median: float
    worst: float | None = None
    ratio: float | None = None
    targets: tuple[Target, ...] = ()

    @classmethod
    def of(cls, name: str, unit: str, figures: Sequence[float], *targets: Target) -> Row:
        """Median and worst (the largest) of many figures."""
        return cls(name, unit, statistics.median(figures), max(figures), None, targets)

    @property
    def met(self) -> bool:
        """Whether every target is met; True where there is none."""
        return all(target.is_met(getattr(self, target.figure)) for target in self.targets)

    def cells(self) -> tuple[str, ...]:
        """The line as text, under `HEADINGS`."""
        return (
            self.name,
            f"{number(self.median)} {self.unit}",
            "" if self.worst is None else f"{number(self.worst)} {self.unit}",
            "" if self.ratio is None else f"{number(self.ratio)} ×",
            ", ".join(map(str, self.targets)),
            ("yes" if self.met else "NO") if self.targets else "",
        )


def number(value: float) -> str:
    """Three digits, without an exponent: 0.0123, 1.23, 12.3, 123, 12,345."""
    if abs(value) >= 100:
        return f"{value:,.0f}"
    text = f"{value:.3g}"
    return text if "e" not in text else f"{value:.6f}"


def lines(rows: Iterable[Row]) -> list[str]:
    """The table for a pipe: columns of equal width, no colours."""
    cells = [HEADINGS, *(row.cells() for row in rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in cells
    ]


def show(rows: Sequence[Row]) -> None:
    """Print the table, in colour on a terminal."""
    if not sys.stdout.isatty():
        print("\n".join(lines(rows)), flush=True)
        return
    table = Table(*HEADINGS)
    for row in rows:
        table.add_row(*row.cells(), style=None if row.met else "bold red")
    Console().print(table)


def show_machine(where: str) -> None:
    """Print what the figures were measured with."""
    print("\n".join(machine(where)), end="\n\n", flush=True)


def machine(where: str) -> list[str]:
    """Cores, memory, Python, the packages that matter, and where windows open."""
    installed = [f"{name} {found}" for name in PACKAGES if (found := _version(name))]
    return [
        f"{os.cpu_count()} cores, {_memory()}{platform.system()} {platform.machine()}",
        f"Python {platform.python_version()}, {', '.join(installed)}",
        f"Windows: {where}",
        *([f"Load: {os.getloadavg()[0]:.1f}"] if hasattr(os, "getloadavg") else []),
    ]


def _memory() -> str:
    if not hasattr(os, "sysconf"):
        return ""
    n_bytes = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return f"{n_bytes / 2**30:.0f} GiB, "


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None
