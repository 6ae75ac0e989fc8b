"""What the window says of sessions."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from bpstudio.core.notation import format_count
from bpstudio.debugger.session import Session
from bpstudio.ui.sessions.label import Label


def moment(seconds: float, exact: bool = True) -> str:
    """A time of day by the clock on the wall, with the day where that is not today."""
    at, now = datetime.fromtimestamp(seconds), datetime.now()
    clock = at.strftime("%H:%M:%S" if exact else "%H:%M")
    days = (now.date() - at.date()) // timedelta(days=1)
    if days == 0:
        return clock if exact else f"today, {clock}"
    day = "yesterday" if days == 1 else f"{at.day} {at:%B}{f' {at.year}' if days > 300 else ''}"
    return f"{clock}, {day}" if exact else f"{day}, {clock}"


def place_in(session: Session) -> str:
    """Where a session stands: "e3/b4, update 52 of 900", or "" where nothing was trained."""
    recording, visited = session.recording, session.debugger.visited
    if recording is None or not recording.segments:
        return ""
    if visited is not None:
        total = format_count(recording.length)
        return f"e{visited.epoch}/b{visited.batch}, update {format_count(visited.T)} of {total}"
    return f"update {format_count(recording.length)}"


def recovered(seconds: float, session: Session) -> str:
    """At the start after a kill; ``seconds``: when it was last kept."""
    place = place_in(session)
    at = f"{moment(seconds)}{f', {place}' if place else ''}"
    return f"The session was recovered as it was at {at}: bpstudio was ended before it could close"


def opened(name: str, session: Session) -> str:
    """A file was opened; its run is being replayed, where it has one."""
    place = place_in(session)
    if not place:
        return f"Opened {name}, as it was saved"
    return f"Opened {name} at {place}; its run is being computed again, to compare every number"


def replayed(name: str, updates: int, complete: bool) -> str:
    """What was replayed gave the same bits."""
    count = format_count(updates)
    run = "recorded run" if complete else f"first {count} updates of the recorded run"
    again = f"{'it was' if complete else 'they were'} computed again here"
    return f"Opened {name}. Every number of the {run} came out the same when {again}"


def differs(name: str, difference: str) -> str:
    """Where the replay gave other bits."""
    return (
        f"The run{f' of {name}' if name else ''} came out other than recorded when it was "
        f"computed again on this machine: {difference}. What was recorded is shown; what lies "
        "between two kept states may differ in its last digits"
    )


def changed(name: str) -> str:
    """A file is not the one any more that the window knows."""
    return (
        f"{name} was written by another window or program since it was opened or saved here; "
        "saving would replace that"
    )


def cannot_keep(problem: str, folder: Path) -> str:
    """The session is not being kept just now."""
    return (
        f"the session cannot be kept in {folder}: {problem}. It is tried again; free some "
        "space or make the folder writable, or save the session elsewhere"
    )


def cannot_close(problem: str) -> str:
    """Closing would lose what was done last."""
    return (
        f"what was done last cannot be kept: {problem}. Save the session elsewhere, or close again "
        "to lose it"
    )


def damaged(problem: str, place: Path) -> str:
    """A kept session is damaged; ``place``: under which name it was left."""
    return f"the session could not be opened: {problem}; it was left as {place}"


def entry(label: Label, seconds: float) -> str:
    """A kept session in the menu."""
    updates = f", {format_count(label.updates)} updates" if label.updates else ""
    name = f"{Path(label.file).name}: {label.data}" if label.file else label.data
    return f"{name}{updates} ({moment(seconds, exact=False)})"
