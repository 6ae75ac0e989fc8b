"""The debugger: a cursor on a trace. Every verb moves an integer or swaps a value."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable

from bpstudio.core import levels
from bpstudio.core.address import Address, parse_address
from bpstudio.core.dataset import Dataset
from bpstudio.core.errors import InputError
from bpstudio.core.network import Network
from bpstudio.core.sequence import Step, StepSequence
from bpstudio.core.terms import Term
from bpstudio.core.trace import Trace, compute_trace
from bpstudio.debugger.notices import Change, Listener, Notices

_NO_BREAKPOINTS = "breakpoints do not exist in this version; use goto with an address"


class Debugger:
    """(network, data, rows, loss) with their trace, and a cursor on it.

    The cursor is the number of the current step: the last one that has been computed. Every verb
    ends in exactly one notification to the subscribers.
    """

    def __init__(
        self,
        network: Network,
        data: Dataset,
        rows: Iterable[int],
        loss: str = "sse",
        lr: float | None = None,
    ) -> None:
        """``rows`` are one batch. ``lr``: learning rate of the update steps, None for none."""
        self._notices = Notices()
        self._past: list[Network] = []
        self._future: list[Network] = []
        self._cursor = 0
        self._data = data
        self._trace = compute_trace(network, data.batch(rows), loss, lr)

    # ---- what there is --------------------------------------------------------------------

    @property
    def cursor(self) -> int:
        """Number of the current step."""
        return self._cursor

    @property
    def step(self) -> Term:
        """The current step."""
        return self._trace[self._cursor]

    @property
    def trace(self) -> Trace:
        """Everything the pass computed."""
        return self._trace

    @property
    def sequence(self) -> StepSequence:
        """The order of steps."""
        return self._trace.sequence

    @property
    def network(self) -> Network:
        """The network as it stands."""
        return self._trace.network

    @property
    def data(self) -> Dataset:
        """The data that the rows are taken from."""
        return self._data

    @property
    def rows(self) -> tuple[int, ...]:
        """The samples of the batch."""
        return self._trace.rows

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Call ``listener(changes)`` after every verb; returns how to unsubscribe."""
        return self._notices.subscribe(listener)

    # ---- moving the cursor ------------------------------------------------------------------

    def goto(self, place: int | str | Address) -> Term:
        """Go to a step by number or address; an address of a level means its first step."""
        return self._move(self._number(place))

    def step_into(self) -> Term:
        """Go to the next step."""
        return self._move(min(self._cursor + 1, len(self._trace) - 1))

    def step_over(self) -> Term:
        """Go to the first step after the current weight, node or pass."""
        return self._move(levels.over(self.sequence, self._cursor))

    def step_out(self) -> Term:
        """Go to the first step after the level around that."""
        return self._move(levels.out(self.sequence, self._cursor))

    def step_back_into(self) -> Term:
        """Go to the previous step."""
        return self._move(max(self._cursor - 1, 0))

    def step_back_over(self) -> Term:
        """Go to the last step before the current weight, node or pass."""
        return self._move(levels.back_over(self.sequence, self._cursor))

    def step_back_out(self) -> Term:
        """Go to the last step before the level around that."""
        return self._move(levels.back_out(self.sequence, self._cursor))

    def to_start(self) -> Term:
        """Go to the first step."""
        return self._move(0)

    def to_end(self) -> Term:
        """Go to the last step."""
        return self._move(len(self._trace) - 1)

    def add_breakpoint(self, **_: object) -> None:
        """Refused in this version."""
        raise InputError(_NO_BREAKPOINTS)

    def continue_(self) -> None:
        """Refused in this version."""
        raise InputError(_NO_BREAKPOINTS)

    def reverse_continue(self) -> None:
        """Refused in this version."""
        raise InputError(_NO_BREAKPOINTS)

    # ---- changing what is traced --------------------------------------------------------------

    def set_weight(self, l: int, j: int, k: int, value: float) -> None:
        """Change w_jk^(l) by hand; the cursor stays."""
        self._edit(self.network.with_weight(l, j, k, value))

    def set_bias(self, l: int, j: int, value: float) -> None:
        """Change b_j^(l) by hand; the cursor stays."""
        self._edit(self.network.with_bias(l, j, value))

    def undo(self) -> bool:
        """Take the last edit back; False where there is none."""
        return self._travel(self._past, self._future)

    def redo(self) -> bool:
        """Make the edit again that was taken back; False where there is none."""
        return self._travel(self._future, self._past)

    def set_network(self, network: Network, *also: Change) -> None:
        """Trace another network, as after training; the cursor stays at its address."""
        self._past.clear()
        self._future.clear()
        self._retrace(network, self._data, self.rows, self._trace.loss, self._trace.lr)
        self._notices.send("network", "trace", "cursor", *also)

    def choose_rows(self, rows: Iterable[int]) -> None:
        """Trace other samples; the cursor stays at the same place of the first one."""
        trace = self._trace
        self._retrace(trace.network, self._data, tuple(rows), trace.loss, trace.lr)
        self._notices.send("trace", "cursor")

    def load(
        self,
        network: Network,
        data: Dataset,
        rows: Iterable[int],
        loss: str,
        lr: float | None,
        *also: Change,
    ) -> None:
        """Trace something else altogether. InputError changes nothing."""
        self._retrace(network, data, tuple(rows), loss, lr)
        self._past.clear()
        self._future.clear()
        self._notices.send("network", "trace", "cursor", *also)

    def announce(self, *changes: Change) -> None:
        """Tell the subscribers of a change that is not the debugger's own, such as a run's."""
        self._notices.send(*changes)

    # ---- inside -------------------------------------------------------------------------------

    def _move(self, n: int) -> Term:
        self._cursor = n
        self._notices.send("cursor")
        return self.step

    def _number(self, place: int | str | Address) -> int:
        if isinstance(place, str | Address):
            return self.sequence.index(place)
        n = operator.index(place)
        if not 0 <= n < len(self._trace):
            last = len(self._trace) - 1
            raise InputError(f"step {n} does not exist; the steps of this pass are 0..{last}")
        return n

    def _edit(self, network: Network) -> None:
        self._past.append(self.network)
        self._future.clear()
        self._swap(network)

    def _travel(self, source: list[Network], target: list[Network]) -> bool:
        if not source:
            self._notices.send()
            return False
        target.append(self.network)
        self._swap(source.pop())
        return True

    def _swap(self, network: Network) -> None:
        self._retrace(network, self._data, self.rows, self._trace.loss, self._trace.lr)
        self._notices.send("network", "trace", "cursor")

    def _retrace(
        self, network: Network, data: Dataset, rows: Iterable[int], loss: str, lr: float | None
    ) -> None:
        """A new trace; the cursor goes to the same place in it, as far as it exists."""
        trace = compute_trace(network, data.batch(rows), loss, lr)
        place = same_place(self.sequence.step(self._cursor), self.sequence, trace.sequence)
        self._trace, self._data, self._cursor = trace, data, place


def same_place(step: Step, before: StepSequence, after: StepSequence) -> int:
    """Number of the step at the same place in another sequence; 0 where there is none.

    A sample is its position in the batch here: row 52 becomes row 53 when that is chosen.
    """
    if (before.sizes, before.biases, before.softmax) != (after.sizes, after.biases, after.softmax):
        return 0
    place = str(step.place)
    if step.s is not None:
        row = after.rows[step.s] if step.s < len(after.rows) else after.rows[0]
        place = place.replace(f"s{step.row}/", f"s{row}/", 1)
    try:
        return after.index(parse_address(place))
    except InputError:  # the means, or the updates, are no longer part of the pass
        return len(after) - 1
