"""Reading can be watched and called off from another thread, and leaves nothing behind."""

from __future__ import annotations

import gzip
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import duckdb
import pytest

from bpstudio.files import opening, reading
from bpstudio.files.dataset import load
from bpstudio.files.reading import CalledOffError, Reading, tell
from bpstudio.files.staging import connect
from tests.files.tables import write

TEXT = "a,b,y\n" + "1.5,2,x\n3,4,y\n" * 40
FILES = {
    "plain": TEXT.encode(),
    "packed": gzip.compress(TEXT.encode()),
    "recoded": TEXT.encode("utf-16"),
    "not line by line": TEXT.replace("x\n3", '"x\nz"\n3').encode(),
}


def seen(monkeypatch: pytest.MonkeyPatch, watch: Reading, path: Path) -> list[tuple[str, float]]:
    """Every word of a reading on how far it is, and the fraction that it made."""
    told: list[tuple[str, float]] = []
    before = Reading.tell

    def heard(self: Reading, phase: reading.Phase, done: float) -> None:
        before(self, phase, done)
        told.append((phase, self.fraction))

    monkeypatch.setattr(Reading, "tell", heard)
    with watch:
        load(path, bad_rows="leave out")
    return told


@pytest.mark.parametrize("large", [0, 1 << 40], ids=["as numbers", "as text"])
@pytest.mark.parametrize("kind", FILES)
def test_progress_goes_through_all_phases_and_never_back(
    kind: str, large: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "LARGE", large)
    told = seen(monkeypatch, Reading(), write(tmp_path, FILES[kind]))
    fractions = [fraction for _phase, fraction in told]
    assert fractions == sorted(fractions)
    assert 0 <= fractions[0] < 0.1
    assert 0.8 < fractions[-1] <= 1
    straight = not large and kind != "not line by line"
    phases = {"straight"} if straight else {"cells", "numbers"}
    assert {"lines", "counts", "data"} | phases <= {phase for phase, _ in told}


PHASES = ["text", "lines", "straight", "cells", "counts", "numbers", "data"]


@pytest.mark.parametrize("phase", PHASES)
def test_it_ends_at_the_next_word_wherever_it_is(
    phase: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "LARGE", 0)
    watch, before = Reading(), Reading.tell

    def call_off_at(self: Reading, at: reading.Phase, done: float) -> None:
        if at == phase:
            watch.call_off()
        before(self, at, done)

    monkeypatch.setattr(Reading, "tell", call_off_at)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    ragged = "5,6,y,7\n" if phase in ("cells", "numbers") else ""  # read with more care
    path = write(tmp_path, TEXT + ragged)
    with pytest.raises(CalledOffError), watch:
        load(path)
    assert list(tmp_path.iterdir()) == [path]


@contextmanager
def calling_off(watch: Reading) -> Iterator[None]:
    """Again and again, as a word that comes just before the query starts is not heard."""
    ended = threading.Event()

    def work() -> None:
        while not ended.wait(0.01):
            watch.call_off()

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def test_a_query_that_runs_is_interrupted() -> None:
    watch, connection = Reading(), connect()
    endless = "select sum(a.range * b.range) from range(10000000) a, range(10000000) b"
    with (
        closing(connection),
        pytest.raises(duckdb.InterruptException),
        watch.asking(connection, "cells"),
        calling_off(watch),
    ):
        connection.execute(endless)


def test_where_nobody_looks_on_nothing_is_told() -> None:
    with Reading() as watch:
        tell("cells", 0.5)
    inside = watch.fraction
    watch.call_off()
    tell("cells", 0.9)
    assert watch.fraction == inside
