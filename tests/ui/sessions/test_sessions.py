"""Sessions in the window: left and opened again, kept while others are on screen, and saved."""

from __future__ import annotations

import errno
import signal
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from PySide6.QtWidgets import QPushButton

from bpstudio import sessions
from bpstudio.cli import main
from bpstudio.core.errors import MemoryLimitError
from bpstudio.core.parameters import flatten
from bpstudio.debugger.session import Session
from bpstudio.files import run_archive, session_data, session_file
from bpstudio.files.example import load_example
from bpstudio.files.import_options import ImportOptions
from bpstudio.resources import resource
from bpstudio.ui import dialogs
from bpstudio.ui.app import end
from bpstudio.ui.message_bar import MessageBar
from bpstudio.ui.sessions import verbs
from bpstudio.ui.sessions.keeping import IMPORT, imported_as

WINE = Path(str(resource("data/wine.csv")))


@pytest.fixture
def run_file(tmp_path: Path) -> Iterator[Path]:
    """A run as `bpstudio train --out` writes it."""
    path, handler = tmp_path / "run.bps", signal.getsignal(signal.SIGTERM)
    iris = str(resource("data/iris.csv"))
    main(["train", iris, "--target", "species", "--epochs", "2", "--out", str(path)])
    yield path
    signal.signal(signal.SIGTERM, handler)


def bits(session: Session) -> bytes:
    """The parameters as they stand."""
    return flatten(session.network).tobytes()


def trained(session: Session, qtbot, updates: int) -> None:
    """The session trains, and has made so many updates."""
    session.train()

    def far_enough() -> bool:
        session.poll()
        return session.snapshot.steps_done >= updates

    qtbot.waitUntil(far_enough, timeout=60_000)


def entries(window) -> list[str]:
    """What the menu of recent sessions offers."""
    window.recent_sessions.aboutToShow.emit()
    return [action.text() for action in window.recent_sessions.actions()]


def said(bar: MessageBar, words: str) -> bool:
    return words in bar.text


def test_closing_in_the_middle_of_a_run_loses_nothing(start, qtbot):
    window = start()
    session = window.session
    session.change(epochs=400)
    session.limit_speed(20)
    trained(session, qtbot, 20)
    assert session.is_training
    window.close()
    left, length = bits(session), session.recording.length
    reopened = start()
    again = reopened.session
    assert (bits(again), again.recording.length) == (left, length)
    assert again.snapshot.state == "paused"
    qtbot.waitUntil(lambda: reopened.loss.stack.currentWidget() is reopened.loss.curves)
    trained(again, qtbot, 400 * 12)
    whole = Session(load_example())
    whole.change(epochs=400)
    trained(whole, qtbot, 400 * 12)
    assert bits(again) == bits(whole)
    assert again.recording.length == whole.recording.length
    whole.close()


def test_it_opens_where_it_was_left(start, qtbot):
    window = start()
    session = window.session
    session.change(epochs=3)
    trained(session, qtbot, 36)
    window.commands["layout_debug"].trigger()
    window.show_panel("paths")
    session.visit(20)
    window.goto("back/l3/j2")
    session.debugger.add_breakpoint(kind="dC_dw", l=3)
    session.debugger.add_watch("grad_norm(3)")
    session.add_stop("loss > 100")
    window.debug.step_by("layer")
    window.toolbar.speed.setValue(3)
    window.network.set_modes("gradients", "z")
    window.network.canvas.select(("node", 3, 2))
    window.network.zoom_in()
    qtbot.wait(50)  # the panels take their room
    address, view = session.debugger.step.address, window.network.canvas.view
    arrangement = window.docks.arrangement
    window.close()
    again = start()
    debugger = again.session.debugger
    assert (debugger.prefix, debugger.step.address) == ("e1/b8/", address)
    assert [point.kind for point in debugger.breakpoints] == ["dC_dw"]
    assert [watch.text for watch in debugger.watches] == ["grad_norm(3)"]
    assert [stop.text for stop in again.session.stops] == ["loss > 100"]
    qtbot.waitUntil(lambda: again.docks.arrangement == arrangement)
    assert again.debug.unit == "layer"
    assert again.toolbar.speed.value() == 3
    assert (again.network.edges_mode, again.network.node_mode) == ("gradients", "z")
    assert again.network.canvas.selection == ("node", 3, 2)
    assert again.network.canvas.view == pytest.approx(view)
    other = start()
    assert other.session.recording is None, "a second window has a session of its own"
    other.goto("loss")
    assert len(entries(other)) == 1
    other.recent_sessions.actions()[0].trigger()
    assert said(other.message_bar, "is open in another window")


