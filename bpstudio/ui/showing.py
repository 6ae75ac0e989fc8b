"""What the window shows of its session: brought up to date once a verb, in parts while training."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from functools import partial
from time import perf_counter
from typing import TYPE_CHECKING, get_args

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from bpstudio.core.background import window_first
from bpstudio.core.derivation import Derivation, derive
from bpstudio.core.explain import Explanation, explain
from bpstudio.debugger.notices import Change, Changes
from bpstudio.ui.canvas.state import Scales, Thing
from bpstudio.ui.in_sight import InSight
from bpstudio.ui.matrices.panel import MatricesPanel
from bpstudio.ui.panel_table import Panel
from bpstudio.ui.scene import canvas_state
from bpstudio.ui.thing_marks import changed_things
from bpstudio.ui.visiting import in_run

if TYPE_CHECKING:
    from bpstudio.ui.window import MainWindow

IDLE_SHARE = 2  # what is shown in training is followed by that many times its own time of rest
PROGRESS: Changes = frozenset({"cursor", "trace", "network", "run"})  # what training changes
_SHOWN: Changes = frozenset(
    {"cursor", "trace", "network", "data", "experiment", "breakpoints"}
)  # in the picture of the network
_FOLLOW = ("show_selection", "show_thing")  # of panels: show what was selected
EVERYTHING: Changes = frozenset(get_args(Change))


class Showing:
    """Refreshes network, derivation, panels and bars. Frames are dropped, never queued."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self._session = window.session
        self.goal: tuple[int, int, int] | None = None
        self._scales: Scales | None = None
        self._changed: frozenset[Thing] = frozenset()
        self._last_derived: tuple[object, tuple[Derivation, Explanation | None]] | None = None
        self._in_sight = InSight(window)
        self._begun = self._rest_until = 0.0
        self._parts: deque[Callable[[], object]] = deque()
        self._untold: Changes = frozenset()  # what those parts have to show
        self._idle = _at_once(window, self._prepare_next)  # fires when everything due is done
        # fires when what was shown before is painted
        self._next_part = _at_once(window, self._show_next_part)
        self._painted = _at_once(window, self._let_others)

    def watch(self, panels: Iterable[QWidget]) -> None:
        """Keep the derivation, and those of these panels that take note of changes, up to date."""
        self._in_sight.watch(self._window.derivation, self._refresh_derivation)
        for panel in panels:
            if isinstance(panel, Panel):
                self._in_sight.watch(panel, panel.refresh)

    # ---- when -----------------------------------------------------------------------------------

    def refresh(self, changes: Changes) -> None:
        """Show what changed: once a verb, or one part in each turn of the loop."""
        self._untold |= changes
        self._parts = self._parts_of(self._untold)
        if self._goes_in_turns(changes):
            self._begin()
            if self._window.run_watch.is_on != self._session.is_training:
                self._parts.popleft()()  # the bars: Train becomes Stop, or the other way round
            self._next_part.start()
            return
        while self._parts:
            self._parts.popleft()()
        self._settle()

    def _goes_in_turns(self, changes: Changes) -> bool:
        """Whether there is more to come soon: a run goes on or ends, something is dragged."""
        runs = self._session.is_training or self._window.run_watch.is_on
        if runs and "run" in changes and changes <= PROGRESS:
            return True
        return "trace" in changes and bool(QGuiApplication.mouseButtons())

    def _settle(self) -> None:
        """Everything is shown, and painted in the next turn."""
        self._untold = frozenset()
        self._painted.start()
        if not self._session.is_training:
            self._idle.start()

    def _begin(self) -> None:
        """Go first, before what works beside the window."""
        if not window_first.is_taken:
            self._begun = perf_counter()
            window_first.begin()

    def _let_others(self) -> None:
        """Nothing is left to be painted, unless more has come meanwhile."""
        if not self._parts and window_first.is_taken:
            window_first.end()
            self.rest_after(perf_counter() - self._begun)

    @property
    def is_up_to_date(self) -> bool:
        """Whether all that changed is shown."""
        return not self._untold

    @property
    def is_busy(self) -> bool:
        """Whether something is still to be shown, or was shown so lately that others are due."""
        return bool(self._parts) or perf_counter() < self._rest_until

    def rest_after(self, spent: float) -> None:
        """Leave time to others after so many seconds of work."""
        self._rest_until = max(self._rest_until, perf_counter()) + IDLE_SHARE * spent

    def stop(self) -> None:
        """Show nothing more."""
        self._idle.stop()
        self._next_part.stop()
        self._painted.stop()
        window_first.end()
        self._parts.clear()
        self._untold = frozenset()

    def _parts_of(self, changes: Changes) -> deque[Callable[[], object]]:
        """What is to be shown, in parts; all of them painted at once would hold up the loop."""
        parts: deque[Callable[[], object]] = deque()
        parts.append(partial(self._window.show_bars, changes))
        if changes & {"trace", "network", "data", "experiment"}:
            debugger = self._session.debugger
            self._scales = Scales.of(debugger.trace)
            self._changed = changed_things(debugger.before_edit, debugger.trace)
            self._tell_matrices()
        if changes & _SHOWN:
            parts.append(self.show_network)
        parts += self._in_sight.refreshes(changes)
        return parts

    def _show_next_part(self) -> None:
        if self._parts:
            self._parts.popleft()()
        if self._parts:
            self._next_part.start()
        else:
            self._settle()

    # ---- what -----------------------------------------------------------------------------------

    def choose_goal(self, selected: object) -> None:
        """A selected edge is the goal whose gradient is derived; panels follow the selection."""
        if isinstance(selected, tuple) and selected[0] == "edge":
            self.goal = (selected[1], selected[2], selected[3])
            self._tell_matrices()
            self.show_network()
            self.show_derivation()
        thing = selected if isinstance(selected, tuple) else None
        for panel in self._window.panels.values():
            for name in _FOLLOW:
                getattr(panel, name, _ignore)(thing)

    def _tell_matrices(self) -> None:
        """The matrices have the colours and the goal of the network."""
        if self._matrices is not None:
            self._matrices.set_scales(self._scales)
            self._matrices.set_goal(self.goal)

    @property
    def _matrices(self) -> MatricesPanel | None:
        panel = self._window.panels.get("matrices")
        return panel if isinstance(panel, MatricesPanel) else None

    def show_network(self) -> None:
        """The canvas at the current step."""
        state = canvas_state(self._session, self.goal, self._scales, self._changed)
        self._window.network.show_state(state)

    def _refresh_derivation(self, changes: Changes) -> None:
        if changes & (_SHOWN - {"breakpoints"}):
            self.show_derivation()

    def show_derivation(self) -> None:
        """The derivation of the current step."""
        self._window.derivation.show_derivation(*self._derived(self._session.debugger.cursor))

    def derivation(self, n: int | None = None) -> Derivation:
        """The derivation of step n of the pass, else of the current one."""
        return self._derived(self._session.debugger.cursor if n is None else n)[0]

    def _prepare_next(self) -> None:
        """Lay out the step that probably comes next, while there is nothing else to do."""
        following = self._session.debugger.cursor + 1
        in_sight = self._window.derivation.isVisible()
        if in_sight and following < len(self._session.debugger.trace):
            self._window.derivation.prepare(*self._derived(following))

    def _derived(self, n: int) -> tuple[Derivation, Explanation | None]:
        """What the derivation panel shows at step n."""
        trace = self._session.debugger.trace
        step = trace.sequence.step(n)
        goal_k = self.goal[2] if self.goal and self.goal[:2] == (step.l, step.j) else None
        wanted = self._window.derivation.explanation_wanted
        asked = (trace, self._session.debugger.prefix, n, goal_k, wanted)
        if self._last_derived is None or self._last_derived[0] != asked:
            explanation = explain(trace, n) if wanted else None
            derivation = in_run(derive(trace, n, goal_k=goal_k), self._session)
            self._last_derived = asked, (derivation, explanation)
        return self._last_derived[1]


def _ignore(_thing: Thing | None) -> None:
    """Most panels do not follow the selection."""


def _at_once(parent: QObject, call: Callable[[], object]) -> QTimer:
    """A timer that calls once, when the loop has nothing else to do."""
    timer = QTimer(parent)
    timer.setSingleShot(True)
    timer.setInterval(0)
    timer.timeout.connect(call)
    return timer
