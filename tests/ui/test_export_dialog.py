"""Asking what of the trace is exported: choices with their counts, formats, and by keys alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from bpstudio.files.traces import FORMATS
from bpstudio.ui import dialogs
from bpstudio.ui.export_dialog import ExportDialog
from bpstudio.ui.window import MainWindow
from tests.ui.windows import show


def opened(window: MainWindow) -> ExportDialog:
    QTest.keyClick(window, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    dialog = window.findChild(ExportDialog)
    assert dialog is not None
    return dialog


def saved_to(monkeypatch: pytest.MonkeyPatch, folder: Path) -> list[str]:
    """Take whatever name is suggested; → the names."""
    names: list[str] = []

    def take(_: object, name: str) -> Path:
        names.append(name)
        return folder / name

    monkeypatch.setattr(dialogs, "ask_trace_file", take)
    return names


def addresses(path: Path) -> list[str]:
    return [json.loads(line)["address"] for line in path.read_text("utf-8").splitlines()]


def expected(window: MainWindow, key: str) -> list[str]:
    """What each choice means, by walking through every step."""
    trace, step = window.session.debugger.trace, window.session.debugger.step
    fits = {
        "whole": lambda term: True,
        "sample": lambda term: term.row == step.row,
        "layer": lambda term: term.l == step.l,
        "filtered": lambda term: term.kind == "dC_dw" and abs(term.value) > 0.05,
    }[key]
    return [term.address for term in trace if fits(term)]


@pytest.mark.parametrize("key", ["whole", "sample", "layer", "filtered"])
def test_what_is_chosen_is_counted_and_written(
    key: str,
    main_window: MainWindow,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    main_window.session.change(batch_size=3)
    main_window.goto("back/l3/j2/dC_da")
    filters = main_window.steps.filters
    filters.kind.setCurrentIndex(filters.kind.findData("dC_dw"))
    filters.when.setText("abs(value) > 0.05")
    filters.use()
    qtbot.waitUntil(lambda: main_window.steps.table.listed.is_complete)
    names = saved_to(monkeypatch, tmp_path)
    dialog, wanted = opened(main_window), expected(main_window, key)
    dialog.format.setCurrentIndex(dialog.format.findData(".jsonl"))
    dialog.buttons[key].setChecked(True)
    assert dialog.choice.count == len(wanted) > 0
    assert str(len(wanted)) in dialog.ok.text().replace("\u2009", "")
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    part = "" if key == "whole" else f"-{key}"
    row = main_window.session.debugger.rows[0]
    assert names == [f"iris-row-{row}{part}.jsonl"]
    assert addresses(tmp_path / names[0]) == wanted
    assert str(tmp_path / names[0]) in main_window.message_bar.text


def test_what_has_no_steps_cannot_be_chosen_and_says_why(main_window: MainWindow) -> None:
    main_window.goto("loss/C")
    dialog = opened(main_window)
    assert not dialog.buttons["layer"].isEnabled()
    assert "no layer" in dialog.buttons["layer"].toolTip()
    assert not dialog.buttons["filtered"].isEnabled()
    assert "filter" in dialog.buttons["filtered"].accessibleName()
    assert dialog.buttons["sample"].isEnabled()
    dialog.reject()


def test_arrow_keys_choose_and_escape_writes_nothing(
    main_window: MainWindow, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot, tmp_path: Path
) -> None:
    names = saved_to(monkeypatch, tmp_path)
    main_window.goto("back/l3/j2/dC_da")
    dialog = opened(main_window)
    show(dialog)
    dialog.buttons["whole"].setFocus()
    qtbot.waitUntil(dialog.buttons["whole"].hasFocus)
    qtbot.keyClick(dialog.buttons["whole"], Qt.Key.Key_Down)
    assert dialog.choice.key == "sample"
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert not names
    assert list(tmp_path.glob("*.json*")) == []


def test_every_format_can_be_chosen_and_is_offered_by_its_suffix(
    main_window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert list(dialogs.TRACE_KINDS) == list(FORMATS)
    asked: list[tuple[str, ...]] = []

    def answer(_: object, __: str, suggestion: str, offered: str, first: str) -> tuple[str, str]:
        asked.append((suggestion, offered, first))
        return "a/name", first

    monkeypatch.setattr(dialogs.QFileDialog, "getSaveFileName", answer)
    for suffix, kind in dialogs.TRACE_KINDS.items():
        assert dialogs.ask_trace_file(main_window, f"trace{suffix}") == Path(f"a/name{suffix}")
        assert asked[-1][2] == f"{kind.title} (*{suffix})"
        assert asked[-1][2] in asked[-1][1]
