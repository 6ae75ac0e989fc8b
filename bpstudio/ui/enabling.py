"""Which actions make no sense now, and why."""

from __future__ import annotations

from bpstudio.debugger.session import Session

_FORWARD = ("into", "over", "out", "to_end")
_BACKWARD = ("to_start", "back_out", "back_over", "back_into")
_NOT_IN_TRAINING = (*_FORWARD, *_BACKWARD, "goto", "backward", "whole_batch")


def disabled(session: Session) -> dict[str, str]:
    """The actions that are off, each with the reason as a sentence for tooltip and palette."""
    if session.is_training:
        return dict.fromkeys(_NOT_IN_TRAINING, "Not while training: pause first")
    off: dict[str, str] = {}
    debugger = session.debugger
    if debugger.cursor == 0:
        off |= dict.fromkeys(_BACKWARD, "This is the first step of the pass")
    if debugger.cursor == len(debugger.trace) - 1:
        off |= dict.fromkeys(_FORWARD, "This is the last step of the pass")
    return off
