"""The form of a breakpoint: what can be filled in, and what is said of it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from bpstudio.debugger.breakpoints import Breakpoint
from bpstudio.debugger.session import Session
from bpstudio.files.example import load_example
from bpstudio.ui.breakpoint_editor import BreakpointEditor
from bpstudio.ui.theme import Appearance
from tests.ui.windows import show

POINT = Breakpoint(1, "dC_dw", l=3, j=2, k=2, when="abs(value) > 0.1", hits=3)


@pytest.fixture
def form(qtbot: QtBot, appearance: Appearance) -> BreakpointEditor:
    made = BreakpointEditor(Session(load_example()), POINT, is_new=False)
    qtbot.addWidget(made)
    show(made)
    return made


def test_it_shows_the_settings_and_gives_them_back(form: BreakpointEditor) -> None:
    made = Breakpoint(1, **form.settings())
    assert made == POINT


def test_indices_that_the_kind_lacks_are_disabled_and_not_taken(form: BreakpointEditor) -> None:
    enabled = [name for name, field in form.indices.items() if field.isEnabled()]
    assert enabled == ["l", "j", "k", "row"]
    form.kind.setCurrentIndex(form.kind.findData("C"))
    assert [name for name, field in form.indices.items() if field.isEnabled()] == ["row"]
    assert form.settings()["l"] is None


def test_a_pass_is_chosen_only_for_any_term(form: BreakpointEditor) -> None:
    assert not form.phase.isEnabled()
    form.kind.setCurrentIndex(0)
    form.phase.setCurrentIndex(form.phase.findData("back"))
    assert form.settings()["phase"] == "back"
    assert form.settings()["kind"] is None


def test_a_place_that_the_network_lacks_is_said_and_cannot_be_kept(
    form: BreakpointEditor,
) -> None:
    form.indices["j"].setText("9")
    assert "layer 3 has 6 nodes (j = 0..5)" in form.problem.text()
    assert not form.ok.isEnabled()
    form.indices["j"].setText("5")
    assert form.problem.text() == ""
    assert form.ok.isEnabled()


def test_a_row_that_the_data_lacks_is_said_at_its_field_and_cannot_be_kept(
    form: BreakpointEditor,
) -> None:
    form.indices["row"].setText("150")
    assert form.problem.text() == "iris.csv has no row 150; its rows are 0..149"
    assert form.indices["row"].property("invalid") is True
    assert not form.ok.isEnabled()
    form.indices["row"].setText("149")
    assert form.problem.text() == ""
    assert form.indices["row"].property("invalid") is False
    assert form.ok.isEnabled()


def test_a_row_of_what_is_no_rows_is_said(form: BreakpointEditor) -> None:
    form.kind.setCurrentIndex(0)
    for field in form.indices.values():
        field.setText("")
    form.phase.setCurrentIndex(form.phase.findData("mean"))
    form.indices["row"].setText("3")
    assert form.problem.text() == "no step has phase=mean, row=3; leave out one of the conditions"


def test_an_index_that_is_no_number_is_marked(form: BreakpointEditor) -> None:
    form.indices["k"].setText("two")
    assert form.problem.text() == "k is a whole number from 0, or empty for any; given: two"
    assert form.indices["k"].property("invalid") is True


def test_a_wrong_condition_is_said_under_its_field_only(form: BreakpointEditor) -> None:
    form.when.field.setText("abs(dC_dw[3][6,2]) > 1")
    assert form.when.words.text() == "dC_dw[3][6,2]: layer 3 has 6 nodes (j = 0..5)"
    assert form.problem.text() == ""
    assert not form.ok.isEnabled()


def test_a_wrong_line_is_said_under_its_field(form: BreakpointEditor) -> None:
    form.log.field.setText("C = {valeu}")
    assert form.log.words.text() == "column 6: there is no name 'valeu'; did you mean value?"
    assert not form.ok.isEnabled()
    form.log.field.setText("C = {value:.3f}")
    assert form.ok.isEnabled()


def test_names_are_completed_within_the_braces_of_a_line(
    form: BreakpointEditor, qtbot: QtBot
) -> None:
    qtbot.keyClicks(form.log.field, "C of row {val")
    view = form.log.field._offers.view
    assert view.isVisible()
    qtbot.keyClick(view, Qt.Key.Key_Return)
    assert form.log.field.text() == "C of row {value"
    qtbot.keyClicks(form.log.field, "} val")
    assert not view.isVisible()


def test_nothing_at_all_is_no_breakpoint(form: BreakpointEditor) -> None:
    form.kind.setCurrentIndex(0)
    for field in form.indices.values():
        field.setText("")
    form.when.field.setText("")
    assert form.problem.text() == "a breakpoint needs a kind of term, a place or a condition"


def test_every_field_says_what_it_is_for(form: BreakpointEditor) -> None:
    fields = (
        form.kind,
        form.phase,
        form.hits,
        *form.indices.values(),
        form.when.field,
        form.log.field,
    )
    assert all(field.accessibleName() and field.toolTip() for field in fields)
