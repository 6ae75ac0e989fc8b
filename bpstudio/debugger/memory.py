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
from bpstudio.debugger.passes import Left
from bpstudio.debugger.recording import Recording
from bpstudio.debugger.run_memory import (
    RunMemory,
    recalled_recording,
    recalled_run,
    remembered_run,
)
from bpstudio.debugger.session import Session


@dataclass(frozen=True, slots=True)
class Place:
    """Where the cursor is: at a step of the pass over ``rows``, or of that of update ``visited``.

    ``rows`` are those of the pass outside the recorded run. ``was_edited``: a parameter was
    changed by hand. ``branches``: a setting was changed during the visit.
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
    debugger = session.debugger
    recordings = [r for r in session.recordings if id(r) in session._runs]
    runs = tuple(_remembered_run(session, r, recordings) for r in recordings)
    current = _place_of(session.recording, recordings)
    left = debugger.left or Left(debugger.network, debugger.data, debugger.rows)
    return SessionMemory(
        session.experiment,
        left.data,
        None if current is not None and _has_reached(session, left.network) else left.network,
        session._start,
        _place(session, left.rows),
        session.marks,
        runs,
        current,
        session._book.begun,
        (debugger.network, debugger.data) if debugger.is_changed_visit else None,
    )


def _has_reached(session: Session, network: Network) -> bool:
    """Whether it is the network of the run, which may be further by now than was last looked at."""
    seen = session.snapshot
    return seen is not None and (session.is_training or network is seen.network)


def _remembered_run(session: Session, recording: Recording, all_: list[Recording]) -> RunMemory:
    run, parent = session._runs[id(recording)], _place_of(recording.parent, all_)
    visit = session.debugger.visited if recording is session.recording else None
    return remembered_run(recording, run, parent, visit)


def _place_of(recording: Recording | None, among: list[Recording]) -> int | None:
    return next((n for n, each in enumerate(among) if each is recording), None)


def _place(session: Session, rows: tuple[int, ...]) -> Place:
    debugger = session.debugger
    return Place(
        rows,
        debugger.cursor,
        session.whole_batch,
        session.speed,
        debugger.was_edited,
        None if debugger.visited is None else debugger.visited.T,
        session._branches,
    )


# Recalling ---------------------------------------------------------------------------------


def recalled(memory: SessionMemory) -> Session:
    """A session that stands as that one was left; one that was training is paused.

    InputError where the parts of the memory do not fit together.
    """
    session = Session.__new__(Session)
    session._begin(memory.experiment)
    session._start, session._whole_batch = memory.start, memory.place.whole_batch
    session._speed, session._branches = memory.place.speed, memory.place.branches
    marks, book = memory.marks, session._book
    book.recall_stops(marks.stops, marks.next_stop)
    _recall_runs(session, memory)
    network = _network(session, memory)
    rows, loss = memory.place.rows, memory.experiment.loss
    update = session._update_of(network)
    session.debugger = debugger = Debugger(network, memory.data, rows, loss, update=update)
    debugger.recall(marks, memory.place.was_edited)
    debugger.follow(book.passes)
    _recall_place(debugger, memory)
    return session


def _network(session: Session, memory: SessionMemory) -> Network:
    if memory.network is not None:
        return memory.network
    if session.snapshot is None:
        raise InputError("the network of this session is that of a run, and there is no run")
    return session.snapshot.network


def _recall_runs(session: Session, memory: SessionMemory) -> None:
    recordings: list[Recording] = []
    for each in memory.runs:
        if each.parent is not None and each.parent >= len(recordings):
            raise InputError(f"run {each.name!r} branches off one that comes after it")
        parent = None if each.parent is None else recordings[each.parent]
        recordings.append(recalled_recording(each, parent))
    session._book.recall(recordings, memory.current, memory.begun)
    for each, recording in zip(memory.runs, recordings, strict=True):
        fitting = session._book.fitting(each.segments[-1].training)
        pace = session._batches_of(each.segments[-1].data)
        session._runs[id(recording)] = recalled_run(each, recording, pace, fitting)
    current = session._book.current
    if current is not None:
        session._run, session._run_data = session._runs[id(current)], _last_data(current)
        session._snapshot = session._run.snapshot()


def _last_data(recording: Recording) -> Dataset:
    return recording.segments[-1].data


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