def test_what_another_session_replaces_is_kept(start, qtbot, tmp_path):
    window = start()
    assert entries(window) == ["No other session is kept"]
    window.commands["new_session"].trigger()
    assert entries(window) == ["No other session is kept"], "nothing was done in it"
    window.session.change(hidden=(3,))
    window.open_file(WINE)
    qtbot.waitUntil(lambda: len(entries(window)) == 1 and "iris" in entries(window)[0])
    window.session.change(hidden=(7, 7))
    window.sessions.save_as(tmp_path / "mine.bps")
    qtbot.waitUntil(lambda: said(window.message_bar, "was saved to"))
    assert window.windowTitle() == "mine.bps \u2013 wine.csv \u2013 bpstudio"
    window.recent_sessions.actions()[0].trigger()
    qtbot.waitUntil(lambda: not window.files.readings.is_on)
    assert window.session.experiment.hidden == (3,)
    assert window.windowTitle() == "iris.csv \u2013 bpstudio"
    qtbot.waitUntil(lambda: entries(window)[0].startswith("mine.bps: wine.csv"))
    window.commands["new_session"].trigger()
    assert window.session.experiment.hidden == (5, 6)
    window.close()
    again = start(tmp_path / "mine.bps")
    assert again.session.experiment.hidden == (7, 7)
    assert again.session.data.name == "wine.csv"
    assert again.sessions.file == tmp_path / "mine.bps"


def test_a_session_whose_data_file_is_elsewhere_is_opened_when_it_is_shown(
    start, qtbot, tmp_path, monkeypatch
):
    monkeypatch.setattr(session_data, "LARGEST_EMBEDDED", 0)
    here, there = tmp_path / "wine.csv", tmp_path / "elsewhere" / "wine.csv"
    there.parent.mkdir()
    here.write_bytes(WINE.read_bytes())
    window = start(here)
    window.session.change(hidden=(3,))
    window.close()
    here.rename(there)
    again = start()
    assert again.session.data.name == "iris.csv"
    monkeypatch.setattr(dialogs, "ask_data_file", lambda *_: there)
    link = again.message_bar.findChild(QPushButton)
    assert link.text() == "Find the data file…"
    link.click()
    qtbot.waitUntil(lambda: again.session.data.name == "wine.csv")
    assert again.session.experiment.hidden == (3,)


def test_a_damaged_session_is_set_aside_and_the_start_goes_on(start, qtbot, shelf, tmp_path):
    place = shelf.begin()
    place.path.write_bytes(b"damaged")
    place.let_go()
    window = start()
    assert window.session.data.name == "iris.csv"
    assert said(window.message_bar, "could not be opened")
    aside = place.path.with_suffix(".damaged")
    assert str(aside) in window.message_bar.text
    assert aside.read_bytes() == b"damaged"
    refuses_files_and_stays_as_it_is(window, qtbot, tmp_path)


def refuses_files_and_stays_as_it_is(window, qtbot, folder: Path) -> None:
    window.session.change(hidden=(3,))
    window.sessions.file = folder / "mine.bps"
    (folder / "bad.csv").write_text("")
    (folder / "bad.bps").write_bytes(b"PK\x03\x04 not at all")
    for name in ("bad.csv", "bad.bps", "absent.bps"):
        window.open_file(folder / name)
        qtbot.waitUntil(lambda name=name: said(window.message_bar, name))
    assert window.session.experiment.hidden == (3,)
    assert window.sessions.file == folder / "mine.bps"


def test_a_session_that_bpstudio_itself_fails_on_does_not_end_every_start(
    start, shelf, monkeypatch
):
    first = start()
    first.session.change(hidden=(3,))
    first.close()
    (kept,) = shelf.kept()

    def fail(*_arguments: object) -> None:
        raise RuntimeError("no such look")

    monkeypatch.setattr(verbs, "put_back", fail)
    window = start()
    assert window.session.experiment.hidden == (5, 6)
    assert said(window.message_bar, "mistake in bpstudio itself (RuntimeError('no such look'))")
    assert kept.path.with_suffix(".damaged").exists()
    assert not kept.path.exists()


def test_a_full_disk_is_said_and_does_not_close_the_window_in_silence(
    start, qapp, qtbot, monkeypatch, shelf
):
    window = start()
    window.sessions.insist(False)
    full = OSError(errno.ENOSPC, "No space left on device")

    def write(*_arguments: object) -> None:
        raise full

    with monkeypatch.context() as disk:
        disk.setattr(sessions, "write", write)
        window.session.change(epochs=100_000)
        trained(window.session, qtbot, 1)
        qtbot.waitUntil(lambda: said(window.message_bar, "No space left on device"))
        assert str(shelf.folder) in window.message_bar.text
        assert not window.close()
        assert said(window.message_bar, "close again to lose it")
        assert not window.session.is_training
    qtbot.waitUntil(lambda: said(window.message_bar, "is kept again"))
    assert len(shelf.kept()) == 1
    monkeypatch.setattr(sessions, "write", write)
    window.goto("loss")
    end(qapp)
    assert not window.isVisible(), "the system's signal closes it all the same"


