"""Keeping the session on screen by itself, in a place of its own on the shelf."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any

from bpstudio import sessions
from bpstudio.core.errors import InputError
from bpstudio.debugger.experiment import Experiment
from bpstudio.debugger.notices import Changes
from bpstudio.debugger.session import Session
from bpstudio.files.import_options import ImportOptions
from bpstudio.files.import_written import options_read, options_written
from bpstudio.ui.sessions import words
from bpstudio.ui.sessions.autosave import Autosave, Remembered
from bpstudio.ui.sessions.label import Label, label_of, write_label
from bpstudio.ui.sessions.looks import looks_of
from bpstudio.ui.sessions.shelf import Kept, Place, Shelf

if TYPE_CHECKING:
    from bpstudio.ui.window import MainWindow

PATIENCE = 10.0  # seconds that closing waits for the last write
# what a session file says of the window
LOOKS, FILE, SEEN, IMPORT = "looks", "file", "seen", "import"


class Keeping:
    """Every change is written within about a second; what is replaced stays on the shelf."""

    def __init__(self, window: MainWindow, shelf: Shelf) -> None:
        self._window, self.shelf = window, shelf
        self._looks: dict[str, Any] = {}  # those written last
        self._autosave = Autosave(shelf, self._remembered, window)
        self._autosave.troubled.connect(self._say_trouble)
        self._autosave.mended.connect(self._say_mended)
        self._unsubscribe = window.session.subscribe(self._note_change)
        window.docks.changed.connect(self.touch)

    @property
    def place(self) -> Place | None:
        """Where the session on screen is kept; None as long as nothing was done in it."""
        return self._autosave.place

    def others(self) -> tuple[Kept, ...]:
        """The other sessions on the shelf, the last one first."""
        here = None if self.place is None else self.place.path
        return tuple(kept for kept in self.shelf.kept() if kept.path != here)

    def touch(self) -> None:
        """Something changed in the window; a session in which nothing was done is not kept."""
        if self._autosave.has_something:
            self._autosave.touch()

    # ---- from one session to the next -----------------------------------------------------------

    def moment(self) -> Remembered | None:
        """How the session stands, for `replaced`; None where all of it is written already."""
        return self._autosave.moment()

    def replaced(self, before: Remembered | None, worth: bool) -> None:
        """Another session is on screen; the one before is kept where it is ``worth`` it."""
        if worth:
            self._autosave.begin_another(before)
        self._autosave.touch()

    def go_on_in(self, place: Place, worth: bool) -> None:
        """What is on screen is the session of this place; the one before, if ``worth``, stays."""
        self._autosave.go_on_in(place, keeps_left=worth)

    def drop(self) -> None:
        """What is on screen is not the session of the place any more, and is not to be kept."""
        self._autosave.drop()

    # ---- closing --------------------------------------------------------------------------------

    def finish(self) -> str:
        """Write what is left, and wait for it; → what went wrong, "" for nothing."""
        if looks_of(self._window) != self._looks:
            self.touch()
        return self._autosave.finish(PATIENCE)

    def close(self) -> None:
        """Keep nothing more, and let others have the place."""
        self._unsubscribe()
        self._autosave.close()

    # ---- inside ---------------------------------------------------------------------------------

    def _note_change(self, _changes: Changes) -> None:
        self._autosave.touch()

    def _remembered(self) -> Remembered:
        window, of = self._window, self._window.sessions
        file = "" if of.file is None else str(of.file)
        said = said_of(window) | {FILE: file, SEEN: list(of.seen or ())}
        self._looks = said[LOOKS]
        saved = sessions.remember(window.session, said, of.source)
        return partial(_write, saved, label_of(window.session, of.file))

    def _say_trouble(self, problem: str) -> None:
        window, save = self._window, self._window.sessions.ask_save_as
        text = words.cannot_keep(problem, self.shelf.folder)
        window.message_bar.show_error(text, "Save session as…", save, standing=True)

    def _say_mended(self) -> None:
        self._window.sessions.insist(False)
        self._window.message_bar.show_note("The session is kept again")


def said_of(window: MainWindow) -> dict[str, Any]:
    """What a session file says of the window: how it looks, and how its data were imported."""
    options = window.files.imported
    imported = {} if options is None else {IMPORT: options_written(options)}
    return {LOOKS: looks_of(window)} | imported


def imported_as(opened: sessions.OpenedSession) -> ImportOptions | None:
    """How the data of a session were imported; None where they were not, or nothing is said."""
    if opened.source is not None:
        return opened.source.options
    if IMPORT not in opened.window:
        return None
    with suppress(InputError):
        return options_read(opened.window[IMPORT])
    return None


def is_worth_keeping(session: Session) -> bool:
    """Whether something was done that cannot be had again by opening the same data."""
    debugger = session.debugger
    done = (debugger.breakpoints, debugger.watches, debugger.bookmarks, session.stops)
    fresh = Experiment().for_data(session.data)
    edited = debugger.was_edited or session.recording is not None
    return edited or any(done) or session.experiment != fresh


def _write(saved: sessions.SavedSession, label: Label, place: Place) -> None:
    sessions.write(saved, place.path)
    write_label(place.label, label)
