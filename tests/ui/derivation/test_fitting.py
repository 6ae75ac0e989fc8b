"""Nothing is clipped: everything is inside the width, at every step of every kind of network."""

import pytest
from PySide6.QtCore import QRectF
from pytestqt.qtbot import QtBot

from bpstudio.core.derivation import derive
from bpstudio.core.explain import explain
from bpstudio.core.trace import Trace
from bpstudio.ui.derivation.panel import DerivationPanel
from bpstudio.ui.palette import DARK, LIGHT
from bpstudio.ui.theme import Appearance
from tests.ui.derivation.scenes import FACTOR_3, at, items, states, texts, trace

NETWORKS = {
    "sigmoid, sse": trace(),
    "relu, softmax": trace((4, 5, 3, 3), "relu", "softmax", "cross_entropy"),
    "gelu, bce": trace((4, 3, 3), "gelu", "sigmoid", "bce"),
    "silu, huber": trace((3, 3, 3), "silu", "tanh", "huber"),
    "a batch with updates": trace((3, 4, 3), "tanh", "linear", "mse", (4, 17, 52), 0.1),
    "many nodes": trace((30, 12, 11, 10), "elu", "softplus", "half_sse", (108,)),
}


def stepped(passed: Trace) -> range:
    """All steps of a short pass; of a long one enough to meet every kind."""
    return range(0, len(passed), max(1, len(passed) // 150))


@pytest.mark.parametrize("width", [420, 468])
@pytest.mark.parametrize("name", NETWORKS)
def test_everything_is_inside_the_width_at_every_step(
    panel: DerivationPanel, name: str, width: int
) -> None:
    passed = NETWORKS[name]
    panel.resize(width, 640)
    panel.toggle_explanation()
    for n in stepped(passed):
        panel.show_derivation(derive(passed, n), explain(passed, n))
        for view in (panel.breadcrumb, panel.content.view, panel.next_bar):
            room = QRectF(-0.5, -0.5, width + 1, view.height() + 1)
            outside = [rect for _, rect in items(view) if not room.contains(rect)]
            assert outside == [], f"at {passed[n].address}"


@pytest.mark.parametrize("name", NETWORKS)
def test_one_part_of_the_innermost_block_is_current_and_all_places_differ(
    panel: DerivationPanel, name: str
) -> None:
    passed = NETWORKS[name]
    for n in stepped(passed):
        panel.show_derivation(derive(passed, n), None)
        view = panel.content.view
        assert len({h.key for h in view.hits}) == len(view.hits)
        innermost = [*states(view, "factor"), *states(view, "result")]
        assert innermost.count("current") == 1, f"at {passed[n].address}"


def test_at_the_small_window_nothing_scrolls(panel: DerivationPanel) -> None:
    panel.resize(420, 606)
    panel.show_derivation(at(FACTOR_3), None)
    assert panel.content.verticalScrollBar().maximum() == 0
    assert [h.label for h in panel.content.view.hits if h.label.startswith("Unfold")] == [
        "Unfold Goal gradient of weight $w_{20}^{(L-1)}$"
    ]


def test_nothing_folds_where_there_is_room(panel: DerivationPanel) -> None:
    panel.show_derivation(at(FACTOR_3), None)
    assert not any(h.label.startswith("Unfold") for h in panel.content.view.hits)


def test_a_folded_block_unfolds_by_a_click_and_stays_so(
    panel: DerivationPanel, qtbot: QtBot
) -> None:
    panel.resize(420, 560)
    panel.show_derivation(at(FACTOR_3), None)
    view = panel.content.view
    fold = next(h for h in view.links if h.label.startswith("Unfold Goal"))
    view.activated.emit(fold)
    assert any(h.label.startswith("Fold Goal") for h in view.links)
    panel.show_derivation(at("s52/back/l3/j2/i2/dz_da"), None)
    assert any(h.label.startswith("Fold Goal") for h in view.links)


def test_a_narrow_breadcrumb_is_cut_from_the_left(panel: DerivationPanel) -> None:
    panel.resize(300, 640)
    panel.show_derivation(at(FACTOR_3), None)
    shown = [text for text in texts(panel.breadcrumb) if text != "›"]
    assert shown[0] == "…"
    assert shown[-1] == "factor 3"
    assert "Row 52" not in shown


def test_a_long_sum_wraps_its_boxes(panel: DerivationPanel) -> None:
    passed = NETWORKS["many nodes"]
    panel.show_derivation(at("s108/fwd/l2/j7/k20/wa", passed), None)
    places = [h for h in panel.content.view.hits if h.key.startswith("addend:")]
    assert len({h.rect.top() for h in places}) > 1
    assert all(h.rect.right() <= 456 for h in places)


def test_columns_stand_still_while_their_factors_are_done(panel: DerivationPanel) -> None:
    lefts = []
    for kind in ("dC_da", "da_dz"):
        panel.show_derivation(at(f"s52/back/l4/j1/{kind}"), None)
        places = [h for h in panel.content.view.hits if h.key.startswith("factor:")]
        lefts.append([round(h.rect.left(), 3) for h in places])
    assert lefts[0] == lefts[1]


def test_the_presentation_scale_enlarges_text_and_formulas(panel: DerivationPanel) -> None:
    panel.resize(800, 900)
    panel.set_scale(2)
    panel.show_derivation(at(FACTOR_3), None)
    sizes = [item.size for item, _ in items(panel.content.view) if hasattr(item, "size")]
    assert min(sizes) >= 20
    assert max(sizes) == 30
    equations = {
        item.formula.size for item, _ in items(panel.content.view) if hasattr(item, "formula")
    }
    assert max(equations) == pytest.approx(32)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_the_panel_is_painted_in_the_colours_of_the_theme(
    panel: DerivationPanel, appearance: Appearance, theme: object
) -> None:
    appearance.choose(theme.name)
    panel.show_derivation(at(FACTOR_3), None)
    image = panel.grab().toImage()
    found = {image.pixelColor(x, y).name().upper() for x in range(0, 468, 2) for y in range(830)}
    for token in ("surface", "surface2", "divider", "accent", "accent_soft"):
        assert getattr(theme, token) in found
