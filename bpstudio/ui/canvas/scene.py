"""Everything that is drawn for one state, as one value; what steps have in common is kept."""

from __future__ import annotations

from dataclasses import dataclass

from bpstudio.ui.canvas.arrange import arrange
from bpstudio.ui.canvas.edges import (
    MOST,
    EdgeSet,
    Source,
    edge_count,
    edges_at,
    joined,
    pick_edges,
)
from bpstudio.ui.canvas.elision import SHORT_HEAD, Shown, elide
from bpstudio.ui.canvas.highlight import Highlight
from bpstudio.ui.canvas.label_places import place_labels
from bpstudio.ui.canvas.labels import Obstacles, Placed
from bpstudio.ui.canvas.layout import FITTED, Layout, View, seen
from bpstudio.ui.canvas.look import Look
from bpstudio.ui.canvas.marks import is_there
from bpstudio.ui.canvas.obstacles import static_obstacles
from bpstudio.ui.canvas.paint_words import names_width
from bpstudio.ui.canvas.path import highlight
from bpstudio.ui.canvas.progress import Moment, moment
from bpstudio.ui.canvas.state import CanvasState, EdgeMode, NodeMode, Scales, Thing

_LEAST_SPACING = 15.0  # a longer head would bring the nodes of a column closer than this
_UNFOLDED_SPACING = 11.0  # who unfolds wants to see more: closer ones, but circles still

_EdgeKey = tuple[int, int | None, frozenset[tuple[int, int]]]
"""Layer, the row of a layer too large to rank, and the edges with breakpoints."""


@dataclass(frozen=True, slots=True)
class Modes:
    """What edges and nodes show."""

    edges: EdgeMode = "gradients"
    nodes: NodeMode = "a"


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """One picture: where things lie, what they carry, what is lit, and the labels."""

    look: Look
    layout: Layout
    state: CanvasState
    modes: Modes
    scales: Scales
    now: Moment
    edges: tuple[EdgeSet, ...]
    lit: tuple[EdgeSet, ...]
    highlight: Highlight
    labels: tuple[Placed, ...]

    @property
    def vmax(self) -> float:
        """The end of the edges' ramp."""
        return self.scales.weights if self.modes.edges == "weights" else self.scales.gradients

    @property
    def source(self) -> Source:
        return source_of(self.state, self.modes)

    @property
    def label_texts(self) -> tuple[str, ...]:
        """What the labels say, as plain text."""
        return tuple(placed.label.plain for placed in self.labels)

    @property
    def current_label(self) -> str:
        """What the chip of the current step says; "" where there is none."""
        return next((p.label.plain for p in self.labels if p.label.style == "current"), "")


@dataclass(frozen=True, slots=True)
class Frame:
    """How the picture is framed: size of the widget, view, nodes brought out."""

    width: float
    height: float
    view: View = FITTED
    unfolded: frozenset[tuple[int, int, int]] = frozenset()


