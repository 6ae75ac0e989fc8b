"""Files that are no recorded runs, or were tampered with: one clear error each, nothing else."""

from __future__ import annotations

import json
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpstudio.core import limits
from bpstudio.files import run_archive
from bpstudio.files.run_file import load_run, save_run
from bpstudio.files.run_replay import verify
from tests.files import hostile, runs
from tests.files.hostile import DIRECTORY, NO_ZIPS, OTHER_NAMES, little_memory
from tests.files.runs import npy, places, putting


@pytest.fixture
def good(tmp_path: Path) -> Path:
    """A file as it should be."""
    save_run(runs.run(), tmp_path / "good.bps")
    return tmp_path / "good.bps"


@pytest.fixture
def bad(tmp_path: Path) -> Path:
    """Where the other file goes."""
    return tmp_path / "bad.bps"


def refusal(path: Path) -> str:
    return hostile.refusal(load_run, path)


def require_refused_or_same(good: Path, bad: Path) -> None:
    hostile.require_refused_or_same(load_run, save_run, good, bad)


# ---- cut off, or with a byte that is another ---------------------------------------------------


def test_every_prefix_of_a_file_is_refused(good: Path, bad: Path) -> None:
    for _ in hostile.prefixes(good, bad):
        assert "is no recorded run, or only the start of one" in refusal(bad)


@hostile.one_folder(150)
@given(share=st.floats(0, 1, exclude_max=True), flip=st.integers(1, 255))
def test_a_file_with_another_byte_is_refused_or_the_same_run(
    share: float, flip: int, good: Path, bad: Path
) -> None:
    at = int(share * good.stat().st_size)
    for _ in hostile.flips(good, bad, [at], flip):
        require_refused_or_same(good, bad)


def test_every_byte_of_the_ends_may_be_another(good: Path, bad: Path) -> None:
    whole = good.read_bytes()
    at = (*range(0, 120, 2), *range(whole.index(DIRECTORY), len(whole), 3))
    for _ in hostile.flips(good, bad, at):
        require_refused_or_same(good, bad)


@pytest.mark.parametrize("content", NO_ZIPS)
def test_what_is_no_zip_is_refused(content: bytes, bad: Path) -> None:
    bad.write_bytes(content)
    assert "is no recorded run" in refusal(bad)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    assert "cannot be read" in refusal(tmp_path / "absent.bps")


def test_a_folder_is_refused(bad: Path) -> None:
    bad.mkdir()
    assert "cannot be read" in refusal(bad)


# ---- zips that are traps -----------------------------------------------------------------------


def test_a_packed_member_is_refused_before_it_is_unpacked(good: Path, bad: Path) -> None:
    hostile.write_bomb(good, bad, "run.json")
    with little_memory(2_000_000):
        assert "is packed or encrypted" in refusal(bad)


@pytest.mark.parametrize("name", [*OTHER_NAMES, "data\\x.npy", "run.pkl", "é.npy"])
def test_members_of_other_names_are_refused(name: str, good: Path, bad: Path) -> None:
    runs.write(bad, runs.signed({**runs.members(good), name: b"x"}))
    assert "it has a member" in refusal(bad)


def test_members_that_overlap_are_refused(good: Path, bad: Path) -> None:
    whole = bytearray(good.read_bytes())
    first = whole.index(DIRECTORY)
    second = whole.index(DIRECTORY, first + 4)
    third = whole.index(DIRECTORY, second + 4)
    whole[third + 42 : third + 46] = whole[second + 42 : second + 46]
    bad.write_bytes(whole)
    assert "overlaps another member" in refusal(bad)


def test_something_before_or_between_the_members_is_refused(good: Path, bad: Path) -> None:
    bad.write_bytes(b"#!/bin/sh\n" + good.read_bytes())
    assert "its directory does not fit its size" in refusal(bad)


def test_a_member_that_is_there_twice_is_refused(good: Path, bad: Path) -> None:
    contents = runs.members(good)
    runs.write(bad, {**contents, "ran.json": contents["run.json"]})
    bad.write_bytes(bad.read_bytes().replace(b"ran.json", b"run.json"))
    assert "there twice" in refusal(bad)


def test_a_directory_of_absurd_size_is_not_read(good: Path, bad: Path) -> None:
    whole = good.read_bytes()
    count, start = 10_000, whole.index(DIRECTORY)
    entries = DIRECTORY + b"\x00" * 42
    directory = entries * 200_000
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, count, count, len(directory), start, 0)
    bad.write_bytes(whole[:start] + directory + end)
    assert "larger than its members need" in refusal(bad)


def test_a_zip64_that_names_another_directory_is_refused(good: Path, bad: Path) -> None:
    whole = good.read_bytes()
    start, end = whole.index(DIRECTORY), whole[-22:]
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, 0, 1)
    length = len(whole) - 22 - start + len(locator)
    bad.write_bytes(whole[:-22] + locator + end[:12] + struct.pack("<L", length) + end[16:])
    assert "zip64" in refusal(bad)


def test_a_file_larger_than_memory_is_refused(good: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "memory_limit", lambda: 10_000)
    assert "of memory" in refusal(good)


def test_a_text_of_absurd_size_is_not_read(good: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_archive, "LARGEST_TEXT", 100)
    assert "too many" in refusal(good)


# ---- hashes and versions -----------------------------------------------------------------------


