"""A session file that was written once is read by every later bpstudio."""

from __future__ import annotations

from pathlib import Path

from bpstudio.sessions import read, remember, write
from tests.sessions.sessions import assert_same, trained

VERSION_1 = Path(__file__).parent / "data" / "version_1.bps"


def test_a_file_of_version_1_is_read_and_goes_on(tmp_path: Path) -> None:
    opened = read(VERSION_1)
    made, debugger = opened.session, opened.session.debugger
    assert opened.window == {"layout": "step"}
    assert [run.name for run in made.recordings] == ["Run 1", "Run 2"]
    assert [run.length for run in made.recordings] == [2, 2]
    assert made.recordings[1].branched_at == 1
    assert debugger.prefix + debugger.step.address == f"e0/b2/s{debugger.rows[0]}/loss/j0/C_j"
    assert [point.when for point in debugger.breakpoints] == ["abs(value) > 0.01"]
    assert [watch.text for watch in debugger.watches] == ["w[2][0,1] * 2"]
    assert made.experiment.optimizer == "adam"
    write(remember(made, opened.window), tmp_path / "again.bps")
    again = read(tmp_path / "again.bps").session
    assert_same(made, again)
    assert_same(trained(made), trained(again))
    for each in (made, again):
        each.close()
