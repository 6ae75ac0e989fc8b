"""Files that are no sessions, or were tampered with: one clear error each, in little memory."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpstudio.core import limits
from bpstudio.core.errors import InputError
from bpstudio.files import run_archive, run_segments
from bpstudio.files.run_file import load_run
from bpstudio.files.session_file import load_session, save_session
from tests.files import hostile, runs
from tests.files.hostile import ARRAYS, DIRECTORY, NO_ZIPS, ODD, OTHER_NAMES, little_memory
from tests.files.runs import places, putting
from tests.files.saved import saved


@pytest.fixture
def good(tmp_path: Path) -> Path:
    """A file as it should be."""
    save_session(saved(), tmp_path / "good.bps")
    return tmp_path / "good.bps"


@pytest.fixture
def bad(tmp_path: Path) -> Path:
    """Where the other file goes."""
    return tmp_path / "bad.bps"


def refusal(path: Path) -> str:
    return hostile.refusal(load_session, path)


def require_refused_or_same(good: Path, bad: Path) -> None:
    hostile.require_refused_or_same(load_session, save_session, good, bad)


# ---- cut off, or with a byte that is another ---------------------------------------------------


def test_every_prefix_of_a_file_is_refused(good: Path, bad: Path) -> None:
    for _ in hostile.prefixes(good, bad):
        assert "is no session, or only the start of one" in refusal(bad)


def test_a_start_with_the_end_of_the_whole_is_refused(good: Path, bad: Path) -> None:
    whole = good.read_bytes()
    directory = whole.index(DIRECTORY)
    for length in range(0, directory, 499):
        bad.write_bytes(whole[:length] + whole[directory:])
        assert "is damaged or no session" in refusal(bad)


@hostile.one_folder(60)
@given(share=st.floats(0, 1, exclude_max=True), flip=st.integers(1, 255))
def test_a_file_with_another_byte_is_refused_or_the_same_session(
    share: float, flip: int, good: Path, bad: Path
) -> None:
    at = int(share * good.stat().st_size)
    for _ in hostile.flips(good, bad, [at], flip):
        require_refused_or_same(good, bad)


def test_bytes_of_the_directory_may_be_others(good: Path, bad: Path) -> None:
    whole = good.read_bytes()
    at = (*range(0, 90, 3), *range(whole.index(DIRECTORY), len(whole), 31))
    for _ in hostile.flips(good, bad, at):
        require_refused_or_same(good, bad)


@pytest.mark.parametrize("content", NO_ZIPS)
def test_what_is_no_zip_is_refused(content: bytes, bad: Path) -> None:
    bad.write_bytes(content)
    assert "is no session" in refusal(bad)


# ---- traps -------------------------------------------------------------------------------------


def test_a_packed_member_is_refused_before_it_is_unpacked(good: Path, bad: Path) -> None:
    hostile.write_bomb(good, bad, "session.json")
    with little_memory(2_000_000):
        assert "is packed or encrypted" in refusal(bad)


@pytest.mark.parametrize("name", [*OTHER_NAMES, "session.pkl"])
def test_members_of_other_names_are_refused(name: str, good: Path, bad: Path) -> None:
    runs.write(bad, runs.signed({**runs.members(good), name: b"x"}))
    assert "it has a member" in refusal(bad)


def test_a_text_of_absurd_size_is_not_read(good: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_archive, "LARGEST_TEXT", 100)
    assert "too many" in refusal(good)


def test_a_run_of_absurd_length_takes_no_memory(good: Path, bad: Path) -> None:
    def longer(found: dict[str, Any]) -> None:
        found["runs"][0]["length"] = 2**53
        found["runs"][0]["curves"]["batch_losses"]["count"] = 2**53

    runs.tampered(good, bad, longer)
    with little_memory(5_000_000):
        refusal(bad)


def test_arrays_that_are_shared_without_end_take_no_memory(
    good: Path, bad: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def many(found: dict[str, Any]) -> None:
        found["segments"] += [found["segments"][0]] * 900

    monkeypatch.setattr(run_segments, "MOST_STATES", 1000)
    runs.tampered(good, bad, many)
    assert "3,606 states; at most 1,000 are written" in refusal(bad)

    def more(found: dict[str, Any]) -> None:
        found["datasets"] += [found["datasets"][0]] * 900

    runs.tampered(good, bad, more)
    monkeypatch.setattr(limits, "memory_limit", lambda: 2 * bad.stat().st_size + 1000)
    asked = run_segments.require_memory
    monkeypatch.setattr(run_segments, "require_memory", lambda n, *said: asked(10 * n, *said))
    assert "the data of bad.bps needs" in refusal(bad)


def test_a_session_is_no_recorded_run(good: Path) -> None:
    with pytest.raises(InputError, match="'bpstudio-session' version 1; this bpstudio reads"):
        load_run(good)


def test_another_version_is_told(good: Path, bad: Path) -> None:
    contents = runs.members(good)
    manifest = {**json.loads(contents["manifest.json"]), "version": 2}
    runs.write(bad, {**contents, "manifest.json": json.dumps(manifest).encode()})
    said = refusal(bad)
    assert "'bpstudio-session' version 2; this bpstudio reads 'bpstudio-session' version 1" in said
    assert "'bpstudio-run' version 1" in said


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (b'"layout":', b'"layout":NaN,"x":', "session.json: JSON is malformed"),
        (b'"layout":', b'"layout":' + b"[" * 100_000, "session.json: "),
        (b'"layout":', b'"x":' + b"[" * 99 + b"]" * 99 + b',"layout":', "nested more than 64 deep"),
        (b'"current":', b'"more":1,"current":', "unknown field `more`"),
    ],
)
def test_a_text_that_is_none_is_refused(
    old: bytes, new: bytes, words: str, good: Path, bad: Path
) -> None:
    hostile.with_text(good, bad, "session.json", old, new)
    assert words in refusal(bad)


# ---- contents that do not fit together ---------------------------------------------------------


@pytest.mark.parametrize("stride", [41, pytest.param(1, marks=pytest.mark.slow)])
def test_no_value_of_the_json_is_believed(stride: int, good: Path, bad: Path) -> None:
    found = json.loads(runs.members(good)["session.json"])
    pairs = [(place, odd) for place in places(found) if place for odd in ODD]
    for place, odd in pairs[::stride]:
        runs.tampered(good, bad, putting(place, odd))
        require_refused_or_writable(bad)


def require_refused_or_writable(path: Path) -> None:
    hostile.require_refused_or(load_session, path, lambda found: save_session(found, path))


@pytest.mark.parametrize("kind", ARRAYS)
def test_no_array_is_believed(kind: str, good: Path, bad: Path) -> None:
    for _ in hostile.with_array(good, bad, ARRAYS[kind]):
        require_refused_or_writable(bad)


@pytest.mark.parametrize(
    ("place", "value", "words"),
    [
        (("data",), 7, "there is no data set 7"),
        (("current",), 2, "there is no run 2"),
        (("changed", "data"), 9, "there is no data set 9"),
        (("runs", 0, "segments"), [5], "has a segment that is not in the file"),
        (("runs", 1, "segments"), [1, 0], "do not ascend"),
        (("runs", 1, "length"), 6, "does not fit its segment"),
        (("runs", 0, "length"), 12, "no state at its end"),
        (("runs", 0, "length"), 10**9, "too far apart"),
        (("runs", 1, "branched_at"), 99, "branches off after its end"),
        (("runs", 0, "curves", "batch_losses", "count"), 3, "it must have"),
        (("segments", 1, "first"), 2, "does not fit its segment"),
        (("start", "sizes"), [3, 10**9, 2], "it must have"),
    ],
)
def test_what_does_not_fit_is_named(
    place: tuple[Any, ...], value: Any, words: str, good: Path, bad: Path
) -> None:
    runs.tampered(good, bad, putting(place, value))
    assert words in refusal(bad)