def test_a_member_that_is_not_what_the_manifest_says_is_named(good: Path, bad: Path) -> None:
    contents = runs.members(good)
    changed = bytearray(contents["data/0/features.npy"])
    changed[-1] ^= 1
    runs.write(bad, {**contents, "data/0/features.npy": bytes(changed)})
    assert "data/0/features.npy is not what the manifest says" in refusal(bad)


@pytest.mark.parametrize("more", [True, False])
def test_members_that_the_manifest_does_not_name_are_refused(
    more: bool, good: Path, bad: Path
) -> None:
    contents = runs.members(good)
    if more:
        contents["more.json"] = b"{}"
    else:
        del contents["run.json"]
    runs.write(bad, contents)
    assert ("more.json" if more else "run.json") in refusal(bad)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"version": 2, "more": []}, "'bpstudio-run' version 2; this bpstudio reads"),
        ({"format": "bpstudio-trace"}, "'bpstudio-trace' version 1"),
        ({"members": 3}, "Expected `object`"),
    ],
)
def test_other_formats_and_versions_are_told(
    change: dict[str, Any], words: str, good: Path, bad: Path
) -> None:
    contents = runs.members(good)
    manifest = {**json.loads(contents["manifest.json"]), **change}
    runs.write(bad, {**contents, "manifest.json": json.dumps(manifest).encode()})
    assert words in refusal(bad)


def test_no_number_is_nan_in_json(good: Path, bad: Path) -> None:
    hostile.with_text(good, bad, "run.json", b'"lr":0.1', b'"lr":NaN')
    assert "run.json: JSON is malformed" in refusal(bad)


def test_deeply_nested_json_is_refused(good: Path, bad: Path) -> None:
    deep = b'"experiment":{"x":' + b"[" * 100_000
    hostile.with_text(good, bad, "run.json", b'"experiment":{', deep)
    assert "run.json: " in refusal(bad)


# ---- contents that do not fit together ---------------------------------------------------------

ODD = (*hostile.ODD[:4], 10**6, *hostile.ODD[4:])


def test_no_value_of_the_json_is_believed(good: Path, bad: Path) -> None:
    found = json.loads(runs.members(good)["run.json"])
    for number, place in enumerate(places(found)):
        for odd in ODD if place and place[0] in ("segments", "data") else ODD[number % 3 :: 3]:
            if place:
                runs.tampered(good, bad, putting(place, odd))
                require_refused_or_usable(bad)


def require_refused_or_usable(path: Path) -> None:
    hostile.require_refused_or(load_run, path, lambda run: verify(run, seconds=0.0))


ARRAYS = hostile.ARRAYS | {
    "zeros": npy(np.zeros(3)),
    "ones": npy(np.ones((12, 3))),
    "negative": npy(np.full(12, -1)),
    "states": npy(np.full((4, 4), 2**62)),
    "float32": npy(np.zeros((12, 3), "f4")),
    "columns": npy(np.asfortranarray(np.zeros((12, 3)))),
    "version 2": npy(np.zeros(3)).replace(b"NUMPY\x01", b"NUMPY\x02"),
    "no array": b"abc",
    "negative size": npy(np.zeros(3)).replace(b"(3,),", b"(-3,),"),
    "code": npy(np.zeros(3)).replace(b"(3,)", b"(__import__('os').system('true'),)"),
}


@pytest.mark.parametrize("kind", ARRAYS)
def test_no_array_is_believed(kind: str, good: Path, bad: Path) -> None:
    for _ in hostile.with_array(good, bad, ARRAYS[kind]):
        require_refused_or_usable(bad)


def test_a_pickle_is_never_opened(good: Path, bad: Path) -> None:
    contents = runs.members(good)
    trap = npy(np.array([Trap()], dtype=object))
    runs.write(bad, runs.signed({**contents, "data/0/features.npy": trap}))
    assert "it must hold 64-bit numbers" in refusal(bad)


class Trap:
    """Whoever unpickles it ends the tests."""

    def __reduce__(self) -> tuple[Any, ...]:
        return (SystemExit, ("unpickled",))


@pytest.mark.parametrize(
    ("place", "value", "words"),
    [
        (("segments", 0, "first"), 1, "begin with updates"),
        (("length",), 10**9, "too far apart"),
        (("length",), 5, "does not fit its segment"),
        (("segments", 0, "data"), 1, "there is no data set 1"),
        (("segments", 0, "settings", "update", "lr"), -1.0, "the learning rate is -1.0"),
        (("segments", 0, "settings", "loss"), "l9", "there is no loss 'l9'"),
        (("segments", 0, "settings", "engine"), "eval", "Invalid enum value 'eval'"),
        (("segments", 0, "network", "sizes"), [3, 10**9, 2], "it must have"),
        (("segments", 0, "network", "activations"), ["x", "tanh"], "there is no activation 'x'"),
        (("segments", 0, "states", "slots"), "data/0/rows.npy", "it must have"),
        (("data", 0, "features"), "../secret", "../secret is missing"),
        (("data", 0, "training"), "data/0/validation.npy", "its split do not fit"),
        (("curves", "batch_losses", "count"), 3, "points for 3"),
    ],
)
def test_what_does_not_fit_is_named(
    place: tuple[Any, ...], value: Any, words: str, good: Path, bad: Path
) -> None:
    runs.tampered(good, bad, putting(place, value))
    assert words in refusal(bad)
