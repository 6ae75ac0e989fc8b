"""What the File menu does with sessions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from bpstudio import sessions
from bpstudio.core.errors import InputError, MemoryLimitError, NewerFileError
from bpstudio.debugger.session import Session
from bpstudio.files.example import load_example
from bpstudio.ui import dialogs
from bpstudio.ui.sessions import words
from bpstudio.ui.sessions.background import Background, words_of
from bpstudio.ui.sessions.keeping import (
    FILE,
    LOOKS,
    SEEN,
    Keeping,
    imported_as,
    is_worth_keeping,
    said_of,
)
from bpstudio.ui.sessions.looks import put_back
from bpstudio.ui.sessions.replaying import Replaying
from bpstudio.ui.sessions.shelf import Kept, Place, Shelf
from bpstudio.ui.sessions.stamp import Stamp, is_another, stamp_of, stamp_read

if TYPE_CHECKING:
    from bpstudio.ui.window import MainWindow

# seconds that the window waits for a file before it goes on: when it is there, and at the start
AT_ONCE, AT_START = 0.1, 0.5
MOST_BYTES = 256 * 2**20  # of a run's states in a file that the user saves
_NOTHING: Mapping[str, Any] = MappingProxyType({})

Opened = sessions.OpenedSession
Read = Callable[[Opened], bool]
Refuse = Callable[[InputError], object]


class SessionVerbs:
    """The session on screen, its file, and the way to others.

    Everything refused leaves the session as it was; what another one replaces is kept.
    """

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self.file: Path | None = None
        self.seen: Stamp | None = None  # that of the file, when it was last read or written here
        self.source: sessions.DataFile | None = None  # the file that the data was read from
        self._insisted = False
        self._replaying = Replaying(window)
        self._saving = Background("bpstudio saving", window)
        self._keeping: Keeping | None = None

    def keep_on(self, shelf: Shelf) -> None:
        """From now on keep the session on screen by itself."""
        self._keeping = Keeping(self._window, shelf)

    # ---- opening --------------------------------------------------------------------------------

    def ask_open(self) -> None:
        """Choose a session file and open it."""
        path = dialogs.ask_session_file(self._window, str(self.file.parent) if self.file else "")
        if path is not None:
            self.open(path)

    def open(self, path: Path, data: Path | None = None) -> bool:
        """Open a session, or a recorded run; False where it is refused at once.

        ``data``: its data file, where that is elsewhere now.
        """
        again = partial(self.open, path)
        opened = partial(self._opened, path, stamp_of(path))
        return self._read(path, data, opened, partial(self._refuse, again))

    def new(self) -> None:
        """Start afresh, with the data that the program starts with."""
        self.in_another(partial(self._window.session.take_over, Session(load_example())))
        self._window.show_name()
        self._window.message_bar.dismiss()

    def recent(self) -> tuple[Kept, ...]:
        """The other sessions that are kept, the last one first."""
        return () if self._keeping is None else self._keeping.others()

    def open_kept(self, path: Path, data: Path | None = None, patience: float = AT_ONCE) -> bool:
        """Go on in a session that was kept; False where it is refused at once."""
        assert self._keeping is not None, "there are kept sessions only on a shelf"
        bar = self._window.message_bar
        try:
            place = self._keeping.shelf.take(path)
        except InputError as error:
            bar.show_error(f"{path}: {error}")
            return False
        if place is None:
            bar.show_error("this session is open in another window; go on there, or close it first")
            return False
        return self._open_place(place, data, patience)

    def open_last(self) -> None:
        """At the start: what was left, or what a window was killed with. It never fails."""
        keeping = self._keeping
        place = None if keeping is None else keeping.shelf.last_left()
        if keeping is None or place is None:
            return
        try:
            self._open_place(place, None, AT_START)
        except Exception as error:  # noqa: BLE001 - or every start from now on would fail
            keeping.drop()
            self.new()
            self._set_aside(place, f"a mistake in bpstudio itself ({error!r})")

    def in_another(
        self, verb: Callable[[], object], source: sessions.DataFile | None = None
    ) -> None:
        """Do a verb that begins another session, such as opening data; the one before is kept.

        ``source``: the file that its data was read from.
        """
        keeping = self._keeping
        before = None if keeping is None else keeping.moment()
        worth = is_worth_keeping(self._window.session)
        verb()
        self.file, self.seen, self.source = None, None, source
        self._replaying.call_off()
        if keeping is not None:
            keeping.replaced(before, worth)

    # ---- saving ---------------------------------------------------------------------------------

    def save(self) -> None:
        """Write the session to its file; to one that is asked for, where it has none.

        Where somebody else wrote that file since, it is asked first.
        """
        self._saving.finish()  # what is on its way to the file is our own
        if self.file is None:
            self.ask_save_as()
        elif is_another(self.file, self.seen):
            self._ask_to_replace(self.file)
        else:
            self.save_as(self.file)

    def _ask_to_replace(self, path: Path) -> None:
        anyway, elsewhere = partial(self.save_as, path), ("Save as…", self.ask_save_as)
        self._window.message_bar.show_error(
            words.changed(path.name), "Save anyway", anyway, more=[elsewhere], standing=True
        )

    def ask_save_as(self) -> None:
        """Choose where the session goes, and write it."""
        stem = Path(self._window.session.data.name).stem or "session"
        path = dialogs.ask_where_to_save_session(self._window, str(self.file or f"{stem}.bps"))
        if path is not None:
            self.save_as(path)

    def save_as(self, path: Path) -> None:
        """Write the session as it stands; the file is its own from then on."""
        self._saving.stop()  # one after the other
        saved = sessions.remember(self._window.session, said_of(self._window), self.source)
        write = partial(_written, saved, path)
        self._saving.start(write, partial(self._saved, path))

    def _saved(self, path: Path, seen: Stamp | None, error: Exception | None) -> None:
        if error is not None:
            self._window.message_bar.show_error(words_of(error), standing=True)
            return
        self.file, self.seen = path, seen
        self._window.show_name()
        self._window.message_bar.show_note(f"The session was saved to {path}")
        if self._keeping is not None:
            self._keeping.touch()

    # ---- closing --------------------------------------------------------------------------------

    def insist(self, on: bool = True) -> None:
        """Whether the next `close` closes, although something cannot be kept."""
        self._insisted = on

    def close(self) -> bool:
        """Pause, write what is left, and end; False where it cannot be kept, the first time."""
        session, keeping = self._window.session, self._keeping
        if session.is_training:
            session.pause()
        if self._saving.finish() is not None and not self._insisted:  # it is said by now
            self.insist()
            return False
        problem = "" if keeping is None else keeping.finish()
        if problem and not self._insisted:
            self.insist()
            links = ("Save session as…", self.ask_save_as)
            self._window.message_bar.show_error(words.cannot_close(problem), *links, standing=True)
            return False
        for each in (self._replaying, self._saving):
            each.stop()
        if keeping is not None:
            keeping.close()
        return True

    # ---- inside ---------------------------------------------------------------------------------

    def _read(
        self,
        path: Path,
        data: Path | None,
        opened: Read,
        refused: Refuse,
        patience: float = AT_ONCE,
    ) -> bool:
        """Beside the window, which waits for a moment; False where it is refused in that time."""
        read = partial(sessions.read, path, data)
        return self._window.files.readings.read(path, read, opened, refused, patience)

    def _opened(self, path: Path, seen: Stamp | None, opened: Opened) -> bool:
        # a recorded run is no session yet: Save must not replace it
        self._take_up(opened, path if opened.window else None, seen)
        self._window.message_bar.show_note(words.opened(path.name, self._window.session))
        self._replaying.check(opened, path.name)
        return True

    def _open_place(self, place: Place, data: Path | None, patience: float) -> bool:
        opened = partial(self._opened_kept, place, place.written)
        return self._read(place.path, data, opened, partial(self._unopened, place), patience)

    def _opened_kept(self, place: Place, seconds: float, opened: Opened) -> bool:
        seen = stamp_read(opened.window.get(SEEN))
        self._take_up(opened, _file_of(opened.window), seen, place)
        self._window.message_bar.dismiss()
        self._replaying.check(opened)
        if place.was_killed:
            text = words.recovered(seconds, self._window.session)
            self._window.message_bar.show_note(text, "Start afresh", self.new)
        return True

    def _unopened(self, place: Place, error: InputError) -> None:
        """A kept session that is damaged is set aside; one that may be right stays."""
        if _may_be_right(error):
            place.let_go()
            self._refuse(partial(self.open_kept, place.path), error)
        else:
            self._set_aside(place, str(error))

    def _set_aside(self, place: Place, problem: str) -> None:
        text = words.damaged(problem, place.set_aside())
        self._window.message_bar.show_error(text, standing=True)

    def _refuse(self, again: Callable[[Path], object], error: InputError) -> None:
        """Say what is wrong; where the data file is elsewhere, it can be shown."""
        find = partial(self._find_data, again) if _lacks_data(error) else None
        self._window.message_bar.show_error(
            str(error), "Find the data file…" if find else "", find, standing=_may_be_right(error)
        )

    def _find_data(self, again: Callable[[Path], object]) -> None:
        path = dialogs.ask_data_file(self._window, "")
        if path is not None:
            again(path)

    def _take_up(
        self,
        opened: Opened,
        file: Path | None,
        seen: Stamp | None,
        place: Place | None = None,
    ) -> None:
        """Show another session in place of this one, which is kept."""
        worth = is_worth_keeping(self._window.session)
        take_over = partial(self._window.session.take_over, opened.session)
        self.in_another(take_over, opened.source)
        self.file, self.seen = file, seen
        self._window.files.was_imported(imported_as(opened))
        if place is not None and self._keeping is not None:
            self._keeping.go_on_in(place, worth)
        put_back(self._window, opened.window.get(LOOKS, _NOTHING))
        self._window.show_name()


def _lacks_data(error: InputError) -> bool:
    return isinstance(error, sessions.DataFileError)


def _written(saved: sessions.SavedSession, path: Path) -> Stamp | None:
    sessions.write(saved, path, MOST_BYTES)
    return stamp_of(path)


def _may_be_right(error: InputError) -> bool:
    """Whether the file itself is all right: its data, memory or a newer program are lacking."""
    return _lacks_data(error) or isinstance(error, MemoryLimitError | NewerFileError)


def _file_of(window: Mapping[str, Any]) -> Path | None:
    """The file that a kept session was saved to."""
    name = window.get(FILE)
    return Path(name) if isinstance(name, str) and name else None
