"""The recordings of a session and the conditions that stop its runs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from bpstudio.core.errors import InputError
from bpstudio.core.training_values import Training
from bpstudio.debugger.passes import Passes
from bpstudio.debugger.recording import MOST_BYTES, Recording
from bpstudio.debugger.training_scope import training_expression
from bpstudio.debugger.training_stops import TrainingStop

MOST_RECORDINGS = 24  # the first run and its newest branches


class RunBook:
    """Branches in the order in which they began, one of them current; and stop conditions."""

    def __init__(self) -> None:
        self._recordings: list[Recording] = []
        self._current: Passes | None = None
        self._begun = 0
        self._stops: dict[int, TrainingStop] = {}
        self._next_stop = 1

    # ---- recordings -----------------------------------------------------------------------------

    @property
    def recordings(self) -> tuple[Recording, ...]:
        """All of them."""
        return tuple(self._recordings)

    @property
    def current(self) -> Recording | None:
        """The one that training goes on in."""
        return None if self._current is None else self._current.recording

    @property
    def passes(self) -> Passes | None:
        """The passes of the current one."""
        return self._current

    def clear(self) -> None:
        """Another experiment: nothing is recorded of it yet."""
        self._recordings.clear()
        self._current, self._begun = None, 0

    def recall(self, recordings: Iterable[Recording], current: int | None, begun: int) -> None:
        """Have these recordings, ``begun`` with those that made room; one may be the current."""
        self._recordings, self._begun = list(recordings), begun
        self._current = None if current is None else Passes(self._recordings[current])
        self._share_memory()

    @property
    def begun(self) -> int:
        """How many have begun, those included that made room for others."""
        return self._begun

    def running(self) -> Recording:
        """The current recording, a new one where there is none."""
        if self._current is None:
            self._add(Recording(self._name()))
        assert self._current is not None
        return self._current.recording

    def branch(self, T: int) -> Recording:
        """A new current recording that shares what the current one did before update T."""
        made = self.running().branch(T, self._name())
        self._add(made)
        return made

    def choose(self, recording: Recording) -> None:
        """Make another recording the current one."""
        if recording not in self._recordings:
            raise InputError("this run is no longer there; choose one of those in the list")
        if recording is not self.current:
            self._current = Passes(recording)

    def rename(self, recording: Recording, name: str) -> None:
        """Another name; InputError where it is empty or taken."""
        wanted = name.strip()
        if not wanted:
            raise InputError("a run needs a name")
        if any(r.name == wanted and r is not recording for r in self._recordings):
            raise InputError(f"another run is called {wanted!r} already; choose another name")
        recording.name = wanted

    def _name(self) -> str:
        self._begun += 1
        return f"Run {self._begun}"

    def _add(self, recording: Recording) -> None:
        """All recordings share the memory that one may take; the oldest branch makes room."""
        if len(self._recordings) >= MOST_RECORDINGS:
            oldest = next(r for r in self._recordings[1:] if r is not self.current)
            self._recordings.remove(oldest)
        self._recordings.append(recording)
        self._current = Passes(recording)
        self._share_memory()

    def _share_memory(self) -> None:
        for one in self._recordings:
            one.limit(MOST_BYTES // len(self._recordings))

    # ---- stop conditions ----------------------------------------------------------------------

    @property
    def stops(self) -> tuple[TrainingStop, ...]:
        """All conditions, in the order in which they were set."""
        return tuple(self._stops.values())

    def add_stop(self, training: Training, text: str, log: bool) -> TrainingStop:
        """Set one. InputError where it is none, or reads what a run does not record."""
        made = TrainingStop(self._next_stop, text.strip(), log)
        training_expression(made.text, training)
        self._next_stop += 1
        self._stops[made.id] = made
        return made

    def change_stop(
        self, training: Training, number: int, settings: dict[str, Any]
    ) -> TrainingStop:
        """Other settings for one: text, log, enabled."""
        made = replace(self._stop(number), **settings)
        training_expression(made.text, training)
        self._stops[number] = made
        return made

    def remove_stop(self, number: int) -> None:
        """Take one away."""
        del self._stops[self._stop(number).id]

    def recall_stops(self, stops: Iterable[TrainingStop], following: int) -> None:
        """Have these, and give the next one that number."""
        self._stops, self._next_stop = {stop.id: stop for stop in stops}, following

    @property
    def following_stop(self) -> int:
        """The number of the next one."""
        return self._next_stop

    def fitting(self, training: Training) -> tuple[TrainingStop, ...]:
        """Those that make sense for this network; others wait for one they fit."""
        return tuple(stop for stop in self._stops.values() if _fits(stop, training))

    def _stop(self, number: int) -> TrainingStop:
        if number not in self._stops:
            known = ", ".join(map(str, self._stops)) or "none"
            raise InputError(f"there is no stop condition {number}; there are: {known}")
        return self._stops[number]


def _fits(stop: TrainingStop, training: Training) -> bool:
    try:
        training_expression(stop.text, training)
    except InputError:
        return False
    return True
