"""What all plots share: reading exact values by pointer and by keys."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from pathlib import Path

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from bpstudio.debugger.session import Session
from bpstudio.ui.pictures.writing import bytes_of, write_picture
from bpstudio.ui.plots import texts
from bpstudio.ui.plots.read_out import ReadOut
from tests.ui.plots.conftest import MakeView, let_shrink, settle

SVG = "{http://www.w3.org/2000/svg}"


def test_the_arrow_keys_read_values_and_esc_ends_it(
    make_view: MakeView, session: Session, qtbot: QtBot
) -> None:
    view = make_view("gradient_flow", session)
    whole = view.side.text()
    qtbot.keyClick(view.plot, Qt.Key.Key_Right)
    assert "Layer 3" in view.side.text()  # right of the middle
    for _ in range(20):
        qtbot.keyClick(view.plot, Qt.Key.Key_Left)
    assert "Layer 2" in view.side.text()
    assert len(view.mark.data) == 1
    qtbot.keyClick(view.plot, Qt.Key.Key_Escape)
    assert view.side.text() == whole
    assert len(view.mark.data) == 0


def test_keys_reach_the_read_out_while_it_scrolls(
    make_view: MakeView, session: Session, qtbot: QtBot
) -> None:
    view = make_view("gradient_flow", session)
    view.side.setText("<br>".join(map(str, range(200))))
    qtbot.waitUntil(lambda: view.side.focusPolicy() == Qt.FocusPolicy.StrongFocus)
    view.side.setText("short")
    qtbot.waitUntil(lambda: view.side.focusPolicy() == Qt.FocusPolicy.NoFocus)


def test_many_short_names_stand_in_two_columns() -> None:
    assert texts.in_columns(["a", "b"]) == "a<br>b"
    rows = texts.in_columns(list("0123456"))
    assert rows.count("<tr>") == 4
    assert rows.index("4") < rows.index("1")


def test_what_is_read_follows_the_network(
    make_view: MakeView, session: Session, qtbot: QtBot
) -> None:
    view = make_view("boundary", session)
    qtbot.keyClick(view.plot, Qt.Key.Key_Up)
    before = view.side.text()
    session.debugger.set_weight(4, 0, 0, 5.0)
    settle(qtbot, view)
    assert "petal length" in view.side.text()
    assert view.side.text() != before


def test_the_pointer_reads_a_place_and_beside_the_plot_there_is_the_summary(
    make_view: MakeView, session: Session
) -> None:
    view = make_view("boundary", session)
    box = view.plot.getViewBox().sceneBoundingRect()
    view.plot.scene().sigMouseMoved.emit(box.center())
    assert "petal length" in view.side.text()
    view.plot.scene().sigMouseMoved.emit(box.topLeft() * -1)
    assert view.side.text() == view.summary()


def test_where_it_is_narrow_the_read_out_and_some_controls_give_way(
    make_view: MakeView, session: Session
) -> None:
    view = make_view("landscape", session)
    let_shrink(view)
    assert view.side.isVisible()
    assert view.plot_actions.save.isVisible()
    view.resize(320, 200)
    assert not view.side.isVisible()
    assert not view.plot_actions.save.isVisible()
    assert view.choice.first.isVisible()
    assert view.header.layout().minimumSize().width() <= 320
    view.resize(560, 200)
    assert view.side.isVisible()
    assert view.plot_actions.save.isVisible()


def test_in_a_saved_svg_every_sample_is_a_shape(
    make_view: MakeView, session: Session, tmp_path: Path
) -> None:
    view = make_view("boundary", session)
    write_picture(view.plot_actions.drawing(), tmp_path / "boundary.svg")
    root = ET.parse(tmp_path / "boundary.svg").getroot()
    tags = [element.tag.rpartition("}")[2] for element in root.iter()]
    assert tags.count("path") >= len(session.data)
    assert tags.count("image") < 5  # the regions, not one a sample
    said = [element.get("aria-label", "") for element in root.iter()]
    assert any("setosa" in text for text in said)


def test_a_saved_svg_draws_data_in_pixels_and_cuts_it_off_at_the_axes(
    make_view: MakeView, session: Session
) -> None:
    view = make_view("landscape", session)
    low, high = view.plot.getViewBox().viewRange()[1]
    view.plot.setYRange(low, (low + high) / 2)  # half of the curve is outside
    svg = bytes_of(view.plot_actions.drawing(), Path("a.svg")).decode()
    root = ET.fromstring(svg)
    data = [group for group in root.iter(f"{SVG}g") if group.get("clip-path")]
    frame = root.find(f".//{SVG}clipPath/{SVG}path")
    assert data
    assert frame is not None
    assert "non-scaling-stroke" not in svg
    assert all(group.get("transform") is None for group in data)
    corners = re.findall(r"([\d.]+),([\d.]+)", frame.get("d", ""))
    box = view.plot.getViewBox().sceneBoundingRect().translated(view.plot.pos())
    assert {round(float(x)) for x, _ in corners} == {round(box.left()), round(box.right())}
    assert {round(float(y)) for _, y in corners} == {round(box.top()), round(box.bottom())}


def test_what_is_said_gets_the_width_that_its_numbers_need_and_keeps_it(qtbot: QtBot) -> None:
    said = ReadOut()
    qtbot.addWidget(said)
    narrow = said.width()
    said.setText("Words of a sentence are put on as many lines as they need, however long it is.")
    assert said.width() == narrow
    said.setText(f"<table><tr><td>{'1' * 30}</td></tr></table>")
    wide = said.width()
    assert narrow < wide
    said.setText("<table><tr><td>1</td></tr></table>")
    assert said.width() == wide
