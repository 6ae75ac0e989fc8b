import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from bpstudio.core.explain import explain
from bpstudio.ui.derivation.blocks import block_piece
from bpstudio.ui.derivation.item_view import ItemView
from bpstudio.ui.derivation.items import Box, Hit
from bpstudio.ui.derivation.panel import DerivationPanel
from tests.ui.derivation.scenes import ADDEND, FACTOR_3, at, hit, states, texts, trace


def click(view: ItemView, place: Hit) -> None:
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=place.rect.center().toPoint())


def tab(view: ItemView) -> None:
    QTest.keyClick(view, Qt.Key.Key_Tab)


# What is on screen -------------------------------------------------------------------------------


def test_without_a_step_one_sentence_invites_to_take_one(
    panel: DerivationPanel, qtbot: QtBot
) -> None:
    assert panel.empty.isVisible()
    assert not panel.content.isVisible()
    assert panel.empty.label.text() == "Step once to see the first term (F11)."
    with qtbot.waitSignal(panel.step_requested):
        panel.empty.button.click()


def test_the_current_factor_is_filled_and_the_ones_before_are_done(panel: DerivationPanel) -> None:
    panel.show_derivation(at(FACTOR_3), None)
    view = panel.content.view
    assert states(view, "factor") == ["done", "done", "current"]
    cell = hit(view, "factor", FACTOR_3).rect
    boxes = [item for p in view.placed for item in p.piece.items if isinstance(item, Box)]
    filled = [b for b in boxes if b.fill == "accent_soft" and b.line_width == 2]
    assert [box.rect.size() for box in filled] == [cell.size()]


def test_a_factor_shows_symbol_formula_numbers_and_value(panel: DerivationPanel) -> None:
    derivation = at(FACTOR_3)
    panel.show_derivation(derivation, None)
    first = derivation.blocks[-1].parts[0]
    place = hit(panel.content.view, "factor", first.address)
    shown = texts(panel.content.view, place.rect)
    value = f"{first.value:.4f}".replace("-", "−")
    assert shown[0] == "1"
    assert first.symbol in shown
    assert r"2\,(a_{1}^{(L)} - y_{1})" in shown
    assert value in shown
    assert any(text.startswith("2 (0.") and text.endswith("− 1)") for text in shown)


def test_pending_factors_show_symbols_only(panel: DerivationPanel) -> None:
    derivation = at("s52/back/l3/j2/da_dz")
    panel.show_derivation(derivation, None)
    view = panel.content.view
    assert states(view, "factor") == ["done", "current", "pending"]
    pending = derivation.blocks[-1].parts[2]
    shown = texts(view, hit(view, "factor", pending.address).rect)
    assert "pending" in shown
    assert pending.symbol in shown
    assert pending.numbers not in shown


def test_addends_are_boxes_with_their_values_and_the_running_sum(panel: DerivationPanel) -> None:
    derivation = at(ADDEND)
    panel.show_derivation(derivation, None)
    view = panel.content.view
    assert states(view, "addend") == ["done", "current", "pending"]
    running = next(text for text in texts(view) if text.startswith("Running sum"))
    total = derivation.blocks[1].total
    assert running.endswith(f"**{total:.4f}**".replace("-", "−"))


def test_a_product_that_is_the_step_itself_is_lit_in_its_own_row(panel: DerivationPanel) -> None:
    derivation = at(ADDEND)
    panel.show_derivation(derivation, None)
    view = panel.content.view
    assert states(view, "result") == ["current"]
    assert f"{derivation.value:+.4f}".replace("-", "−") in texts(
        view, hit(view, "result", ADDEND).rect
    )


def test_a_formula_stands_in_symbols_and_with_the_numbers(panel: DerivationPanel) -> None:
    derivation = at("s52/fwd/l3/j2/a")
    panel.show_derivation(derivation, None)
    part = derivation.blocks[-1].parts[0]
    shown = texts(panel.content.view, hit(panel.content.view, "formula", part.address).rect)
    assert shown == ["Symbols", part.symbol, "=", part.formula, "Numbers", "=", part.numbers]


