"""Where one is in a recorded run, in words, crumbs and frames; and what leads out of the pass."""

from __future__ import annotations

from dataclasses import replace

from bpstudio.core.derivation import Crumb, Derivation
from bpstudio.core.frames import Frame
from bpstudio.core.notation import format_count
from bpstudio.debugger.debugger import Debugger
from bpstudio.debugger.recording import Visit
from bpstudio.debugger.session import Session


def address_now(debugger: Debugger) -> str:
    """The address of the current step, with e/b in a recorded run."""
    return debugger.prefix + debugger.step.address


def place_words(session: Session) -> str:
    """Which update of the recorded run is visited; "" where none is."""
    visit, recording = session.debugger.visited, session.recording
    if visit is None or recording is None:
        return ""
    changed = ", changed by hand" if session.debugger.is_changed_visit else ""
    return f"Update {format_count(visit.T)} of {format_count(recording.length)}{changed}"


def goes_on(session: Session, forward: bool) -> bool:
    """Whether the recorded run has a pass after this one, or before it."""
    visit, recording = session.debugger.visited, session.recording
    if visit is None or recording is None:
        return False
    return recording.length > visit.T if forward else visit.T > 0


def in_run(derivation: Derivation, session: Session) -> Derivation:
    """The derivation with epoch and batch around it, and the next pass after its last step."""
    visit, prefix = session.debugger.visited, session.debugger.prefix
    if visit is None:
        return derivation
    crumbs = (*_crumbs(visit), *derivation.crumbs)
    made = replace(derivation, crumbs=crumbs, address=prefix + derivation.address)
    if derivation.next_index is None and goes_on(session, forward=True):
        return replace(made, next_index=0, next_label="the pass of the next update")
    return made


def frames_in_run(frames: tuple[Frame, ...], visit: Visit | None) -> tuple[Frame, ...]:
    """The frames of a pass with the epoch around them, and the batch by its number."""
    if visit is None or not frames:
        return frames
    epoch, batch = _crumbs(visit)
    of = visit.segment.training.batches_per_epoch
    whole = frames[0]
    position = f"{whole.position}, $b = {visit.batch}$ of 0 … {of - 1}"
    return (
        replace(whole, label=epoch.label, position="", address=epoch.address),
        replace(whole, label=batch.label, position=position, address=batch.address),
        *frames[1:],
    )


def _crumbs(visit: Visit) -> tuple[Crumb, Crumb]:
    return (
        Crumb(f"Epoch {visit.epoch}", f"e{visit.epoch}/b0"),
        Crumb(f"Batch {visit.batch}", f"e{visit.epoch}/b{visit.batch}"),
    )
