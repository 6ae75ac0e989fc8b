"""How the curves of runs are told apart: by colour, and by markers as well."""

from __future__ import annotations

from dataclasses import dataclass

from bpstudio.debugger.recording import Recording
from bpstudio.debugger.session import Session
from bpstudio.ui.palette import Theme

_SYMBOLS = ("o", "s", "t1", "d", "p", "star")


@dataclass(frozen=True, slots=True)
class RunLook:
    """The colour of a run's line and its marker as pyqtgraph calls it; "" for none."""

    color: str
    symbol: str


def run_look(session: Session, recording: Recording, theme: Theme) -> RunLook:
    """The current run has the colour of training and no markers; the others take turns."""
    if recording is session.recording:
        return RunLook(theme.training, "")
    others = [one for one in session.recordings if one is not session.recording]
    n = others.index(recording)
    return RunLook((theme.text3, theme.warning)[n % 2], _SYMBOLS[n % len(_SYMBOLS)])
