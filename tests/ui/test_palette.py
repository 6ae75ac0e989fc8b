import numpy as np
import pytest

from bpstudio.ui.palette import DARK, LIGHT, Theme, contrast, luminance, mix, rgb, text_on

TEXT_SURFACES = ("window", "surface", "surface2", "surface3", "canvas", "accent_soft")
THEMES = pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])


def lowest(theme: Theme, token: str, surfaces: tuple[str, ...]) -> float:
    """The lowest contrast of a token on surfaces, to one decimal as the table of tokens has it."""
    color = getattr(theme, token)
    return round(min(contrast(color, getattr(theme, surface)) for surface in surfaces), 1)


@pytest.mark.parametrize(
    ("token", "surfaces", "light", "dark"),
    [
        ("text1", TEXT_SURFACES, 14.7, 11.6),
        ("text2", TEXT_SURFACES, 7.4, 7.5),
        ("text3", TEXT_SURFACES, 4.7, 4.9),
        ("accent_text", TEXT_SURFACES, 6.9, 6.6),
        ("accent", ("surface", "canvas"), 6.6, 6.8),
        ("error", ("surface",), 5.9, 6.2),
        ("warning", ("surface",), 5.9, 8.8),
        ("ready", ("surface",), 5.4, 8.8),
        ("border", ("surface", "surface2"), 3.2, 3.7),
        ("node_outline", ("canvas",), 4.6, 5.5),
        ("pending_edge", ("canvas",), 1.6, 1.8),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_token_stands_out_from_every_surface_it_is_used_on(
    token: str, surfaces: tuple[str, ...], light: float, dark: float
) -> None:
    assert lowest(LIGHT, token, surfaces) >= light
    assert lowest(DARK, token, surfaces) >= dark


@THEMES
@pytest.mark.parametrize("token", ["error", "warning", "ready", "accent_text", "text3"])
def test_coloured_words_are_readable_on_all_surfaces(theme: Theme, token: str) -> None:
    assert lowest(theme, token, TEXT_SURFACES) >= 4.5


@THEMES
def test_text_on_the_accent_is_readable(theme: Theme) -> None:
    assert contrast(theme.on_accent, theme.accent) >= 6.85


@THEMES
def test_text_in_a_node_is_readable_at_every_activation(theme: Theme) -> None:
    steps = np.linspace(0, 1, 40)
    pairs = zip(theme.activation, theme.activation[1:], strict=False)
    fills = [mix(one, other, share) for one, other in pairs for share in steps]
    # 4.6 to one decimal
    assert min(contrast(fill, text_on(fill)) for fill in fills) >= 4.55


@THEMES
def test_signed_colours_are_told_apart_by_hue_on_both_sides_of_zero(theme: Theme) -> None:
    for negative, positive in zip(theme.diverging[:3], theme.diverging[:3:-1], strict=True):
        red, _, blue = rgb(negative)
        other_red, _, other_blue = rgb(positive)
        assert red > blue + 50
        assert other_blue > other_red + 50


def test_contrast_is_that_of_the_standard() -> None:
    # WCAG: black on white is 21, equal colours are 1
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#777777") == pytest.approx(1)
    # 0x80 / 255 = 0.50196; ((0.50196 + 0.055) / 1.055) ** 2.4 = 0.21586
    assert luminance("#808080") == pytest.approx(0.21586, abs=1e-5)


def test_mixing_goes_from_one_colour_to_the_other() -> None:
    assert mix("#000000", "#FFFFFF", 0) == "#000000"
    assert mix("#000000", "#FFFFFF", 1) == "#FFFFFF"
    # 0.2 · 255 = 51 = 0x33
    assert mix("#000000", "#FFFFFF", 0.2) == "#333333"


def test_text_is_black_on_light_and_white_on_dark() -> None:
    assert text_on(LIGHT.activation[0]) == "#000000"
    assert text_on(LIGHT.activation[-1]) == "#FFFFFF"