def test_the_sentence_and_what_is_next_are_told(panel: DerivationPanel) -> None:
    derivation = at(FACTOR_3)
    panel.show_derivation(derivation, None)
    assert derivation.sentence in texts(panel.content.view)
    assert texts(panel.next_bar) == ["Next", derivation.next_label, "F11"]


def test_the_last_step_leads_nowhere(panel: DerivationPanel) -> None:
    passed = trace()
    panel.show_derivation(at(passed[len(passed) - 1].address), None)
    assert panel.next_bar.links == []
    assert texts(panel.next_bar) == ["Next", "end of the pass"]


def test_hovering_a_number_tells_all_its_digits_and_its_address(panel: DerivationPanel) -> None:
    derivation = at(FACTOR_3)
    panel.show_derivation(derivation, None)
    first = derivation.blocks[-1].parts[0]
    told = hit(panel.content.view, "factor", first.address).tip
    assert told == f"{first.value!r}\n{first.address}".replace("-", "−")
    sentence = next(h for h in panel.content.view.hits if h.key == "value")
    assert sentence.tip == f"{derivation.value!r}\n{FACTOR_3}".replace("-", "−")


# What it answers ---------------------------------------------------------------------------------


def test_a_right_click_on_a_number_asks_for_its_menu(panel: DerivationPanel, qtbot: QtBot) -> None:
    panel.show_derivation(at(FACTOR_3), None)
    view = panel.content.view
    place = next(h for h in view.links if h.action == "goto")
    point = place.rect.center().toPoint()
    mouse = QContextMenuEvent.Reason.Mouse
    with qtbot.waitSignal(panel.menu_requested) as asked:
        QApplication.sendEvent(view, QContextMenuEvent(mouse, point, view.mapToGlobal(point)))
    assert asked.args == [place.address, view.mapToGlobal(point)]


@pytest.mark.parametrize("role", ["factor", "outer", "addend"])
def test_a_click_on_a_part_asks_for_its_step(
    panel: DerivationPanel, qtbot: QtBot, role: str
) -> None:
    panel.show_derivation(at(FACTOR_3), None)
    places = [h for h in panel.content.view.links if h.key.startswith(f"{role}:")]
    for place in places:
        with qtbot.waitSignal(panel.address_requested) as asked:
            click(panel.content.view, place)
        assert asked.args == [place.address]
    assert len(places) >= 3


def test_a_parameter_is_no_step_and_leads_nowhere(panel: DerivationPanel, qtbot: QtBot) -> None:
    panel.show_derivation(at("s52/fwd/l3/j2/k1/wa"), None)
    weight = hit(panel.content.view, "factor", "w/l3/j2/k1")
    assert weight.action == ""
    with qtbot.assertNotEmitted(panel.address_requested):
        click(panel.content.view, weight)


def test_every_crumb_asks_for_its_level(panel: DerivationPanel, qtbot: QtBot) -> None:
    panel.show_derivation(at(FACTOR_3), None)
    addresses = ["s52", "s52/back", "s52/back/l3", "s52/back/l3/j2", "s52/back/l3/j2/i1", FACTOR_3]
    assert [h.address for h in panel.breadcrumb.links] == addresses
    for place in panel.breadcrumb.links:
        with qtbot.waitSignal(panel.address_requested) as asked:
            click(panel.breadcrumb, place)
        assert asked.args == [place.address]


def test_the_bar_at_the_bottom_asks_for_one_step(panel: DerivationPanel, qtbot: QtBot) -> None:
    panel.show_derivation(at(FACTOR_3), None)
    with qtbot.waitSignal(panel.step_requested):
        click(panel.next_bar, panel.next_bar.links[0])


def test_tab_goes_through_all_places_and_enter_presses_one(
    panel: DerivationPanel, qtbot: QtBot
) -> None:
    panel.show_derivation(at(FACTOR_3), None)
    view = panel.content.view
    view.setFocus(Qt.FocusReason.TabFocusReason)
    visited = []
    for place in view.links:
        assert view.focused_hit == place
        visited.append(place.key)
        if place.action == "goto":
            with qtbot.waitSignal(panel.address_requested) as asked:
                QTest.keyClick(view, Qt.Key.Key_Return)
            assert asked.args == [place.address]
        tab(view)
    assert f"factor:{FACTOR_3}" in visited
    qtbot.waitUntil(panel.next_bar.hasFocus)


