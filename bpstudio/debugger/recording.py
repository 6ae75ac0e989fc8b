"""A recorded run: checkpoints and what is needed to replay every update between them, bit for bit.

Updates are numbered T = 0, 1, 2 … along the recording; e/b names the same place by epoch and
batch. The state at T is the one before update T. Nothing that was handed out ever changes, so the
training thread may record while others visit.
"""

from __future__ import annotations

import threading
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

from bpstudio.core.dataset import Dataset
from bpstudio.core.errors import InputError
from bpstudio.core.training import Training, TrainingState, advance, epoch_order, prepared
from bpstudio.debugger.thinning import let_go, odd_places, thinned, total

MOST_BYTES = 256 * 2**20
_REPLAYED = 2**22  # weights × rows: replaying them takes some 10 ms
_PER_CHECKPOINT = 1024  # bytes of a checkpoint besides its arrays, about


@dataclass(frozen=True, slots=True, eq=False)
class Segment:
    """A stretch under the same settings: from update ``first`` on, which starts from ``start``.

    ``why`` says in words how it came to be: the start of the run, a change of a setting or by hand.
    """

    first: int
    start: TrainingState
    training: Training
    data: Dataset
    why: str = ""

    @property
    def origin(self) -> int:
        """e·B + b of its first update, B the batches of an epoch."""
        return self.start.epoch * self.training.batches_per_epoch + self.start.batch

    def place(self, T: int) -> tuple[int, int]:
        """e and b of update T."""
        return divmod(self.origin + T - self.first, self.training.batches_per_epoch)

    def number(self, epoch: int, batch: int) -> int | None:
        """T of e/b, as if the segment never ended; None where e has no such batch."""
        per_epoch = self.training.batches_per_epoch
        if not 0 <= batch < per_epoch:
            return None
        return self.first + epoch * per_epoch + batch - self.origin

    def rows(self, T: int) -> tuple[int, ...]:
        """The samples of update T by their rows in the data file, in the order of the batch."""
        epoch, batch = self.place(T)
        settings, n = self.training.settings, self.training.samples.n
        order = epoch_order(settings.seed, epoch, n, settings.shuffle)
        chosen = order[batch * settings.batch_size : (batch + 1) * settings.batch_size]
        return tuple(self.data.rows[self.data.training[chosen]].tolist())


@dataclass(frozen=True, slots=True, eq=False)
class Visit:
    """A place in a recording: the state before update T, its samples, and how it was made."""

    T: int
    epoch: int
    batch: int
    state: TrainingState
    segment: Segment
    rows: tuple[int, ...]


