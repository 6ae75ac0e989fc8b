"""Which actions make no sense now, and why."""

from __future__ import annotations

from bpstudio.core.levels import UNITS
from bpstudio.debugger.session import Session
from bpstudio.ui.panels.check import is_derivative
from bpstudio.ui.targets import number_words
from bpstudio.ui.visiting import goes_on

_UNITS = tuple(f"by_{unit}" for unit in UNITS)
_FORWARD = ("into", "over", "out", "continue", "to_end")
_BACKWARD = ("to_start", "back_out", "back_over", "back_into", "reverse_continue")
_NOT_IN_TRAINING = (
    *_FORWARD,
    *_BACKWARD,
    *("run_to", "goto", "backward", "next_bookmark", "whole_batch", "undo", "redo", "check_term"),
)
_EPOCH = "Visit an update of the recorded run first: click the loss curve, or type e0/b0"
_NOTHING = "Nothing was trained yet"
_IN_RUN = "A recorded pass has the samples of its batch; go back to now first"


def disabled(session: Session, searching: bool = False, selected: bool = False) -> dict[str, str]:
    """The actions that are off, each with the reason as a sentence for tooltip and palette.

    ``searching``: a run to the next stop is on its way; ``selected``: a node or edge is.
    """
    off = _without(session, selected)
    if session.is_training:
        return off | dict.fromkeys(_NOT_IN_TRAINING, "Not while training: pause first")
    if not searching:
        off["stop"] = "Nothing is running"
    debugger = session.debugger
    if debugger.cursor == 0:
        names = ("to_start",) if goes_on(session, forward=False) else _BACKWARD
        off |= dict.fromkeys(names, "This is the first step of the pass")
    if debugger.cursor == len(debugger.trace) - 1:
        names = ("to_end",) if goes_on(session, forward=True) else _FORWARD
        off |= dict.fromkeys(names, "This is the last step of the pass")
    if debugger.visited is not None:
        off |= dict.fromkeys(("next_row", "previous_row", "whole_batch"), _IN_RUN)
    return off


def _without(session: Session, selected: bool) -> dict[str, str]:
    """What lacks the thing that it is about."""
    debugger = session.debugger
    missing = {
        "run_to": (selected, "Select a node or an edge first"),
        "no_breakpoints": (debugger.breakpoints, "There is no breakpoint"),
        "next_bookmark": (debugger.bookmarks, "No step is marked"),
        "check_term": (is_derivative(debugger.step), "This term is no derivative"),
        "undo": (debugger.undo_text, "Nothing was changed by hand"),
        "redo": (debugger.redo_text, "Nothing was taken back"),
        "by_epoch": (debugger.visited, _EPOCH if session.recording else _NOTHING),
        "goto_update": (session.recording, _NOTHING),
        "present": (debugger.visited, "This is now"),
    }
    return {name: reason for name, (there, reason) in missing.items() if not there}


def texts(session: Session) -> dict[str, str]:
    """The actions whose text says what they are about now."""
    debugger, L = session.debugger, session.network.L
    edits = {"undo": debugger.undo_text, "redo": debugger.redo_text}
    named = {
        name: f"{name.capitalize()} {number_words(address, L)}" if address else name.capitalize()
        for name, address in edits.items()
    }
    return {**named, "train": "Stop training" if session.is_training else "Train"}
