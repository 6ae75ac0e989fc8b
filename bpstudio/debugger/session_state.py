"""What a session is besides its debugger and its runs, as a value."""

from __future__ import annotations

from dataclasses import dataclass

from bpstudio.core.network import Network
from bpstudio.debugger.experiment import Experiment


@dataclass(frozen=True, slots=True, eq=False)
class SessionState:
    """The settings, and what was chosen beside them.

    ``start``: the network before training, None where it is not known. ``whole_batch``: the pass
    goes over a batch. ``speed``: epochs a second at the most. ``branches``: a setting was changed
    during a visit, so that training goes on from there in a branch.
    """

    experiment: Experiment
    start: Network | None
    whole_batch: bool = False
    speed: float | None = None
    branches: bool = False
