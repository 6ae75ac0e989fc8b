"""Sessions as files: there and back to the bit."""

from __future__ import annotations

import json
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bpstudio.core.errors import InputError
from bpstudio.files import session_states
from bpstudio.files.run_file import save_run
from bpstudio.files.run_values import Curve
from bpstudio.files.session_file import load_session, save_session
from tests.files import runs
from tests.files.saved import saved, told


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the session goes."""
    return tmp_path / "work.bps"


def test_a_session_comes_back_to_the_bit(path: Path) -> None:
    save_session(saved(), path)
    assert told(load_session(path)) == told(saved())


def test_the_same_session_gives_the_same_bytes(path: Path, tmp_path: Path) -> None:
    save_session(saved(), path)
    save_session(saved(), tmp_path / "other.bps")
    save_session(load_session(path), tmp_path / "third.bps")
    whole = path.read_bytes()
    assert (tmp_path / "other.bps").read_bytes() == whole
    assert (tmp_path / "third.bps").read_bytes() == whole


def test_what_runs_share_is_kept_once_and_shared_again(path: Path) -> None:
    save_session(saved(), path)
    names = list(runs.members(path))
    assert sum(name.endswith("states/parameters.npy") for name in names) == 2
    assert not any(name.startswith("data/2") for name in names)
    found = load_session(path)
    one, other = found.runs
    assert one.segments[0] is other.segments[0]
    assert one.states[0] is other.states[0]
    assert found.data is other.segments[1].data


def test_any_tool_can_read_it(path: Path) -> None:
    save_session(saved(), path)
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        assert {info.compress_type for info in archive.infolist()} == {zipfile.ZIP_STORED}
        manifest = json.loads(archive.read("manifest.json"))
        assert (manifest["format"], manifest["version"]) == ("bpstudio-session", 1)
        found = json.loads(archive.read("session.json"))
        with archive.open(found["segments"][0]["states"]["parameters"]) as member:
            parameters = np.load(member, allow_pickle=False)
    assert len(parameters) == 4
    assert found["state"]["log"] == [{"value": {"number": "NaN"}}, {"number": "-Infinity"}]


@pytest.mark.parametrize(("most_bytes", "kept"), [(10**6, [0, 3, 4, 11]), (1, [0, 11])])
def test_states_between_are_thinned_where_they_take_too_much(
    most_bytes: int, kept: list[int], path: Path
) -> None:
    save_session(saved(), path, most_bytes)
    one, other = load_session(path).runs
    assert list(one.numbers) == kept
    assert list(other.numbers) == [0, 3, 7]
    assert one.states[-1].parameters.tobytes() == saved().runs[0].states[-1].parameters.tobytes()


def test_the_state_of_an_update_on_show_stays(path: Path) -> None:
    trunk, branch = saved().runs
    shown = replace(saved(), runs=(replace(trunk, visited=4), branch))
    save_session(shown, path, most_bytes=1)
    one, _ = load_session(path).runs
    assert (list(one.numbers), one.visited) == ([0, 4, 11], 4)


def test_states_never_lie_farther_apart_than_a_file_may_have_them(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session_states, "MOST_BETWEEN", 5)
    save_session(saved(), path, most_bytes=1)
    trunk, _ = load_session(path).runs
    assert list(trunk.numbers) == [0, 4, 11]  # there is no state between 4 and 11


def test_a_thinned_file_is_written_again_as_it_is(path: Path, tmp_path: Path) -> None:
    size = saved().runs[0].states[0].parameters.nbytes
    save_session(saved(), path, size)
    save_session(load_session(path), tmp_path / "again.bps", size)
    assert (tmp_path / "again.bps").read_bytes() == path.read_bytes()


def test_a_session_without_runs_is_one(path: Path) -> None:
    made = replace(saved(), runs=(), current=None, network=saved().start, changed=None)
    save_session(made, path)
    assert told(load_session(path)) == told(made)


def test_a_recorded_run_is_a_session_with_that_run(path: Path) -> None:
    save_run(runs.run(), path)
    found = load_session(path)
    (run,) = found.runs
    assert (run.name, run.length, found.current, found.network) == ("Run 1", 11, 0, None)
    assert found.state == {"experiment": {"lr": 0.1}}


def test_a_curve_of_a_recorded_run_may_end_between_two_points(path: Path, tmp_path: Path) -> None:
    curve = Curve(np.array([0.5, 0.25]), 3, 8)
    save_run(replace(runs.run(), curves={"batch_losses": curve}), path)
    save_session(load_session(path), tmp_path / "again.bps")
    (run,) = load_session(tmp_path / "again.bps").runs
    found = run.curves["batch_losses"]
    assert (found.values.tolist(), found.count) == ([0.5, 0.25], 8)
    assert np.isnan(found.waiting).tolist() == [True, True]  # which they were is not known


def test_another_suffix_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"does not end in \.bps"):
        save_session(saved(), tmp_path / "work.zip")


def test_more_than_fits_a_text_is_refused_and_leaves_the_old_file(path: Path) -> None:
    save_session(saved(), path)
    whole = path.read_bytes()
    with pytest.raises(InputError, match="too many to save"):
        save_session(replace(saved(), window={"much": "x" * 2**24}), path)
    assert path.read_bytes() == whole
    assert list(path.parent.iterdir()) == [path]
