"""Any sequence of verbs, on a session that is never closed and on one that is reopened at times."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from bpstudio.core.errors import InputError
from bpstudio.core.optimisers import OPTIMISERS
from bpstudio.debugger.session import Session
from bpstudio.sessions import read, remember, write
from tests.sessions.sessions import assert_same, seen, session, trained

CHANGES: tuple[dict[str, Any], ...] = (
    {"lr": 0.03},
    {"batch_size": 4},
    {"batch_size": 11},
    {"clip": 0.1, "l2": 0.01},
    {"epochs": 1},
    {"hidden": (2, 2)},
    {"seed": 3, "validation": 0.4},
    {"scale": "minmax"},
    *({"optimizer": name} for name in OPTIMISERS),
)
EDITS = (
    ("set_weight", 2, 1, 0),
    ("set_bias", 2, 0),
    ("set_input", 3, 1),
    ("set_target", 5, 0),
)
BREAKPOINTS: tuple[dict[str, Any], ...] = (
    {"kind": "dC_dw", "l": 2, "when": "abs(value) > 0.05"},
    {"kind": "C", "hits": 2},
    {"kind": "a", "log": "{value}"},
)
STOPS = (
    "loss[-3] > loss[-1] * 1.1",
    "sign_flips(dC_dw[2][0,0]) >= 2",
    "stalled >= 2",
    "step == 7",
    "batch == 1",
    "loss < 0.4",
    "epoch > 1 and batch == 0",
)
share = st.floats(0, 1)


class SessionMachine(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.path = Path(self.folder.name) / "work.bps"
        self.kept, self.opened = (session(epochs=2, batch_size=6) for _ in range(2))

    def teardown(self) -> None:
        self.reopen()
        for each in (self.kept, self.opened):
            each.close()
        self.folder.cleanup()

    def both(self, verb: Callable[[Session], Any]) -> None:
        """The verb on both; what one refuses the other refuses in the same words."""
        assert _said(verb, self.kept) == _said(verb, self.opened)
        assert seen(self.kept) == seen(self.opened)

    @initialize(text=st.sampled_from(["step == 7", "step == 4", "step == 900"]))
    def begin(self, text: str) -> None:
        self.add_stop(text, False)
        self.train()

    @rule()
    def reopen(self) -> None:
        write(remember(self.opened), self.path)
        self.opened.close()
        self.opened = read(self.path).session
        whole = self.path.read_bytes()
        write(remember(self.opened), self.path)
        assert self.path.read_bytes() == whole
        assert_same(self.kept, self.opened)

    @rule()
    def train(self) -> None:
        self.both(trained)

    @rule(change=st.sampled_from(CHANGES))
    def change(self, change: dict[str, Any]) -> None:
        self.both(lambda made: made.change(**change))

    @rule()
    def restart(self) -> None:
        self.both(lambda made: made.restart())

    @rule(where=share)
    def visit(self, where: float) -> None:
        self.both(lambda made: made.visit(int(where * (made.recording or _NONE).length)))

    @rule()
    def present(self) -> None:
        self.both(lambda made: made.present())

    @precondition(lambda self: self.kept.recordings)
    @rule(where=share)
    def choose_recording(self, where: float) -> None:
        def choose(made: Session) -> None:
            made.choose_recording(made.recordings[int(where * (len(made.recordings) - 1))])

        self.both(choose)

    @precondition(lambda self: self.kept.recording is not None)
    @rule(name=st.sampled_from(["Run 1", "best", "é"]))
    def rename(self, name: str) -> None:
        self.both(lambda made: made.rename_recording(made.recording, name))  # type: ignore[arg-type]

    @rule(where=share)
    def goto(self, where: float) -> None:
        self.both(lambda made: made.debugger.goto(int(where * (len(made.debugger.trace) - 1))))

    @rule(forward=st.booleans())
    def run(self, forward: bool) -> None:
        verb = "continue_" if forward else "reverse_continue"
        self.both(lambda made: getattr(made.debugger, verb)())

    @rule(number=st.sampled_from(EDITS), value=st.floats(-2, 2))
    def edit(self, number: tuple[Any, ...], value: float) -> None:
        verb, *where = number
        self.both(lambda made: getattr(made.debugger, verb)(*where, value))

    @rule(row=st.integers(0, 24), whole=st.booleans())
    def choose_row(self, row: int, whole: bool) -> None:
        self.both(lambda made: made.choose_row(row))
        self.both(lambda made: made.choose_whole_batch(whole))

    @rule(point=st.sampled_from(BREAKPOINTS))
    def add_breakpoint(self, point: dict[str, Any]) -> None:
        self.both(lambda made: made.debugger.add_breakpoint(**point))

    @precondition(lambda self: self.kept.debugger.breakpoints)
    @rule()
    def remove_breakpoint(self) -> None:
        number = self.kept.debugger.breakpoints[-1].id
        self.both(lambda made: made.debugger.remove_breakpoint(number))

    @rule(text=st.sampled_from(["value", "w[2][0,0]", "s3/fwd/l2/j0/a", "value >"]))
    def add_watch(self, text: str) -> None:
        self.both(lambda made: made.debugger.add_watch(text))

    @rule()
    def mark(self) -> None:
        self.both(lambda made: made.debugger.toggle_bookmark())

    @rule(text=st.sampled_from(STOPS), log=st.booleans())
    def add_stop(self, text: str, log: bool) -> None:
        self.both(lambda made: made.add_stop(text, log))

    @precondition(lambda self: self.kept.stops)
    @rule()
    def remove_stop(self) -> None:
        number = self.kept.stops[0].id
        self.both(lambda made: made.remove_stop(number))


class _NONE:
    length = 0


def _said(verb: Callable[[Session], Any], made: Session) -> str:
    try:
        verb(made)
    except InputError as error:
        return str(error)
    return ""


@pytest.mark.parametrize("examples", [12, pytest.param(600, marks=pytest.mark.slow)])
def test_a_reopened_session_does_what_one_does_that_was_never_closed(examples: int) -> None:
    chosen = settings(max_examples=examples, stateful_step_count=15, deadline=None)
    run_state_machine_as_test(SessionMachine, settings=chosen)
