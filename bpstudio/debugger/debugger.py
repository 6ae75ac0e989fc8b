"""The debugger: a cursor on a trace. Every verb moves an integer or swaps a value."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from bpstudio.core import levels
from bpstudio.core.address import Address
from bpstudio.core.dataset import Dataset
from bpstudio.core.errors import InputError
from bpstudio.core.network import Network
from bpstudio.core.parameters import same_parameters
from bpstudio.core.pieces import result_of
from bpstudio.core.sequence import StepSequence
from bpstudio.core.terms import Term
from bpstudio.core.trace import Trace, compute_trace
from bpstudio.core.update_values import fitting
from bpstudio.core.updates import Update
from bpstudio.debugger.bookmarks import Bookmarks
from bpstudio.debugger.breakpoints import Breakpoint
from bpstudio.debugger.edits import Edit, Edits, State
from bpstudio.debugger.following import same_place
from bpstudio.debugger.log import Log, LogLine
from bpstudio.debugger.marks import Marks
from bpstudio.debugger.matching import cause_in
from bpstudio.debugger.notices import Change, Listener, Notices
from bpstudio.debugger.passes import Left, Pass, Passes, require_passes
from bpstudio.debugger.points import Points
from bpstudio.debugger.position import (
    Position,
    full_address,
    neighbour,
    next_marked,
    resolved,
)
from bpstudio.debugger.recording import Visit
from bpstudio.debugger.scope import Facts
from bpstudio.debugger.searching import (
    Found,
    Leg,
    Search,
    finished,
    searching_legs,
)
from bpstudio.debugger.stops import Stop, Why, stop_at
from bpstudio.debugger.watches import Watch, Watches, watch_history, watch_value
from bpstudio.debugger.ways import distance, legs, way_of


class Debugger:
    """(network, data, rows, loss) with their trace, and a cursor on it.

    The cursor is the number of the current step: the last one that has been computed. Every verb
    ends in exactly one notification to the subscribers; one that raises InputError has changed
    nothing and tells nobody.

    >>> data = bp.load("iris.csv", target="species")
    >>> debugger = bp.Debugger(bp.Network.create([4, 5, 6, 3], seed=0), data, rows=[52])
    >>> debugger.goto("s52/back/l3/j2").kind, debugger.step_over().address
    ('dz_da', 's52/back/l3/j2/i1/dz_da')
    >>> point = debugger.add_breakpoint(kind="dC_dw", l=3, when="abs(value) > 0.01")
    >>> print(debugger.continue_())
    s52/back/l3/j2/k0/dC_dw: abs(value) > 0.01, where value = 0.0290, 9th hit
    >>> debugger.set_weight(3, 2, 1, 0.5)
    >>> debugger.undo()
    True
    """

    def __init__(
        self,
        network: Network,
        data: Dataset,
        rows: Iterable[int],
        loss: str = "sse",
        lr: float | None = None,
        update: Update | None = None,
    ) -> None:
        """``rows`` are one batch. ``update``: what comes after the pass, None for nothing; ``lr``
        alone is plain gradient descent at that rate."""
        self._notices = Notices()
        self._edits, self._points, self._watches = Edits(), Points(), Watches()
        self._log, self._bookmarks = Log(), Bookmarks()
        self._cursor = 0
        self._data = data
        self._search: Search | None = None
        self._passes: Passes | None = None
        self._pass: Pass | None = None  # of a recorded run, where it is one
        self._left: Left | None = None
        self._stop: Stop | None = None
        self._before_edit: Trace | None = None
        self._edited_before = False  # `was_edited`, when the line of edits began
        self._begun = network  # the network then
        self.busy = ""  # why nothing can be changed by hand just now
        self._use(compute_trace(network, data.batch(rows), loss, lr, update))

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
        """The data that the rows are taken from, with what was changed in it by hand."""
        return self._data

    @property
    def rows(self) -> tuple[int, ...]:
        """The samples of the batch."""
        return self._trace.rows

    @property
    def facts(self) -> Facts:
        """The pass as expressions see it."""
        return self._facts

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Call ``listener(changes)`` after every verb; returns how to unsubscribe."""
        return self._notices.subscribe(listener)

    # ---- moving the cursor ------------------------------------------------------------------

    def goto(self, place: int | str | Address) -> Term:
        """Go to a step by number or address; an address of a level means its first step.

        In a recorded run an address may begin with e3/b4/, which goes to that update's pass.
        """
        return self._move(*resolved(self._position, place))

    def step_into(self) -> Term:
        """Go to the next step; from the last one of a recorded pass into the next pass."""
        return self._walk(min(self._cursor + 1, len(self._trace) - 1), True)

    def step_over(self) -> Term:
        """Go to the first step after the current weight, node or pass."""
        return self._walk(levels.over(self.sequence, self._cursor), True)

    def step_out(self) -> Term:
        """Go to the first step after the level around that."""
        return self._walk(levels.out(self.sequence, self._cursor), True)

    def step_back_into(self) -> Term:
        """Go to the previous step; from the first one of a recorded pass into the pass before."""
        return self._walk(max(self._cursor - 1, 0), False)

    def step_back_over(self) -> Term:
        """Go to the last step before the current weight, node or pass."""
        return self._walk(levels.back_over(self.sequence, self._cursor), False)

    def step_back_out(self) -> Term:
        """Go to the last step before the level around that."""
        return self._walk(levels.back_out(self.sequence, self._cursor), False)

    def step_by(self, unit: levels.Unit | Literal["epoch"], forward: bool = True) -> Term:
        """Go to the first step after, or the last before, the current term, node, layer …

        In a recorded run a batch leads into the next one, an epoch to the next one's first step.
        """
        if unit == "epoch" or (unit == "batch" and self._pass is not None):
            return self._move(*neighbour(self._position, unit, forward))
        return self._walk(levels.by(self.sequence, self._cursor, unit, forward), forward)

    def to_start(self) -> Term:
        """Go to the first step of the pass."""
        return self._move(0)

    def to_end(self) -> Term:
        """Go to the last step of the pass."""
        return self._move(len(self._trace) - 1)

    # ---- recorded runs --------------------------------------------------------------------------

    def follow(self, passes: Passes | None) -> None:
        """From now on addresses with e/b mean the updates of this recorded run."""
        self._passes = passes

    @property
    def visited(self) -> Visit | None:
        """The update of the recorded run whose pass this is; None for a pass of its own."""
        return None if self._pass is None else self._pass.visit

    @property
    def left(self) -> Left | None:
        """What was traced before the recorded run was visited; None where it is not."""
        return self._left

    @property
    def is_changed_visit(self) -> bool:
        """Whether what a recorded update has is changed by hand here, and not undone."""
        return self._pass is not None and not self._pass.has(self.network, self._data)

    @property
    def prefix(self) -> str:
        """What addresses begin with here: e3/b4/ in a recorded run, else nothing."""
        return "" if self._pass is None else self._pass.prefix

    def visit(self, T: int) -> Term:
        """Go to the pass of update T of the recorded run, to its first step."""
        passes = require_passes(self._passes, f"update {T}")
        return self._move(0, passes.at(T))

    def visit_cause(self, T: int) -> Term:
        """Go to the first term of a recorded pass that is not finite.

        Where every one is, their sum over the batch is not: then to the largest loss of a sample.
        """
        into = require_passes(self._passes, f"update {T}").at(T)
        return self._move(cause_in(into.trace), into)

    # ---- running to the next stop -------------------------------------------------------------

    def continue_(self) -> Stop:
        """Leave the current step; stop at the next that a breakpoint matches, else at the end."""
        return finished(self.search(forward=True))

    def reverse_continue(self) -> Stop:
        """The same backwards; else at the start."""
        return finished(self.search(forward=False))

    def run_to(self, place: int | str | Address) -> Stop:
        """Run to a step, forwards or backwards, unless a breakpoint comes first."""
        return finished(self.search(to=place))

    def search(self, forward: bool = True, to: int | str | Address | None = None) -> Search:
        """The same three, to be done in pieces; the cursor moves and one notification comes at
        the end. Another verb ends it. In a recorded run it goes on from pass to pass."""
        here = self._position
        way = way_of(here, forward, to)
        steps = searching_legs(legs(here, way, self._points.active))

        def finish(search: Search, found: Found | None) -> Stop:
            return self._arrive(search, found, way.why)

        self._interrupt()
        self._search = Search(steps, distance(here, way), finish)
        return self._search

    @property
    def stop(self) -> Stop | None:
        """Why the last run stopped; None once the cursor was moved otherwise."""
        return self._stop

    # ---- breakpoints, log, watches, bookmarks ----------------------------------------------

    @property
    def breakpoints(self) -> tuple[Breakpoint, ...]:
        """All breakpoints, in the order in which they were set."""
        return self._points.all

    def add_breakpoint(self, **settings: Any) -> Breakpoint:
        """Set a breakpoint: kind, phase, row, l, j, k, i, m, when, hits, log, enabled.

        What is left out is any. ``when`` is a condition, ``hits=n`` acts from the n-th match of
        the pass on, ``log`` is a line to write instead of stopping. InputError says what is wrong.
        """
        made = self._points.add(self.sequence, self._data, settings)
        self._tell("breakpoints")
        return made

    def change_breakpoint(self, number: int, **settings: Any) -> Breakpoint:
        """Other settings for a breakpoint; the rest stays."""
        made = self._points.change(self.sequence, self._data, number, settings)
        self._tell("breakpoints")
        return made

    def remove_breakpoint(self, number: int) -> None:
        """Take a breakpoint away."""
        self._points.remove(number)
        self._tell("breakpoints")

    def clear_breakpoints(self) -> None:
        """Take all breakpoints away."""
        self._points.clear()
        self._tell("breakpoints")

    def hit_count(self, number: int) -> int | None:
        """How often a breakpoint is met from the start of the pass to the cursor.

        None where too many steps would have to be looked at.
        """
        return self._points.hits(self._facts, number, self._cursor)

    @property
    def log(self) -> tuple[LogLine, ...]:
        """What log points wrote while steps were run through, the newest lines last."""
        return self._log.lines

    @property
    def log_left_out(self) -> int:
        """How many older lines were let go."""
        return self._log.left_out

    def clear_log(self) -> None:
        """Forget the lines."""
        self._log.clear()
        self._tell("log")

    @property
    def watches(self) -> tuple[Watch, ...]:
        """What is watched."""
        return self._watches.all

    def add_watch(self, text: str) -> Watch:
        """Watch an expression or an address. InputError says what is wrong with it."""
        made = self._watches.add(self.sequence, text)
        self._tell("watches")
        return made

    def change_watch(self, number: int, text: str) -> Watch:
        """Watch something else instead."""
        made = self._watches.change(self.sequence, number, text)
        self._tell("watches")
        return made

    def remove_watch(self, number: int) -> None:
        """Watch it no longer."""
        self._watches.remove(number)
        self._tell("watches")

    def watch_value(self, number: int) -> float | bool | None:
        """Its value at the cursor; None where it is not computed yet."""
        return watch_value(self._facts, self._watches.find(number), self._cursor)

    def watch_history(self, number: int) -> NDArray[np.float64]:
        """Its values in the pass up to the cursor, where it was computed anew."""
        return watch_history(self._facts, self._watches.find(number), self._cursor)

    @property
    def bookmarks(self) -> tuple[str, ...]:
        """Addresses that were marked."""
        return self._bookmarks.all

    def toggle_bookmark(self, address: str | None = None) -> bool:
        """Mark an address, the current step's by default, or take the mark away; whether it is."""
        place = self._cursor if address is None else address
        marked = self._bookmarks.toggle(full_address(self._position, place))
        self._tell("bookmarks")
        return marked

    def next_bookmark(self) -> Term:
        """Go to the next marked step of the pass, after the last one to the first."""
        return self._move(*next_marked(self._position, self._bookmarks.all))

    # ---- changing what is traced --------------------------------------------------------------

    def set_weight(self, l: int, j: int, k: int, value: float, merge: bool = False) -> None:
        """Change w_jk^(l) by hand; the cursor stays.

        ``merge``: one of a row of changes of the same number, as in dragging, that `undo` takes
        back together.
        """
        network = self.network.with_weight(l, j, k, value)
        self._edit(network, self._data, f"w/l{l}/j{j}/k{k}", merge)

    def set_bias(self, l: int, j: int, value: float, merge: bool = False) -> None:
        """Change b_j^(l) by hand; the cursor stays."""
        self._edit(self.network.with_bias(l, j, value), self._data, f"b/l{l}/j{j}", merge)

    def set_input(self, row: int, k: int, value: float, merge: bool = False) -> None:
        """Change the scaled input x_k of a row by hand, for the passes and for training."""
        self._edit(self.network, self._data.with_input(row, k, value), f"s{row}/x{k}", merge)

    def set_target(self, row: int, j: int, value: float, merge: bool = False) -> None:
        """Change the scaled target y_j of a row by hand, for the passes and for training."""
        self._edit(self.network, self._data.with_target(row, j, value), f"s{row}/y{j}", merge)

    def finish_edit(self) -> None:
        """A row of merged changes ends: the next change is an entry of its own."""
        self._edits.close()
        self._notices.send()

    def undo(self) -> bool:
        """Take the last edit back; False where there is none."""
        self._require_idle()
        return self._travel(self._edits.undo())

    def redo(self) -> bool:
        """Make the edit again that was taken back; False where there is none."""
        self._require_idle()
        return self._travel(self._edits.redo())

    @property
    def undo_text(self) -> str:
        """The address of the number that `undo` gives its former value; "" where there is none."""
        return self._edits.undo_text

    @property
    def redo_text(self) -> str:
        """The address of the number that `redo` changes again; "" where there is none."""
        return self._edits.redo_text

    @property
    def before_edit(self) -> Trace | None:
        """The pass before the last edit; None where something else changed it since."""
        return self._before_edit

    @property
    def was_edited(self) -> bool:
        """Whether a parameter was changed by hand since the network was drawn or loaded.

        What was undone is as if it had not been.
        """
        return self._edited_before or not same_parameters(self.network, self._begun)

    def set_network(self, network: Network, *also: Change, update: Update | None = None) -> None:
        """Trace another network, as after training; the cursor stays at its address.

        ``update``: what comes after the pass now, None for the same as before.
        """
        update = update if update is not None else fitting(network, self._trace.update)
        was_edited = self.was_edited
        self._retrace(network, self._data, self.rows, self._trace.loss, update)
        self._end_edits(was_edited)
        self._pass = self._left = None
        self._tell("network", "trace", "cursor", *also)

    def choose_rows(self, rows: Iterable[int]) -> None:
        """Trace other samples; the cursor stays at the same place of the first one."""
        trace = self._trace
        self._retrace(trace.network, self._data, tuple(rows), trace.loss, trace.update)
        self._pass = self._left = None
        self._tell("trace", "cursor")

    def load(
        self,
        network: Network,
        data: Dataset,
        rows: Iterable[int],
        loss: str,
        update: Update | None,
        *also: Change,
        another: bool = True,
    ) -> None:
        """Trace something else altogether. InputError changes nothing.

        ``another``: the network is a fresh one, not this one trained or traced in another way.
        """
        left = self._left
        comes_back = left is not None and network is left.network
        was_edited = left.was_edited if left is not None and comes_back else self.was_edited
        self._retrace(network, data, tuple(rows), loss, update)
        self._end_edits(was_edited and not another)
        self._pass = self._left = None
        self._tell("network", "trace", "cursor", *also)

    def take_over(self, other: Debugger) -> None:
        """Become what another debugger is; its subscribers stay its own."""
        self._interrupt()
        notices = self._notices
        vars(self).update(vars(other))
        self._notices = notices
        self._notices.send(*get_args(Change))

    @property
    def marks(self) -> Marks:
        """Breakpoints, watches, bookmarks and log, to be recalled; the stops are a session's."""
        return Marks(
            self.breakpoints,
            self._points.following,
            self.watches,
            self._watches.following,
            bookmarks=self.bookmarks,
            log=self.log,
            log_left_out=self.log_left_out,
        )

    def recall(self, marks: Marks, was_edited: bool) -> None:
        """Have the marks of another debugger, and say the same of the parameters' past."""
        self._points.recall(marks.breakpoints, marks.next_breakpoint)
        self._watches.recall(marks.watches, marks.next_watch)
        self._log.recall(marks.log, marks.log_left_out)
        self._bookmarks.recall(marks.bookmarks)
        self._edited_before = was_edited
        self._tell("breakpoints", "watches", "log", "bookmarks")

    def recall_change(self, network: Network, data: Dataset) -> None:
        """Have what was changed by hand in a visited pass; `undo` knows nothing of it."""
        before = State(self.network, self._data)
        self._swap(network, data)
        self._tell_of_swap(before)

    def announce(self, *changes: Change) -> None:
        """Tell the subscribers of a change that is not the debugger's own, such as a run's."""
        self._notices.send(*changes)

    # ---- inside -------------------------------------------------------------------------------

    def _tell(self, *changes: Change) -> None:
        self._interrupt()
        self._notices.send(*changes)

    def _interrupt(self) -> None:
        """A verb ends the search that is on its way."""
        search, self._search = self._search, None
        if search is not None:
            search.cancel()

    @property
    def _position(self) -> Position:
        return Position(self._facts, self._cursor, self._passes, self._pass)

    def _move(self, n: int, into: Pass | None = None, *also: Change) -> Term:
        entered = self._enter(into)
        self._cursor, self._stop = n, None
        self._tell("cursor", *entered, *also)
        return self.step

    def _enter(self, into: Pass | None) -> tuple[Change, ...]:
        """Go into another recorded pass; → what changed by that."""
        if into is None or (self._pass is not None and into.is_that_of(self._pass)):
            return ()
        self._require_unchanged()
        was_edited = self.was_edited
        if self._pass is None:
            self._left = Left(self.network, self._data, self.rows, was_edited)
        self._pass, self._data = into, into.visit.segment.data
        self._use(into.trace)
        self._end_edits(was_edited)
        return ("network", "trace", "data")

    def _require_unchanged(self) -> None:
        if self.is_changed_visit:
            raise InputError(
                f"{self.prefix.rstrip('/')} was changed by hand here; train to go on from it as a "
                "branch of its own, or undo the change"
            )

    def _walk(self, n: int, forward: bool) -> Term:
        """Go step by step to a step nearby: log points on the way write their lines."""
        if n == self._cursor and self._pass is not None:
            return self._move(*neighbour(self._position, "batch", forward, whole=False))
        logging = tuple(p for p in self._points.active(self._facts) if p.breakpoint.log)
        if n == self._cursor or not logging:
            return self._move(n)
        leg = Leg(self._position.T, self._facts, logging, self._cursor, n)
        return self._move(n, None, *self._write(result_of(searching_legs([leg]))))

    def _arrive(self, search: Search, found: Found | None, why: Why) -> Stop:
        """Carry out what a search found; None: it was interrupted and nothing moves."""
        if found is None:
            stop = self._stopped("interrupted", None, search.seen)
            if search is self._search:
                self._search, self._stop = None, stop
                self._notices.send()
            return stop
        self._search = None
        written = self._write(found)
        entered: tuple[Change, ...] = ()
        if self._passes is not None and found.T != self._position.T:
            entered = self._enter(self._passes.at(found.T))
        self._cursor = found.index
        self._stop = self._stopped("breakpoint" if found.point else why, found.point, search.seen)
        self._notices.send("cursor", *entered, *written)
        return self._stop

    def _write(self, found: Found) -> tuple[Change, ...]:
        """Write the lines of the log points that were passed; → what changed by that."""
        return ("log",) if self._log.write(found.lines, found.left_out) else ()

    def _stopped(self, why: Why, point: Breakpoint | None, seen: int) -> Stop:
        hit = self.hit_count(point.id) if point is not None else None
        return stop_at(why, self._facts, self._cursor, self.prefix, point, hit, seen)

    def _edit(self, network: Network, data: Dataset, target: str, merge: bool) -> None:
        self._require_idle()
        before, trace = State(self.network, self._data), self._trace
        first = self._before_edit
        self._swap(network, data)
        joined = self._edits.push(Edit(before, State(network, data), target), merge)
        self._before_edit = first if joined and first is not None else trace
        self._tell_of_swap(before)

    def _end_edits(self, was_edited: bool) -> None:
        """They cannot be undone any more: a new line of them begins."""
        self._edits.clear()
        self._edited_before, self._begun = was_edited, self.network

    def _require_idle(self) -> None:
        if self.busy:
            raise InputError(self.busy)

    def _travel(self, state: State | None) -> bool:
        if state is None:
            self._tell()
            return False
        before, trace = State(self.network, self._data), self._trace
        self._swap(state.network, state.data)
        self._before_edit = trace
        self._tell_of_swap(before)
        return True

    def _swap(self, network: Network, data: Dataset) -> None:
        self._retrace(network, data, self.rows, self._trace.loss, self._trace.update)

    def _tell_of_swap(self, before: State) -> None:
        changed: tuple[Change, ...] = () if before.network is self.network else ("network",)
        changed = changed if before.data is self._data else (*changed, "data")
        self._tell("trace", "cursor", *changed)

    def _retrace(
        self,
        network: Network,
        data: Dataset,
        rows: Iterable[int],
        loss: str,
        update: Update | None,
    ) -> None:
        """A new trace; the cursor goes to the same place in it, as far as it exists."""
        trace = compute_trace(network, data.batch(rows), loss, update=update)
        place = same_place(self.sequence.step(self._cursor), self.sequence, trace.sequence)
        self._data, self._cursor, self._stop = data, place, None
        self._use(trace)

    def _use(self, trace: Trace) -> None:
        self._trace, self._facts, self._before_edit = trace, Facts(trace), None
