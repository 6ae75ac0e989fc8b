"""Names of targets have the room that their part of the picture gives them."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication

from bpstudio.ui.canvas.look import Look
from bpstudio.ui.canvas.paint_output import target_name_box
from bpstudio.ui.canvas.picture import node_parts
from bpstudio.ui.canvas.scene import Frame, Modes, Stage
from bpstudio.ui.palette import LIGHT
from tests.ui.canvas.scenes import state, trace


@pytest.mark.parametrize(
    ("scale", "size"), [(1.0, (420, 480)), (1.0, (750, 480)), (1.6, (796, 730))]
)
def test_the_name_of_a_target_is_not_cut_at_the_border_to_its_node(
    qapp: QApplication, scale: float, size: tuple[int, int]
) -> None:
    shown = state(trace((5, 5, 6, 1)), 0, target_names=("price",), raw_targets=("48.817",))
    made = Stage().scene(shown, Modes(), Look(LIGHT, scale), Frame(*size))
    *layers, output = node_parts(made)
    box = target_name_box(made.layout, 0, scale)
    assert box is not None
    assert output.left <= box.x
    column = made.layout.column(4)
    assert layers[-1].right == output.left > column.center + column.radius
