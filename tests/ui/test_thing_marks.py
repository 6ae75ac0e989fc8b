import pytest

from bpstudio.core.trace import Trace, compute_trace
from bpstudio.debugger.breakpoints import Breakpoint
from bpstudio.ui.canvas.state import Thing
from bpstudio.ui.thing_marks import breakpoint_marks, changed_things, look_of, thing_of
from tests.core.cases import batch, network

SIZES, NAMES = (2, 3, 2), ("tanh", "tanh")


def point(number: int = 1, **settings: object) -> Breakpoint:
    return Breakpoint(number, **settings)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("settings", "thing"),
    [
        ({"kind": "dC_dw", "l": 3, "j": 1, "k": 2}, ("edge", 3, 1, 2)),
        ({"kind": "wa", "l": 2, "j": 1, "k": 0}, ("edge", 2, 1, 0)),
        ({"kind": "dz_da", "l": 2, "j": 1, "i": 0}, ("edge", 3, 0, 1)),
        ({"kind": "dC_db", "l": 3, "j": 1}, ("bias", 3, 1)),
        ({"kind": "a", "l": 2, "j": 1}, ("node", 2, 1)),
        ({"l": 2, "j": 1}, ("node", 2, 1)),
        ({"kind": "C_j", "j": 1}, ("target", 1)),
        ({"kind": "C"}, ("loss",)),
        ({"kind": "dC_dw", "l": 3, "j": 1}, None),
        ({"kind": "dC_dw", "l": 3}, None),
        ({"when": "isnan(value)"}, None),
    ],
)
def test_a_breakpoint_belongs_to_the_thing_whose_number_it_watches(
    settings: dict[str, object], thing: Thing | None
) -> None:
    assert thing_of(point(**settings)) == thing


def test_its_look_says_what_it_does_and_whether_it_is_on() -> None:
    assert look_of(point(kind="C")) == "line"
    assert look_of(point(kind="C", when="value > 0")) == "condition"
    assert look_of(point(kind="C", log="here", when="value > 0", enabled=False)) == "log-off"


def test_of_several_on_one_thing_one_that_is_on_is_shown() -> None:
    on = point(1, kind="a", l=2, j=0, when="value > 0")
    off = point(2, kind="z", l=2, j=0, enabled=False)
    for points in ((on, off), (off, on)):
        assert breakpoint_marks(points) == {("node", 2, 0): "condition"}


def traced(weight: float | None = None, x: float | None = None) -> Trace:
    net = network(SIZES, NAMES)
    if weight is not None:
        net = net.with_weight(3, 1, 2, weight)
    samples = batch(net, rows=(4,))
    X = samples.X.copy()
    if x is not None:
        X[0, 1] = x
    return compute_trace(net, type(samples)(samples.rows, X, samples.Y))


def test_a_weight_that_was_changed_is_marked_with_the_nodes_behind_it() -> None:
    before, after = traced(), traced(weight=0.25)
    assert changed_things(before, after) == {("edge", 3, 1, 2), ("node", 3, 1)}


def test_an_input_that_was_changed_is_marked_with_all_nodes() -> None:
    changed = changed_things(traced(), traced(x=0.25))
    assert ("node", 1, 1) in changed
    assert ("node", 1, 0) not in changed
    assert {("node", 2, j) for j in range(3)} <= changed
    assert not any(thing[0] == "edge" for thing in changed)


def test_nothing_is_marked_without_an_edit_or_against_another_network() -> None:
    assert changed_things(None, traced()) == changed_things(traced(), traced()) == frozenset()
    net = network((2, 4, 2), NAMES)
    assert changed_things(traced(), compute_trace(net, batch(net, rows=(4,)))) == frozenset()
