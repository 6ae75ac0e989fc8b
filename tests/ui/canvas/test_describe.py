import pytest

from bpstudio.core.column_names import feature_words
from bpstudio.core.notation import format_number
from bpstudio.ui.canvas.describe import spoken, summary, tooltip
from bpstudio.ui.canvas.state import Thing
from tests.ui.canvas.scenes import FACTOR_3, iris, state, trace


def number(x: float) -> str:
    return format_number(float(x))


def test_a_weight_has_its_value_and_its_gradient() -> None:
    text = spoken(iris(), ("edge", 4, 1, 2))
    w, gradient = trace().network.layer(4).W[1, 2], trace().dC_dw(4, 0)[1, 2]
    assert text == (
        f"Weight from node 2 of layer 3 to node 1 of layer 4; w_12^(L) = {number(w)}; "
        f"∂C_0/∂w_12^(L) = {number(gradient)}"
    )


def test_what_is_not_computed_yet_is_pending() -> None:
    assert spoken(iris(), ("edge", 3, 5, 0)).endswith("∂C_0/∂w_50^(L-1) = pending")
    assert "C_0 = pending" in spoken(iris("s52/fwd/l2/j0/z"), ("loss",))


def test_a_node_has_everything_computed_for_it() -> None:
    text = spoken(iris(FACTOR_3), ("node", 4, 1))
    passed = trace()
    for value in (passed.z(4), passed.a(4), passed.dC_da(4), passed.dC_dz(4)):
        assert number(value[0, 1]) in text
    b = passed.network.layer(4).b
    assert b is not None
    assert f"b_1^(L) = {number(b[1])}" in text


def test_an_input_has_its_name_and_its_raw_value() -> None:
    text = spoken(iris(), ("node", 1, 0))
    assert text.startswith("Input 0: sepal length; a_0^(1) = ")
    assert text.endswith("in the file = 6.9 cm")


def test_a_target_has_its_class() -> None:
    assert spoken(iris(), ("target", 1)).startswith("Target 1: versicolor; y_1 = 1; C_0,1 = ")


def test_a_bias_has_its_gradient() -> None:
    passed = trace(rows=(52, 7), lr=0.1)
    at = state(passed, "update/l2/j0/k0/update_w")
    assert f"∂C/∂b_1^(L) = {number(passed.mean_dC_db(4)[1])}" in spoken(at, ("bias", 4, 1))


def test_after_the_last_sample_a_weight_has_its_mean_too() -> None:
    passed = trace(rows=(52, 7), lr=0.1)
    at = state(passed, "update/l2/j0/k0/update_w")
    text = spoken(at, ("edge", 4, 1, 2))
    assert f"∂C/∂w_12^(L) = {number(passed.mean_dC_dw(4)[1, 2])}" in text


def test_a_gap_says_how_to_unfold_it() -> None:
    assert spoken(iris(), ("more", 2, 12, 60)) == (
        "48 more nodes, 12 to 59: click to unfold (Enter)"
    )


def test_the_marks_of_a_thing_are_told_in_words() -> None:
    edge = ("edge", 3, 2, 2)
    for style, words in (
        ("line", "Breakpoint"),
        ("condition", "Breakpoint with a condition"),
        ("log-off", "Breakpoint that writes to the log, off"),
    ):
        assert spoken(iris(breakpoints={edge: style}), edge).endswith(f"; {words}")
    changed = iris(changed=frozenset({edge}))
    assert spoken(changed, edge).endswith("; Changed by the last edit")
    assert "Changed by the last edit" in tooltip(changed, edge)
    assert "Changed" not in tooltip(changed, ("edge", 3, 2, 1))


def test_a_tooltip_ends_with_what_can_be_done() -> None:
    assert tooltip(iris(), ("node", 2, 0), ["Do this", "a < b"]).endswith("<br>Do this<br>a &lt; b")


def test_names_from_the_file_cannot_be_markup() -> None:
    text = tooltip(iris(feature_names=("<b>x</b>",) * 4), ("node", 1, 0))
    assert "&lt;b&gt;x&lt;/b&gt;" in text


@pytest.mark.parametrize(
    "thing",
    [("edge", 2, 0, 0), ("bias", 2, 0), ("node", 2, 0), ("node", 1, 0), ("target", 0), ("loss",)],
)
def test_everything_can_be_described_at_every_step(thing: Thing) -> None:
    for n in range(0, len(trace()), 11):
        assert spoken(iris(n), thing).count("=") >= 1
        assert tooltip(iris(n), thing).startswith("<b>")


def test_the_picture_as_a_whole_says_what_the_step_says() -> None:
    text = summary(iris())
    assert text.startswith("Network 4 – 5 – 6 – 3, row 52. ")
    assert text.endswith(trace()[FACTOR_3].sentence)
    assert summary(state(trace(), None)) == "Network 4 – 5 – 6 – 3, row 52."


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("sepal_length_cm", ("sepal length", "cm")),
        ("mean_radius", ("mean radius", "")),
        ("age", ("age", "")),
        ("body_mass_g", ("body mass", "g")),
        ("_", ("_", "")),
    ],
)
def test_a_column_s_name_is_read_as_words_and_unit(name: str, words: tuple[str, str]) -> None:
    assert feature_words(name) == words
