"""A session as a file holds it: plain values, of which nothing ever changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from numpy.typing import NDArray

from bpstudio.core.dataset import Dataset
from bpstudio.core.network import Network
from bpstudio.core.training_values import TrainingState
from bpstudio.files.run_values import Curve, RunSegment
from bpstudio.files.session_source import DataFile


@dataclass(frozen=True, slots=True, eq=False)
class SavedRun:
    """A recording of ``length`` updates, which may share its first segments with others.

    A segment that is shared is the same object in both. ``states`` are those that are kept, each
    with the number of the update it comes before at the same place in ``numbers``, ascending; the
    last is that before update ``length``. ``parent``: the place, among the runs of the session, of
    the one it branched off before update ``branched_at``. ``visited``: an update whose state is
    kept in any case, so that its pass is there at once. ``past``: tables of the last updates, which
    conditions look back at. ``stand``: how the run was left, as JSON
    has it or values that msgspec writes.
    """

    name: str
    length: int
    segments: tuple[RunSegment, ...]
    numbers: Sequence[int]
    states: Sequence[TrainingState]
    curves: Mapping[str, Curve] = field(default_factory=dict)
    parent: int | None = None
    branched_at: int = 0
    visited: int | None = None
    past: Mapping[str, NDArray[Any]] = field(default_factory=dict)
    stand: Any = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class SavedSession:
    """Everything that a session file holds.

    ``network`` None is the one that the run ``current`` reached; ``start`` is the one before
    training, None where it is not known. ``changed``: network and data of the pass on show, where
    that is an update of a run and was changed by hand. ``state``: settings, cursor, breakpoints
    and the like, as JSON has them or values that msgspec writes; ``window`` is the window's own.
    ``source``: the file of the data, to which a session of large data refers. ``only_run``: its
    file is that of a recorded run.
    """

    data: Dataset
    network: Network | None
    start: Network | None
    runs: tuple[SavedRun, ...] = ()
    current: int | None = None
    changed: tuple[Network, Dataset] | None = None
    state: Any = field(default_factory=dict)
    window: Mapping[str, Any] = field(default_factory=dict)
    source: DataFile | None = None
    only_run: bool = False
