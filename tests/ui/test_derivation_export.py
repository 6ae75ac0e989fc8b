"""File → Export derivation…: what it asks, and what it writes."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from bpstudio.core.worked import FORMS as CORE_FORMS
from bpstudio.core.worked import work_out
from bpstudio.files.derivations import write_derivation
from bpstudio.ui import actions, dialogs
from bpstudio.ui.app import make_window
from bpstudio.ui.derivation_dialog import FORMS, DerivationDialog, goals
from bpstudio.ui.derivation_export import ask_derivation
from bpstudio.ui.settings import Settings
from bpstudio.ui.window import MainWindow
from tests.core.cases import traced
from tests.ui.windows import show

WEIGHT = "s52/back/l3/j2/k2"


@pytest.fixture
def window(qtbot, qapp, tmp_path) -> MainWindow:
    made = make_window(qapp, Settings(tmp_path / "settings.ini"))
    qtbot.addWidget(made)
    show(made)
    made.goto(f"{WEIGHT}/dz_dw")
    return made


@pytest.fixture
def dialog(window: MainWindow, qtbot: QtBot, monkeypatch, tmp_path) -> DerivationDialog:
    """The dialog; what it writes goes to d.md."""
    monkeypatch.setattr(dialogs, "ask_derivation_file", lambda *_: tmp_path / "d.md")
    made = ask_derivation(window)
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(made)
    return made


def go_on(dialog: DerivationDialog, qtbot: QtBot) -> None:
    """Press Write…."""
    qtbot.mouseClick(dialog.ok, Qt.MouseButton.LeftButton)


def expected(window: MainWindow, path: Path, goal: str, form: str, **options: bool) -> str:
    digits = 6 if form == "delta" else 4
    fractions = form == "delta"
    worked = work_out(window.session.debugger.trace, goal, form, digits, fractions=fractions)
    write_derivation(worked, path, **options)
    return path.read_text(encoding="utf-8")


def test_a_step_offers_every_level_around_it_from_the_smallest():
    trace = traced(rows=(52, 53))
    assert goals(trace, trace[f"{WEIGHT}/dz_dw"].index) == [
        ("This number alone", f"{WEIGHT}/dz_dw"),
        ("Weight 2 of node 2, layer L−1", WEIGHT),
        ("Node 2, layer L−1", "s52/back/l3/j2"),
        ("Layer L−1", "s52/back/l3"),
        ("Backward", "s52/back"),
        ("Row 52", "s52"),
        ("Whole pass", ""),
    ]


def test_every_notation_of_the_core_is_offered():
    assert tuple(form for _, form in FORMS) == CORE_FORMS


def test_the_weight_of_the_step_is_derived_as_it_stands(window, dialog, qtbot, tmp_path):
    go_on(dialog, qtbot)
    text = (tmp_path / "d.md").read_text(encoding="utf-8")
    assert text == expected(window, tmp_path / "e.md", WEIGHT, "d")
    assert str(tmp_path / "d.md") in window.message_bar.text
    assert not dialog.isVisible()


def test_what_is_chosen_is_what_is_written(window, dialog, qtbot, tmp_path):
    dialog.goal.setCurrentIndex(2)
    dialog.form.setCurrentIndex(1)
    dialog.digits.setValue(6)
    dialog.decimal_comma.setChecked(True)
    dialog.fractions.setChecked(True)
    dialog.blanks.setChecked(True)
    go_on(dialog, qtbot)
    text = (tmp_path / "d.md").read_text(encoding="utf-8")
    options = {"decimal_comma": True, "blanks": True}
    assert text == expected(window, tmp_path / "e.md", "s52/back/l3/j2", "delta", **options)


def test_cancelling_writes_nothing(dialog, qtbot, tmp_path):
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
    assert not (tmp_path / "d.md").exists()


def test_an_unknown_kind_of_file_is_refused_in_the_message_bar(
    window, dialog, qtbot, monkeypatch, tmp_path
):
    monkeypatch.setattr(dialogs, "ask_derivation_file", lambda *_: tmp_path / "d.pdf")
    go_on(dialog, qtbot)
    assert "use .tex, .md, .html" in window.message_bar.text
    assert not (tmp_path / "d.pdf").exists()


def test_the_file_is_named_after_the_data_and_the_place(window, dialog, qtbot, monkeypatch):
    asked = []
    monkeypatch.setattr(dialogs, "ask_derivation_file", lambda _, name: asked.append(name))
    go_on(dialog, qtbot)
    assert asked == ["iris-s52-back-l3-j2-k2.html"]


def test_every_control_says_what_it_does(dialog):
    controls = (dialog.goal, dialog.form, dialog.digits, dialog.decimal_comma, dialog.blanks)
    for control in (*controls, *dialog.findChildren(QPushButton)):
        assert control.toolTip()
        assert control.accessibleName() or control.text()


def test_the_action_has_a_key_of_its_own():
    key = actions.find("export_derivation").keys[0]
    assert [spec.name for spec in actions.ACTIONS if key in spec.keys] == ["export_derivation"]
