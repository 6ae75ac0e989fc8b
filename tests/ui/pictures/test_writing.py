"""Drawings as SVG, PNG and PDF: what is in them, how large they are, nothing half-written."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
import zlib
from base64 import b64decode
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QByteArray, QPointF, QRectF
from PySide6.QtGui import QColor, QFontDatabase, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication

from bpstudio.core.derivation import derive
from bpstudio.core.errors import InputError
from bpstudio.ui.animation.job import pixels_of
from bpstudio.ui.canvas.look import Look
from bpstudio.ui.canvas.scene import Frame, Modes, Stage
from bpstudio.ui.canvas.widget import NetworkCanvas
from bpstudio.ui.fonts import ui_font
from bpstudio.ui.palette import DARK, LIGHT, PRINT, Theme
from bpstudio.ui.pictures import writing
from bpstudio.ui.pictures.derivation import caption_drawing, derivation_drawing
from bpstudio.ui.pictures.drawing import Drawing, enlarged, stacked
from bpstudio.ui.pictures.network import legend_drawing, network_drawing
from bpstudio.ui.pictures.words import about_trace, caption
from bpstudio.ui.pictures.writing import PICTURE_SUFFIXES, bytes_of, image_of, write_picture
from bpstudio.ui.theme import Appearance
from tests.ui.canvas.scenes import FACTOR_3, iris

SVG = "{http://www.w3.org/2000/svg}"
SIZE = (640, 420)


def network(theme: Theme = LIGHT) -> Drawing:
    """The default network at a factor, with its legend, derivation and caption."""
    state, frame = iris(), Frame(*SIZE)
    scene = Stage().scene(state, Modes(), Look(theme), frame)
    derivation = derive(state.trace, state.trace.sequence.index(FACTOR_3))
    parts = [
        network_drawing(scene, frame),
        legend_drawing(scene, frame.width),
        derivation_drawing(derivation, theme, frame.width),
        caption_drawing(caption(state.trace, "iris", FACTOR_3), theme, frame.width),
    ]
    return stacked(parts, "Network", about_trace(state.trace, "iris", FACTOR_3), theme.canvas)


@pytest.fixture
def drawing(appearance: Appearance) -> Drawing:
    return network()


def svg_of(drawing: Drawing) -> ET.Element:
    return ET.fromstring(bytes_of(drawing, Path("a.svg")))


def labels(root: ET.Element) -> list[str]:
    """The texts of an SVG, which are outlines."""
    return [element.get("aria-label", "") for element in root.iter() if element.get("aria-label")]


def difference(one: QImage, other: QImage) -> float:
    """The share of pixels that are clearly of another colour."""
    a, b = (np.frombuffer(pixels_of(each), np.uint8).astype(int) for each in (one, other))
    return float((np.abs(a - b) > 40).mean())


def test_an_svg_is_made_of_shapes_and_has_the_words_as_outlines(drawing: Drawing) -> None:
    root = svg_of(drawing)
    tags = [element.tag.removeprefix(SVG) for element in root.iter()]
    assert tags.count("image") == tags.count("text") == 0
    assert tags.count("path") > 100
    assert tags.count("polyline") + tags.count("line") > 60  # edges
    said = labels(root)
    for text in ("sepal length", "setosa", "input · 4", "negative", "Goal", "Symbols", FACTOR_3):
        assert any(text in label for label in said), text
    assert root.get("viewBox") == f"0 0 640 {round(drawing.height)}"


def test_every_format_says_what_is_shown(drawing: Drawing) -> None:
    root = svg_of(drawing)
    assert root.findtext(f"{SVG}title") == "Network"
    told = root.findtext(f"{SVG}desc") or ""
    for text in ("iris", "4 – 5 – 6 – 3", FACTOR_3, "sse", r"\sum_{j}"):
        assert text in told
    image = QImage.fromData(bytes_of(drawing, Path("a.png")))
    assert (image.text("Title"), image.text("Description")) == ("Network", told)
    pdf = bytes_of(drawing, Path("a.pdf"))
    assert told.encode() in pdf


def test_a_pdf_is_one_page_of_its_size_with_fonts_and_no_image(drawing: Drawing) -> None:
    pdf = bytes_of(drawing, Path("a.pdf"))
    assert pdf.startswith(b"%PDF-1.")
    found = re.search(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", pdf)
    assert found is not None
    assert float(found[1]) == 480
    assert 0 <= float(found[2]) - drawing.height * 0.75 < 1
    assert pdf.count(b"/Type /Page\n") == 1
    assert b"+Inter-Regular" in pdf
    assert b"/FontFile" in pdf
    assert b"/Subtype /Image" not in pdf
    pages = re.findall(rb"stream\n(.*?)\nendstream", pdf, re.DOTALL)
    drawn = [zlib.decompress(page) for page in pages if page.startswith(b"\x78")]
    assert any(page.count(b" Tj") + page.count(b" TJ") > 20 for page in drawn)  # text as text


def test_the_same_drawing_gives_the_same_bytes_without_a_date(drawing: Drawing) -> None:
    first = [bytes_of(drawing, Path(f"a{suffix}")) for suffix in PICTURE_SUFFIXES]
    assert [bytes_of(network(), Path(f"a{suffix}")) for suffix in PICTURE_SUFFIXES] == first
    assert b"Date" not in first[-1]


def test_outlines_do_not_depend_on_what_was_painted_before(appearance: Appearance) -> None:
    font = ui_font(13)

    def paint(painter: QPainter, left: float = 3.3, text: str = "sepal length 6.9") -> None:
        painter.setFont(font)
        painter.drawText(QPointF(left, 20), text)

    made = set()
    for quarter, rare in enumerate("ЖЩЮЯ"):  # painted for the first time
        image = QImage(40, 40, QImage.Format.Format_RGB32)
        with QPainter(image) as painter:
            paint(painter, quarter / 4, rare)
        made.add(bytes_of(Drawing(200, 40, paint), Path("a.svg")))
    assert len(made) == 1


def test_a_png_has_so_many_pixels_for_each_on_screen(drawing: Drawing, tmp_path: Path) -> None:
    write_picture(drawing, tmp_path / "a.PNG", 1.5)
    image = QImage(str(tmp_path / "a.PNG"))
    assert (image.width(), image.height()) == (960, round(1.5 * drawing.height))
    assert image.dotsPerMeterX() == round(1.5 * 96 / 0.0254)


def test_pixels_and_shapes_look_like_the_canvas(canvas: NetworkCanvas) -> None:
    assert canvas.scene is not None
    made, on_screen = network_drawing(canvas.scene, canvas.frame), canvas.grab().toImage()
    shapes = QImage(on_screen.size(), QImage.Format.Format_RGB32)
    with QPainter(shapes) as painter:
        QSvgRenderer(QByteArray(bytes_of(made, Path("a.svg")))).render(painter)
    assert difference(image_of(made), on_screen) < 0.001
    assert difference(shapes, on_screen) < 0.01


@pytest.mark.parametrize("theme", [LIGHT, DARK, PRINT], ids=lambda theme: theme.name)
def test_a_drawing_has_the_colours_that_are_asked_for(theme: Theme, appearance: Appearance) -> None:
    image = image_of(network(theme), 0.5)
    assert image.pixelColor(1, 1).name().upper() == theme.canvas
    assert appearance.theme is LIGHT


def test_text_and_lines_grow_together(drawing: Drawing) -> None:
    sharp, large = image_of(drawing, 2.0), image_of(enlarged(drawing, 2.0))
    assert sharp.size() == large.size()
    assert difference(sharp, large) < 0.01


def test_what_cannot_be_written_is_refused(drawing: Drawing, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"'\.gif'; a picture ends in \.svg, \.png or \.pdf"):
        write_picture(drawing, tmp_path / "flow.gif")
    with pytest.raises(InputError, match="there is no folder"):
        write_picture(drawing, tmp_path / "nowhere" / "flow.svg")
    assert list(tmp_path.iterdir()) == []


def test_too_many_pixels_are_refused(drawing: Drawing, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "MOST_PIXELS", 100_000)
    with pytest.raises(InputError, match="choose a smaller size or scale"):
        image_of(drawing)


def test_an_outline_needs_no_installed_font(drawing: Drawing) -> None:
    assert "Inter" in QFontDatabase.families()
    svg = bytes_of(drawing, Path("a.svg")).decode()
    assert "font-family" not in svg
    assert "<text" not in svg


def test_cells_of_an_image_have_sharp_edges_and_one_color_is_a_shape(qapp: QApplication) -> None:
    cells = QImage(3, 2, QImage.Format.Format_RGB32)
    cells.fill(QColor("#336699"))
    plain = cells.copy()
    cells.setPixelColor(1, 1, QColor("#ffffff"))

    def paint(painter: QPainter) -> None:
        painter.drawImage(QRectF(0, 0, 90, 60), cells)
        painter.drawImage(QRectF(0, 60, 90, 60), plain)

    root = svg_of(Drawing(90, 120, paint))
    [image] = root.iter(f"{SVG}image")
    data = (image.get("{http://www.w3.org/1999/xlink}href") or "").partition(",")[2]
    larger = QImage.fromData(b64decode(data))
    assert larger.width() >= 4 * 90
    assert larger.scaled(3, 2).convertToFormat(cells.format()) == cells
    colors = {larger.pixelColor(x, larger.height() - 1).name() for x in range(larger.width())}
    assert colors == {"#336699", "#ffffff"}
    assert [rect.get("fill") for rect in root.iter(f"{SVG}rect")] == ["#336699"]
