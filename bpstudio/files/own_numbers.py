"""Somebody's own numbers of a pass: JSON Lines, each {"address": "s52/loss/C", "value": 0.25}.

Other keys are left alone, so the steps that `write_trace` writes as .jsonl are such a file.
"""

from __future__ import annotations

import os
from pathlib import Path

import msgspec

from bpstudio.core.errors import InputError
from bpstudio.core.limits import require_memory

_IN_MEMORY = 4  # times the text
_RIGHT = 'a line reads like {"address": "s52/loss/C", "value": 0.25}'


class _Line(msgspec.Struct):
    address: str
    value: float | str


def read_numbers(path: str | os.PathLike[str]) -> dict[str, float]:
    """The numbers by their addresses. InputError names the file and the line at fault."""
    name = Path(path).name
    try:
        with open(path, "rb") as file:
            size = os.fstat(file.fileno()).st_size
            require_memory(_IN_MEMORY * size, f"reading {name}", "give fewer numbers")
            lines = file.read().splitlines()
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror or error}") from error
    found: dict[str, float] = {}
    for n, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        address, value = _read(line, f"{name}, line {n}")
        if address in found:
            raise InputError(f"{name}, line {n}: {address} is there twice; give it once")
        found[address] = value
    if not found:
        raise InputError(f"{name} holds no numbers; {_RIGHT}")
    return found


def _read(line: bytes, place: str) -> tuple[str, float]:
    try:
        read = msgspec.json.decode(line, type=_Line)
        return read.address, float(read.value)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, ValueError) as error:
        raise InputError(f"{place}: {error}; {_RIGHT}") from error
