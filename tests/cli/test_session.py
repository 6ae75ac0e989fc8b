"""Commands on sessions: what a file holds, and the trace of an iteration of its current run."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from bpstudio.debugger.session import Session
from bpstudio.sessions import remember, write
from tests.cli.conftest import Run
from tests.sessions.sessions import session, trained


@pytest.fixture
def made(tmp_path: Path) -> Session:
    """A session with a branch, its file beside it."""
    made = trained(session(batch_size=5, epochs=2))
    made.visit(3)
    made.debugger.set_weight(2, 0, 0, 0.5)
    trained(made)
    write(remember(made), tmp_path / "work.bps")
    made.close()
    return made


def test_people_read_what_a_session_holds(made: Session, run: Run, tmp_path: Path) -> None:
    done = run("info", tmp_path / "work.bps")
    assert (done.code, done.err) == (0, "")
    assert done.out.splitlines()[0].endswith("work.bps: a session")
    lines = [line.strip() for line in done.out.splitlines()[1:]]
    n = made.recordings[1].length
    assert lines == [
        "data: arrays, 23 rows",
        "network: 3–3–2, tanh, sigmoid",
        "Run 1: 8 updates, e0/b0 to e2/b0",
        f"Run 2: {n} updates, e0/b0 to e2/b0, branched off Run 1 at e0/b3, the current one",
    ]


def test_a_run_that_was_trained_into_a_file_is_told_from_a_session(
    run: Run, iris: Path, tmp_path: Path
) -> None:
    bps = tmp_path / "run.bps"
    assert run("train", iris, "--target", "species", "--epochs", 1, "--out", bps).code == 0
    assert run("info", bps).out.splitlines()[0].endswith("run.bps: a recorded run")
    assert json.loads(run("info", "--json", bps).out)["kind"] == "recorded run"


def test_json_is_one_object(made: Session, run: Run, tmp_path: Path) -> None:
    done = run("info", "--json", tmp_path / "work.bps")
    found = json.loads(done.out)
    assert (found["data"], found["rows"], found["sizes"]) == ("arrays", 23, [3, 3, 2])
    assert [each["name"] for each in found["runs"]] == ["Run 1", "Run 2"]
    assert found["runs"][1]["current"]


def test_a_session_that_is_damaged_is_told(run: Run, tmp_path: Path) -> None:
    (tmp_path / "work.bps").write_bytes(b"PK")
    assert "work.bps is no session" in run("info", tmp_path / "work.bps").complaint
    assert (
        "is no recorded run"
        in run(
            "trace", tmp_path / "work.bps", "--at", "e0/b0", "--out", tmp_path / "t.json"
        ).complaint
    )


def test_the_trace_of_an_iteration_is_that_of_the_session_bit_by_bit(
    made: Session, run: Run, tmp_path: Path
) -> None:
    out = tmp_path / "t.json"
    done = run("trace", tmp_path / "work.bps", "--at", "e1/b2", "--out", out)
    assert (done.code, done.err) == (0, "")
    values = [step["value"] for step in json.loads(out.read_bytes())["steps"]]
    made.visit_place("e1/b2")
    trace = made.debugger.trace
    assert np.array(values).tobytes() == trace.values(0, len(trace)).tobytes()


def test_a_session_without_a_run_has_no_iteration(run: Run, tmp_path: Path) -> None:
    write(remember(session()), tmp_path / "new.bps")
    done = run("trace", tmp_path / "new.bps", "--at", "e0/b0", "--out", tmp_path / "t.json")
    assert "new.bps is a session in which nothing was trained yet" in done.complaint
    assert "nothing was trained yet" in run("info", tmp_path / "new.bps").out
