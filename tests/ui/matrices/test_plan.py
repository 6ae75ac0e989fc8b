"""How large cells are, and where they lie."""

import pytest
from PySide6.QtCore import QPointF

from bpstudio.ui.matrices.paint import tick
from bpstudio.ui.matrices.plan import MOST_ZOOM, TOP, CellSize, Plan, content_of, fitted, fitted_in


def plan(
    shape: tuple[int, int] = (6, 5), zoom: float = 1.0, height: int = 220, dx: int = 0, dy: int = 0
) -> Plan:
    size = fitted_in(390, height, 24, shape, True, zoom)
    return Plan(shape, True, size, 390, height, 24, dx, dy)


def test_a_small_layer_has_room_for_numbers() -> None:
    assert plan().size == CellSize(59, 33)
    assert plan().size.shows_numbers


def test_numbers_need_46_by_24_pixels() -> None:
    assert CellSize(46, 24).shows_numbers
    assert not CellSize(45, 24).shows_numbers
    assert not CellSize(46, 23).shows_numbers


def test_below_8_pixels_a_matrix_is_an_image_without_gaps() -> None:
    assert CellSize(8, 8).is_separate
    assert not CellSize(30, 7).is_separate


SHAPES = [(6, 5), (64, 128), (128, 784), (784, 128), (8000, 8000), (1, 1), (40, 4), (2, 8000)]


@pytest.mark.parametrize("height", [70, 120, 220])
@pytest.mark.parametrize("shape", SHAPES)
def test_a_matrix_fits_into_its_room(shape: tuple[int, int], height: int) -> None:
    whole = plan(shape, height=height)
    width, height = whole.content
    assert width <= whole.room.width()
    assert height <= whole.room.height()
    assert whole.bias_area.right() < 390
    assert (len(whole.rows), len(whole.columns)) == (
        -(-shape[0] // whole.size.y),
        -(-shape[1] // whole.size.x),
    )


def test_numbers_share_a_pixel_where_there_are_more_of_them_than_pixels() -> None:
    size = fitted((300, 150), (300, 1000))
    assert size == CellSize(1, 1, 4, 2)
    assert content_of((300, 1000), size) == (250, 150)


def test_zooming_ends_at_single_numbers_with_room() -> None:
    size = fitted_in(390, 220, 24, (8000, 8000), True, MOST_ZOOM)
    assert not size.is_reduced


@pytest.mark.parametrize("shape", [(6, 5), (64, 128), (128, 784)])
def test_a_point_in_a_cell_is_that_cell(shape: tuple[int, int]) -> None:
    whole = plan(shape, zoom=2.0, dx=40, dy=30)
    for row in whole.rows:
        for column in (*whole.columns, shape[1]):
            point = QPointF(whole.rect((row, column)).center())
            in_rows = TOP <= point.y() < whole.area.bottom()
            if in_rows and (whole.area.contains(point.toPoint()) or column == shape[1]):
                assert whole.cell_at(point) == (row, column)


def test_outside_there_is_no_cell() -> None:
    whole = plan()
    for x, y in ((5, 60), (60, 5), (385, 219), (whole.area.right() + 5, 60)):
        assert whole.cell_at(QPointF(x, y)) is None


def test_only_what_is_in_sight_is_looked_at() -> None:
    zoomed = plan((8000, 8000), MOST_ZOOM, dx=70_000, dy=40_000)
    assert zoomed.columns.start * zoomed.size.w <= 70_000
    assert len(zoomed.rows) * len(zoomed.columns) < 390 * 220


def test_scrolling_brings_a_cell_into_sight_and_no_further() -> None:
    zoomed = plan((60, 50), 16.0)
    dx, dy = zoomed.scroll_to((30, 20))
    there = plan((60, 50), 16.0, dx=dx, dy=dy)
    assert there.room.contains(there.rect((30, 20)))
    assert there.scroll_to((30, 20)) == (dx, dy)


def test_indices_stand_at_round_numbers() -> None:
    assert [tick(20, cell) for cell in (40, 12, 5, 1, 0.05)] == [1, 2, 5, 20, 500]
