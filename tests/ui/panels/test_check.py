"""The Check panel: found on demand, gone with the step."""

from __future__ import annotations

import math
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from bpstudio.core.numeric import NumericCheck, numeric_derivative
from bpstudio.debugger.session import Session
from bpstudio.ui.analysis.check_view import digits, short, verdict_of
from bpstudio.ui.attempt import Attempt
from bpstudio.ui.panels.check import CheckPanel
from bpstudio.ui.theme import Appearance
from tests.ui.in_sight import in_sight

GRADIENT = "s54/back/l3/j2/k1/dC_dw"


@pytest.fixture
def panel(
    qtbot: QtBot, session: Session, appearance: Appearance, attempts: Attempt
) -> Iterator[CheckPanel]:
    session.debugger.goto(GRADIENT)
    with in_sight(CheckPanel(session, appearance, attempts), qtbot, session, (480, 300)) as made:
        yield made


def test_nothing_is_worked_out_before_it_is_asked_for(panel: CheckPanel) -> None:
    assert panel.found is None
    assert panel.explained.isVisible()
    assert not panel.view.isVisible()


def test_the_button_shows_both_numbers_the_step_size_and_the_error(
    panel: CheckPanel, session: Session
) -> None:
    panel.button.click()
    term = session.debugger.step
    found = numeric_derivative(term.trace, term.step)
    assert panel.found == found
    assert panel.view.isVisible()
    texts = {name: panel.view.values[name] for name in ("Analytic", "Numeric", "Step size")}
    assert texts["Analytic"].text() == digits(term.value)
    assert texts["Numeric"].text() == digits(found.numeric)
    assert texts["Step size"].text() == short(found.step_size)
    assert panel.view.values["Estimated error"].text() == short(found.error)
    assert panel.view.values["Moved"].text.plain == "$w_{21}^{(L-1)}$"
    assert panel.view.values["Watched"].text.plain == "$C_0$"
    assert panel.view.verdict.text().startswith("The two agree")


def test_another_step_clears_it(panel: CheckPanel, session: Session) -> None:
    panel.button.click()
    session.debugger.step_into()
    assert panel.found is None
    assert panel.explained.isVisible()


def test_other_numbers_clear_it(panel: CheckPanel, session: Session) -> None:
    panel.button.click()
    session.debugger.set_weight(2, 0, 0, 3.0)
    assert panel.found is None


def test_what_does_not_concern_the_step_leaves_it(panel: CheckPanel, session: Session) -> None:
    panel.button.click()
    session.debugger.toggle_bookmark()
    assert panel.found is not None


def test_a_term_that_is_no_derivative_cannot_be_checked(
    panel: CheckPanel, session: Session
) -> None:
    session.debugger.goto("s54/loss/C")
    assert not panel.button.isEnabled()
    assert "no derivative" in panel.explained.text()
    panel.check()
    assert panel.found is None
    session.debugger.goto("mean/l3/j2/k1/mean_dC_dw")
    panel.check()
    assert panel.found.watched == "$C$"


def test_the_key_is_named_on_the_button(panel: CheckPanel) -> None:
    panel.set_key("F7")
    assert panel.button.toolTip().endswith("(F7)")


@pytest.mark.parametrize(
    ("agrees", "kink", "words"),
    [
        (True, False, "agree"),
        (False, False, "differ"),
        (True, True, "lies between"),
        (False, True, "not between"),
        (None, False, "no numeric value"),
    ],
)
def test_the_verdict_is_one_sentence(agrees: bool | None, kink: bool, words: str) -> None:
    found = NumericCheck(1.0, 1.0, 0.1, 0.0, "differences", agrees, kink, "", "")
    assert words in verdict_of(found)
    assert verdict_of(found).count(".") == 1


def test_numbers_are_written_as_on_the_rest_of_the_screen() -> None:
    assert digits(-0.25) == "−0.25"
    assert short(8.8e-13) == "8.8\u2009×\u200910⁻¹³"
    assert short(math.nan) == "–"