class Recording:
    """Checkpoints of a run, thinned as they grow, and its segments."""

    def __init__(
        self, name: str = "Run 1", most_bytes: int = MOST_BYTES, parent: Recording | None = None
    ) -> None:
        """``parent``: the recording that this one branched off, see `branch`."""
        self.name = name
        self.parent = parent
        self.branched_at = 0
        self._most_bytes = most_bytes
        self._writing = threading.Lock()  # held by the one who records, for as long as it takes
        self._lock = threading.Lock()  # held only for moments: who visits must not wait
        self._segments: list[Segment] = []
        self._numbers: list[int] = []  # T of the checkpoints, ascending
        self._states: list[TrainingState] = []
        self._bytes = 0
        self._length = 0
        self._recent: tuple[int, TrainingState] | None = None

    @property
    def length(self) -> int:
        """The number of updates that were made: T of the next one."""
        return self._length

    @property
    def n_bytes(self) -> int:
        """Memory of the checkpoints."""
        return self._bytes

    @property
    def segments(self) -> tuple[Segment, ...]:
        """The stretches under the same settings, in order."""
        with self._lock:
            return tuple(self._segments)

    @property
    def n_checkpoints(self) -> int:
        """How many states are kept."""
        return len(self._numbers)

    @property
    def checkpoints(self) -> tuple[tuple[int, TrainingState], ...]:
        """The states that are kept, each with the number of the update that it comes before."""
        with self._lock:
            numbers, states = self._numbers.copy(), self._states.copy()
        return tuple(zip(numbers, states, strict=True))

    def kept(self, T: int) -> tuple[list[int], list[TrainingState]]:
        """The states before update T that are kept, and the numbers of the updates after them.

        The lists are the caller's; there may be a hundred thousand entries, copied once.
        """
        with self._lock:
            count = bisect_left(self._numbers, T)
            return self._numbers[:count], self._states[:count]

    # ---- recording ----------------------------------------------------------------------------

    def recall(
        self,
        segments: Iterable[Segment],
        numbers: Iterable[int],
        states: Iterable[TrainingState],
        length: int,
    ) -> None:
        """Be what another recording was, up to update ``length``."""
        with self._writing:
            with self._lock:
                self._segments, self._length = list(segments), length
                self._numbers, self._states = list(numbers), list(states)
                self._bytes = sum(map(_size, self._states))
            self._thin_to_fit()

    def begin(self, training: Training, state: TrainingState, data: Dataset, why: str = "") -> None:
        """From the next update on these settings hold, starting from this state."""
        with self._writing:
            with self._lock:
                segment = Segment(self._length, state, training, data, why)
                if self._segments and self._segments[-1].first == self._length:
                    self._segments.pop()  # nothing was trained under it
                self._segments.append(segment)
                self._keep(self._length, state)
            self._thin_to_fit()

    def append(self, state: TrainingState, updates: int) -> None:
        """So many updates were made, up to this state."""
        if updates == 0:
            return
        with self._writing:
            with self._lock:
                self._length += updates
                self._keep(self._length, state)
            self._thin_to_fit()

    def limit(self, most_bytes: int) -> None:
        """Keep no more than so many bytes of checkpoints from now on."""
        with self._writing:
            self._most_bytes = most_bytes
            self._thin_to_fit()

    def _keep(self, T: int, state: TrainingState) -> None:
        if self._numbers and self._numbers[-1] == T:
            self._bytes -= _size(self._states[-1])
            self._states[-1] = state
        else:
            self._numbers.append(T)
            self._states.append(state)
        self._bytes += _size(state)

    def _thin_to_fit(self) -> None:
        while self._bytes > self._most_bytes and len(self._numbers) > 3:
            self._thin()

    def _thin(self) -> None:
        """Every second checkpoint goes; the first, the last and those of segments stay.

        There may be a hundred thousand: others see them all until there are fewer.
        """
        odd = odd_places(self._numbers, [segment.first for segment in self._segments])
        numbers, states = thinned(self._numbers, odd), thinned(self._states, odd)
        n_bytes, before = total(states, _size), self._states
        with self._lock:
            self._numbers, self._states, self._bytes = numbers, states, n_bytes
        let_go(before)

    # ---- visiting -----------------------------------------------------------------------------

    def visit(self, T: int) -> Visit:
        """The state before update T = 0 … len, replayed from the checkpoint before it."""
        segment = self.segment(T)
        state = self._state(T, segment)
        return Visit(T, *segment.place(T), state, segment, segment.rows(T))

    def nearby(self, T: int) -> int:
        """The update nearest to T that is reached at once.

        T itself, unless the states that are kept lie so far apart that replaying takes long.
        """
        segment = self.segment(T)
        with self._lock:
            at = bisect_right(self._numbers, T)
            after = self._numbers[at] if at < len(self._numbers) else self._length
            reach = max(self._numbers[at - 1], segment.first) + _replayed_at_once(segment)
        return T if reach >= T else min((reach, after), key=lambda one: abs(one - T))

    def number(self, epoch: int, batch: int) -> int:
        """T of e/b. InputError where the run has no such update."""
        for segment, last in reversed(self._spans()):
            T = segment.number(epoch, batch)
            if T is not None and segment.first <= T <= last:
                return T
        raise InputError(f"e{epoch}/b{batch} is not in this run; {self._extent(batch)}")

    def place(self, T: int) -> tuple[int, int]:
        """e and b of update T."""
        return self.segment(T).place(T)

    def branch(self, T: int, name: str) -> Recording:
        """A recording that shares everything before update T and goes its own way from there."""
        segment, state = self.segment(T), self.visit(T).state
        made = Recording(name, self._most_bytes, self)
        made.branched_at = T
        with self._lock:
            made._segments = [s for s in self._segments if s.first < T or s is segment]
            count = bisect_right(self._numbers, T)
            made._numbers, made._states = self._numbers[:count], self._states[:count]
        made._bytes = sum(map(_size, made._states))
        made._length = T
        made._keep(T, state)
        made._thin_to_fit()
        return made

    def _spans(self) -> list[tuple[Segment, int]]:
        """Each segment with the last T that belongs to it; the next update is the last one's."""
        segments = self.segments
        if not segments:
            return []
        ends = [segment.first - 1 for segment in segments[1:]]
        return list(zip(segments, [*ends, self._length], strict=True))

    def segment(self, T: int) -> Segment:
        """The segment that update T belongs to. InputError where there is no such update."""
        segments = self.segments
        if not segments or not 0 <= T <= self._length:
            raise InputError(f"update {T} is not in this run; {self._extent()}")
        at = bisect_right([segment.first for segment in segments], T) - 1
        return segments[at]

    def _extent(self, b: int = 0) -> str:
        """What is in it; ``b``: the batch that was asked for."""
        if not self._segments:
            return "nothing was trained yet"
        most = max(segment.training.batches_per_epoch for segment in self._segments)
        if b >= most:
            batches = f"{most} batches, b0 to b{most - 1}" if most > 1 else "one batch, b0"
            return f"an epoch of it has {batches}"
        epoch, batch = self._segments[-1].place(self._length)
        first = self._segments[0].place(0)
        return f"it goes from e{first[0]}/b{first[1]} to e{epoch}/b{batch}"

    def _state(self, T: int, segment: Segment) -> TrainingState:
        with self._lock:
            at = bisect_right(self._numbers, T) - 1
            known, state = self._numbers[at], self._states[at]
            recent = self._recent
        if known < segment.first:
            known, state = segment.first, segment.start
        if recent is not None and known < recent[0] <= T and recent[0] >= segment.first:
            known, state = recent
        if known < T:
            stretch = advance(prepared(segment.training), state, T - known)
            if stretch.halt is not None:  # of a file that was made on another machine
                raise InputError(f"update {T} cannot be replayed on this machine: {stretch.halt}")
            state = stretch.state
        with self._lock:
            self._recent = (T, state)
        return state


def _replayed_at_once(segment: Segment) -> int:
    """How many updates are replayed in a few milliseconds."""
    training = segment.training
    rows = min(training.settings.batch_size, training.samples.n)
    return _REPLAYED // (training.network.n_weights * rows)


def _size(state: TrainingState) -> int:
    return _PER_CHECKPOINT + state.parameters.nbytes + state.slots.nbytes
