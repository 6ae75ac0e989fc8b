"""Writing a trace to a file; the suffix picks the format."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import BinaryIO

from bpstudio.core.errors import InputError
from bpstudio.core.limits import size_text
from bpstudio.core.network import Network
from bpstudio.core.selection import Selection
from bpstudio.core.trace import Trace
from bpstudio.files.atomic import require_writable, writing_bytes
from bpstudio.files.network_json import network_bytes
from bpstudio.files.trace_csv import write_csv
from bpstudio.files.trace_export import Export, ignore
from bpstudio.files.trace_json import write_json, write_json_lines
from bpstudio.files.trace_npz import write_npz

Writer = Callable[[Export, BinaryIO], int]


def _write_parquet(export: Export, file: BinaryIO) -> int:
    """The library is loaded by who writes with it."""
    from bpstudio.files.trace_parquet import write_parquet  # noqa: PLC0415

    return write_parquet(export, file)


FORMATS: Mapping[str, Writer] = MappingProxyType(
    {
        ".json": write_json,
        ".jsonl": write_json_lines,
        ".csv": write_csv,
        ".parquet": _write_parquet,
        ".npz": write_npz,
    }
)


def write_trace(
    trace: Trace,
    path: str | os.PathLike[str],
    selection: Selection | None = None,
    advanced: Callable[[int], None] = ignore,
    prefix: str = "",
) -> int:
    """Write the chosen steps (all, where none are chosen); → how many there were.

    The file appears when it is complete. ``advanced`` is told, now and then, how many more are
    written. ``prefix``: the iteration e3/b4/ of a recorded run. InputError for an unknown suffix,
    a place where nothing can be written, and a selection that no step fits.
    """
    chosen = selection or Selection()
    return write_export(Export(trace, chosen, prefix, advanced=advanced), path)


def write_export(export: Export, path: str | os.PathLike[str]) -> int:
    """Write what is to be written of a trace, likewise."""
    write = FORMATS[trace_suffix(path)]
    require_room(export.trace.network, path)
    export.require_any()
    with writing_bytes(path) as file:
        return write(export, file)


def trace_suffix(path: str | os.PathLike[str]) -> str:
    """The suffix of a trace file, in small letters. InputError names those there are."""
    suffix = Path(path).suffix.lower()
    if suffix not in FORMATS:
        given = f"ends in {suffix}" if suffix else "has no suffix"
        known = ", ".join(FORMATS)
        raise InputError(f"{os.fspath(path)!r} {given}, which picks the format; use {known}")
    return suffix


def require_room(network: Network, path: str | os.PathLike[str]) -> int:
    """Bytes that the network takes in a trace of this suffix. InputError where the disk is full."""
    if trace_suffix(path) != ".json":
        return 0
    needed = network_bytes(network)
    free = shutil.disk_usage(require_writable(path).parent).free
    if needed > free:
        raise InputError(
            f"{path}: the network alone takes {size_text(needed)}, {size_text(free)} are free; "
            f"use .jsonl or .csv, which hold the steps alone"
        )
    return needed
