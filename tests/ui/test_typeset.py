import pytest
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QImage, QPainter, QPicture
from PySide6.QtWidgets import QApplication

from bpstudio.ui.fonts import load_fonts
from bpstudio.ui.typeset import Formula, part, typeset, without_parts

FORMULAS = [
    r"\frac{\partial C_0}{\partial a_{2}^{(L-1)}}",
    r"\sum_{j=0}^{2}\left(a_{j}^{(L)}-y_{j}\right)^{2}",
    r"w_{12}^{(L)}",
    r"w_{108,213}^{(2)}",
    r"\sigma'(z)=\sigma(z)\left(1-\sigma(z)\right)",
    r"\eta\cdot\sqrt{\hat{v}}+\epsilon",
    r"\operatorname{erf}(x)\,\mathrm{relu}",
    r"\frac{1}{1+e^{-z}}",
    r"-\ln a_{1}",
    r"\begin{cases}1 & z>0\\0 & z\le 0\end{cases}",
    r"1.23\times 10^{-5}",
    r"\Phi(z)+z\,\varphi(z)",
    r"\left(\frac{\frac{a}{b}}{\frac{c}{d}}\right)",
    r"\cancel{x}",
    r"12\,345",
]


@pytest.fixture(autouse=True)
def _fonts(qapp: QApplication) -> None:
    load_fonts(qapp)


