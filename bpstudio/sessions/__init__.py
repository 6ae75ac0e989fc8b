"""Sessions as files: what is open is remembered, written, and read again where it was left.

    saved = remember(session)           # on the thread that holds the session; it may be training
    write(saved, "work.bps")            # on any thread
    opened = read("work.bps")           # opened.session goes on bit for bit

Names are imported when they are first used: recorded runs need nothing of a whole session.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bpstudio.files.session_source import DataFile, DataFileError
    from bpstudio.files.session_values import SavedSession
    from bpstudio.sessions.checking import check
    from bpstudio.sessions.keeping import OpenedSession, read, remember, write

__all__ = [
    "DataFile",
    "DataFileError",
    "OpenedSession",
    "SavedSession",
    "check",
    "read",
    "remember",
    "write",
]

_HOMES = {
    "bpstudio.files.session_source": ("DataFile", "DataFileError"),
    "bpstudio.files.session_values": ("SavedSession",),
    "bpstudio.sessions.checking": ("check",),
    "bpstudio.sessions.keeping": ("OpenedSession", "read", "remember", "write"),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> object:
    if name not in _HOME_OF:
        raise AttributeError(f"module 'bpstudio.sessions' has no attribute {name!r}")
    value = getattr(import_module(_HOME_OF[name]), name)
    globals()[name] = value
    return value
