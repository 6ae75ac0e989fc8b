"""What the File menu does with sessions."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from bpstudio import sessions
from bpstudio.core.errors import InputError
from bpstudio.debugger.session import Session
from bpstudio.files.example import load_example
from bpstudio.files.run_replay import Replay
from bpstudio.ui import dialogs
from bpstudio.ui.sessions import words
from bpstudio.ui.sessions.background import Background, attempted
from bpstudio.ui.sessions.keeping import FILE, LOOKS, Keeping, is_worth_keeping
from bpstudio.ui.sessions.looks import looks_of, put_back
from bpstudio.ui.sessions.shelf import Kept, Place, Shelf

if TYPE_CHECKING:
    from bpstudio.ui.window import MainWindow

AT_ONCE = 4 * 2**20  # bytes of a file that is read before the window goes on
MOST_BYTES = 256 * 2**20  # of a run's states in a file that the user saves
# seconds that are replayed: of a file, and of what was kept here
LONGEST, SHORT = 60.0, 2.0
_NOTHING: Mapping[str, Any] = MappingProxyType({})

Opened = sessions.OpenedSession
Read = Callable[[Opened], object]
Refuse = Callable[[str], object]


class SessionVerbs:
    """The session on screen, its file, and the way to others.

    Everything refused leaves the session as it was; what another one replaces is kept.
    """

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self.file: Path | None = None
        self._insisted = False
        self._opening = Background("bpstudio opening", window)
        self._checking = Background("bpstudio replay", window)
        self._called_off = threading.Event()
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

    def open(self, path: Path) -> bool:
        """Open a session, or a recorded run; False where it is refused at once."""
        return self._read(path, partial(self._opened, path), self._refuse)

    def new(self) -> None:
        """Start afresh, with the data that the program starts with."""
        self._take_up(Session(load_example()), None)
        self._window.message_bar.dismiss()

    def recent(self) -> tuple[Kept, ...]:
        """The other sessions that are kept, the last one first."""
        return () if self._keeping is None else self._keeping.others()

    def open_kept(self, path: Path) -> bool:
        """Go on in a session that was kept; False where it is refused at once."""
        assert self._keeping is not None, "there are kept sessions only on a shelf"
        try:
            place = self._keeping.shelf.take(path)
        except InputError as error:
            self._refuse(str(error))
            return False
        if place is None:
            self._refuse("this session is open in another window; go on there, or close it first")
            return False
        return self._read(path, partial(self._opened_kept, place), partial(self._damaged, place))

    def open_last(self) -> None:
        """At the start: what was left, or what a window was killed with."""
        place = None if self._keeping is None else self._keeping.shelf.last_left()
        if place is not None:
            opened = partial(self._opened_last, place, place.path.stat().st_mtime)
            self._read(place.path, opened, partial(self._damaged, place))

    def in_another(self, verb: Callable[[], object]) -> None:
        """Do a verb that begins another session, such as opening data; the one before is kept."""
        keeping = self._keeping
        before = None if keeping is None else keeping.moment()
        worth = is_worth_keeping(self._window.session)
        verb()
        self.file = None
        self._call_off_check()
        if keeping is not None:
            keeping.replaced(before, worth)

    # ---- saving ---------------------------------------------------------------------------------

    def save(self) -> None:
        """Write the session to its file; to one that is asked for, where it has none."""
        if self.file is None:
            self.ask_save_as()
        else:
            self.save_as(self.file)

    def ask_save_as(self) -> None:
        """Choose where the session goes, and write it."""
        stem = Path(self._window.session.data.name).stem or "session"
        path = dialogs.ask_where_to_save_session(self._window, str(self.file or f"{stem}.bps"))
        if path is not None:
            self.save_as(path)

    def save_as(self, path: Path) -> None:
        """Write the session as it stands; the file is its own from then on."""
        self._saving.stop()  # one after the other
        saved = sessions.remember(self._window.session, {LOOKS: looks_of(self._window)})
        write = partial(sessions.write, saved, path, MOST_BYTES)
        self._saving.start(write, partial(self._saved, path))

    def _saved(self, path: Path, _nothing: None, problem: str) -> None:
        if problem:
            self._refuse(problem)
            return
        self.file = path
        self._window.show_name()
        self._window.message_bar.show_note(f"The session was saved to {path}")
        if self._keeping is not None:
            self._keeping.touch()

    # ---- closing --------------------------------------------------------------------------------

    def insist(self) -> None:
        """The next `close` closes, whatever cannot be kept."""
        self._insisted = True

    def close(self) -> bool:
        """Pause, write what is left, and end; False where it cannot be kept, the first time."""
        session, keeping = self._window.session, self._keeping
        if session.is_training:
            session.pause()
        problem = "" if keeping is None else keeping.finish()
        if problem and not self._insisted:
            self.insist()
            links = ("Save session as…", self.ask_save_as)
            self._window.message_bar.show_error(words.cannot_close(problem), *links, standing=True)
            return False
        self._call_off_check()
        for each in (self._opening, self._checking, self._saving):
            each.stop()
        if keeping is not None:
            keeping.close()
        return True

    # ---- inside ---------------------------------------------------------------------------------

    def _read(self, path: Path, opened: Read, refused: Refuse) -> bool:
        """A small file at once, a large one beside the window; False where it is refused."""

        def ended(found: Opened | None, problem: str) -> None:
            if found is None:
                refused(problem)
            else:
                opened(found)

        self._opening.forget()
        read = partial(sessions.read, path)
        if _size(path) > AT_ONCE:
            self._window.message_bar.show_note(f"Opening {path.name} …")
            self._opening.start(read, ended)
            return True
        found, problem = attempted(read)
        ended(found, problem)
        return found is not None

    def _opened(self, path: Path, opened: Opened) -> None:
        # a recorded run is no session yet: Save must not replace it
        self._take_up(opened.session, path if opened.window else None, opened.window)
        self._window.message_bar.show_note(words.opened(path.name, self._window.session))
        self._check(opened, path.name)

    def _opened_kept(self, place: Place, opened: Opened) -> None:
        self._take_up(opened.session, _file_of(opened.window), opened.window, place)
        self._window.message_bar.dismiss()
        self._check(opened)

    def _opened_last(self, place: Place, seconds: float, opened: Opened) -> None:
        self._opened_kept(place, opened)
        if place.was_killed:
            text = words.recovered(seconds, self._window.session)
            self._window.message_bar.show_note(text, "Start afresh", self.new)

    def _refuse(self, problem: str) -> None:
        self._window.message_bar.show_error(problem)

    def _damaged(self, place: Place, problem: str) -> None:
        text = words.unopened(problem, place.set_aside())
        self._window.message_bar.show_error(text, standing=True)

    def _take_up(
        self,
        session: Session,
        file: Path | None,
        window: Mapping[str, Any] = _NOTHING,
        place: Place | None = None,
    ) -> None:
        """Show another session in place of this one, which is kept."""
        worth = is_worth_keeping(self._window.session)
        self.in_another(partial(self._window.session.take_over, session))
        self.file = file
        if place is not None and self._keeping is not None:
            self._keeping.go_on_in(place, worth)
        put_back(self._window, window.get(LOOKS, _NOTHING))
        self._window.show_name()

    def _check(self, opened: Opened, name: str = "") -> None:
        """Replay it beside the window, where something was recorded.

        Without a name it is one that was kept here: only a difference is worth saying.
        """
        if self._window.session.recording is not None:
            self._call_off_check()
            called_off = self._called_off = threading.Event()
            seconds = LONGEST if name else SHORT
            check = partial(sessions.check, opened.saved, seconds, called_off.is_set)
            ended = partial(self._say_replay, name, self._window.message_bar.text)
            self._checking.start(check, ended)

    def _call_off_check(self) -> None:
        self._called_off.set()
        self._checking.forget()

    def _say_replay(self, name: str, said: str, replay: Replay | None, problem: str) -> None:
        bar = self._window.message_bar
        difference = problem if replay is None else replay.difference
        if difference:
            bar.show_error(words.differs(name, difference), standing=True)
        elif replay is not None and name and bar.text == said:
            bar.show_note(words.replayed(name, replay.updates, replay.complete))


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0  # reading says why


def _file_of(window: Mapping[str, Any]) -> Path | None:
    """The file that a kept session was saved to."""
    name = window.get(FILE)
    return Path(name) if isinstance(name, str) and name else None