class Stage:
    """Builds scenes, and keeps what does not change from step to step."""

    def __init__(self) -> None:
        self._scales: tuple[object, Scales] | None = None
        self._layout: tuple[object, Layout] | None = None
        self._obstacles: tuple[tuple[object, ...], Obstacles] | None = None
        self._edges_of: object = None
        self._edges: dict[_EdgeKey, EdgeSet] = {}
        self._ahead: tuple[tuple[object, ...], Scene] | None = None

    def scene(self, state: CanvasState, modes: Modes, look: Look, frame: Frame) -> Scene:
        """The picture of a state; at no cost where it is the one that was prepared last."""
        ahead, self._ahead = self._ahead, None
        if ahead is not None and ahead[0] == (state.facts, modes, look, frame):
            return ahead[1]
        return self._built(state, modes, look, frame)

    def prepare(self, state: CanvasState, modes: Modes, look: Look, frame: Frame) -> Scene:
        """Build the picture of a state that is probably asked for next."""
        scene = self._built(state, modes, look, frame)
        self._ahead = ((state.facts, modes, look, frame), scene)
        return scene

    def _built(self, state: CanvasState, modes: Modes, look: Look, frame: Frame) -> Scene:
        lit = highlight(state)
        layout = self._arranged(state, look, frame, lit)
        source = source_of(state, modes)
        stops = frozenset(t for t in state.breakpoints if t[0] == "edge" and is_there(layout, t))
        sets = self._edge_sets(source, lit, stops)
        labels = place_labels(lit, layout, look, self._kept_obstacles(layout, look, state))
        return Scene(
            look,
            layout,
            state,
            modes,
            state.scales or self.own_scales(state),
            moment(state.sequence, state.step.index if state.step else None, state.s),
            sets,
            tuple(edges_at(source, *each) for each in lit.lit),
            lit,
            labels,
        )

    def own_scales(self, state: CanvasState) -> Scales:
        """The scales of the state's own trace."""
        if self._scales is None or self._scales[0] is not state.trace:
            self._scales = (state.trace, Scales.of(state.trace))
        return self._scales[1]

    def _arranged(self, state: CanvasState, look: Look, frame: Frame, lit: Highlight) -> Layout:
        shown = shown_layers(state, lit, frame, look.scale)
        key = (shown, frame, look.scale, state.feature_names, state.image_shape)
        if self._layout is None:
            self._layout = (key, _layout(state, look, frame, shown))
        elif self._layout[0] != key:
            # layers that stay as they are need no new painting
            layout = _layout(state, look, frame, shown).keeping(self._layout[1])
            self._layout = (key, layout)
        return self._layout[1]

    def _kept_obstacles(self, layout: Layout, look: Look, state: CanvasState) -> Obstacles:
        key = (layout, tuple(state.breakpoints))
        if self._obstacles is None or self._obstacles[0] != key:
            self._obstacles = (key, static_obstacles(layout, look, state))
        return self._obstacles[1]

    def _edge_sets(
        self, source: Source, lit: Highlight, stops: frozenset[Thing]
    ) -> tuple[EdgeSet, ...]:
        if self._edges_of != source.key():
            self._edges_of, self._edges = source.key(), {}
        return tuple(
            self._edge_set(
                source, l, lit.current_node(l), frozenset(e[2:] for e in stops if e[1] == l)
            )
            for l in range(2, source.trace.L + 1)
        )

    def _edge_set(
        self, source: Source, l: int, row: int | None, stops: frozenset[tuple[int, int]]
    ) -> EdgeSet:
        key = (l, row if edge_count(source.trace, l) > MOST else None, stops)
        if key not in self._edges:
            for other in [each for each in self._edges if each[0] == l]:
                del self._edges[other]
            self._edges[key] = joined(pick_edges(source, l, row), source, stops)
        return self._edges[key]


def source_of(state: CanvasState, modes: Modes) -> Source:
    """Whose numbers the edges carry."""
    return Source(state.trace, modes.edges, state.s, state.after_samples)


def shown_layers(
    state: CanvasState, lit: Highlight, frame: Frame, scale: float = 1.0
) -> tuple[Shown, ...]:
    """Which nodes of each layer are shown; the head is shorter where path nodes need room."""
    room = frame.height / scale - 88
    sizes = state.trace.network.sizes
    layers = tuple(_shown(l, n, lit, frame, room) for l, n in enumerate(sizes, start=1))
    if state.image_shape is not None:
        layers = (Shown(sizes[0], tuple(range(sizes[0]))), *layers[1:])
    return layers


def _shown(l: int, n: int, lit: Highlight, frame: Frame, room: float) -> Shown:
    unfolded = [(first, stop) for layer, first, stop in frame.unfolded if layer == l]
    current, path = lit.current_node(l), lit.nodes(l)
    shown = elide(n, current, path, unfolded=unfolded)
    if shown.slots > room / (_UNFOLDED_SPACING if unfolded else _LEAST_SPACING):
        shown = elide(n, current, path, SHORT_HEAD, unfolded=unfolded)
    return shown


def _layout(state: CanvasState, look: Look, frame: Frame, shown: tuple[Shown, ...]) -> Layout:
    layers = range(2, state.trace.L + 1)
    fitted = arrange(
        shown,
        frame.width,
        frame.height,
        names_width(look, state.feature_names, frame.width),
        state.image_shape,
        any(edge_count(state.trace, l) > MOST for l in layers),
        look.scale,
    )
    return seen(fitted, frame.view)
