import pytest
from pytestqt.qtbot import QtBot

from bpstudio.ui.canvas.legend import (
    Bar,
    Legend,
    Sign,
    described,
    edge_bar,
    end_text,
    entries_of,
    fitting,
    node_bar,
)
from bpstudio.ui.canvas.state import Scales
from tests.ui.canvas.scenes import FACTOR_3, iris, state, trace

SCALES = Scales(2.0, 0.05, 5.0, 1.0, ((-2.0, 2.0), (0.0, 1.0), (0.0, 1.0), (0.0, 1.0)))


def test_the_node_bar_follows_the_mode() -> None:
    assert node_bar(iris(), "a", SCALES) == Bar("a", "activation", "0", "1")
    assert node_bar(iris(), "z", SCALES) == Bar("z", "diverging", "−5", "+5")
    assert node_bar(iris(), "dC_da", SCALES).plain == "−1 … +1"


def test_where_layers_differ_the_bar_is_that_of_the_step_s_layer() -> None:
    passed = trace((3, 4, 2), "tanh", "sigmoid")
    bar = node_bar(state(passed, "s52/fwd/l2/j0/a"), "a", Scales.of(passed))
    assert bar == Bar("a^{(L-1)}", "activation", "−1", "1")


def test_the_edge_bar_follows_mode_and_phase() -> None:
    assert edge_bar(iris(), "weights", SCALES) == Bar("w", "diverging", "−2", "+2")
    assert edge_bar(iris(), "gradients", SCALES).tex == r"\partial C_0 / \partial w"
    batch = state(trace(rows=(1, 2), lr=0.1), "update/l2/j0/k0/update_w")
    assert edge_bar(batch, "gradients", SCALES).tex == r"\partial C / \partial w"


def test_signs_are_explained_as_far_as_they_occur() -> None:
    kinds = [e.kind for e in entries_of(iris(), "weights", "a", SCALES) if isinstance(e, Sign)]
    assert kinds == ["negative", "positive", "pending", "arrow", "bias"]
    bare = state(trace((2, 1), bias=False), 0, show_arrows=False)
    own = Scales.of(trace((2, 1), bias=False))
    kinds = [e.kind for e in entries_of(bare, "weights", "a", own) if isinstance(e, Sign)]
    assert kinds == ["negative", "positive", "pending"]


def test_one_node_that_has_no_range_has_no_bar() -> None:
    passed = trace((3, 4, 1), "tanh", "linear")
    entries = entries_of(state(passed, "s52/fwd/l3/j0/a"), "weights", "a", Scales.of(passed))
    assert [entry.tex for entry in entries if isinstance(entry, Bar)] == ["w"]


def test_the_sign_of_a_change_is_explained_first_while_there_is_one() -> None:
    changed = iris(changed=frozenset({("loss",)}))
    entries = entries_of(changed, "weights", "a", SCALES)
    signs = [e.kind for e in entries if isinstance(e, Sign)]
    assert signs[0] == "changed"
    assert "triangle: changed by the last edit" in described(entries)


@pytest.mark.parametrize(
    ("x", "text"), [(0.5, "0.5"), (-20.0, "−20"), (0.0, "0"), (2e-5, "2.00\u2009×\u200910⁻⁵")]
)
def test_ends_of_a_bar_have_no_needless_zeros(x: float, text: str) -> None:
    assert end_text(x) == text


def test_what_has_no_room_is_left_out_from_the_end() -> None:
    entries = entries_of(iris(), "weights", "a", SCALES)
    widths = [100.0] * len(entries)
    assert fitting(entries, widths, 10_000) == entries
    assert fitting(entries, widths, 300) == entries[:2]
    assert fitting(entries, widths, 50) == ()


@pytest.mark.usefixtures("appearance")
def test_a_narrow_legend_tells_the_rest_as_text(qtbot: QtBot) -> None:
    legend = Legend()
    qtbot.addWidget(legend)
    legend.show_entries(entries_of(iris(FACTOR_3), "gradients", "a", SCALES))
    legend.resize(420, 36)
    narrow = len(legend.shown)
    legend.resize(1200, 36)
    assert narrow < len(legend.shown) == 7
    assert "dashed: negative" in legend.accessibleDescription()
    assert not legend.grab().isNull()


def test_the_description_names_every_entry() -> None:
    text = described(entries_of(iris(), "weights", "a", SCALES))
    assert text.count(";") == 6