def drawn(formula: Formula, color: str = "#000000", parts: dict[int, str] | None = None) -> QImage:
    """The formula on white, its baseline at (20, 60)."""
    image = QImage(400, 120, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(QColor("#FFFFFF"))
    painter = QPainter(image)
    formula.paint(painter, 20, 60, color, parts)
    painter.end()
    return image


def ink_box(image: QImage) -> QRectF:
    """The smallest box round everything that is not white."""
    white = QColor("#FFFFFF").rgba()
    points = [
        (x, y)
        for x in range(image.width())
        for y in range(image.height())
        if image.pixel(x, y) != white
    ]
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return QRectF(min(xs), min(ys), max(xs) - min(xs) + 1, max(ys) - min(ys) + 1)


def colors(image: QImage, box: QRectF) -> set[str]:
    """The colours of strong ink in a box: at least one channel fully the ink's."""
    area = box.toAlignedRect()
    return {
        image.pixelColor(x, y).name()
        for x in range(area.left(), area.right())
        for y in range(area.top(), area.bottom())
    }


@pytest.mark.parametrize("tex", FORMULAS)
def test_a_formula_of_the_page_is_typeset_and_read_out(tex: str) -> None:
    formula = typeset(tex)
    assert not formula.plain
    assert formula.speech
    assert "\\" not in formula.speech


@pytest.mark.parametrize("tex", FORMULAS)
def test_the_ink_fills_the_box_that_was_measured(tex: str) -> None:
    formula = typeset(tex, 18)
    ink = ink_box(drawn(formula))
    box = formula.rect(20, 60)
    assert box.adjusted(-3, -3, 3, 3).contains(ink)
    assert ink.height() >= 0.6 * box.height() - 2
    assert ink.width() >= 0.6 * box.width() - 2


def test_twice_the_size_is_twice_as_large() -> None:
    small, large = typeset(FORMULAS[0], 18), typeset(FORMULAS[0], 36)
    assert large.width == pytest.approx(2 * small.width)
    assert large.ascent == pytest.approx(2 * small.ascent)
    assert large.descent == pytest.approx(2 * small.descent)


def test_asking_again_gives_the_same_formula() -> None:
    assert typeset(r"w_{12}^{(L)}", 18) is typeset(r"w_{12}^{(L)}", 18)


def test_a_fraction_is_smaller_in_a_line_of_text() -> None:
    tex = r"\frac{1}{2}"
    assert typeset(tex, 18, display=False).height < typeset(tex, 18).height


def test_a_part_is_tinted_alone() -> None:
    formula = typeset(part(1, "w") + "=" + part(2, "x"), 40)
    assert formula.parts == (1, 2)
    image = drawn(formula, "#000000", {1: "#ff0000"})
    assert "#ff0000" in colors(image, formula.part_rect(1, 20, 60))
    assert "#ff0000" not in colors(image, formula.part_rect(2, 20, 60))
    assert "#000000" in colors(image, formula.part_rect(2, 20, 60))


def test_parts_lie_side_by_side_in_their_order() -> None:
    formula = typeset(part(1, r"\frac{a}{b}") + r"\cdot" + part(2, r"\frac{c}{d}"), 18)
    first, second = formula.part_rect(1), formula.part_rect(2)
    assert 0 <= first.left() < first.right() < second.left() < second.right() <= formula.width + 1


def test_marking_a_part_moves_nothing() -> None:
    marked = typeset(part(1, "w_{1}") + r"\cdot a", 18)
    assert marked.width == typeset(r"w_{1}\cdot a", 18).width


def test_the_part_under_the_pointer_is_found() -> None:
    formula = typeset(part(1, "w") + "=" + part(2, "x"), 40)
    assert formula.part_at(formula.part_rect(2).center()) == 2
    assert formula.part_at(QPointF(-50, 0)) is None


def test_a_part_that_does_not_exist_has_no_box() -> None:
    assert typeset("x").part_rect(7).isNull()


def test_the_marks_of_parts_are_taken_out_again() -> None:
    inner = part(2, r"\frac{a}{b}")
    assert without_parts(part(1, rf"x\cdot {inner}") + "^{2}") == r"x\cdot \frac{a}{b}^{2}"


def test_the_speech_names_the_layer() -> None:
    assert typeset(r"w_{12}^{(L)}").speech == "w sub 12 of layer L"


def test_a_minus_is_a_true_minus() -> None:
    # a hyphen would be half as wide as the plus beside it
    minus, plus = typeset("x-y", 40), typeset("x+y", 40)
    assert minus.width == pytest.approx(plus.width, rel=0.1)
    assert "minus" in minus.speech


@pytest.mark.parametrize(
    "tex", [r"\bad{x", r"\frac{", r"\text{日本}", "a^b^c", "}", r"\begin{cases}", "&", ""]
)
def test_what_cannot_be_typeset_is_shown_as_text_and_never_an_error(tex: str) -> None:
    formula = typeset(tex)
    drawn(formula)
    assert formula.height >= 0


def test_the_text_that_stands_for_a_broken_formula_can_be_seen() -> None:
    formula = typeset(r"\bad{x}")
    assert formula.plain
    assert ink_box(drawn(formula)).width() > 20


def test_a_fraction_bar_is_drawn_sharp_on_the_pixels() -> None:
    image = drawn(typeset(r"\frac{\quad}{\quad}", 18))
    ink = ink_box(image)
    assert ink.height() == 1
    assert image.pixelColor(int(ink.center().x()), int(ink.top())) == QColor("#000000")


def test_a_formula_lands_on_the_same_pixels_wherever_it_stands() -> None:
    formula = typeset(r"w_{12}^{(L)}", 18)
    image = QImage(200, 60, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(QColor("#FFFFFF"))
    painter = QPainter(image)
    painter.translate(0.4, 0.3)
    formula.paint(painter, 10, 40, "#000000")
    formula.paint(painter, 110, 40, "#000000")
    painter.end()
    assert image.copy(0, 0, 100, 60) == image.copy(100, 0, 100, 60)


def test_the_picture_and_the_outlines_agree() -> None:
    formula = typeset(r"\sum_{j=0}^{2} x_{j}", 30)
    painted = ink_box(drawn(formula))
    scaled = QImage(400, 120, QImage.Format.Format_ARGB32_Premultiplied)
    scaled.fill(QColor("#FFFFFF"))
    painter = QPainter(scaled)
    painter.scale(0.5, 0.5)
    typeset(r"\sum_{j=0}^{2} x_{j}", 60).paint(painter, 40, 120, "#000000")
    painter.end()
    box = ink_box(scaled)
    assert box.center().x() == pytest.approx(painted.center().x(), abs=1.5)
    assert box.center().y() == pytest.approx(painted.center().y(), abs=1.5)


def test_a_formula_can_be_recorded_for_printing() -> None:
    record = QPicture()
    painter = QPainter(record)
    typeset(r"w_{12}^{(L)}").paint(painter, 0, 20, "#000000")
    painter.end()
    assert record.boundingRect().width() > 10


def test_a_denser_screen_has_a_finer_picture() -> None:
    image = QImage(200, 100, QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(2)
    image.fill(QColor("#FFFFFF"))
    painter = QPainter(image)
    formula = typeset("x", 18)
    formula.paint(painter, 10, 30, "#000000")
    painter.end()
    box = ink_box(image)
    assert box.width() == pytest.approx(2 * formula.width, abs=4)
    assert formula.rect(20, 60).left() == pytest.approx(box.left(), abs=3)
