"""How the window looks at its session: what a session file keeps of that, and puts back.

Only numbers and names are kept, none of Qt's packed states: a file may come from anybody.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Annotated, Any, Literal

import msgspec

from bpstudio.core.levels import UNITS
from bpstudio.ui.canvas import view as views
from bpstudio.ui.canvas.state import Thing
from bpstudio.ui.dock_sizes import Arrangement, Sizes
from bpstudio.ui.toolbar_fields import USUAL_SPEED

if TYPE_CHECKING:
    from bpstudio.ui.window import MainWindow

_Whole = Annotated[int, msgspec.Meta(ge=0, le=10**9)]
_Pixels = Annotated[int, msgspec.Meta(ge=0, le=100_000)]
_Room = Annotated[list[_Pixels], msgspec.Meta(max_length=3)]
_Names = Annotated[list[Annotated[str, msgspec.Meta(max_length=40)]], msgspec.Meta(max_length=100)]
_Part = Annotated[float, msgspec.Meta(ge=-100.0, le=100.0)]
_Stretch = tuple[_Whole, _Whole, _Whole]


class Room(msgspec.Struct, forbid_unknown_fields=True):
    """How the room is shared, as `Sizes` says."""

    narrow: bool
    docks: tuple[_Pixels, _Pixels, _Pixels]
    left: _Room
    centre: _Room
    right: _Room
    bottom: _Room


class Looks(msgspec.Struct, omit_defaults=True):
    """What is kept; places in the picture are fractions of its width and height."""

    layout: Literal["step", "debug", "train"] = "step"
    asked: _Names = []
    on_top: _Names = []
    side_open: bool = True
    room: Room | None = None
    zoom: Annotated[float, msgspec.Meta(ge=views.LEAST, le=views.MOST)] = 1.0
    moved: tuple[_Part, _Part] = (0.0, 0.0)
    unfolded: Annotated[list[_Stretch], msgspec.Meta(max_length=1000)] = []
    edges: Literal["weights", "gradients"] = "weights"
    nodes: Literal["a", "z", "dC_da"] = "a"
    selected: Annotated[list[_Whole | str], msgspec.Meta(max_length=4)] = []
    goal: tuple[_Whole, _Whole, _Whole] | None = None
    unit: Annotated[str, msgspec.Meta(max_length=40)] = "term"
    speed: _Whole = USUAL_SPEED  # place of the slider


def looks_of(window: MainWindow) -> dict[str, Any]:
    """How the window looks now, as JSON has it."""
    arrangement, canvas = window.docks.arrangement, window.network.canvas
    view, width, height = canvas.view, max(canvas.width(), 1), max(canvas.height(), 1)
    looks = Looks(
        layout=arrangement.layout,
        asked=sorted(arrangement.asked),
        on_top=list(arrangement.on_top),
        side_open=arrangement.side_open,
        room=Room(*arrangement.sizes[:2], *map(list, arrangement.sizes[2:])),
        zoom=view.zoom,
        moved=(view.dx / width, view.dy / height),
        unfolded=sorted(canvas.unfolded),
        edges=window.network.edges_mode,
        nodes=window.network.node_mode,
        selected=list(canvas.selection or ()),
        goal=window.showing.goal,
        unit=window.debug.unit,
        speed=window.toolbar.speed.value(),
    )
    found: dict[str, Any] = msgspec.to_builtins(looks)
    return found


def put_back(window: MainWindow, found: Mapping[str, Any]) -> None:
    """Let the window look as it did. What makes no sense is left as it is now."""
    with suppress(msgspec.ValidationError):
        looks = msgspec.convert(found, Looks)
        _arrange(window, looks)
        _show_picture(window, looks)
        window.toolbar.speed.setValue(looks.speed)
        if looks.unit in (*UNITS, "epoch"):
            window.debug.step_by(looks.unit)


def _arrange(window: MainWindow, looks: Looks) -> None:
    room = looks.room
    if room is None:
        return
    inside = [tuple(sizes) for sizes in (room.left, room.centre, room.right, room.bottom)]
    sizes = Sizes(room.narrow, room.docks, *inside)
    asked, on_top = frozenset(looks.asked), tuple(looks.on_top)
    window.docks.restore(Arrangement(looks.layout, asked, on_top, looks.side_open, sizes))


def _show_picture(window: MainWindow, looks: Looks) -> None:
    network, canvas = window.network, window.network.canvas
    network.set_modes(looks.edges, looks.nodes)
    canvas.unfold_again(looks.unfolded)
    _select(window, looks)
    canvas.look_at(looks.zoom, *looks.moved)


def _select(window: MainWindow, looks: Looks) -> None:
    """The goal and the selection, where the network has them."""
    canvas, sizes = window.network.canvas, window.session.network.sizes
    if looks.goal is not None and _exists(("edge", *looks.goal), sizes):
        canvas.select(("edge", *looks.goal))
    thing = tuple(looks.selected)
    canvas.select(thing if _exists(thing, sizes) else None)


def _exists(thing: Thing, sizes: Sequence[int]) -> bool:
    """Whether a node, bias or edge is one of a network with so many nodes a layer."""
    widths, L = dict(enumerate(sizes, 1)), len(sizes)
    match thing:
        case ("node", int(l), int(j)):
            return 1 <= l <= L and j < widths[l]
        case ("bias", int(l), int(j)):
            return 2 <= l <= L and j < widths[l]
        case ("edge", int(l), int(j), int(k)):
            return 2 <= l <= L and j < widths[l] and k < widths[l - 1]
    return False
