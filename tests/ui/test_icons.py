import re
from pathlib import Path

import pytest
from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QAction, QColor, QIcon, QImage, QPainter
from PySide6.QtWidgets import QApplication, QToolButton
from pytestqt.qtbot import QtBot

from bpstudio.resources import resource
from bpstudio.ui.buttons import icon_button
from bpstudio.ui.control_icons import CONTROLS, control_path, control_svg
from bpstudio.ui.icons import TintedIcon, icon, icon_image, paint_icon, tinted_svg
from bpstudio.ui.palette import DARK, LIGHT, Theme
from bpstudio.ui.theme import Appearance

NAMES = sorted(path.stem for path in resource("icons").glob("*.svg"))
FILLED = {"marker", "dot"}


def inks(image: QImage) -> set[str]:
    """The colours of the picture's fully opaque pixels."""
    pixels = (image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height()))
    return {color.name().upper() for color in pixels if color.alpha() == 255}


@pytest.mark.parametrize("name", NAMES)
def test_an_icon_is_an_outline_on_the_common_grid(name: str) -> None:
    source = resource(f"icons/{name}.svg").read_text(encoding="utf-8")
    assert 'viewBox="0 0 24 24"' in source
    assert 'fill="none"' in source
    assert 'stroke-width="1.75" stroke-linecap="round"' in source
    assert re.findall(r'(?:fill|stroke)="(#\w+)"', source) == []
    assert (source.count('fill="currentColor"') > 0) == (name in FILLED)


@pytest.mark.parametrize("name", NAMES)
def test_an_icon_is_drawn_inside_its_box_in_one_colour(name: str) -> None:
    image = icon_image(name, "#5A3FD0", 48)
    # blending may be one off
    assert inks(image) <= {"#5A3FD0", "#5A3FCF"}
    assert inks(image)
    edge = [image.pixelColor(n, m).alpha() for n in range(48) for m in (0, 47)]
    assert max(edge) == 0


def test_an_icon_takes_the_theme_s_text_colour_and_greys_when_disabled(qapp: QApplication) -> None:
    made = icon("stop", DARK, 48)
    normal = made.pixmap(QSize(48, 48), 1.0, QIcon.Mode.Normal).toImage()
    disabled = made.pixmap(QSize(48, 48), 1.0, QIcon.Mode.Disabled).toImage()
    assert inks(normal) == {DARK.text1.upper()}
    assert inks(disabled) == {DARK.text3.upper()}


def test_an_icon_is_sharp_at_twice_the_density(qapp: QApplication) -> None:
    picture = icon("stop", LIGHT).pixmap(QSize(16, 16), 2.0)
    assert picture.size() == QSize(32, 32)


def test_an_unknown_icon_is_an_error() -> None:
    with pytest.raises(FileNotFoundError, match="no-such-icon"):
        tinted_svg("no-such-icon", "#000000")


def test_a_painted_icon_lies_in_its_box(qapp: QApplication) -> None:
    image = QImage(40, 40, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(QColor("#FFFFFF"))
    painter = QPainter(image)
    paint_icon(painter, "dot", QRectF(10, 10, 24, 24), "#C4183C")
    painter.end()
    assert image.pixelColor(22, 22) == QColor("#C4183C")
    assert image.pixelColor(5, 5) == QColor("#FFFFFF")


def test_a_kept_icon_follows_the_theme(appearance: Appearance) -> None:
    action = QAction("Stop")
    TintedIcon(action, "stop", appearance)
    assert inks(action.icon().pixmap(QSize(16, 16), 2.0).toImage()) == {LIGHT.text1}
    appearance.choose("dark")
    assert inks(action.icon().pixmap(QSize(16, 16), 2.0).toImage()) == {DARK.text1}


def test_a_kept_icon_goes_with_its_button(appearance: Appearance) -> None:
    button, gone = QToolButton(), []
    TintedIcon(button, "stop", appearance)
    button.destroyed.connect(lambda: gone.append(True))
    del button
    assert gone
    appearance.toggle()


def test_an_icon_button_says_what_it_does(appearance: Appearance, qtbot: QtBot) -> None:
    button = icon_button("fit", "Fit", appearance, "Ctrl+0")
    qtbot.addWidget(button)
    assert button.accessibleName() == "Fit"
    assert button.toolTip() == "Fit (Ctrl+0)"
    assert not button.icon().isNull()


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("name", sorted(CONTROLS))
def test_the_pictures_of_controls_are_up_to_date(name: str, theme: Theme) -> None:
    shipped = Path(control_path(name, theme)).read_text(encoding="utf-8")
    assert shipped == control_svg(name, theme), "run python -m bpstudio.ui.control_icons"
