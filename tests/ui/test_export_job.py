"""Writing a long trace beside the window."""

from __future__ import annotations

import csv
import threading

import numpy as np
import pytest
from PySide6.QtCore import QObject

from bpstudio.core.dataset import Dataset
from bpstudio.core.network import Network
from bpstudio.core.trace import Trace, trace
from bpstudio.ui.export_job import ExportJob


@pytest.fixture
def long_trace() -> Trace:
    rng = np.random.default_rng(1)
    data = Dataset.from_arrays(rng.normal(size=(40, 20)), rng.normal(size=(40, 3)))
    return trace(Network.create([20, 12, 3], seed=0), data, range(40))


@pytest.fixture
def job(qapp, long_trace, tmp_path):
    owner = QObject()
    made = ExportJob(long_trace, tmp_path / "long.jsonl", owner)
    yield made
    made.call_off()
    owner.deleteLater()


def test_it_writes_every_step_and_says_so_once(job, qtbot):
    with qtbot.waitSignal(job.ended, timeout=60_000) as ended:
        job.start()
    assert ended.args == [""]
    lines = job.path.read_text(encoding="utf-8").splitlines()
    assert len(lines) == len(job.trace)


def test_a_prefix_names_the_iteration_of_every_step(qtbot, long_trace, tmp_path):
    owner = QObject()
    job = ExportJob(long_trace, tmp_path / "long.csv", owner, "e3/b4/")
    with qtbot.waitSignal(job.ended, timeout=60_000):
        job.start()
    with open(job.path, encoding="utf-8", newline="") as file:
        addresses = [row["address"] for row in csv.DictReader(file)]
    assert len(addresses) == len(long_trace)
    assert all(address.startswith("e3/b4/") for address in addresses)
    owner.deleteLater()


def test_called_off_it_leaves_no_file_and_no_thread(job, tmp_path):
    job.start()
    job.call_off()
    assert list(tmp_path.iterdir()) == []
    assert not [t for t in threading.enumerate() if t.name == "bpstudio export"]


def test_what_goes_wrong_is_said(qtbot, long_trace, tmp_path):
    owner = QObject()
    job = ExportJob(long_trace, tmp_path / "missing" / "long.jsonl", owner)
    with qtbot.waitSignal(job.ended, timeout=10_000) as ended:
        job.start()
    assert "missing" in ended.args[0]
    owner.deleteLater()
