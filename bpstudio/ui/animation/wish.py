"""What is asked for of an animation, and the stretches of steps that there are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple

from bpstudio.core.levels import enclosing_levels, steps_around
from bpstudio.core.trace import Trace
from bpstudio.ui.derivation_dialog import goals
from bpstudio.ui.palette import Theme
from bpstudio.ui.pictures.wish import theme_of

MOST_FRAMES = 2_000
SPEEDS = (1, 30)  # frames a second
SIDES = (200, 3840)  # least and most pixels of a side
TYPED = "typed"

# Bytes a pixel of a frame and format takes, measured; what it becomes depends on the pass.
_BYTES: Mapping[str, float] = MappingProxyType({".webp": 0.022, ".gif": 0.022, ".mp4": 0.015})


class Stretch(NamedTuple):
    """Steps that belong together, in words."""

    title: str
    steps: range


def stretches(trace: Trace, n: int) -> list[Stretch]:
    """From step n to the end, then the levels around it, smallest first; each has two at least."""
    levels = reversed(enclosing_levels(trace.sequence, n))
    titles = [title for title, _ in goals(trace, n)[1:]]
    around = [
        Stretch(title, steps_around(trace.sequence, n, level))
        for title, level in zip(titles, levels, strict=True)
    ]
    onwards = Stretch("From here to the end", range(n, len(trace)))
    return [each for each in (*around, onwards) if len(each.steps) > 1]


def stride_for(count: int) -> int:
    """How many steps a frame stands for, so that there are not too many."""
    return max(1, -(-count // MOST_FRAMES))


@dataclass(frozen=True, slots=True)
class AnimationWish:
    """Steps ``first`` … ``last``, every ``stride``-th of them a frame; sizes as in a picture."""

    first: int
    last: int
    stride: int = 1
    fps: int = 4
    derivation: bool = False
    colors: str = "screen"
    width: int = 960
    height: int = 540
    text: int = 100
    caption: bool = True
    suffix: str = ".webp"

    @property
    def steps(self) -> range:
        """The steps that become frames."""
        return range(self.first, self.last + 1, self.stride)

    def theme(self, on_screen: Theme) -> Theme:
        """The colours that are asked for."""
        return theme_of(self.colors, on_screen)

    def bytes_of(self, size: tuple[int, int]) -> float:
        """About how large the file becomes."""
        return len(self.steps) * size[0] * size[1] * _BYTES[self.suffix]
