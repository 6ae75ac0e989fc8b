"""Traces, states and scenes for the canvas, and ways to look at what it draws."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
from PySide6.QtGui import QColor, QImage

from bpstudio.core.dataset import Batch
from bpstudio.core.network import Layer, Network, frozen
from bpstudio.core.optimisers import UpdateSettings, UpdateState
from bpstudio.core.trace import Trace, compute_trace
from bpstudio.core.updates import Update
from bpstudio.ui.canvas.highlight import Highlight
from bpstudio.ui.canvas.layout import FITTED, View
from bpstudio.ui.canvas.look import Look
from bpstudio.ui.canvas.path import highlight
from bpstudio.ui.canvas.scene import Frame, Modes, Scene, Stage
from bpstudio.ui.canvas.state import CanvasState
from bpstudio.ui.canvas.widget import NetworkCanvas
from bpstudio.ui.palette import LIGHT

FACTOR_3 = "s52/back/l3/j2/i1/dz_da"
NAMES: dict[str, Any] = {
    "feature_names": ("sepal_length_cm", "sepal_width_cm", "petal_length_cm", "petal_width_cm"),
    "raw_inputs": ("6.9", "3.1", "4.9", "1.5"),
    "target_names": ("setosa", "versicolor", "virginica"),
}
DEFAULT = (4, 5, 6, 3)

ADAM = UpdateSettings("adam", l2=0.1, clip=1.0)


@lru_cache(maxsize=32)
def trace(
    sizes: tuple[int, ...] = DEFAULT,
    activation: str = "sigmoid",
    output: str = "sigmoid",
    loss: str = "sse",
    rows: tuple[int, ...] = (52,),
    lr: float | None = None,
    bias: bool = True,
    update: UpdateSettings | None = None,
) -> Trace:
    """One pass of a network over made-up samples whose target is the last class but one."""
    rng = np.random.default_rng(3)
    drawn = Network.create(sizes, activation, output, seed=0, bias=bias)
    layers = [
        Layer(
            frozen(l.W * 1.6), frozen(rng.normal(0, 0.4, len(l.W))) if bias else None, l.activation
        )
        for l in drawn.layers
    ]
    X = frozen(rng.normal(size=(len(rows), sizes[0])))
    Y = np.zeros((len(rows), sizes[-1]))
    Y[:, max(sizes[-1] - 2, 0)] = 1
    net = Network(layers)
    start = update and UpdateState.start(update, net.n_weights + net.n_biases)
    after = Update(update, start) if update and start else None
    return compute_trace(net, Batch(rows, X, frozen(Y)), loss, lr, after)


def state(passed: Trace, at: str | int | None = None, **options: Any) -> CanvasState:
    """The state at an address or a step number; None: no step."""
    if at is None:
        return CanvasState(passed, None, **options)
    n = at if isinstance(at, int) else passed.sequence.index(at)
    return CanvasState(passed, passed.sequence.step(n), **options)


def iris(at: str | int | None = FACTOR_3, **options: Any) -> CanvasState:
    """The default network with its names."""
    return state(trace(), at, **(NAMES | options))


def lit(passed: Trace, at: str | int, **options: Any) -> Highlight:
    """What is lit at a step."""
    return highlight(state(passed, at, **options))


def scene(
    shown: CanvasState,
    width: float = 750,
    height: float = 480,
    modes: Modes = Modes(),  # noqa: B008
    view: View = FITTED,
    unfolded: frozenset[tuple[int, int, int]] = frozenset(),
) -> Scene:
    """The scene of a state; needs a running application for its fonts."""
    return Stage().scene(shown, modes, Look(LIGHT), Frame(width, height, view, unfolded))


def picture(canvas: NetworkCanvas) -> QImage:
    """What the canvas looks like, one pixel a pixel."""
    image = QImage(canvas.size(), QImage.Format.Format_RGB32)
    canvas.render(image)
    return image


def color_at(image: QImage, x: float, y: float) -> QColor:
    return QColor(image.pixel(round(x), round(y)))


def along(image: QImage, line: tuple[float, float, float, float], count: int = 60) -> list[QColor]:
    """The colours along a line, its ends left out."""
    x0, y0, x1, y1 = line
    shares = np.linspace(0.1, 0.9, count)
    return [color_at(image, x0 + t * (x1 - x0), y0 + t * (y1 - y0)) for t in shares]


def is_near(one: QColor, other: QColor | str, tolerance: int = 12) -> bool:
    """Whether two colours are the same but for rounding and smoothed edges."""
    b = QColor(other)
    pairs = ((one.red(), b.red()), (one.green(), b.green()), (one.blue(), b.blue()))
    return all(abs(x - y) <= tolerance for x, y in pairs)
