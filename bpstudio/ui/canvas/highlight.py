"""What is lit at a step, as values: rings, edges, labels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

from bpstudio.ui.canvas.state import Thing
from bpstudio.ui.symbols import as_text

Tone = Literal["weights", "gradients", "dC_da", "activation"]
"""The ramp that the current number is coloured by."""


@dataclass(frozen=True, slots=True)
class Label:
    """A chip or a name: badge, words, symbol, number; it stands by its anchor.

    Styles: current (filled), done (outlined), goal, name (no box; ``text`` is the node's value,
    written only where the node itself is too small to carry it).
    """

    style: Literal["current", "done", "goal", "name"]
    anchor: Thing
    tex: str = ""
    text: str = ""
    badge: int | None = None
    before: str = ""

    @property
    def plain(self) -> str:
        """What it says, as plain text: "3 w_12^(L) = 1.1563"."""
        parts = ("" if self.badge is None else str(self.badge), self.before, as_text(self.tex))
        words = [part for part in parts if part]
        if self.text:
            words += [self.joint.strip(), self.text] if self.joint.strip() else [self.text]
        return " ".join(words)

    @property
    def joint(self) -> str:
        """What stands between symbol and number."""
        if not (self.tex and self.text):
            return ""
        return "  " if self.before == "addend" else " = "


class Lit(NamedTuple):
    """Edges lit because the number under way comes through them."""

    l: int
    j: tuple[int, ...]
    k: tuple[int, ...]


class Named(NamedTuple):
    """A node that is ringed, with the letter it goes by: a or z."""

    l: int
    j: int
    letter: Literal["a", "z"]


@dataclass(frozen=True, slots=True)
class Highlight:
    """Everything painted over the picture at one step.

    ``flow``: 1 forward, −1 backward, 0 neither. ``soft`` nodes take part in a sum.
    """

    current: Thing | None = None
    flow: int = 0
    value: float = 0.0
    tone: Tone = "weights"
    rings: tuple[Named, ...] = ()
    soft: tuple[tuple[int, int], ...] = ()
    lit: tuple[Lit, ...] = ()
    done: tuple[Thing, ...] = ()
    goal: Thing | None = None
    labels: tuple[Label, ...] = ()

    def nodes(self, l: int) -> set[int]:
        """The nodes of layer l that stay in sight."""
        kept = {ring.j for ring in self.rings if ring.l == l}
        kept |= {j for layer, j in self.soft if layer == l}
        for thing in (*self.done, *([self.goal] if self.goal else [])):
            kept |= set(ends_of(thing, l))
        for layer, j, k in self.lit:
            kept |= set(j if layer == l else k if layer - 1 == l else ())
        return kept

    def current_node(self, l: int) -> int | None:
        """The node of layer l that the step is about."""
        return next((ring.j for ring in self.rings if ring.l == l), None)


def ends_of(thing: Thing, l: int) -> tuple[int, ...]:
    """The nodes of layer l that a thing touches."""
    if thing[0] == "edge":
        _, layer, j, k = thing
        return ((j,) if layer == l else ()) + ((k,) if layer - 1 == l else ())
    if thing[0] in ("node", "bias") and thing[1] == l:
        return (thing[2],)
    return ()
