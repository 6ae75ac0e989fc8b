"""Files that are cut off, made up or traps: what makes them, and what is asked of their reader."""

from __future__ import annotations

import os
import tracemalloc
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, settings

from bpstudio.core.errors import InputError
from tests.files import runs
from tests.files.runs import npy

Load = Callable[[Path], Any]

DIRECTORY = b"PK\x01\x02"  # what an entry of a zip's directory begins with
NO_ZIPS = (b"", b"PK", b"a,b\n1,2\n", b"\x00" * 1000, b"PK\x05\x06" * 50)
OTHER_NAMES = ("../../etc/passwd", "/etc/passwd", "C:/x.npy")
ODD = (-1, 0, 1, 3, 2**53, 10**30, 1e308, -0.5, "", "relu", None, True, [], {}, [1], ["a"])
ARRAYS = {
    "empty": npy(np.zeros(0)),
    "NaN": npy(np.full((12, 3), np.nan)),
    "whole": npy(np.arange(12)),
    "large": npy(np.full(9, 2**62)),
    "text": npy(np.array(["a"])),
    "absurd": npy(np.zeros(3)).replace(b"(3,)", b"(9999999999999,)"),
}


def one_folder(examples: int) -> settings:
    """So many examples, all with the same files."""
    fixtures = [HealthCheck.function_scoped_fixture]
    return settings(suppress_health_check=fixtures, deadline=None, max_examples=examples)


# ---- what is asked of a reader -----------------------------------------------------------------


def refusal(load: Load, path: Path) -> str:
    """The one clear error that a file is refused with."""
    with pytest.raises(InputError) as caught:
        load(path)
    return _clear(caught.value, path)


def require_refused_or(load: Load, path: Path, usable: Callable[[Any], object]) -> None:
    """A file is refused with a clear error, or what it holds is usable."""
    try:
        found = load(path)
    except InputError as error:
        _clear(error, path)
    else:
        usable(found)


def require_refused_or_same(
    load: Load, save: Callable[[Any, Path], None], good: Path, bad: Path
) -> None:
    """A file is refused, or holds the same as the good one."""

    def same(found: Any) -> None:
        save(found, bad)
        assert bad.read_bytes() == good.read_bytes()

    require_refused_or(load, bad, same)


def _clear(error: InputError, path: Path) -> str:
    said = str(error)
    assert path.name in said
    assert "\n" not in said
    assert len(said) < 400
    return said


@contextmanager
def little_memory(most_bytes: int) -> Iterator[None]:
    """No more than so many bytes are taken at any moment."""
    tracemalloc.start()
    try:
        yield
        assert tracemalloc.get_traced_memory()[1] < most_bytes
    finally:
        tracemalloc.stop()


# ---- what breaks a file ------------------------------------------------------------------------


def prefixes(good: Path, bad: Path) -> Iterator[int]:
    """Make the other file every start of the good one, the longest first."""
    whole = good.read_bytes()
    bad.write_bytes(whole)
    for length in reversed(range(len(whole))):
        os.truncate(bad, length)
        yield length


def flips(good: Path, bad: Path, places: Iterable[int], flip: int = 0xFF) -> Iterator[int]:
    """Make the other file the good one with another byte, at each of these places."""
    whole = good.read_bytes()
    for at in places:
        changed = bytearray(whole)
        changed[at] ^= flip
        bad.write_bytes(changed)
        yield at


def write_bomb(good: Path, bad: Path, member: str) -> None:
    """The good file with 50 MB in one of its members, all of them packed."""
    bomb = {member: b"0" * 50_000_000}
    runs.write(bad, {**runs.members(good), **bomb}, zipfile.ZIP_DEFLATED)


def with_array(good: Path, bad: Path, array: bytes) -> Iterator[str]:
    """Make the other file the good one with another array, at the place of each it has."""
    contents = runs.members(good)
    for name in contents:
        if name.endswith(".npy"):
            runs.write(bad, runs.signed({**contents, name: array}))
            yield name


def with_text(good: Path, bad: Path, member: str, old: bytes, new: bytes) -> None:
    """The good file with something else in the text of a member."""
    contents = runs.members(good)
    text = contents[member].replace(old, new)
    assert text != contents[member]
    runs.write(bad, runs.signed({**contents, member: text}))
