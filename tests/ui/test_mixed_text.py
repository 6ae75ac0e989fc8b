import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication

from bpstudio.ui.fonts import load_fonts
from bpstudio.ui.mixed_text import MixedText
from bpstudio.ui.palette import LIGHT
from bpstudio.ui.wrapping import Layout

SENTENCE = (
    "If $a_2$ in layer $L-1$ rises a little, $z_1$ in layer $L$ rises **1.1563** times as much, "
    "because that is the weight between them."
)


@pytest.fixture(autouse=True, scope="module")
def _fonts(qapp: QApplication) -> None:
    load_fonts(qapp)


def lines(layout: Layout) -> list[str]:
    """What stands on each line, LaTeX as it is."""
    by_baseline: dict[float, list[str]] = {}
    for piece in layout.pieces:
        by_baseline.setdefault(piece.baseline, []).append(piece.run.text)
    return ["".join(texts) for texts in by_baseline.values()]


def test_a_sentence_that_fits_stands_on_one_line() -> None:
    text = MixedText(SENTENCE, 14, 22)
    layout = text.layout(text.natural_width)
    assert len(lines(layout)) == 1
    assert layout.height == 22


def test_a_narrow_sentence_is_wrapped_between_words() -> None:
    text = MixedText(SENTENCE, 14, 22)
    layout = text.layout(430)
    assert lines(layout) == [
        "If a_2 in layer L-1 rises a little, z_1 in layer L rises 1.1563 times",
        "as much, because that is the weight between them.",
    ]
    assert layout.width <= 430
    assert text.measure(430) == 44


def test_a_comma_stays_with_its_formula() -> None:
    text = MixedText("aaaa $x$, bbbb", 14, 20)
    width = MixedText("aaaa $x$", 14, 20).natural_width + 1
    assert lines(text.layout(width)) == ["aaaa", "x,", "bbbb"]


def test_a_tall_formula_makes_its_line_taller() -> None:
    text = MixedText(r"inline $\frac{\partial C_0}{\partial a}$ fraction", 14, 20)
    assert text.measure(1000) > 20


def test_a_word_longer_than_the_line_is_broken() -> None:
    layout = MixedText("w" * 200, 14, 20).layout(100)
    assert layout.width <= 100
    assert "".join(lines(layout)) == "w" * 200


def test_neighbours_in_one_style_are_drawn_at_one_go() -> None:
    pieces = MixedText("one two three **four five** six", 14, 20).layout(1000).pieces
    assert [piece.run.text for piece in pieces] == ["one two three ", "four five", " six"]


@given(st.floats(min_value=1, max_value=2000), st.text(alphabet="ab $*\\", max_size=60))
def test_pieces_follow_each_other_and_keep_to_the_width(width: float, markup: str) -> None:
    layout = MixedText(markup, 13, 20).layout(width)
    baselines = [piece.baseline for piece in layout.pieces]
    assert baselines == sorted(baselines)
    assert layout.height >= 20
    assert all(0 <= piece.x < max(width, layout.width) for piece in layout.pieces)


def test_an_empty_sentence_takes_one_line() -> None:
    assert MixedText("", 13, 20).measure(100) == 20


def test_the_sentence_is_read_out_with_its_formulas() -> None:
    speech = MixedText(r"weight $w_{12}^{(L)}$ is **2**").speech
    assert speech == "weight w sub 12 of layer L is 2"


def test_the_sentence_is_copied_with_its_latex() -> None:
    assert MixedText("weight $w_1$ is **2**").plain == "weight $w_1$ is 2"


def test_equal_texts_share_their_layout() -> None:
    assert MixedText("a b").layout(90) is MixedText("a b").layout(90)


def test_bold_runs_take_their_own_colour() -> None:
    image = QImage(200, 40, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(QColor("#FFFFFF"))
    painter = QPainter(image)
    MixedText("**IIII**", 30, 40).paint(
        painter, QRectF(image.rect()), LIGHT, "#FFFFFF", LIGHT.accent
    )
    painter.end()
    seen = {image.pixelColor(x, 20).name().upper() for x in range(image.width())}
    assert LIGHT.accent in seen
