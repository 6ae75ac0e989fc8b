"""Any sequence of verbs: what must hold after each of them."""

from __future__ import annotations

import numpy as np
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from bpstudio.core.network import Network
from bpstudio.core.trace import trace as compute
from bpstudio.debugger.debugger import Debugger

from .conftest import small_data

PAIRS = {
    "step_into": "step_back_into",
    "step_over": "step_back_over",
    "step_out": "step_back_out",
}


class DebuggerMachine(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.data = small_data()
        self.debugger = Debugger(Network.create([3, 4, 2], seed=1), self.data, [3, 5], lr=0.1)
        self.notices: list[frozenset[str]] = []
        self.verbs = 0
        self.debugger.subscribe(self.notices.append)

    def do(self, verb, *arguments):
        self.verbs += 1
        return getattr(self.debugger, verb)(*arguments)

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

    @rule(j=st.integers(0, 3), k=st.integers(0, 2), value=st.floats(-3, 3))
    def edit(self, j, k, value):
        place = self.debugger.step.address
        self.do("set_weight", 2, j, k, value)
        assert self.debugger.step.address == place

    @rule()
    def undo_and_redo_is_nothing(self):
        before = self.debugger.network
        if self.do("undo"):
            assert self.do("redo")
        assert self.debugger.network is before

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
        fresh = compute(self.debugger.network, self.data, self.debugger.rows, lr=0.1)
        assert np.array_equal(now.values(0, len(now)), fresh.values(0, len(fresh)))

    @invariant()
    def the_cursor_is_in_the_trace(self):
        assert 0 <= self.debugger.cursor < len(self.debugger.trace)

    @invariant()
    def one_notification_a_verb(self):
        assert len(self.notices) == self.verbs


DebuggerMachine.TestCase.settings = settings(max_examples=30, stateful_step_count=25, deadline=None)
TestDebuggerMachine = DebuggerMachine.TestCase
