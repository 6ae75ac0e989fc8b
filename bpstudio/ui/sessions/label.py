"""What a kept session is, in a line beside its file: a menu of them need not read them all."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Annotated

import msgspec

from bpstudio.debugger.session import Session

_MOST = 10_000  # bytes that a label has
_Text = Annotated[str, msgspec.Meta(max_length=4096)]


class Label(msgspec.Struct):
    """Name of the data, number of updates of the run, and the file it was saved to or ""."""

    data: _Text = "A session"
    updates: Annotated[int, msgspec.Meta(ge=0, le=2**53)] = 0
    file: _Text = ""


def label_of(session: Session, file: Path | None) -> Label:
    """What a session is now."""
    recording = session.recording
    updates = 0 if recording is None else recording.length
    return Label(session.data.name or "Data", updates, "" if file is None else str(file))


def write_label(path: Path, label: Label) -> None:
    """Only the menu of kept sessions lacks a label that cannot be written."""
    with suppress(OSError):
        path.write_bytes(msgspec.json.encode(label))


def read_label(path: Path) -> Label:
    """The label in a file; one that says nothing where there is none."""
    with suppress(OSError, msgspec.DecodeError, msgspec.ValidationError):
        if path.stat().st_size <= _MOST:
            return msgspec.json.decode(path.read_bytes(), type=Label)
    return Label()
