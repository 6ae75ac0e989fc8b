"""What the canvas is told, out of a session."""

from __future__ import annotations

from functools import lru_cache

from bpstudio.core.dataset import Dataset
from bpstudio.core.notation import MINUS
from bpstudio.debugger.session import Session
from bpstudio.ui.canvas.elision import image_shape
from bpstudio.ui.canvas.state import CanvasState, Scales, Thing, shown_sample
from bpstudio.ui.thing_marks import breakpoint_marks


def canvas_state(
    session: Session,
    goal: tuple[int, int, int] | None,
    scales: Scales | None,
    changed: frozenset[Thing] = frozenset(),
) -> CanvasState:
    """Trace, step, names and marks; the goal only where the network has such a weight."""
    trace, step = session.debugger.trace, session.debugger.step.step
    row = trace.rows[shown_sample(trace, step)]
    return CanvasState(
        trace,
        step,
        session.data.feature_names,
        session.data.target_names,
        raw_inputs(session.data, row),
        raw_targets(session.data, row),
        goal if goal is not None and has_weight(trace.network.sizes, goal) else None,
        scales=scales,
        image_shape=image_shape(session.data.feature_names),
        breakpoints=breakpoint_marks(session.debugger.breakpoints),
        changed=changed,
    )


def has_weight(sizes: tuple[int, ...], weight: tuple[int, int, int]) -> bool:
    """Whether w_jk^(l) exists in a network of these sizes."""
    l, j, k = weight
    return 2 <= l <= len(sizes) and j < sizes[l - 1] and k < sizes[l - 2]


@lru_cache(maxsize=1)
def raw_inputs(data: Dataset, row: int) -> tuple[str, ...]:
    """The features of a row as the file has them."""
    return _written(data.features[data.position(row)].tolist())


def raw_targets(data: Dataset, row: int) -> tuple[str, ...]:
    """The targets of a row as the file has them; none for classes, which their names say."""
    return () if data.labels is not None else _written(data.target[data.position(row)].tolist())


def _written(values: list[float]) -> tuple[str, ...]:
    return tuple(f"{value:g}".replace("-", MINUS) for value in values)
