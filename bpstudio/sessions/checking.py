"""Whether the runs of a session come out the same on this machine: replayed, to the bit."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import replace
from time import perf_counter

from bpstudio.files.run_replay import Replay, verify
from bpstudio.files.run_values import RecordedRun
from bpstudio.files.session_states import spans
from bpstudio.files.session_values import SavedSession


def check(
    saved: SavedSession,
    seconds: float = math.inf,
    cancelled: Callable[[], bool] = lambda: False,
    clock: Callable[[], float] = perf_counter,
) -> Replay:
    """Replay every update of every run between the states that are kept, and compare all bits.

    It ends after about so many seconds, or soon after ``cancelled`` says so, and is not complete
    then. `Replay.difference` names the run and the first update that comes out differently. It
    may run in a thread: it looks at values only.
    """
    end, updates, complete = clock() + seconds, 0, True
    for run in _own_parts(saved):
        left = end - clock()
        if left <= 0 or cancelled():
            return Replay(updates, False)
        found = verify(run, left, clock, cancelled)
        updates, complete = updates + found.updates, complete and found.complete
        if found.difference:
            named = f"{run.name}: " if len(saved.runs) > 1 else ""
            return Replay(updates, False, named + found.difference)
    return Replay(updates, complete)


def _own_parts(saved: SavedSession) -> Iterator[RecordedRun]:
    """Every run with the stretches that none before it has, compared with its own losses."""
    replayed: dict[int, int] = {}  # of each segment, up to which update
    for run in saved.runs:
        own = []
        firsts = [segment.first for segment in run.segments]
        for segment, (first, below) in zip(run.segments, spans(firsts, run.length), strict=True):
            known = replayed.get(id(segment), first)
            states = tuple(each for each in segment.states if known <= each[0] < below)
            if states:
                own.append(replace(segment, first=states[0][0], states=states))
                replayed[id(segment)] = states[-1][0]
        yield RecordedRun(run.name, run.length, tuple(own), run.curves)
