"""The limits that conditions set to what is watched."""

from __future__ import annotations

import pytest

from bpstudio.debugger.breakpoints import Breakpoint
from bpstudio.debugger.limits import limits_of


@pytest.mark.parametrize(
    ("watched", "when", "expected"),
    [
        ("z", "z > 0.5", (0.5,)),
        ("dC_dw[3][2,2]", "abs(dC_dw[3][2,2]) > 0.1", (-0.1, 0.1)),
        ("z", "-1 < z < 2 and l == 3", (-1.0, 2.0)),
        ("abs(z)", "abs(z) > 3", (3.0,)),
        ("z", "a > 0.5", ()),
        ("z", "z > a", ()),
        ("C_0", "C > 2", (2.0,)),
        ("fwd/l3/j2/z", "z > 2", ()),
    ],
)
def test_a_limit_is_a_number_that_it_is_compared_with(
    watched: str, when: str, expected: tuple[float, ...]
) -> None:
    assert limits_of(watched, [Breakpoint(1, when=when)]) == expected


def test_only_breakpoints_that_are_on_set_limits() -> None:
    points = [Breakpoint(1, when="z > 1", enabled=False), Breakpoint(2, when="z > 2")]
    assert limits_of("z", [*points, Breakpoint(3, "z"), Breakpoint(4, when="z < 2")]) == (2.0,)
