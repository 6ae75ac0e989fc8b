"""Which panels a window shows, and where."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from bpstudio.debugger.notices import Changes
from bpstudio.ui import panel_table
from bpstudio.ui.actions import ACTIONS
from bpstudio.ui.app import make_window
from bpstudio.ui.dock_sizes import bottom_height
from bpstudio.ui.in_sight import InSight
from bpstudio.ui.panel_table import LAYOUTS, PANELS, PLACES, PanelSpec, arranged, layout_of
from bpstudio.ui.settings import Settings
from bpstudio.ui.window import MainWindow


def shown(window: MainWindow) -> dict[str, tuple[str, ...]]:
    return {place: area.names for place, area in window.docks.areas.items() if area.isVisible()}


def spec(name: str, step: panel_table.Place, debug: panel_table.Place) -> PanelSpec:
    return PanelSpec(name, name.title(), "", "", lambda *_: QWidget(), step, debug)


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("narrow", [False, True])
def test_a_panel_is_in_one_area_at_most(layout: panel_table.Layout, narrow: bool) -> None:
    every = frozenset(panel.name for panel in PANELS)
    places = arranged(layout, every, narrow)
    names = [panel.name for panels in places.values() for panel in panels]
    assert sorted(names) == sorted(every)
    assert set(places) == set(PLACES)


def test_a_narrow_window_has_one_group_of_tabs_tables_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    panels = (
        spec("plot", "bottom left", ""),
        spec("matrices", "below", "below"),
        spec("table", "bottom right", ""),
        spec("ledger", "right below", ""),
    )
    monkeypatch.setattr(panel_table, "PANELS", panels)
    places = arranged("step", frozenset(), narrow=True)
    found = {place: [panel.name for panel in held] for place, held in places.items() if held}
    assert found == {"bottom right": ["table", "plot", "matrices"], "right": ["ledger"]}


def test_a_narrow_window_has_the_steps_and_the_origin_in_front(main_window: MainWindow) -> None:
    main_window.resize(1100, 700)
    main_window.commands["layout_debug"].trigger()
    for name in ("steps", "origin"):
        assert main_window.docks.is_shown(name), name


class _Shown(QObject):
    """Writes down which of the panels are shown."""

    def __init__(self, panels: Mapping[str, QWidget]) -> None:
        super().__init__()
        self._panels, self.names = panels, list[str]()
        for panel in panels.values():
            panel.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show:
            self.names += [name for name, panel in self._panels.items() if panel is watched]
        return False


def test_no_panel_is_shown_in_passing_where_others_take_its_place(main_window: MainWindow) -> None:
    shown = _Shown(main_window.panels)
    for change in (
        lambda: main_window.resize(1100, 700),
        lambda: main_window.choose_layout("train"),
        lambda: main_window.resize(1600, 1000),
        lambda: main_window.choose_layout("debug"),
        lambda: main_window.show_panel("loss"),
        lambda: main_window.choose_layout("step"),
    ):
        shown.names.clear()
        change()
        in_sight = [name for name, panel in main_window.panels.items() if panel.isVisible()]
        assert len(set(shown.names)) == len(shown.names)
        assert set(shown.names) <= set(in_sight)


def test_a_panel_that_needs_more_height_has_it_while_it_is_in_front(
    main_window: MainWindow, qtbot: QtBot
) -> None:
    main_window.show()
    main_window.resize(1100, 700)
    docks = main_window.docks
    qtbot.waitUntil(lambda: docks.bottom.height() == bottom_height("step", 700, narrow=True))
    assert main_window.steps.table.rows_shown >= 3
    low = docks.bottom.height()
    area = docks.areas["bottom right"]
    needed = main_window.panels["confusion"].minimumSizeHint().height()
    main_window.show_panel("confusion")
    qtbot.waitUntil(lambda: docks.bottom.height() > low)
    assert area.height() >= needed
    main_window.show_panel("steps")
    qtbot.waitUntil(lambda: docks.bottom.height() == low)


def test_plots_have_half_of_the_layout_for_training() -> None:
    assert bottom_height("train", 1000, narrow=False) == 460
    assert bottom_height("debug", 1000, narrow=False) == 308


def test_the_form_of_the_experiment_is_as_wide_in_a_narrow_window(
    main_window: MainWindow, qtbot: QtBot
) -> None:
    main_window.show()
    main_window.resize(1600, 1000)
    qtbot.waitUntil(lambda: main_window.docks.side.is_open)
    wide = main_window.docks.side.width()
    main_window.resize(1100, 700)
    qtbot.waitUntil(lambda: not main_window.docks.side.is_open)
    main_window.show_panel("experiment")
    qtbot.waitUntil(lambda: main_window.docks.side.width() == wide)


def test_another_layout_leaves_the_keys_where_they_were_or_gives_them_to_the_network(
    main_window: MainWindow,
) -> None:
    main_window.show()
    main_window.steps.table.setFocus()
    main_window.commands["layout_debug"].trigger()
    assert main_window.focusWidget() is main_window.steps.table
    main_window.commands["layout_step"].trigger()
    assert main_window.focusWidget() is main_window.steps.table
    main_window.experiment.loss.setFocus()
    main_window.commands["experiment"].trigger()  # closes the side that has the keys
    assert main_window.focusWidget() is main_window.network.canvas
    main_window.show_panel("experiment")
    main_window.experiment.loss.setFocus()
    main_window.commands["layout_debug"].trigger()  # which has no form
    assert main_window.focusWidget() is main_window.network.canvas
    main_window.commands["layout_train"].trigger()  # which has no network
    assert main_window.focusWidget() in (main_window, None)


def test_the_arrows_beside_tabs_say_what_they_do(main_window: MainWindow) -> None:
    arrows = main_window.docks.areas["right"].tabBar().findChildren(QToolButton)
    assert [arrow.toolTip() for arrow in arrows] == ["Tabs before these", "Tabs after these"]


def test_a_panel_that_a_layout_lacks_goes_where_the_other_has_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(panel_table, "PANELS", (spec("plot", "bottom left", ""),))
    assert not any(arranged("debug", frozenset(), narrow=False).values())
    places = arranged("debug", frozenset({"plot"}), narrow=False)
    assert [panel.name for panel in places["bottom left"]] == ["plot"]


def test_every_panel_has_an_action_that_brings_it_to_the_front(
    main_window: MainWindow, qtbot: QtBot
) -> None:
    names = {action.name for action in ACTIONS}
    for layout in LAYOUTS:
        main_window.commands[f"layout_{layout}"].trigger()
        for panel in PANELS:
            assert panel.name in names
            main_window.docks.side.show_panel(False)
            main_window.show_panel(panel.name)
            assert main_window.panels[panel.name].isVisible(), (layout, panel.name)
            focus = QApplication.focusWidget()
            assert focus is not None
            held = main_window.panels[panel.name]
            assert focus is held or held.isAncestorOf(focus) or focus is main_window


def test_another_layout_moves_the_panels_and_checks_its_action(main_window: MainWindow) -> None:
    step = shown(main_window)
    main_window.commands["layout_debug"].trigger()
    assert shown(main_window) != step
    assert main_window.commands["layout_debug"].isChecked()
    assert not main_window.commands["layout_step"].isChecked()
    main_window.commands["layout_step"].trigger()
    assert shown(main_window) == step


def test_a_layout_has_its_own_panels_in_front_and_a_narrow_window_keeps_them(
    main_window: MainWindow, qtbot: QtBot
) -> None:
    main_window.show_panel("data")
    main_window.commands["layout_debug"].trigger()
    for name in ("breakpoints", "watches", "matrices", "origin", "steps", "log"):
        assert main_window.panels[name].isVisible(), name
    main_window.show_panel("stack")
    main_window.resize(1100, 700)
    qtbot.waitUntil(lambda: not main_window.docks.side.is_open)
    assert main_window.panels["stack"].isVisible()
    assert main_window.panels["origin"].isVisible()


def test_the_layout_is_there_at_the_next_start(
    main_window: MainWindow, qapp: QApplication, qtbot: QtBot
) -> None:
    main_window.commands["layout_debug"].trigger()
    main_window.close()
    again = make_window(qapp, Settings(Path(main_window.settings.path)))
    qtbot.addWidget(again)
    assert again.docks.layout == "debug"


def test_an_arrangement_of_panels_is_put_back_as_it_was(main_window: MainWindow) -> None:
    docks = main_window.docks
    main_window.commands["layout_train"].trigger()
    main_window.show_panel("origin")
    main_window.show_panel("confusion")
    docks.side.show_panel(False)
    kept = docks.arrangement
    main_window.commands["layout_step"].trigger()
    assert docks.arrangement != kept
    docks.restore(kept)
    assert docks.arrangement[:4] == kept[:4]
    assert docks.is_shown("origin")
    assert docks.is_shown("confusion")
    assert not docks.side.is_open


def test_what_leads_to_a_step_brings_the_steps_to_the_front_where_none_is_seen(
    main_window: MainWindow,
) -> None:
    docks, panels = main_window.docks, main_window.panels
    main_window.commands["layout_train"].trigger()
    assert docks.is_shown("boundary")
    panels["diagnoses"].address_requested.emit("back/l3/j2/i1/dz_da")  # type: ignore[attr-defined]
    assert docks.is_shown("steps")
    docks.show_panel("ledger")
    panels["ledger"].address_requested.emit("back/l3/j2/da_dz")  # type: ignore[attr-defined]
    assert docks.is_shown("ledger")  # where one looks already
    main_window.commands["layout_step"].trigger()  # which has network and derivation
    docks.show_panel("data")
    panels["diagnoses"].address_requested.emit("back/l3/j2/dC_dz")  # type: ignore[attr-defined]
    assert docks.is_shown("data")


def test_a_layout_that_does_not_exist_counts_as_never_chosen() -> None:
    assert layout_of("nonsense") == layout_of("") == "step"


def test_a_panel_behind_another_shows_no_old_number_when_it_comes_to_the_front(
    main_window: MainWindow,
) -> None:
    steps = main_window.panels["steps"]
    main_window.show_panel("data")
    assert not steps.isVisible()
    main_window.goto("s52/back/l3/j2/i1/dz_da")
    main_window.show_panel("steps")
    table = steps.table  # type: ignore[attr-defined]
    assert table.first_row <= main_window.session.debugger.cursor < table.first_row + 20


class _Told(QWidget):
    """A panel that writes down what it is told."""

    def __init__(self) -> None:
        super().__init__()
        self.changes: list[Changes] = []

    def refresh(self, changes: Changes) -> None:
        self.changes.append(changes)


def test_what_happens_out_of_sight_is_told_once_on_coming_into_sight(qtbot: QtBot) -> None:
    panel = _Told()
    qtbot.addWidget(panel)
    in_sight = InSight(panel)
    in_sight.watch(panel, panel.refresh)
    for changes in (frozenset({"cursor"}), frozenset({"network"})):
        for refresh in in_sight.refreshes(changes):  # type: ignore[arg-type]
            refresh()
    assert panel.changes == []
    panel.show()
    assert panel.changes == [{"cursor", "network"}]
    for refresh in in_sight.refreshes(frozenset({"run"})):
        refresh()
    panel.hide()
    panel.show()
    assert panel.changes[1:] == [{"run"}]


def test_a_derivation_behind_another_panel_is_worked_out_when_it_comes_to_the_front(
    main_window: MainWindow,
) -> None:
    main_window.show_panel("origin")
    before = main_window.derivation.derivation
    main_window.goto("s52/back/l3/j2/i1/dz_da")
    assert main_window.derivation.derivation is before
    main_window.show_panel("derivation")
    derivation = main_window.derivation.derivation
    assert derivation is not None
    assert derivation.address == "s52/back/l3/j2/i1/dz_da"


def test_the_strip_of_a_closed_side_names_and_opens_it(main_window: MainWindow) -> None:
    side = main_window.docks.side
    main_window.commands["experiment"].trigger()
    assert not side.is_open
    assert side.strip.text() == "Experiment"
    side.strip.click()
    assert side.is_open
    assert main_window.commands["experiment"].isChecked()
