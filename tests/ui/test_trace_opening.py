"""Opening a trace: the window steps through it, and says whether its numbers agree."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bpstudio.files.captures import read_capture
from bpstudio.ui.app import make_window
from bpstudio.ui.settings import Settings

GOLDEN = Path(__file__).resolve().parents[1] / "data" / "captured.json"


@pytest.fixture
def window(qtbot, qapp, tmp_path):
    made = make_window(qapp, Settings(tmp_path / "settings.ini"))
    qtbot.addWidget(made)
    return made


def test_a_captured_iteration_is_stepped_through(window):
    assert window.open_file(GOLDEN)
    capture, debugger = read_capture(GOLDEN), window.session.debugger
    assert window.session.data.name == "captured.json"
    assert debugger.rows == (0, 1, 2, 3, 4)
    assert debugger.trace.loss == "cross_entropy"
    layers = zip(debugger.network.layers, capture.network.layers, strict=True)
    assert all(here.W.tobytes() == there.W.tobytes() for here, there in layers)
    assert debugger.trace.X.tobytes() == capture.batch.X.tobytes()
    value = debugger.trace["s3/back/l2/j1/dC_dz"].value
    assert value == pytest.approx(capture.values["s3/back/l2/j1/dC_dz"], rel=1e-4)
    assert "204 numbers compared, all agree" in window.message_bar.text


def test_the_cursor_goes_to_the_first_number_that_disagrees(window, tmp_path):
    found = json.loads(GOLDEN.read_text())
    address = "s3/back/l3/j1/dC_da"
    (step,) = [step for step in found["steps"] if step["address"] == address]
    step["value"] += 1
    (tmp_path / "wrong.json").write_text(json.dumps(found))
    assert window.open_file(tmp_path / "wrong.json")
    assert window.session.debugger.step.address == address
    assert "1 is wrong; the first: s3/back/l3/j1/dC_da is" in window.message_bar.text


def test_what_is_no_trace_leaves_the_session_alone(window, tmp_path):
    before = window.session.data
    (tmp_path / "no.json").write_text("{}")
    assert not window.open_file(tmp_path / "no.json")
    assert "no.json is no JSON trace" in window.message_bar.text
    assert window.session.data is before
