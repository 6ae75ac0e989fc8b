"""What was changed while a run was trained, as its recording has it."""

from __future__ import annotations

from bpstudio.debugger.recording import Recording

_NOTHING = ("", "start", "trained on")


def events_of(run: Recording) -> dict[int, str]:
    """By the update before which it was: "learning rate 0.1", "branch: changed by hand"."""
    branch = run.parent is not None
    segments = [segment for segment in run.segments if segment.first > 0 or branch]
    found = {segment.first: segment.why for segment in segments if segment.why not in _NOTHING}
    if branch:
        why = found.get(run.branched_at, "")
        found[run.branched_at] = f"branch: {why}" if why else "branch"
    return found


def event_text(run: Recording, T: int) -> str:
    """What was changed before update T, with its place: "e3/b0: learning rate 0.1"; "" else."""
    epoch, batch = run.place(T)
    words = events_of(run).get(T, "")
    return f"e{epoch}/b{batch}: {words}" if words else ""
