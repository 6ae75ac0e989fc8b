"""What a request may cost at most, asked before anything is allocated."""

from __future__ import annotations

import math
import os

from bpstudio.core.errors import InputError

_SHARE = 0.7  # of the machine's memory; the rest is the system's and the window's
_ASSUMED = 8 * 2**30  # where the machine does not tell


def memory_limit() -> int:
    """Bytes that one request may take."""
    try:
        total = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, OSError, ValueError):
        total = _ASSUMED
    return int(_SHARE * total)


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
        raise InputError(
            f"{what} needs {size_text(n_bytes)} of memory, this machine allows "
            f"{size_text(limit)}; {remedy}"
        )
