"""A session as a value, and the session that goes on from one as if it had never been left.

The undo list is not part of it, nor why the cursor stopped where it is.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from bpstudio.core.dataset import Dataset
from bpstudio.core.errors import InputError
from bpstudio.core.network import Network
from bpstudio.debugger.debugger import Debugger
from bpstudio.debugger.experiment import Experiment
from bpstudio.debugger.marks import Marks
from bpstudio.debugger.pace import batches_per_second
from bpstudio.debugger.passes import Left
from bpstudio.debugger.recording import Recording
from bpstudio.debugger.run import TrainingRun
from bpstudio.debugger.run_memory import (
    RunMemory,
    recalled_recording,
    recalled_run,
    remembered_run,
)
from bpstudio.debugger.runs import Runs
from bpstudio.debugger.session import Session
from bpstudio.debugger.session_state import SessionState


@dataclass(frozen=True, slots=True)
class Place:
    """Where the cursor is: at a step of the pass over ``rows``, or of that of update ``visited``.

    ``rows`` are those of the pass outside the recorded run. ``was_edited``: a parameter was
    changed by hand there. ``branches``: a setting was changed during the visit.
    """

    rows: tuple[int, ...]
    cursor: int = 0
    whole_batch: bool = False
    speed: float | None = None
    was_edited: bool = False
    visited: int | None = None
    branches: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class SessionMemory:
    """Everything a session needs to go on.

    ``network`` None is the one that the current run reached. ``start``: the network before
    training, None where it is not known. ``changed``: network and data of the visited update,
    where they were changed by hand. ``begun``: how many recordings there have been.
    """

    experiment: Experiment
    data: Dataset
    network: Network | None
    start: Network | None
    place: Place
    marks: Marks = field(default_factory=Marks)
    runs: tuple[RunMemory, ...] = ()
    current: int | None = None
    begun: int = 0
    changed: tuple[Network, Dataset] | None = None


# Remembering -------------------------------------------------------------------------------


def remembered(session: Session) -> SessionMemory:
    """The session as it stands, training or not. It takes microseconds and copies no numbers."""
    debugger, state = session.debugger, session.state
    current, runs = _remembered_runs(session)
    left = debugger.left or Left(
        debugger.network, debugger.data, debugger.rows, debugger.was_edited
    )
    return SessionMemory(
        state.experiment,
        left.data,
        None if current is not None and _has_reached(session, left.network) else left.network,
        state.start,
        _place(session, left),
        session.marks,
        runs,
        current,
        session.runs.book.begun,
        (debugger.network, debugger.data) if debugger.is_changed_visit else None,
    )


def _has_reached(session: Session, network: Network) -> bool:
    """Whether it is the network of the run, which may be further by now than was last looked at."""
    seen = session.snapshot
    return seen is not None and (session.is_training or network is seen.network)


def _remembered_runs(session: Session) -> tuple[int | None, tuple[RunMemory, ...]]:
    """The place of the current recording, and all of them with how their runs stand."""
    kept, visit = session.runs.kept, session.debugger.visited
    recordings = [recording for recording, _ in kept]
    runs = tuple(
        remembered_run(
            recording,
            run,
            _place_of(recording.parent, recordings),
            visit if recording is session.recording else None,
        )
        for recording, run in kept
    )
    return _place_of(session.recording, recordings), runs


def _place_of(recording: Recording | None, among: list[Recording]) -> int | None:
    return next((n for n, each in enumerate(among) if each is recording), None)


def _place(session: Session, left: Left) -> Place:
    debugger, state = session.debugger, session.state
    return Place(
        left.rows,
        debugger.cursor,
        state.whole_batch,
        state.speed,
        left.was_edited,
        None if debugger.visited is None else debugger.visited.T,
        state.branches,
    )


# Recalling ---------------------------------------------------------------------------------


def recalled(memory: SessionMemory) -> Session:
    """A session that stands as that one was left; one that was training is paused.

    InputError where the parts of the memory do not fit together.
    """
    place, runs = memory.place, _recalled_runs(memory)
    chosen = (place.whole_batch, place.speed, place.branches)
    state = SessionState(memory.experiment, memory.start, *chosen)
    network = memory.network if memory.network is not None else _reached(runs)
    session = Session.recalled(state, runs, network, memory.data, place.rows)
    session.debugger.recall(memory.marks, place.was_edited)
    _recall_place(session.debugger, memory)
    return session


def _reached(runs: Runs) -> Network:
    if runs.snapshot is None:
        raise InputError("the network of this session is that of a run, and there is no run")
    return runs.snapshot.network


def _recalled_runs(memory: SessionMemory) -> Runs:
    runs = Runs()
    runs.book.recall_stops(memory.marks.stops, memory.marks.next_stop)
    recordings = _recalled_recordings(memory)
    kept = [
        (recording, _recalled_run(memory, each, recording, runs))
        for each, recording in zip(memory.runs, recordings, strict=True)
    ]
    runs.recall(kept, memory.current, memory.begun)
    return runs


def _recalled_recordings(memory: SessionMemory) -> list[Recording]:
    made: list[Recording] = []
    for each in memory.runs:
        if each.parent is not None and each.parent >= len(made):
            raise InputError(f"run {each.name!r} branches off one that comes after it")
        made.append(recalled_recording(each, None if each.parent is None else made[each.parent]))
    return made


def _recalled_run(
    memory: SessionMemory, each: RunMemory, recording: Recording, runs: Runs
) -> TrainingRun:
    last, batch_size = each.segments[-1], memory.experiment.batch_size
    pace = batches_per_second(memory.place.speed, len(last.data.training), batch_size)
    return recalled_run(each, recording, pace, runs.book.fitting(last.training))


def _recall_place(debugger: Debugger, memory: SessionMemory) -> None:
    place = memory.place
    if place.visited is not None:
        if memory.current is None or memory.runs[memory.current].visited != place.visited:
            raise InputError(f"update {place.visited} is on show, and its state was not kept")
        debugger.visit(place.visited)
    if memory.changed is not None:
        if place.visited is None:
            raise InputError("this session has a changed visit, and no update is visited")
        debugger.recall_change(*memory.changed)
    if place.cursor:
        debugger.goto(place.cursor)
