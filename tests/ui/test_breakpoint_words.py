"""Breakpoints in words."""

from __future__ import annotations

from typing import Any

import pytest

from bpstudio.core.notation import Notation, plain
from bpstudio.debugger.breakpoints import ALL_KINDS, Breakpoint
from bpstudio.ui.breakpoint_words import action_text, count_text, marker, rule, subject

WORDS: list[tuple[dict[str, Any], str]] = [
    ({"kind": "dC_dw", "l": 3, "j": 2, "k": 2}, "Gradient of w_22^(3)"),
    ({"kind": "dC_db", "l": 4, "j": 0, "row": 7}, "Gradient of b_0^(4), row 7"),
    ({"kind": "dC_dw", "l": 3}, "∂C_0 / ∂w, layer 3, any node"),
    ({"kind": "da_dz", "l": 2}, "∂a / ∂z, layer 2, any node"),
    ({"kind": "z"}, "z, anywhere"),
    ({"kind": "addend", "l": 3, "j": 2, "i": 1}, "Addend of ∂C_0 / ∂a, layer 3, node 2, to node 1"),
    ({"kind": "update_w", "l": 2, "j": 1, "k": 0}, "Update of w_10^(2)"),
    ({"kind": "velocity", "l": 2, "j": 1, "k": 0}, "Velocity of w_10^(2)"),
    ({"kind": "m_hat", "l": 2}, "m̂, layer 2, any node"),
    ({"kind": "m"}, "m, anywhere"),
    ({"kind": "clip"}, "γ"),
    ({"kind": "C", "row": 3}, "C_0, row 3"),
    ({"kind": "C", "log": "C = {value}"}, "Log C_0 of each sample"),
    ({"when": "isnan(value)"}, "Any term"),
    ({"when": "isnan(value)", "log": "x"}, "Log any term"),
    ({"row": 116}, "Row 116, first term"),
    ({"l": 3, "when": "grad_norm(3) > 1"}, "Layer 3"),
    ({"phase": "back", "l": 3, "j": 2}, "Backward pass, layer 3, node 2, first term"),
]


@pytest.mark.parametrize("number", range(len(WORDS)))
def test_a_breakpoint_is_said_in_words(number: int) -> None:
    settings, expected = WORDS[number]
    assert plain(subject(Breakpoint(1, **settings), Notation(4, relative=False))) == expected


@pytest.mark.parametrize("kind", ALL_KINDS)
def test_every_kind_has_words(kind: str) -> None:
    assert "$" in subject(Breakpoint(1, kind), Notation(4))


def test_its_rule_is_the_condition_the_line_or_the_place() -> None:
    assert rule(Breakpoint(1, "z", when="z > 1")) == "z > 1"
    assert rule(Breakpoint(1, "z", log="{z}")) == '"{z}"'
    assert rule(Breakpoint(1, "z", when="z > 1", log="{z}")) == 'z > 1 "{z}"'
    assert rule(Breakpoint(1, "z", l=3)) == "z, l=3"


def test_counts_and_actions() -> None:
    plain_, third = Breakpoint(1, "z"), Breakpoint(1, "z", hits=3)
    off, line = Breakpoint(1, "z", enabled=False), Breakpoint(1, "z", hits=2, log="x")
    assert (count_text(plain_, 4), action_text(plain_)) == (("4", ""), "every hit")
    assert (count_text(third, 2), action_text(third)) == (("2", " of 3"), "stop from 3rd")
    assert count_text(third, 4) == ("4", "")
    assert (count_text(off, 2), action_text(off)) == (("–", ""), "off")
    assert (count_text(line, None), action_text(line)) == (("…", " of 2"), "log from 2nd")


def test_the_mark_tells_what_it_does() -> None:
    assert marker(Breakpoint(1, "z")) == "dot"
    assert marker(Breakpoint(1, "z", when="z > 1")) == "diamond"
    assert marker(Breakpoint(1, "z", when="z > 1", log="x")) == "ring"
