"""What a user set to stop at, to watch and to find again, as a value; it outlives any pass."""

from __future__ import annotations

from dataclasses import dataclass

from bpstudio.debugger.breakpoints import Breakpoint
from bpstudio.debugger.log import LogLine
from bpstudio.debugger.training_stops import TrainingStop
from bpstudio.debugger.watches import Watch


@dataclass(frozen=True, slots=True)
class Marks:
    """What was set to stop at, to watch and to find again; ``next…`` number the next ones."""

    breakpoints: tuple[Breakpoint, ...] = ()
    next_breakpoint: int = 1
    watches: tuple[Watch, ...] = ()
    next_watch: int = 1
    stops: tuple[TrainingStop, ...] = ()
    next_stop: int = 1
    bookmarks: tuple[str, ...] = ()
    log: tuple[LogLine, ...] = ()
    log_left_out: int = 0