def test_a_session_for_which_memory_is_short_stays_where_it_is(start, shelf, monkeypatch):
    def refuse(*_: object) -> None:
        raise MemoryLimitError("reading it needs 9 GB of memory")

    place = shelf.begin()
    sessions.write(sessions.remember(Session(load_example())), place.path)
    place.let_go()
    monkeypatch.setattr(run_archive, "require_memory", refuse)
    window = start()
    assert said(window.message_bar, "needs 9 GB")
    monkeypatch.undo()
    assert window.sessions.open_kept(place.path)


def test_a_file_that_another_window_wrote_is_replaced_only_when_asked(start, qtbot, tmp_path):
    window, path = start(), tmp_path / "work.bps"
    verbs_, bar = window.sessions, window.message_bar
    window.session.change(hidden=(3,))
    verbs_.save_as(path)
    verbs_.save()  # its own writing is nobody else's
    bar.dismiss()
    qtbot.waitUntil(lambda: said(bar, "was saved to"))
    path.write_bytes(b"of another window")
    window.close()  # nor does it count for less in the next start
    window = start()
    verbs_, bar = window.sessions, window.message_bar
    verbs_.save()
    assert said(bar, "work.bps was written by another window or program since")
    assert path.read_bytes() == b"of another window"
    links = [each for each in bar.findChildren(QPushButton) if each.isVisible()]
    assert [link.text() for link in links] == ["Save anyway", "Save as…"]
    links[0].click()
    qtbot.waitUntil(lambda: said(bar, "was saved to"))
    assert sessions.read(path).window
    path.unlink()
    verbs_.save()
    qtbot.waitUntil(path.is_file)


def test_a_save_that_fails_as_the_window_closes_is_heard_of(start, tmp_path):
    window = start(fresh=True)
    window.sessions.insist(False)
    window.sessions.save_as(tmp_path / "nowhere" / "work.bps")
    assert not window.close()
    assert said(window.message_bar, "there is no folder")
    assert window.close()


def test_a_recorded_run_opens_and_is_replayed(start, qtbot, tmp_path, run_file):
    window = start(run_file)
    assert window.session.recording.length == 24
    assert not window.sessions.file
    qtbot.waitUntil(lambda: said(window.message_bar, "the recorded run came out the same"))
    window.session.change(epochs=100_000)
    window.commands["train"].trigger()
    qtbot.waitUntil(lambda: window.session.recording.length > 24)


def test_another_target_after_reopening_keeps_what_the_import_said(start, qtbot, tmp_path):
    data, lesson = tmp_path / "a.csv", tmp_path / "lesson.bps"
    rows = (f"{n},5;{n % 5};{'ab'[n % 2]}" for n in range(20))
    data.write_text("\n".join(["x;n;kind", *rows]), "utf-8")
    options = ImportOptions(decimal=",").with_column(2, role="target").with_column(1, role="ignore")
    window = start(fresh=True)
    window.files._import_as(data, options, {})
    qtbot.waitUntil(lambda: window.session.data.path == str(data))
    window.sessions.save_as(lesson)
    qtbot.waitUntil(lambda: window.sessions.file == lesson)
    window.close()
    window = start(lesson)
    window.files.choose_target("x")  # to plain opening, its numbers are none
    qtbot.waitUntil(lambda: window.session.data.target_column_names == ("x",))
    assert window.session.data.feature_names == ("kind=a", "kind=b")


@pytest.mark.parametrize("options", [None, [], {"columns": {}}, {"skip": "many"}])
def test_an_import_that_makes_no_sense_is_none(options) -> None:
    opened = SimpleNamespace(source=None, window={IMPORT: options})
    assert imported_as(cast(Any, opened)) is None


def test_a_session_of_a_newer_version_stays_as_it_is_and_the_start_goes_on(
    start, shelf, monkeypatch
):
    place = shelf.begin()
    with monkeypatch.context() as newer:
        newer.setattr(session_file, "SESSION", replace(session_file.SESSION, version=2))
        sessions.write(sessions.remember(Session(load_example())), place.path)
    place.let_go()
    before = place.path.read_bytes()
    window = start()
    assert window.session.data.name == "iris.csv"
    assert said(window.message_bar, "was written by a newer bpstudio")
    window.close()
    assert place.path.read_bytes() == before
    assert not list(shelf.folder.glob("*.damaged"))
