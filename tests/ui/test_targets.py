import pytest

from bpstudio.debugger.breakpoints import Breakpoint
from bpstudio.ui.targets import breakpoint_at, number_words, plain_breakpoints, watch_at


@pytest.mark.parametrize(
    ("address", "settings"),
    [
        ("s52/back/l3/j2/k1/dC_dw", {"kind": "dC_dw", "l": 3, "j": 2, "k": 1}),
        ("s52/back/l3/j2/i0/dz_da", {"kind": "dz_da", "l": 3, "j": 2, "i": 0}),
        ("s52/back/l4/j2/m1/addend_z", {"kind": "addend_z", "l": 4, "j": 2, "m": 1}),
        ("s52/loss/C", {"kind": "C"}),
        ("s52/loss/j1/C_j", {"kind": "C_j", "j": 1}),
    ],
)
def test_a_breakpoint_stops_at_such_steps_of_every_sample(
    address: str, settings: dict[str, object]
) -> None:
    assert breakpoint_at(address) == settings


def test_only_a_breakpoint_without_condition_counts_as_set_there() -> None:
    place = {"kind": "dC_dw", "l": 3, "j": 2, "k": 1}
    points = (
        Breakpoint(1, **place, when="value > 0"),  # type: ignore[arg-type]
        Breakpoint(2, **place, hits=2),  # type: ignore[arg-type]
        Breakpoint(3, **place, log="here"),  # type: ignore[arg-type]
        Breakpoint(4, **place, enabled=False),  # type: ignore[arg-type]
        Breakpoint(5, kind="dC_dw", l=3, j=2),
    )
    assert [point.id for point in plain_breakpoints(points, "s5/back/l3/j2/k1/dC_dw")] == [4]


@pytest.mark.parametrize(
    ("address", "text"),
    [
        ("s52/back/l3/j2/k1/dC_dw", "dC_dw[3][2,1]"),
        ("s52/fwd/l2/j0/z", "z[2][0]"),
        ("s52/loss/j1/C_j", "C_j[1]"),
        ("s52/loss/C", "C"),
        ("update/l3/j2/k1/update_w", "update/l3/j2/k1/update_w"),
    ],
)
def test_a_step_is_watched_as_the_language_writes_it(address: str, text: str) -> None:
    assert watch_at(address) == text


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("w/l3/j2/k1", "w_21^(L−1)"),
        ("w/l2/j12/k1", "w_12,1^(2)"),
        ("b/l4/j0", "b_0^(L)"),
        ("s52/x3", "x_3 of row 52"),
        ("s52/y0", "y_0 of row 52"),
    ],
)
def test_a_number_that_was_changed_is_named_as_on_screen(address: str, words: str) -> None:
    assert number_words(address, L=4) == words
