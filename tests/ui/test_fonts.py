import pytest
from PySide6.QtGui import QFont, QFontMetricsF, QRawFont
from PySide6.QtWidgets import QApplication

from bpstudio.resources import resource
from bpstudio.ui.fonts import FACES, MEDIUM, REGULAR, SEMIBOLD, load_fonts, mono_font, ui_font


@pytest.fixture(autouse=True)
def _loaded(qapp: QApplication) -> None:
    load_fonts(qapp)


def test_every_bundled_face_loads(qapp: QApplication) -> None:
    qapp.setProperty("bpstudio_fonts", False)
    assert load_fonts(qapp) == []


@pytest.mark.parametrize("weight", [REGULAR, MEDIUM, SEMIBOLD])
def test_text_is_inter_in_the_weight_asked_for(weight: QFont.Weight) -> None:
    face = QRawFont.fromFont(ui_font(13, weight))
    assert face.familyName() == "Inter"
    assert face.weight() == weight


def test_figures_are_equally_wide() -> None:
    metrics = QFontMetricsF(ui_font(13))
    widths = {metrics.horizontalAdvance(figure * 10) for figure in "0123456789"}
    assert len(widths) == 1


def test_addresses_are_in_jetbrains_mono_without_ligatures() -> None:
    font = mono_font()
    assert QRawFont.fromFont(font).familyName() == "JetBrains Mono"
    metrics = QFontMetricsF(font)
    assert metrics.horizontalAdvance("!=") == metrics.horizontalAdvance("e3")


def test_the_signs_of_the_interface_are_in_the_face() -> None:
    face = QRawFont.fromFont(ui_font(13))
    signs = "−×·∂₀₁²⁻⁵…›→↑≤≈\u2009"
    assert [sign for sign in signs if not face.supportsCharacter(ord(sign))] == []


def test_each_face_is_shipped_with_its_licence() -> None:
    for family in ("Inter", "JetBrainsMono"):
        assert any(name.startswith(family) for name in FACES.values())
        text = resource(f"fonts/OFL-{family}.txt").read_text(encoding="utf-8")
        assert "SIL OPEN FONT LICENSE Version 1.1" in text
