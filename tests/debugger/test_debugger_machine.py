"""Any sequence of verbs: what must hold after each of them."""

from __future__ import annotations

import numpy as np
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from bpstudio.core.errors import InputError
from bpstudio.core.network import Network
from bpstudio.core.trace import trace as compute
from bpstudio.debugger.debugger import Debugger
from tests.debugger import brute

from .conftest import small_data

PAIRS = {
    "step_into": "step_back_into",
    "step_over": "step_back_over",
    "step_out": "step_back_out",
}
EDITS = (
    ("set_weight", 2, 1, 0),
    ("set_weight", 3, 0, 3),
    ("set_bias", 2, 3),
    ("set_input", 3, 1),
    ("set_input", 5, 0),
    ("set_target", 3, 1),
)
BREAKPOINTS = (
    {"kind": "dC_dw", "l": 2, "when": "abs(value) > 0.05"},
    {"kind": "C", "hits": 2},
    {"l": 2, "j": 1},
    {"when": "value * previous < 0"},
    {"kind": "a", "log": "{value}"},
    {"row": 5},
)


class DebuggerMachine(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.data = small_data()
        self.debugger = Debugger(Network.create([3, 4, 2], seed=1), self.data, [3, 5], lr=0.1)
        self.notices: list[frozenset[str]] = []
        self.verbs = 0
        self.debugger.add_watch("value")
        self.debugger.subscribe(self.notices.append)

    def do(self, verb, *arguments, **settings):
        self.verbs += 1
        return getattr(self.debugger, verb)(*arguments, **settings)

    @rule(verb=st.sampled_from(sorted(PAIRS)))
    def step_forward(self, verb):
        before = self.debugger.cursor
        self.do(verb)
        assert self.debugger.cursor > before or before == len(self.debugger.trace) - 1

    @rule(verb=st.sampled_from(sorted(PAIRS.values())))
    def step_back(self, verb):
        before = self.debugger.cursor
        self.do(verb)
        assert self.debugger.cursor < before or before == 0

    @rule()
    def forward_and_back_is_nothing(self):
        before = self.debugger.cursor
        self.do("step_into")
        moved = self.debugger.cursor != before
        self.do("step_back_into")
        assert self.debugger.cursor == (before if moved else max(before - 1, 0))

    @rule(share=st.floats(0, 1))
    def goto(self, share):
        n = int(share * (len(self.debugger.trace) - 1))
        self.do("goto", n)
        assert self.debugger.cursor == n
        address = self.debugger.step.address
        self.do("goto", address)
        assert self.debugger.cursor == n

    @rule(unit=st.sampled_from(["term", "node", "layer", "sample", "batch"]), on=st.booleans())
    def step_by(self, unit, on):
        before, last = self.debugger.cursor, len(self.debugger.trace) - 1
        self.do("step_by", unit, on)
        after = self.debugger.cursor
        assert after > before or before == last if on else after < before or before == 0

    @rule(number=st.sampled_from(EDITS), value=st.floats(-3, 3), merge=st.booleans())
    def edit(self, number, value, merge):
        place = self.debugger.step.address
        verb, *where = number
        self.do(verb, *where, value, merge)
        assert self.debugger.step.address == place
        self.watch_is_that_of_the_trace()

    @rule(settings=st.sampled_from(BREAKPOINTS))
    def add_breakpoint(self, settings):
        self.do("add_breakpoint", **settings)

    @precondition(lambda self: self.debugger.breakpoints)
    @rule(data=st.data(), enabled=st.booleans())
    def switch_breakpoint(self, data, enabled):
        point = data.draw(st.sampled_from(self.debugger.breakpoints))
        self.do("change_breakpoint", point.id, enabled=enabled)

    @precondition(lambda self: self.debugger.breakpoints)
    @rule(data=st.data())
    def remove_breakpoint(self, data):
        point = data.draw(st.sampled_from(self.debugger.breakpoints))
        self.do("remove_breakpoint", point.id)

    def stops(self):
        trace = self.debugger.trace
        points = [p for p in self.debugger.breakpoints if p.enabled and not p.log]
        return sorted({n for p in points for n in brute.all_met(trace, p)[p.hits - 1 :]})

    @rule()
    def continue_(self):
        before, last = self.debugger.cursor, len(self.debugger.trace) - 1
        stop = self.do("continue_")
        expected = min((n for n in self.stops() if n > before), default=last)
        assert self.debugger.cursor == stop.index == expected

    @rule()
    def reverse_continue(self):
        before = self.debugger.cursor
        stop = self.do("reverse_continue")
        expected = max((n for n in self.stops() if n < before), default=0)
        assert self.debugger.cursor == stop.index == expected

    @rule(share=st.floats(0, 1))
    def run_to(self, share):
        before, target = self.debugger.cursor, int(share * (len(self.debugger.trace) - 1))
        self.do("run_to", target)
        low, high = sorted((before, target))
        between = [n for n in self.stops() if low < n < high] or [target]
        assert self.debugger.cursor == (between[0] if target > before else between[-1])

    @rule()
    def an_interrupted_search_moves_nothing(self):
        before = self.debugger.cursor
        self.do("search").cancel()
        assert self.debugger.cursor == before

    @rule()
    def mark(self):
        self.do("toggle_bookmark")

    @precondition(lambda self: self.debugger.bookmarks)
    @rule()
    def next_mark(self):
        marks = self.debugger.bookmarks
        try:
            self.do("next_bookmark")
        except InputError:  # every mark is of a row that is not traced now
            self.verbs -= 1
        else:
            assert self.debugger.step.address in marks

    def watch_is_that_of_the_trace(self):
        value = self.debugger.watch_value(1)
        term = self.debugger.step
        assert value == term.value or (np.isnan(value) and np.isnan(term.value))

    @rule()
    def undo_and_redo_is_nothing(self):
        before = self.debugger.network, self.debugger.data
        if self.do("undo"):
            assert self.do("redo")
        assert self.debugger.network is before[0]
        assert self.debugger.data is before[1]

    @rule()
    def undo(self):
        self.do("undo")

    @rule(rows=st.lists(st.integers(0, 11), min_size=1, max_size=3, unique=True))
    def choose_rows(self, rows):
        self.do("choose_rows", rows)
        assert self.debugger.rows == tuple(rows)

    @invariant()
    def the_trace_is_that_of_a_fresh_run(self):
        now = self.debugger.trace
        fresh = compute(self.debugger.network, self.debugger.data, self.debugger.rows, lr=0.1)
        assert np.array_equal(now.values(0, len(now)), fresh.values(0, len(fresh)))

    @invariant()
    def the_cursor_is_in_the_trace(self):
        assert 0 <= self.debugger.cursor < len(self.debugger.trace)

    @invariant()
    def one_notification_a_verb(self):
        assert len(self.notices) == self.verbs


DebuggerMachine.TestCase.settings = settings(
    max_examples=100, stateful_step_count=30, deadline=None
)
TestDebuggerMachine = DebuggerMachine.TestCase
