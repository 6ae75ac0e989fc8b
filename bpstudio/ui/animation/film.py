"""The picture of any step of a pass, drawn beside the window: the session does not move."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtGui import QImage

from bpstudio.core.dataset import Dataset
from bpstudio.core.derivation import derive
from bpstudio.core.trace import Trace
from bpstudio.ui.animation.wish import AnimationWish
from bpstudio.ui.canvas.layout import FITTED
from bpstudio.ui.canvas.look import Look
from bpstudio.ui.canvas.picture import Picture
from bpstudio.ui.canvas.scene import Frame, Modes, Scene, Stage
from bpstudio.ui.canvas.state import CanvasState, shown_sample
from bpstudio.ui.palette import Theme
from bpstudio.ui.pictures.derivation import caption_drawing, derivation_drawing
from bpstudio.ui.pictures.drawing import Drawing, enlarged, stacked
from bpstudio.ui.pictures.network import legend_drawing, network_drawing
from bpstudio.ui.pictures.words import about_trace, caption
from bpstudio.ui.pictures.writing import image_of
from bpstudio.ui.scene import raw_inputs, raw_targets

if TYPE_CHECKING:
    from bpstudio.ui.window import MainWindow

_MEASURED = 24  # derivations that are laid out to see how high they get


@dataclass(frozen=True, slots=True, eq=False)
class Subject:
    """What was on screen when the film was asked for; none of it changes."""

    state: CanvasState
    modes: Modes
    unfolded: frozenset[tuple[int, int, int]]
    data: Dataset
    prefix: str

    @property
    def trace(self) -> Trace:
        """The pass that is stepped through."""
        return self.state.trace

    def address(self, n: int) -> str:
        """The address of step n, with e/b in a recorded run."""
        return self.prefix + self.trace.sequence.step(n).address

    def at(self, n: int) -> CanvasState:
        """What the canvas shows at step n."""
        step = self.trace.sequence.step(n)
        row = self.trace.rows[shown_sample(self.trace, step)]
        inputs, targets = raw_inputs(self.data, row), raw_targets(self.data, row)
        return replace(self.state, step=step, raw_inputs=inputs, raw_targets=targets)


def subject_of(window: MainWindow) -> Subject:
    """The pass on show."""
    session, canvas = window.session, window.network.canvas
    assert canvas.state is not None, "a session has a pass"
    unfolded = canvas.frame.unfolded
    return Subject(canvas.state, canvas.modes, unfolded, session.data, session.debugger.prefix)


class Film:
    """Frames of one size. What steps have in common is kept as pixels."""

    def __init__(
        self, subject: Subject, wish: AnimationWish, theme: Theme, steps: Sequence[int]
    ) -> None:
        """``steps``: those that become frames; there is one at least."""
        self._subject, self._theme, self._steps = subject, theme, steps
        self._scale = wish.text / 100
        self._stage, self._layers = Stage(), Picture()
        size = (wish.width / self._scale, wish.height / self._scale)
        self._frame = Frame(*size, FITTED, subject.unfolded)
        self._derivation = self._derivation_height() if wish.derivation else 0.0
        self._caption = self._caption_height() if wish.caption else 0.0
        first = self.drawing(steps[0])
        self.size = (_even(first.width), _even(first.height))

    def __len__(self) -> int:
        return len(self._steps)

    @property
    def about(self) -> str:
        """What it shows, to be kept in the file."""
        subject, first, last = self._subject, self._steps[0], self._steps[-1]
        place = f"{subject.address(first)} to {subject.address(last)}"
        return about_trace(subject.trace, subject.data.name, place)

    def image(self, which: int) -> QImage:
        """The frame of that number."""
        made = self.drawing(self._steps[which])
        width, height = self.size
        return image_of(replace(made, width=width, height=height))

    def drawing(self, n: int) -> Drawing:
        """Step n."""
        scene = self._scene(n)
        # the kept pixels are those of the film, however much it is enlarged
        parts = [network_drawing(scene, self._frame, self._layers, self._scale)]
        parts.append(legend_drawing(scene, self._frame.width))
        if self._derivation:
            parts.append(self._derived(n, self._derivation))
        if self._caption:
            parts.append(replace(self._told(n), height=self._caption))
        return enlarged(stacked(parts, "", "", self._theme.surface), self._scale)

    def _scene(self, n: int) -> Scene:
        look = Look(self._theme)
        return self._stage.scene(self._subject.at(n), self._subject.modes, look, self._frame)

    def _derived(self, n: int, height: float = 0.0) -> Drawing:
        trace, goal = self._subject.trace, self._subject.state.goal
        step = trace.sequence.step(n)
        k = goal[2] if goal and goal[:2] == (step.l, step.j) else None
        derivation = derive(trace, n, goal_k=k)
        return derivation_drawing(derivation, self._theme, self._frame.width, height)

    def _told(self, n: int) -> Drawing:
        subject = self._subject
        text = caption(subject.trace, subject.data.name, subject.address(n))
        return caption_drawing(text, self._theme, self._frame.width)

    def _derivation_height(self) -> float:
        """Room for the highest of some derivations, at most as much as the network has."""
        every = max(1, len(self._steps) // _MEASURED)
        heights = [self._derived(n).height for n in self._steps[::every]]
        return min(max(heights), self._frame.height)

    def _caption_height(self) -> float:
        longest = max(self._steps, key=lambda n: len(self._subject.address(n)))
        return self._told(longest).height


def _even(length: float) -> int:
    """Encoders of movies want even sides."""
    return 2 * round(length / 2)
