"""A session remembered, written to a file, and read from it."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bpstudio.core.errors import InputError
from bpstudio.debugger.memory import recalled, remembered
from bpstudio.debugger.session import Session
from bpstudio.files.atomic import clear_leftovers
from bpstudio.files.run_replay import Replay
from bpstudio.files.session_file import MOST_BYTES, load_session, save_session
from bpstudio.files.session_source import DataFile
from bpstudio.files.session_values import SavedSession
from bpstudio.sessions.bridge import memory_of, saved_session
from bpstudio.sessions.checking import check


@dataclass(frozen=True, slots=True, eq=False)
class OpenedSession:
    """What was in a file: the session as it was left, paused, and what the window kept of itself.

    ``name`` is that of the file, without its suffix.
    """

    session: Session
    window: Mapping[str, Any]
    name: str
    saved: SavedSession

    @property
    def source(self) -> DataFile | None:
        """The data file that its data was read from; to be remembered with it again."""
        return self.saved.source

    def check(self, cancelled: Callable[[], bool] = lambda: False) -> Replay:
        """Whether its runs come out the same on this machine; see `checking.check`."""
        return check(self.saved, cancelled=cancelled)


def remember(
    session: Session, window: Mapping[str, Any] | None = None, source: DataFile | None = None
) -> SavedSession:
    """The session as it stands, also while it trains; ``window`` is anything that JSON has.

    ``source``: the file that its data was read from, see `DataFile.of`. Data of more than 32 MB
    is not kept again but read from there, when the session is opened; other data is embedded.

    Call it on the thread that holds the session: it takes about a millisecond, for it refers to
    what never changes. The undo list is not kept.
    """
    return saved_session(remembered(session), {} if window is None else window, source)


def write(saved: SavedSession, path: str | os.PathLike[str], most_bytes: int = MOST_BYTES) -> None:
    """Write what was remembered, on any thread; the file appears when it is complete.

    The same content gives the same bytes. States of runs that take more than ``most_bytes`` are
    thinned, and replayed when they are visited. InputError where the file cannot be written.
    """
    clear_leftovers(path)
    save_session(saved, path, most_bytes)


def read(
    path: str | os.PathLike[str], data_path: str | os.PathLike[str] | None = None
) -> OpenedSession:
    """The session in a file, ready to go on; a recorded run is a session that stands at its end.

    No thread is started. InputError says what is wrong with the file. DataFileError is one whose
    data file is not there or another one: ask for it, and give it as ``data_path``.
    """
    clear_leftovers(path)
    saved, name = load_session(path, data_path), Path(path).name
    try:
        session = recalled(memory_of(saved))
    except InputError as error:
        if name in str(error):
            raise
        raise InputError(f"{name}: {error}") from error
    return OpenedSession(session, saved.window, Path(path).stem, saved)
