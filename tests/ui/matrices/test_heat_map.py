"""What is painted: colours of the canvas, nothing of what is pending, only what changed."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QImage

from bpstudio.core.dataset import Batch
from bpstudio.core.trace import Trace, compute_trace
from bpstudio.debugger.breakpoints import Breakpoint
from bpstudio.ui.canvas.state import Scales
from bpstudio.ui.matrices import marks
from bpstudio.ui.matrices.shown import changed_region
from bpstudio.ui.matrices.view import MatrixView
from bpstudio.ui.palette import LIGHT
from bpstudio.ui.ramps import activation_color, diverging_color
from tests.ui.canvas.scenes import is_near, trace
from tests.ui.matrices.scenes import HERE, box, corner, picture, shown


def at(image: QImage, view: MatrixView, cell: tuple[int, int]) -> QColor:
    return image.pixelColor(corner(view, cell).toPoint())


def pixels(image: QImage) -> np.ndarray:
    view = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1, 4)
    return view[..., :3].copy()


def test_cells_have_the_colours_that_the_canvas_gives_their_edges(view: MatrixView) -> None:
    view.show_matrix(shown("w"))
    image, passed = picture(view), trace()
    vmax = Scales.of(passed).weights
    for j in range(6):
        for k in range(5):
            expected = diverging_color(LIGHT, passed.network.layer(3).W[j, k], vmax)
            assert at(image, view, (j, k)) == expected
        bias = passed.network.layer(3).b
        assert bias is not None
        assert at(image, view, (j, 5)) == diverging_color(LIGHT, bias[j], vmax)


def test_given_scales_are_kept(view: MatrixView) -> None:
    scales = Scales(50.0, 20.0, 1.0, 1.0, ((0.0, 1.0),) * 4)
    view.show_matrix(shown("w", scales=scales))
    expected = diverging_color(LIGHT, trace().network.layer(3).W[0, 0], 50.0)
    assert at(picture(view), view, (0, 0)) == expected


def test_activations_have_the_nodes_colours(view: MatrixView) -> None:
    view.show_matrix(shown("a"))
    expected = activation_color(LIGHT, trace().a(3)[0, 1], 0.0, 1.0)
    assert at(picture(view), view, (0, 1)) == expected


def test_computed_cells_carry_numbers_and_pending_ones_a_dot(view: MatrixView) -> None:
    image = picture(view)
    assert at(image, view, (0, 0)) != QColor(LIGHT.surface)
    assert at(image, view, (3, 0)) == QColor(LIGHT.surface)
    middle = box(view, (3, 0)).center()
    assert is_near(image.pixelColor(middle), LIGHT.text3, 60)


@pytest.mark.parametrize("key", ["dC_dw", "z", "a", "dC_da", "dC_dz", "da_dz"])
def test_nothing_of_a_pending_number_reaches_the_screen(view: MatrixView, key: str) -> None:
    """Two passes with other numbers in them look the same before their numbers are computed."""
    one, scales = trace(), Scales(1.0, 1.0, 1.0, 1.0, ((0.0, 1.0),) * 4)
    other = compute_trace(one.network, Batch((52,), one.X + 1.0, 1.0 - one.Y))
    pictures = []
    for passed in (one, other):
        view.show_matrix(None)
        view.show_matrix(shown(key, 0, 3, passed, scales=scales))
        pictures.append(picture(view))
    assert pictures[0] == pictures[1]
    view.show_matrix(shown(key, len(one) - 1, 3, other, scales=scales))
    assert picture(view) != pictures[0]


@pytest.mark.parametrize(
    "size", [(390, 220), (200, 120), (90, 60)], ids=["numbers", "cells", "image"]
)
@pytest.mark.parametrize("key", ["w", "dC_dw"])
def test_a_step_repaints_all_that_it_changes(
    view: MatrixView, size: tuple[int, int], key: str
) -> None:
    view.setMinimumSize(1, 1)
    view.resize(*size)
    passed = trace()
    rng = np.random.default_rng(1)
    start = passed.sequence.index("s52/back/l3")
    for n in rng.integers(start - 20, start + 120, 25).tolist():
        m = n + int(rng.integers(-30, 30))
        before, after = shown(key, n), shown(key, m)
        view.show_matrix(before)
        old = pixels(picture(view))
        view.show_matrix(after)
        new = pixels(picture(view))
        plan = view.plan
        assert plan is not None
        region = changed_region(plan, before, after)
        changed = np.argwhere((old != new).any(axis=-1))
        assert all(region.contains(QPoint(x, y)) for y, x in changed.tolist())


def test_the_current_cell_has_an_accent_frame_outside_a_gap(view: MatrixView) -> None:
    image, cell = picture(view), box(view, (2, 2))
    assert image.pixelColor(cell.left() - 3, cell.center().y()) == QColor(LIGHT.accent)
    assert image.pixelColor(cell.left() - 1, cell.center().y()) == QColor(LIGHT.surface)


def test_the_weight_asked_for_has_a_neutral_frame(view: MatrixView) -> None:
    view.show_matrix(shown("w", goal=("edge", 3, 4, 1)))
    image = picture(view)
    for cell in ((2, 2), (4, 1)):
        edge = box(view, cell)
        assert image.pixelColor(edge.left(), edge.center().y()) == QColor(LIGHT.text2)


def test_a_breakpoint_is_red_in_a_corner(view: MatrixView) -> None:
    stop = Breakpoint(0, "dC_dw", l=3, j=4, k=1)
    view.show_matrix(shown(breakpoints=(stop,)))
    cell = box(view, (4, 1))
    assert picture(view).pixelColor(cell.left() + 5, cell.top() + 5) == QColor(LIGHT.breakpoint)
    assert marks.style_of(stop) == "line"
    assert marks.style_of(replace(stop, when="value > 1", enabled=False)) == "condition-off"
    assert marks.style_of(replace(stop, when="value > 1", log="here")) == "log"


def test_a_changed_number_has_a_folded_corner(view: MatrixView) -> None:
    before = trace()
    after = compute_trace(before.network.with_weight(3, 2, 1, 1.5), before.batch)
    view.show_matrix(shown("w", passed=after, before=before))
    marked, plain = box(view, (2, 1)), box(view, (1, 1))
    image = picture(view)
    ink = QColor(Qt.GlobalColor.black), QColor(Qt.GlobalColor.white)
    assert image.pixelColor(marked.right() - 2, marked.bottom() - 2) in ink
    assert image.pixelColor(plain.right() - 2, plain.bottom() - 2) not in ink


def test_without_numbers_a_cell_is_one_colour(view: MatrixView) -> None:
    view.show_matrix(shown("w", numbers=False))
    inner = box(view, (0, 1)).adjusted(4, 4, -5, -5)
    block = pixels(picture(view).copy(inner))
    assert (block == block[0, 0]).all()


@pytest.fixture(scope="module")
def large() -> Trace:
    return trace((784, 128, 10))


def test_a_large_matrix_is_an_image_of_the_largest_numbers(view: MatrixView, large: Trace) -> None:
    at_end = len(large) - 1
    view.show_matrix(shown("w", at_end, 2, large))
    plan = view.plan
    assert plan is not None
    assert plan.size.is_reduced
    W, (x, y) = large.network.layer(2).W, (plan.size.x, plan.size.y)
    block = W[10 * y : 11 * y, 50 * x : 51 * x].ravel()
    expected = diverging_color(LIGHT, block[np.abs(block).argmax()], Scales.of(large).weights)
    assert picture(view).pixelColor(plan.x(50 * x), plan.y(10 * y)) == expected
    assert view.reduction == f"128 × 784, a pixel is the largest of {y} × {x}"


def test_of_numbers_that_share_a_pixel_all_are_computed(view: MatrixView, large: Trace) -> None:
    view.show_matrix(shown("dC_dw", "s52/back/l2/j7/k700/dC_dw", 2, large))
    plan = view.plan
    assert plan is not None
    image, y = picture(view), plan.size.y
    full = 7 // y * y
    assert image.pixelColor(plan.x(20), plan.y(full)) == QColor(LIGHT.surface2) or y == 1
    assert image.pixelColor(plan.x(20 * plan.size.x), plan.y(40)) == QColor(LIGHT.surface2)


def test_zooming_in_ends_in_numbers(view: MatrixView, large: Trace) -> None:
    view.show_matrix(shown("w", 5, 2, large))
    while not (view.plan is not None and view.plan.size.shows_numbers):
        view.zoom_by(1.5)
    assert view.horizontalScrollBar().maximum() > 10_000
    view.horizontalScrollBar().setValue(10_000)
    plan = view.plan
    column = plan.columns[2]
    expected = diverging_color(LIGHT, large.network.layer(2).W[0, column], Scales.of(large).weights)
    view.verticalScrollBar().setValue(0)
    assert at(picture(view), view, (0, column)) == expected
    view.set_zoom(1.0)
    assert view.horizontalScrollBar().maximum() == 0


def test_zooming_by_keys_keeps_the_step_s_cell_in_sight(view: MatrixView, large: Trace) -> None:
    view.show_matrix(shown("dC_dw", "s52/back/l2/j20/k100/dC_dw", 2, large))
    for _ in range(8):
        view.zoom_by(1.25)
        plan = view.plan
        assert plan is not None
        assert plan.room.contains(plan.rect((20, 100)).center())


def test_while_zoomed_the_view_follows_the_step(view: MatrixView, large: Trace) -> None:
    view.show_matrix(shown("dC_dw", "s52/back/l2/j0/k0/dC_dw", 2, large))
    view.set_zoom(40.0)
    view.show_matrix(shown("dC_dw", "s52/back/l2/j90/k300/dC_dw", 2, large))
    plan = view.plan
    assert plan is not None
    assert plan.room.contains(plan.rect((90, 300)))


def test_it_says_what_the_step_computes(view: MatrixView) -> None:
    assert view.accessibleName() == "Gradient of one row, layer 3"
    said = view.accessibleDescription()
    assert said.startswith("∂C_0/∂w_22^(3) = ")
    assert said.endswith("row 2, column 2")
    view.show_matrix(shown("dC_dw", "s52/back/l3/j2/k2/dz_dw"))
    assert "pending" in view.accessibleDescription()
    assert trace()[HERE].kind == "dC_dw"
