"""What a request may cost at most, asked before anything is allocated."""

from __future__ import annotations

import math
import os

from bpstudio.core.errors import MemoryLimitError

_SHARE = 0.7  # of the machine's memory; the rest is the system's and the window's
_FREE_SHARE = 0.5  # of what is free now, for a data file
_MOST = 8 * 2**30  # for a data file, however much is free
_ASSUMED = 8 * 2**30  # where the machine does not tell


def memory_limit() -> int:
    """Bytes that one request may take."""
    try:
        total = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, OSError, ValueError):
        total = _ASSUMED
    return int(_SHARE * total)


def reading_limit() -> int:
    """Bytes that the table of a data file may take: half of what is free now, 8 GB at most."""
    return min(int(_FREE_SHARE * _free_memory()), _MOST)


def _free_memory() -> int:
    """Bytes that can be used without displacing others, where the machine tells."""
    try:
        with open("/proc/meminfo", encoding="ascii") as file:
            found = next(line for line in file if line.startswith("MemAvailable:"))
        return int(found.split()[1]) * 1024
    except (OSError, StopIteration, ValueError, IndexError):
        return memory_limit()


def size_text(n_bytes: float) -> str:
    """A number of bytes as people write it: 1.5 GB."""
    units = ("bytes", "kB", "MB", "GB", "TB", "PB")
    power = min(int(math.log(max(n_bytes, 1), 1000)), len(units) - 1)
    amount = n_bytes / 1000**power
    return f"{amount:.3g} {units[power]}" if amount < 999.5 else f"{amount:.0f} {units[power]}"


def require_memory(n_bytes: int, what: str, remedy: str) -> None:
    """Refuse what would not fit. ``what`` reads as a subject, ``remedy`` as an imperative."""
    limit = memory_limit()
    if n_bytes > limit:
        raise MemoryLimitError(
            f"{what} needs {size_text(n_bytes)} of memory, this machine allows "
            f"{size_text(limit)}; {remedy}"
        )
