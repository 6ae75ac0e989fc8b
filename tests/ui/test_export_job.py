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
from bpstudio.files.trace_export import Export
from bpstudio.ui.export_job import ExportJob


@pytest.fixture
def long_trace() -> Trace:
    rng = np.random.default_rng(1)
    data = Dataset.from_arrays(rng.normal(size=(40, 20)), rng.normal(size=(40, 3)))
    return trace(Network.create([20, 12, 3], seed=0), data, range(40))


@pytest.fixture
def job(qapp, long_trace, tmp_path):
    owner = QObject()
    made = ExportJob(Export(long_trace), tmp_path / "long.jsonl", len(long_trace), owner)
    yield made
    made.call_off()
    owner.deleteLater()


def test_it_writes_every_step_and_says_so_once(job, qtbot):
    with qtbot.waitSignal(job.ended, timeout=60_000) as ended:
        job.start()
    assert ended.args == [""]
    lines = job.path.read_text(encoding="utf-8").splitlines()
    assert len(lines) == job.count


def test_a_prefix_names_the_iteration_of_every_step(qtbot, long_trace, tmp_path):
    owner = QObject()
    export = Export(long_trace, prefix="e3/b4/")
    job = ExportJob(export, tmp_path / "long.csv", len(long_trace), owner)
    with qtbot.waitSignal(job.ended, timeout=60_000):
        job.start()
    with open(job.path, encoding="utf-8", newline="") as file:
        addresses = [row["address"] for row in csv.DictReader(file)]
    assert len(addresses) == len(long_trace)
    assert all(address.startswith("e3/b4/") for address in addresses)
    owner.deleteLater()


@pytest.mark.parametrize("suffix", [".jsonl", ".parquet", ".npz"])
def test_called_off_it_leaves_no_file_and_no_thread(job, tmp_path, suffix):
    job.path = job.path.with_suffix(suffix)
    job.start()
    job.call_off()
    assert list(tmp_path.iterdir()) == []
    assert not [t for t in threading.enumerate() if t.name == "bpstudio export"]


def test_what_goes_wrong_is_said(qtbot, long_trace, tmp_path):
    owner = QObject()
    path = tmp_path / "missing" / "long.jsonl"
    job = ExportJob(Export(long_trace), path, len(long_trace), owner)
    with qtbot.waitSignal(job.ended, timeout=10_000) as ended:
        job.start()
    assert "missing" in ended.args[0]
    owner.deleteLater()
