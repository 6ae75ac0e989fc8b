"""What the Debug menu does: stepping by a unit, running, breakpoints, watches, bookmarks, edits."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, cast

from bpstudio.core.levels import Unit
from bpstudio.core.notation import format_count
from bpstudio.debugger.stops import Stop
from bpstudio.ui.message_bar import Link
from bpstudio.ui.search_watch import SearchWatch
from bpstudio.ui.targets import breakpoint_at, plain_breakpoints, watch_at

if TYPE_CHECKING:
    from bpstudio.ui.window import MainWindow


class DebugVerbs:
    """Calls the debugger's verbs and says why a run stopped."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self._debugger = window.session.debugger
        self.unit = "term"
        self._forward = True
        self.search = SearchWatch(window)
        self.search.ended.connect(self._say_stop)

    # ---- moving ---------------------------------------------------------------------------------

    def step(self, forward: bool = True) -> None:
        """Go on, or back, by the chosen unit."""
        unit = cast("Unit", self.unit)
        self._window.attempt(lambda: self._debugger.step_by(unit, forward))

    def step_by(self, unit: str) -> None:
        """Choose the unit of Into and Step back."""
        self.unit = unit
        self._window.show_enabled()

    def run(self, forward: bool) -> None:
        """Continue to the next stop, or back to the one before."""
        self._forward = forward
        start = self.search.start
        self._window.attempt(lambda: start(lambda: self._debugger.search(forward)))

    def run_to(self, place: str) -> None:
        """Run to a step, unless a breakpoint comes first."""
        self._forward = True
        start = self.search.start
        self._window.attempt(lambda: start(lambda: self._debugger.search(to=place)))

    def run_to_selection(self) -> None:
        """Run to the selected node or edge."""
        place = self._window.network.selected_address
        if place is not None:
            self.run_to(place)

    def stop(self) -> None:
        """End a search, or pause training."""
        if self.search.is_on:
            self.search.stop()
        elif self._window.session.is_training:
            self._window.run_watch.train_or_pause()

    # ---- marking --------------------------------------------------------------------------------

    @property
    def _place(self) -> str:
        """The selected node or edge, else the current step."""
        return self._window.network.selected_address or self._debugger.step.address

    def toggle_breakpoint(self) -> None:
        """Stop at such steps as the selection or the current one, or no longer."""
        self.toggle_breakpoint_at(self._place)

    def toggle_breakpoint_at(self, place: str) -> None:
        """Stop at such steps, or no longer."""
        debugger = self._debugger
        there = plain_breakpoints(debugger.breakpoints, place)
        if there:
            self._window.attempt(lambda: debugger.remove_breakpoint(there[0].id))
        else:
            self._window.attempt(lambda: debugger.add_breakpoint(**breakpoint_at(place)))

    def toggle_watch(self) -> None:
        """Watch the selection or the current step, or no longer."""
        self.toggle_watch_of(watch_at(self._place))

    def toggle_watch_of(self, text: str) -> None:
        """Watch an expression, or no longer."""
        debugger = self._debugger
        there = [watch for watch in debugger.watches if watch.text == text]
        if there:
            self._window.attempt(lambda: debugger.remove_watch(there[0].id))
        else:
            self._window.attempt(lambda: debugger.add_watch(text))

    # ---- saying ---------------------------------------------------------------------------------

    def _say_stop(self, stop: Stop, seconds: float) -> None:
        window = self._window
        if stop is not self._debugger.stop:
            return  # another verb came in between
        terms = "term" if stop.seen == 1 else "terms"
        window.status.show_search(
            f"Searched {format_count(stop.seen)} {terms} in {seconds:.2f}\u2009s"
        )
        if stop.why == "breakpoint":
            window.message_bar.show_stop(stop.address, stop.text, self._links(stop))
        elif stop.why in ("end", "start"):
            window.message_bar.show_note(f"This is {stop.text}.", here=True)
        window.show_enabled()

    def _links(self, stop: Stop) -> tuple[Link, ...]:
        again = "Previous hit" if self._forward else "Next hit"
        links: list[Link] = [(again, lambda: self.run(not self._forward))]
        if stop.breakpoint is not None and self._editor is not None:
            links.append(("Edit condition", partial(self.edit_breakpoint, stop.breakpoint.id)))
        return tuple(links)

    @property
    def _editor(self) -> Callable[[int], object] | None:
        """Edits a breakpoint in its panel; None where there is no such panel."""
        return getattr(self._window.panels.get("breakpoints"), "edit_breakpoint", None)

    def edit_breakpoint(self, number: int) -> None:
        """Bring the panel of breakpoints to the front and edit one there."""
        if self._editor is not None:
            self._window.show_panel("breakpoints")
            self._editor(number)
