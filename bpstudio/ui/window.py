"""The main window: one session on screen, put together from panels, docks and bars."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QMainWindow, QWidget

from bpstudio.core.errors import InputError
from bpstudio.debugger.notices import Changes
from bpstudio.debugger.places import place_of
from bpstudio.debugger.session import Session
from bpstudio.debugger.warm_up import warm_up
from bpstudio.ui import commands, handlers, panel_focus, wiring
from bpstudio.ui.bars import StatusLine, fill_menus
from bpstudio.ui.canvas.panel import NetworkPanel
from bpstudio.ui.debug_verbs import DebugVerbs
from bpstudio.ui.derivation.panel import DerivationPanel
from bpstudio.ui.dock_sizes import NARROW
from bpstudio.ui.enabling import disabled, texts
from bpstudio.ui.files import FileVerbs
from bpstudio.ui.key_map import KeyMap
from bpstudio.ui.keys import ControlKeys
from bpstudio.ui.message_bar import MessageBar, MessageStrip
from bpstudio.ui.panel_table import PANELS, Layout, layout_of
from bpstudio.ui.panels.experiment import ExperimentPanel
from bpstudio.ui.panels.loss import LossPanel
from bpstudio.ui.panels.steps import StepsPanel
from bpstudio.ui.panels.timeline import TimelinePanel
from bpstudio.ui.presentation import Presentation
from bpstudio.ui.presenting import PresentingDocks
from bpstudio.ui.row_chooser import RowChooser
from bpstudio.ui.run_watch import RunWatch
from bpstudio.ui.sessions.recent import RecentSessions
from bpstudio.ui.sessions.shelf import Shelf
from bpstudio.ui.sessions.verbs import SessionVerbs
from bpstudio.ui.settings import Settings
from bpstudio.ui.showing import EVERYTHING, Showing
from bpstudio.ui.theme import Appearance
from bpstudio.ui.thing_verbs import ThingVerbs
from bpstudio.ui.toolbar import Toolbar

FULL_SIZE = (1600, 1000)
SMALLEST = (1000, 640)
if TYPE_CHECKING:
    from bpstudio.ui.animation.verbs import AnimationVerbs
    from bpstudio.ui.pictures.verbs import PictureVerbs

Kind = TypeVar("Kind", bound=QWidget)


class MainWindow(QMainWindow):
    """One session on screen."""

    def __init__(
        self,
        session: Session,
        appearance: Appearance,
        settings: Settings,
        shelf: Shelf | None = None,
    ) -> None:
        """``shelf``: where the session is kept by itself; None for nowhere."""
        super().__init__()
        self.session = session
        self.appearance = appearance
        self.settings = settings
        self.keys = KeyMap(settings, self)
        self.files = FileVerbs(self)
        self.sessions = SessionVerbs(self)
        self.run_watch = RunWatch(self)
        self.debug = DebugVerbs(self)
        self.things = ThingVerbs(self)
        self.showing = Showing(self)
        self._end_warm_up: Callable[[], None] | None = None
        self._make_panels()
        self.docks = PresentingDocks(self, self.network, self.timeline, self.panels)
        self.presentation = Presentation(self)
        self.commands = commands.make_commands(self, handlers.handlers(self), self.keys)
        self._make_bars()
        wiring.connect(self)
        self._unsubscribe = session.subscribe(self.showing.refresh)
        session.limit_speed(self.toolbar.speed.speed)
        self._control_keys = ControlKeys(self)
        the_app().installEventFilter(self._control_keys)
        self.toolbar.retheme(appearance.theme)
        self.showing.refresh(EVERYTHING)
        self.resize(*FULL_SIZE)
        self.setMinimumSize(*SMALLEST)
        self.docks.choose(layout_of(settings.layout))
        settings.restore_window(self)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setFocus()
        if shelf is not None:
            self.sessions.keep_on(shelf)

    @cached_property
    def pictures(self) -> PictureVerbs:
        """Export of pictures; loaded when it is asked for, as is the next."""
        made: PictureVerbs = import_module("bpstudio.ui.pictures.verbs").PictureVerbs(self)
        return made

    @cached_property
    def animations(self) -> AnimationVerbs:
        """Export of animations."""
        made: AnimationVerbs = import_module("bpstudio.ui.animation.verbs").AnimationVerbs(self)
        return made

    # ---- putting it together ------------------------------------------------------------------

    def _make_panels(self) -> None:
        given = (self.session, self.appearance, self.attempt)
        self.message_bar = MessageBar(self.appearance)
        self.network = NetworkPanel(self.appearance)
        self.timeline = TimelinePanel(*given)
        self.panels = {spec.name: spec.make(*given) for spec in PANELS}
        for spec in PANELS:
            self.panels[spec.name].setAccessibleName(spec.title)
        self.showing.watch((self.timeline, *self.panels.values()))

    def _make_bars(self) -> None:
        fill_menus(self.menuBar(), self.commands)
        self.recent_sessions = RecentSessions(self)
        self.row = RowChooser(self.menuBar(), self.commands, self.session, self.attempt)
        self.toolbar = Toolbar(
            self.commands, self.session, self.attempt, self.keys, self.appearance
        )
        self.addToolBar(self.toolbar)
        self.addToolBarBreak()
        self.addToolBar(MessageStrip(self.message_bar))
        self.addToolBarBreak()
        self.addToolBar(self.files.readings.strip)
        self.status = StatusLine(self.commands["copy_address"], self.commands["present"])
        self.setStatusBar(self.status)

    @property
    def derivation(self) -> DerivationPanel:
        """The panel of the current step's derivation."""
        return self._panel("derivation", DerivationPanel)

    @property
    def experiment(self) -> ExperimentPanel:
        """The form of the experiment."""
        return self._panel("experiment", ExperimentPanel)

    @property
    def loss(self) -> LossPanel:
        """The plot of the loss."""
        return self._panel("loss", LossPanel)

    @property
    def steps(self) -> StepsPanel:
        """The table of steps."""
        return self._panel("steps", StepsPanel)

    def _panel(self, name: str, kind: type[Kind]) -> Kind:
        panel = self.panels[name]
        assert isinstance(panel, kind)
        return panel

    # ---- verbs --------------------------------------------------------------------------------

    def attempt(self, verb: Callable[[], object]) -> bool:
        """Run a verb; what it refuses is said in the message bar. Whether it was done."""
        try:
            verb()
        except InputError as error:
            self.message_bar.show_error(str(error))
            return False
        self.message_bar.settle()
        return True

    def goto(self, place: str) -> bool:
        """Go to a step by number, per cent or address; whether there is such a step."""
        session = self.session
        return self.attempt(lambda: session.goto(place_of(place, session.debugger)))

    def goto_typed(self, place: str) -> None:
        """What was typed; where it was understood, the keys are the window's again."""
        if place.strip() and self.goto(place):
            self.toolbar.goto.leave()

    def open_file(self, path: Path) -> bool:
        """Open a data file; the message bar says what is wrong with it."""
        return self.files.open(path)

    # ---- showing ------------------------------------------------------------------------------

    def show_bars(self, changes: Changes) -> None:
        """Title, toolbar, status bar and what is enabled."""
        self.status.refresh(self.session)
        if self.session.debugger.stop is None:
            self.message_bar.settle_stop()
            self.status.show_search("")
        if "data" in changes:
            self.show_name()
        if changes & {"run", "trace", "data", "experiment"}:
            self.toolbar.refresh()
            self.row.refresh()
            self.run_watch.refresh()
        self.show_enabled()

    def show_name(self) -> None:
        """The names of the session's file and of the data in the title, and beside the menus."""
        name, file = self.session.data.name, self.sessions.file
        parts = ("" if file is None else file.name, name, "bpstudio")
        self.setWindowTitle(" \u2013 ".join(part for part in parts if part))
        self.row.name.show_name(name)

    def show_enabled(self) -> None:
        """Which actions make sense now, and which are on."""
        off = disabled(
            self.session, self.debug.search.is_on, self.network.selected_address is not None
        )
        commands.show_state(self.commands, off, handlers.checked(self), texts(self.session))
        self.toolbar.show_enabled()
        self.presentation.refresh()

    def show_search(self) -> None:
        """How far a long search has come."""
        search = self.debug.search
        if search.is_on:
            self.status.show_searching(search.progress, self.keys.first("stop"))
        self.show_enabled()

    def focus_neighbour(self, offset: int) -> None:
        """F6: the first control of the next panel gets the focus."""
        panel_focus.focus_neighbour(self._panels_in_sight(), offset)

    def _panels_in_sight(self) -> list[QWidget]:
        """Left, network and below it, right, bottom."""
        if self.presentation.is_on:
            return [self.network.canvas, self.derivation, self.timeline]
        shown = self.docks.panels_in_sight
        return [
            *(shown(("left", "left below")) or [self.docks.side]),
            *[self.network.canvas] * self.network.isVisible(),
            *shown(("below", "right", "right middle", "right below")),
            self.timeline,
            *shown(("bottom left", "bottom right")),
        ]

    def show_panel(self, name: str) -> None:
        """A panel in front, with the keys."""
        panel_focus.focus_panel(self.docks.show_panel(name))

    def choose_layout(self, layout: Layout) -> None:
        """The panels for stepping, for debugging, or for training."""
        self.docks.choose(layout)
        self.settings.layout = layout

    def warm_up(self) -> None:
        """Get the loss plot and the compiled training loop ready while the user looks around."""
        self.loss.make_curves()
        if self._end_warm_up is None:
            self._end_warm_up = warm_up()

    # ---- events -------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Below 1280 pixels the experiment makes room."""
        super().resizeEvent(event)
        was, now = event.oldSize().width(), event.size().width()
        self.toolbar.arrange(now)
        if (was < NARROW) != (now < NARROW) or was < 0:
            self.timeline.arrange(narrow=now < NARROW)
            self.docks.arrange()
        self.docks.window_resized()
        self.presentation.fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc, where nothing else wants it, calls off what is read, or closes the message."""
        if event.key() == Qt.Key.Key_Escape and self.files.readings.is_on:
            self.files.readings.cancel()
            return
        if event.key() == Qt.Key.Key_Escape and self.message_bar.text:
            self.message_bar.dismiss()
            return
        super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """A file may be dropped on the window."""
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Open the dropped file."""
        for url in event.mimeData().urls()[:1]:
            self.open_file(Path(url.toLocalFile()))

    def closeEvent(self, event: QCloseEvent) -> None:
        """End training, keep session and layout; not at once where the session cannot be kept."""
        if not self.sessions.close():
            event.ignore()
            return
        self.files.readings.close()
        self.docks.leave()
        self.run_watch.stop()
        self.debug.search.close()
        if "animations" in vars(self):
            self.animations.close()
        self.showing.stop()
        self._unsubscribe()
        self.session.close()
        if self._end_warm_up is not None:
            self._end_warm_up()
        the_app().removeEventFilter(self._control_keys)
        self.settings.save_window(self)
        self.settings.save()
        super().closeEvent(event)


def the_app() -> QCoreApplication:
    """The running application."""
    app = QCoreApplication.instance()
    assert app is not None, "a window needs an application"
    return app
