import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpstudio.ui.canvas.layout import FITTED, View
from bpstudio.ui.canvas.view import LEAST, MOST, centred, panned, zoomed


def test_zooming_leaves_the_point_under_the_pointer_where_it_is() -> None:
    view = zoomed(FITTED, 2.0, 300, 200, 750, 480)
    assert view.zoom == 2.0
    # the point of the picture that was at (300, 200)
    assert (300 * view.zoom + view.dx, 200 * view.zoom + view.dy) == (300, 200)


def test_zooming_back_comes_back() -> None:
    view = zoomed(zoomed(FITTED, 1.25, 300, 200, 750, 480), 1 / 1.25, 300, 200, 750, 480)
    assert view == pytest.approx(FITTED)


def test_what_is_centred_comes_to_the_middle() -> None:
    view = centred(View(3.0, -400, -300), 500, 300, 750, 480)
    assert (view.dx, view.dy) == (-400 + 375 - 500, -300 + 240 - 300)


@given(
    st.lists(
        st.tuples(st.floats(0.1, 10), st.floats(-2000, 2000), st.floats(-2000, 2000)), max_size=8
    )
)
def test_some_of_the_picture_always_stays_in_sight(moves: list[tuple[float, float, float]]) -> None:
    view, width, height = FITTED, 750, 480
    for factor, dx, dy in moves:
        view = panned(zoomed(view, factor, 100, 100, width, height), dx, dy, width, height)
    assert LEAST <= view.zoom <= MOST
    assert view.dx <= width - 80
    assert view.dx + width * view.zoom >= 80
    assert view.dy <= height - 80
    assert view.dy + height * view.zoom >= 80
