"""What of a window can be a picture, and the drawing of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from bpstudio.core.errors import InputError
from bpstudio.ui.canvas.layout import FITTED
from bpstudio.ui.canvas.look import Look
from bpstudio.ui.canvas.scene import Frame, Stage
from bpstudio.ui.palette import DARK, LIGHT, Theme
from bpstudio.ui.panel_table import PANELS
from bpstudio.ui.pictures.derivation import caption_drawing, derivation_drawing
from bpstudio.ui.pictures.drawing import Drawing, enlarged, stacked
from bpstudio.ui.pictures.network import legend_drawing, network_drawing
from bpstudio.ui.pictures.wish import BOTH, DERIVATION, NETWORK, PLOTS, SHOWN, Wish
from bpstudio.ui.pictures.words import about, caption
from bpstudio.ui.plot_actions import PlotActions
from bpstudio.ui.visiting import address_now

if TYPE_CHECKING:
    from bpstudio.ui.window import MainWindow

_NO_PLOT = "bring the plot into sight first; what is not in sight may be out of date"


def offered(window: MainWindow) -> list[tuple[str, str]]:
    """Titles and names of what can be drawn now: the network, its derivation, plots in sight."""
    fixed = [
        ("Network, whole", NETWORK),
        ("Network, as on screen", SHOWN),
        ("Network and derivation", BOTH),
        ("Derivation", DERIVATION),
    ]
    if not window.network.isVisible():
        del fixed[1]
    return [*fixed, *((title, PLOTS + name) for name, title, _ in _plots(window))]


def title_of(window: MainWindow, what: str) -> str:
    """What a picture is called."""
    return next(title for title, name in offered(window) if name == what)


def _plots(window: MainWindow) -> Iterator[tuple[str, str, PlotActions]]:
    for spec in PANELS:
        panel = window.panels[spec.name]
        actions = getattr(panel, "plot_actions", None)
        if panel.isVisible() and isinstance(actions, PlotActions):
            yield spec.name, spec.title, actions


def drawing(window: MainWindow, wish: Wish) -> Drawing:
    """The picture that is asked for. InputError where it is not there any more."""
    theme = wish.theme(window.appearance.theme)
    if wish.what.startswith(PLOTS):
        return _plot(window, wish, theme)
    parts = list(_parts(window, wish, theme))
    if wish.caption:
        parts.append(_caption(window, theme, parts[0].width))
    made = stacked(parts, title_of(window, wish.what), about(window.session), theme.surface)
    return enlarged(made, wish.scale)


def _parts(window: MainWindow, wish: Wish, theme: Theme) -> Iterator[Drawing]:
    """In the sizes of the screen; text that shall be larger has less room."""
    width = wish.width / wish.scale
    if wish.what != DERIVATION:
        frame = _frame(window, wish)
        width = frame.width
        yield from _network(window, frame, Look(theme))
    if wish.what in (BOTH, DERIVATION):
        yield derivation_drawing(window.showing.derivation(), theme, width)


def _frame(window: MainWindow, wish: Wish) -> Frame:
    frame = window.network.canvas.frame
    if wish.what == SHOWN:
        return frame
    return Frame(wish.width / wish.scale, wish.height / wish.scale, FITTED, frame.unfolded)


def _network(window: MainWindow, frame: Frame, look: Look) -> Iterator[Drawing]:
    canvas = window.network.canvas
    assert canvas.state is not None, "a session has a pass"
    scene = Stage().scene(canvas.state, canvas.modes, look, frame)
    yield network_drawing(scene, frame)
    yield legend_drawing(scene, frame.width)


def _caption(window: MainWindow, theme: Theme, width: float) -> Drawing:
    session = window.session
    text = caption(session.debugger.trace, session.data.name, address_now(session.debugger))
    return caption_drawing(text, theme, width)


def _plot(window: MainWindow, wish: Wish, theme: Theme) -> Drawing:
    """A plot with its read-out."""
    name = wish.what.removeprefix(PLOTS)
    actions = next((made for known, _, made in _plots(window) if known == name), None)
    if actions is None:
        raise InputError(_NO_PLOT)
    plot = actions.drawing(DARK if theme.dark else LIGHT)
    parts = [plot]
    if wish.caption:
        parts.append(_caption(window, theme, plot.width))
    return stacked(parts, plot.title, plot.about, theme.surface)
