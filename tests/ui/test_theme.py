import re

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QComboBox, QLineEdit, QPushButton, QTabBar
from pytestqt.qtbot import QtBot

from bpstudio.ui import theme as themes
from bpstudio.ui.fields import WholeField
from bpstudio.ui.palette import DARK, LIGHT, Theme
from bpstudio.ui.style import set_invalid, set_primary, set_role, set_style_property
from bpstudio.ui.theme import Appearance, apply_theme, current_theme, qt_palette, style_sheet

THEMES = pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])


@pytest.fixture
def dark_system(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """A desktop that can be told to be dark: neither offscreen nor a bare X server can be."""
    answer = [True]
    monkeypatch.setattr(themes, "system_is_dark", lambda: answer[0])
    return answer


def test_a_theme_is_on_the_whole_application(qapp: QApplication, appearance: Appearance) -> None:
    apply_theme(qapp, DARK)
    assert current_theme() is DARK
    assert qapp.palette().color(QPalette.ColorRole.Window) == QColor(DARK.surface)
    assert qapp.font().family() == "Inter"
    assert DARK.surface in qapp.styleSheet()


@THEMES
def test_every_token_of_the_style_sheet_is_filled_in(theme: Theme) -> None:
    sheet = style_sheet(theme)
    assert "$" not in sheet
    assert set(re.findall(r"#[0-9A-Fa-f]{6}\b", sheet)) >= {theme.surface, theme.accent}


@THEMES
def test_the_style_sheet_names_only_pictures_that_exist(theme: Theme) -> None:
    from pathlib import Path

    paths = re.findall(r'url\("([^"]+)"\)', style_sheet(theme))
    assert paths
    assert all(Path(path).is_file() for path in paths)


@THEMES
def test_disabled_text_is_greyed_in_the_palette(theme: Theme) -> None:
    palette = qt_palette(theme)
    disabled = palette.color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.Text)
    assert disabled == QColor(theme.text3)


def test_a_choice_is_announced_once_and_after_it_is_on(
    appearance: Appearance, qtbot: QtBot
) -> None:
    heard: list[tuple[Theme, Theme]] = []
    appearance.changed.connect(lambda theme: heard.append((theme, current_theme())))
    appearance.choose("dark")
    appearance.choose("dark")
    assert heard == [(DARK, DARK)]
    assert appearance.choice == "dark"


def test_toggling_goes_to_the_other_theme(appearance: Appearance) -> None:
    appearance.toggle()
    assert appearance.theme is DARK
    appearance.toggle()
    assert appearance.theme is LIGHT


def test_an_unknown_choice_is_refused(appearance: Appearance) -> None:
    with pytest.raises(ValueError, match="'pink'"):
        appearance.choose("pink")


def test_an_unknown_choice_in_the_settings_means_the_system(
    qapp: QApplication, dark_system: list[bool]
) -> None:
    made = Appearance(qapp, "pink")
    assert (made.choice, made.theme) == ("system", DARK)
    made.deleteLater()


def test_the_system_is_followed_until_the_user_chooses(
    appearance: Appearance, dark_system: list[bool]
) -> None:
    appearance.choose("system")
    assert appearance.theme is DARK
    dark_system[0] = False
    appearance._follow_system(Qt.ColorScheme.Light)
    assert appearance.theme is LIGHT
    appearance.choose("light")
    dark_system[0] = True
    appearance._follow_system(Qt.ColorScheme.Dark)
    assert appearance.theme is LIGHT


def test_the_system_counts_as_light_where_it_does_not_say(qapp: QApplication) -> None:
    scheme = qapp.styleHints().colorScheme()
    assert themes.system_is_dark() == (scheme == Qt.ColorScheme.Dark)


@pytest.mark.parametrize(
    ("kind", "low", "high"),
    [
        (QLineEdit, 26, 26),
        (QComboBox, 26, 26),
        (QPushButton, 28, 28),
        (QCheckBox, 26, 28),
    ],
)
def test_controls_are_26_to_32_high(
    appearance: Appearance, qtbot: QtBot, kind: type, low: int, high: int
) -> None:
    control = kind()
    qtbot.addWidget(control)
    control.ensurePolished()
    assert low <= control.sizeHint().height() <= high


def test_a_spin_box_is_26_high(appearance: Appearance, qtbot: QtBot) -> None:
    field = WholeField(0, 9, 1)
    qtbot.addWidget(field)
    field.show()
    assert field.height() == 26


def test_tabs_are_30_high(appearance: Appearance, qtbot: QtBot) -> None:
    bar = QTabBar()
    qtbot.addWidget(bar)
    bar.addTab("Loss")
    bar.ensurePolished()
    assert bar.sizeHint().height() == 30


def test_the_primary_button_is_filled_with_the_accent(appearance: Appearance, qtbot: QtBot) -> None:
    button = QPushButton("Continue")
    qtbot.addWidget(button)
    set_primary(button)
    button.resize(120, 32)
    picture = button.grab().toImage()
    assert picture.pixelColor(10, 16) == QColor(LIGHT.accent)
    assert button.sizeHint().height() == 32


def test_it_stays_filled_under_the_pointer_also_where_it_is_flat_otherwise(
    appearance: Appearance, qtbot: QtBot
) -> None:
    button = QPushButton("Stop")
    qtbot.addWidget(button)
    set_style_property(button, "flat", True)
    set_primary(button)
    button.resize(120, 32)
    button.show()
    QTest.mouseMove(button, QPoint(3, 3))
    QTest.mouseMove(button)
    qtbot.waitUntil(button.underMouse)
    under_the_pointer = button.grab().toImage().pixelColor(10, 16)
    button.setDown(True)
    pressed = button.grab().toImage().pixelColor(10, 16)
    for filled in (under_the_pointer, pressed):  # as dark as the accent, under white words
        assert abs(filled.lightness() - QColor(LIGHT.accent).lightness()) < 30


def test_a_role_set_later_is_seen_at_once(appearance: Appearance, qtbot: QtBot) -> None:
    field = QLineEdit()
    qtbot.addWidget(field)
    field.resize(100, 26)
    assert field.grab().toImage().pixelColor(50, 0) == QColor(LIGHT.border)
    set_invalid(field)
    assert field.grab().toImage().pixelColor(50, 0) == QColor(LIGHT.error)
    set_role(field, "header")
    assert field.property("role") == "header"
