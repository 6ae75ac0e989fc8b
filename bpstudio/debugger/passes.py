"""The passes that the debugger can be in: one alone, or every update of a recorded run."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from bpstudio.core.address import Address, parse_address
from bpstudio.core.dataset import Dataset
from bpstudio.core.errors import InputError
from bpstudio.core.network import Network
from bpstudio.core.optimisers import UpdateState
from bpstudio.core.trace import Trace, compute_trace
from bpstudio.core.updates import Update
from bpstudio.debugger.recording import Recording, Segment, Visit

_KEPT = 4  # passes that are kept when the cursor goes to and fro between them


@dataclass(frozen=True, slots=True)
class Pass:
    """One update of a recorded run: where it is, and everything it computed."""

    visit: Visit
    trace: Trace

    @property
    def prefix(self) -> str:
        """What its addresses begin with: e3/b4/."""
        return f"e{self.visit.epoch}/b{self.visit.batch}/"

    def has(self, network: Network, data: Dataset) -> bool:
        """Whether these are what the update was recorded with, none of it changed since."""
        return network is self.trace.network and data is self.visit.segment.data

    def is_that_of(self, other: Pass) -> bool:
        """Whether both are the pass of one update, though computed twice."""
        return self.visit.T == other.visit.T and self.visit.segment is other.visit.segment


class Left(NamedTuple):
    """What was traced before a visit, to come back to."""

    network: Network
    data: Dataset
    rows: tuple[int, ...]
    was_edited: bool = False  # see `Debugger.was_edited`


class Passes:
    """The passes of a recording, computed when they are asked for."""

    def __init__(self, recording: Recording) -> None:
        self.recording = recording
        self._at = lru_cache(maxsize=_KEPT)(self._computed)

    @property
    def last(self) -> int:
        """T of the last pass: that of the update which comes next."""
        return self.recording.length

    def at(self, T: int) -> Pass:
        """The pass of update T; it starts from the parameters before it and ends with it."""
        return self._at(T, self.recording.segment(T))

    def _computed(self, T: int, _segment: Segment) -> Pass:
        """Of a segment: the next update may become another one's, from another start."""
        visit = self.recording.visit(T)
        training, state = visit.segment.training, visit.state
        network, settings = training.network_at(state), training.settings
        batch = visit.segment.data.batch(visit.rows)
        update = Update(settings.update, UpdateState(state.slots, state.t))
        return Pass(visit, compute_trace(network, batch, settings.loss, update=update))

    def number(self, epoch: int, batch: int) -> int:
        """T of e/b."""
        return self.recording.number(epoch, batch)


def split(place: str | Address) -> tuple[tuple[int, int] | None, Address]:
    """The iteration that an address names, if it does, and the address in its pass."""
    address = parse_address(place) if isinstance(place, str) else place
    if address.epoch is None or address.batch is None:
        return None, address
    inside = Address(
        None,
        None,
        address.row,
        address.phase,
        address.l,
        address.j,
        address.letter,
        address.index,
        address.kind,
    )
    return (address.epoch, address.batch), inside


def require_passes(passes: Passes | None, place: object) -> Passes:
    """The recorded run that an address with e/b needs."""
    if passes is None:
        raise InputError(
            f"{place} names an iteration of a recorded run, and nothing was trained yet; "
            "train first, or leave out e/b"
        )
    return passes