def test_shift_tab_comes_back_the_same_way(panel: DerivationPanel) -> None:
    panel.show_derivation(at(FACTOR_3), None)
    view = panel.content.view
    view.setFocus(Qt.FocusReason.BacktabFocusReason)
    assert view.focused_hit == view.links[-1]
    QTest.keyClick(view, Qt.Key.Key_Backtab)
    assert view.focused_hit == view.links[-2]


def test_a_focused_place_is_spoken(panel: DerivationPanel) -> None:
    derivation = at(FACTOR_3)
    panel.show_derivation(derivation, None)
    view = panel.content.view
    view.setFocus(Qt.FocusReason.TabFocusReason)
    for _ in view.links:
        if view.focused_hit != hit(view, "factor", FACTOR_3):
            tab(view)
    spoken = view.accessibleName()
    assert "partial" in spoken
    assert "current" in spoken
    assert f"{derivation.value!r}".replace("-", "−") in spoken


def test_the_keyboard_stays_at_its_place_while_stepping(panel: DerivationPanel) -> None:
    panel.show_derivation(at(FACTOR_3), None)
    panel.next_bar.setFocus(Qt.FocusReason.TabFocusReason)
    panel.show_derivation(at(ADDEND), None)
    assert panel.next_bar.focused_hit == panel.next_bar.links[0]


def test_the_mouse_is_a_hand_over_what_can_be_clicked(panel: DerivationPanel) -> None:
    panel.show_derivation(at(FACTOR_3), None)
    view = panel.content.view
    QTest.mouseMove(view, hit(view, "factor", FACTOR_3).rect.center().toPoint())
    assert view.cursor().shape() == Qt.CursorShape.PointingHandCursor
    QTest.mouseMove(view, QPoint(2, 2))
    assert view.cursor().shape() == Qt.CursorShape.ArrowCursor


def test_a_prepared_step_is_shown_from_the_same_pieces(panel: DerivationPanel) -> None:
    panel.show_derivation(at(FACTOR_3), None)
    before = texts(panel.content.view)
    panel.prepare(at(ADDEND))
    assert texts(panel.content.view) == before
    made = block_piece.cache_info().misses
    panel.show_derivation(at(ADDEND), None)
    assert block_piece.cache_info().misses == made
    assert states(panel.content.view, "result") == ["current"]


# The explanation and the legend ------------------------------------------------------------------


def test_the_explanation_is_folded_until_it_is_asked_for(
    panel: DerivationPanel, qtbot: QtBot
) -> None:
    panel.show_derivation(at(FACTOR_3), None)
    assert not panel.explanation_wanted
    bar = next(h for h in panel.content.view.hits if h.action == "explain")
    with qtbot.waitSignal(panel.explanation_toggled) as toggled:
        click(panel.content.view, bar)
    assert toggled.args == [True]
    assert panel.explanation_wanted


def test_the_open_explanation_shows_its_lines(panel: DerivationPanel) -> None:
    passed = trace()
    explanation = explain(passed, passed[FACTOR_3].index)
    panel.toggle_explanation()
    panel.show_derivation(at(FACTOR_3), explanation)
    shown = texts(panel.content.view)
    for line in explanation.lines:
        assert line.text in shown
    panel.toggle_explanation()
    assert explanation.lines[0].text not in texts(panel.content.view)


def test_the_legend_tells_what_the_symbols_mean(panel: DerivationPanel) -> None:
    panel.show_derivation(at(FACTOR_3), None)
    assert not panel.legend_shown
    panel.toggle_legend()
    assert panel.legend.isVisible()
    shown = texts(panel.legend)
    assert "w_{jk}^{(l)}" in shown
    assert "learning rate: how far an update goes against the gradient" in shown
    panel.toggle_legend()
    assert not panel.legend.isVisible()


def test_shortcuts_are_named_where_they_act(panel: DerivationPanel) -> None:
    panel.set_keys("F8", "Ctrl+I", "Ctrl+L")
    panel.show_derivation(at(FACTOR_3), None)
    assert "F8" in texts(panel.next_bar)
    assert "Ctrl+I" in texts(panel.content.view)
    assert panel.header.legend.toolTip().endswith("(Ctrl+L)")
