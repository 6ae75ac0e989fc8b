"""Sessions whose file is whole and whose contents are made up: refused, or a session that works."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bpstudio.sessions import OpenedSession, read, remember, write
from tests.files import hostile, runs
from tests.files.hostile import ODD
from tests.files.runs import places, putting
from tests.sessions.sessions import session, trained


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A session with everything in it."""
    made = session(batch_size=8, epochs=2)
    made.debugger.add_breakpoint(kind="dC_dw", l=2, when="abs(value) > 0.01", hits=2)
    made.debugger.add_breakpoint(kind="a", log="it is {value}")
    made.debugger.add_watch("w[2][0,1] * 2")
    made.debugger.toggle_bookmark()
    made.debugger.step_over()
    made.add_stop("step == 5")
    made.add_stop("loss > 0", log=True)
    trained(made).visit(3)
    made.debugger.set_weight(2, 0, 0, 1.0)
    trained(made).visit(2)
    made.debugger.set_bias(2, 0, 0.5)
    path = tmp_path_factory.mktemp("hostile") / "good.bps"
    write(remember(made), path)
    made.close()
    return path


@pytest.fixture
def bad(tmp_path: Path) -> Path:
    """Where the other file goes."""
    return tmp_path / "bad.bps"


def require_refused_or_usable(path: Path) -> None:
    def used(opened: OpenedSession) -> None:
        made = opened.session
        for watch in made.debugger.watches:
            made.debugger.watch_value(watch.id)
        made.debugger.step_into()
        _ = made.provenance, made.stop_counts
        write(remember(made), path)
        made.close()

    hostile.require_refused_or(read, path, used)


@pytest.mark.parametrize("stride", [67, pytest.param(1, marks=pytest.mark.slow)])
def test_no_value_of_the_state_is_believed(stride: int, good: Path, bad: Path) -> None:
    found = json.loads(runs.members(good)["session.json"])
    own = ("state", "runs", "start", "network", "changed", "current", "data")
    pairs = [(p, odd) for p in places(found) if p and p[0] in own for odd in ODD]
    for place, odd in pairs[::stride]:
        runs.tampered(good, bad, putting(place, odd))
        require_refused_or_usable(bad)


@pytest.mark.parametrize(
    ("place", "value", "words"),
    [
        (("state", "more"), 1, "state.more is not known"),
        (("state", "place", "more"), {}, "state.place.more is not known"),
        (("state", "experiment", "lr"), -1.0, "the learning rate is -1.0"),
        (("state", "experiment", "hidden"), [3, 4], "one activation for each hidden layer"),
        (("state", "experiment", "loss"), "l9", "there is no loss 'l9'"),
        (("state", "place", "rows"), [999], "has no row 999"),
        (("state", "place", "cursor"), 10**9, "does not exist"),
        (("state", "place", "visited"), 99, "its state was not kept"),
        (("state", "place", "visited"), None, "no update is visited"),
        (("state", "place", "speed"), 0.0, "a speed is a number of epochs a second"),
        (
            ("state", "marks", "breakpoints", 0, "when"),
            "value >",
            "state, breakpoint 1: column 8: something is missing",
        ),
        (("state", "marks", "breakpoints", 0, "kind"), "dC", "there is no kind 'dC'"),
        (
            ("state", "marks", "watches", 0, "text"),
            "import os",
            "state, watch 1: column 1: 'import'",
        ),
        (("state", "marks", "next_watch"), 1, "are no numbers before the next, 1"),
        (("current",), None, "neither a network nor a run"),
        (("runs", 1, "parent"), 1, "branches off one that comes after it"),
        (("runs", 0, "stand", "run", "state"), "running", "run 'Run 1'"),
        (("runs", 0, "stand", "seen", "first"), 1, "of the last updates are"),
        (("runs", 0, "stand", "seen", "last_epoch"), [0.5], "has 1 numbers, not 5"),
        (("runs", 0, "stand", "seen", "probes", "watched"), [999], "999 does not exist"),
        (("runs", 0, "past", "losses"), "data/0/rows.npy", "the losses of the last updates"),
        (("start",), None, ""),
    ],
)
def test_what_does_not_fit_is_named(
    place: tuple[Any, ...], value: Any, words: str, good: Path, bad: Path
) -> None:
    runs.tampered(good, bad, putting(place, value))
    if not words:
        require_refused_or_usable(bad)
        return
    assert words in hostile.refusal(read, bad)
