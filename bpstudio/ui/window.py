"""The main window: puts the panels together, turns actions into verbs, shows what they answer."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from functools import partial
from pathlib import Path
from time import perf_counter

from PySide6.QtCore import QCoreApplication, Qt, QTimer
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QDockWidget, QMainWindow, QToolBar, QWidget

from bpstudio.core.derivation import Derivation, derive
from bpstudio.core.errors import InputError
from bpstudio.core.explain import Explanation, explain
from bpstudio.debugger.notices import Changes
from bpstudio.debugger.places import place_of
from bpstudio.debugger.run import RunSnapshot, warm_up
from bpstudio.debugger.session import Session
from bpstudio.ui import actions, dialogs
from bpstudio.ui.bars import NameLabel, StatusLine, Toolbar, fill_menus
from bpstudio.ui.bottom import BottomPanel
from bpstudio.ui.canvas.panel import NetworkPanel
from bpstudio.ui.canvas.state import EdgeMode, NodeMode, Scales
from bpstudio.ui.derivation.panel import DerivationPanel
from bpstudio.ui.files import FileVerbs
from bpstudio.ui.keys import ControlKeys, KeySheet
from bpstudio.ui.message_bar import MessageBar
from bpstudio.ui.panels.data import DataPanel
from bpstudio.ui.panels.experiment import ExperimentPanel, new_seed
from bpstudio.ui.panels.loss import LossPanel
from bpstudio.ui.panels.steps import StepsPanel
from bpstudio.ui.panels.timeline import TimelinePanel
from bpstudio.ui.scene import canvas_state
from bpstudio.ui.settings import Settings
from bpstudio.ui.side import OPEN, STRIP, Side
from bpstudio.ui.style import set_role
from bpstudio.ui.theme import Appearance

FULL_SIZE = (1600, 1000)
SMALLEST = (1000, 640)
NARROW = 1280  # below it the experiment collapses to a strip
POLL_MS = 33  # how often a run is looked at
IDLE_SHARE = 4  # a refresh in training is followed by that many times its own time of rest
_PANEL_KEYS = ("into", "explain", "legend")
PROGRESS: Changes = frozenset({"cursor", "trace", "network", "run"})  # what training changes
EVERYTHING: Changes = frozenset({"cursor", "trace", "network", "data", "experiment", "run"})


class MainWindow(QMainWindow):
    """One session on screen."""

    def __init__(self, session: Session, appearance: Appearance, settings: Settings) -> None:
        super().__init__()
        self.session = session
        self.appearance = appearance
        self.settings = settings
        self.goal: tuple[int, int, int] | None = None
        self._scales: Scales | None = None
        self.files = FileVerbs(self)
        self._make_panels()
        self.commands = actions.make_actions(self, self._handlers())
        self._make_bars()
        self._dock_panels()
        self._connect()
        self._unsubscribe = session.subscribe(self.refresh)
        self._poll_timer = QTimer(self)
        self._poll_timer.setInterval(POLL_MS)
        self._poll_timer.timeout.connect(self._poll)
        self._idle = QTimer(self)  # fires when everything due is done
        self._idle.setSingleShot(True)
        self._idle.setInterval(0)
        self._idle.timeout.connect(self._prepare_next)
        self._next_part = QTimer(self)  # fires when what was shown before is painted
        self._next_part.setSingleShot(True)
        self._next_part.setInterval(0)
        self._next_part.timeout.connect(self._show_next_part)
        self._parts: deque[Callable[[], object]] = deque()
        self._last_derived: tuple[object, tuple[Derivation, Explanation | None]] | None = None
        self._rest_until = 0.0
        self._told: RunSnapshot | None = None  # the end of a run that was said
        self._end_warm_up: Callable[[], None] | None = None
        self.session.limit_speed(self.toolbar.speed.speed)
        self._keys = ControlKeys(self)
        the_app().installEventFilter(self._keys)
        self._retheme()
        self.refresh(EVERYTHING)
        self.resize(*FULL_SIZE)
        self.setMinimumSize(*SMALLEST)
        settings.restore_window(self)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setFocus()

    # ---- putting it together ------------------------------------------------------------------

    def _make_panels(self) -> None:
        given = (self.session, self.appearance, self.attempt)
        self.message_bar = MessageBar(self.appearance)
        self.network = NetworkPanel(self.appearance)
        self.derivation = DerivationPanel()
        self.experiment = ExperimentPanel(*given)
        self.timeline = TimelinePanel(*given)
        self.loss = LossPanel(*given)
        self.steps = StepsPanel(*given)
        self.data = DataPanel(*given)
        self.panels = (self.experiment, self.timeline, self.loss, self.steps, self.data)
        self.bottom = BottomPanel(
            self.timeline, {"Loss": self.loss}, {"Steps": self.steps, "Data": self.data}
        )

    def _make_bars(self) -> None:
        fill_menus(self.menuBar(), self.commands)
        self.data_name = NameLabel(self.menuBar())
        self.toolbar = Toolbar(self.commands, self.session, self.attempt)
        self.addToolBar(self.toolbar)
        self.addToolBarBreak()
        self._messages = QToolBar("Message")
        self._messages.setObjectName("messages")
        self._messages.setMovable(False)
        set_role(self._messages, "messages")
        holder = self._messages.addWidget(self.message_bar)
        self.addToolBar(self._messages)
        for shown in (holder.setVisible, self._messages.setVisible):
            shown(False)
            self.message_bar.shown.connect(shown)
        self.status = StatusLine(self.commands["copy_address"])
        self.setStatusBar(self.status)

    def _dock_panels(self) -> None:
        self.setCentralWidget(self.network)
        self.setDockNestingEnabled(False)
        right, left = Qt.DockWidgetArea.RightDockWidgetArea, Qt.DockWidgetArea.LeftDockWidgetArea
        bottom = Qt.DockWidgetArea.BottomDockWidgetArea
        self.setCorner(Qt.Corner.BottomRightCorner, right)
        self.side = Side(self.experiment, actions.tooltip(actions.find("experiment")))
        self.side.toggled.connect(self._show_side)
        self.experiment_dock = self._dock("Experiment", self.side, left)
        self.derivation_dock = self._dock("Derivation", self.derivation, right)
        self.bottom_dock = self._dock("Timeline", self.bottom, bottom)
        self.setCorner(Qt.Corner.BottomLeftCorner, bottom)
        self.reset_layout()

    def _dock(self, title: str, widget: QWidget, area: Qt.DockWidgetArea) -> QDockWidget:
        dock = QDockWidget(title, self)
        dock.setObjectName(title)
        dock.setWidget(widget)
        dock.setTitleBarWidget(QWidget(dock))  # every panel has a header of its own
        dock.setFeatures(QDockWidget.DockWidgetFeature.NoDockWidgetFeatures)
        self.addDockWidget(area, dock)
        return dock

    def reset_layout(self) -> None:
        """The sizes of the design."""
        across, down = Qt.Orientation.Horizontal, Qt.Orientation.Vertical
        narrow = self.width() < NARROW
        self.side.show_panel(not narrow)
        widths = [STRIP if narrow else OPEN, 420 if narrow else 468]
        self.resizeDocks([self.experiment_dock, self.derivation_dock], widths, across)
        self.resizeDocks([self.bottom_dock], [202 if narrow else 308], down)

    def _show_side(self, on: bool) -> None:
        width = OPEN if on else STRIP
        self.resizeDocks([self.experiment_dock], [width], Qt.Orientation.Horizontal)
        self._show_enabled()

    def _connect(self) -> None:
        self.network.step_requested.connect(self.goto)
        self.network.selected.connect(self._choose_goal)
        self.network.modes_changed.connect(self._show_enabled)
        self.network.set_reduced_motion(self.settings.reduced_motion)
        self.derivation.address_requested.connect(self.goto)
        self.derivation.step_requested.connect(self.commands["into"].trigger)
        self.derivation.set_keys(
            *(actions.key_text(actions.find(name)).split(" or ")[0] for name in _PANEL_KEYS)
        )
        self.derivation.explanation_toggled.connect(lambda _on: self._show_derivation())
        self.toolbar.goto.asked.connect(self._goto_typed)
        self.experiment.open_requested.connect(self.files.ask_open)
        self.experiment.target_requested.connect(self.files.choose_target)
        self.experiment.task_requested.connect(self.files.choose_task)
        self.appearance.changed.connect(lambda _theme: self._retheme())

    def _handlers(self) -> dict[str, Callable[[], object]]:
        session, debugger = self.session, self.session.debugger

        def verb(call: Callable[[], object]) -> Callable[[], object]:
            return lambda: self.attempt(call)

        return {
            "open": self.files.ask_open,
            "default": self.files.open_example,
            "load_weights": self.files.ask_load_weights,
            "save_weights": self.files.ask_save_weights,
            "export": self.files.ask_export,
            "quit": self.close,
            "copy_address": self._copy_address,
            "copy_latex": self.derivation.copy_tex,
            "to_start": verb(debugger.to_start),
            "back_out": verb(debugger.step_back_out),
            "back_over": verb(debugger.step_back_over),
            "back_into": verb(debugger.step_back_into),
            "into": verb(debugger.step_into),
            "over": verb(debugger.step_over),
            "out": verb(debugger.step_out),
            "to_end": verb(debugger.to_end),
            "goto": self._focus_goto,
            "backward": lambda: self.goto(f"s{session.row}/back"),
            "next_row": verb(lambda: session.choose_neighbour(1)),
            "previous_row": verb(lambda: session.choose_neighbour(-1)),
            "whole_batch": verb(lambda: session.choose_whole_batch(not session.whole_batch)),
            "train": self._train_or_pause,
            "restart": verb(session.restart),
            "new_seed": verb(lambda: session.change(seed=new_seed(session))),
            "edges_weights": lambda: self._modes(edges="weights"),
            "edges_gradients": lambda: self._modes(edges="gradients"),
            "nodes_a": lambda: self._modes(nodes="a"),
            "nodes_z": lambda: self._modes(nodes="z"),
            "nodes_dC_da": lambda: self._modes(nodes="dC_da"),
            "fit": self.network.fit,
            "centre": self.network.centre_on_step,
            "zoom_in": self.network.zoom_in,
            "zoom_out": self.network.zoom_out,
            "explain": self.derivation.toggle_explanation,
            "legend": self.derivation.toggle_legend,
            "light_dark": self._light_or_dark,
            "system_theme": lambda: self._choose_theme("system"),
            "reduced_motion": self._toggle_motion,
            "experiment": lambda: self.side.show_panel(not self.side.is_open),
            "loss": lambda: self._show_page("Loss"),
            "steps": lambda: self._show_page("Steps"),
            "data": lambda: self._show_page("Data"),
            "next_panel": lambda: self._focus_panel(1),
            "previous_panel": lambda: self._focus_panel(-1),
            "reset_layout": self.reset_layout,
            "keys": lambda: KeySheet(self).exec(),
            "about": lambda: dialogs.show_about(self),
        }

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
        debugger = self.session.debugger
        return self.attempt(lambda: debugger.goto(place_of(place, debugger)))

    def _goto_typed(self, place: str) -> None:
        """What was typed; where it was understood, the keys are the window's again."""
        if place.strip() and self.goto(place):
            self.toolbar.goto.leave()

    def _train_or_pause(self) -> None:
        if self.session.is_training:
            self.attempt(self.session.pause)
        else:
            self.attempt(self.session.train)

    def _poll(self) -> None:
        """Look at the run at frame rate; frames are dropped, never queued."""
        if self._parts or perf_counter() < self._rest_until:
            return
        started = perf_counter()
        if self.session.poll():
            self._rest_after(perf_counter() - started)

    def _rest_after(self, spent: float) -> None:
        self._rest_until = max(self._rest_until, perf_counter()) + IDLE_SHARE * spent

    # ---- showing ------------------------------------------------------------------------------

    def refresh(self, changes: Changes) -> None:
        """Show what changed. Called once a verb; in training, one part in each turn of the loop."""
        unseen = PROGRESS if self._parts else frozenset()
        self._parts = self._parts_of(changes | unseen)
        # the first of a run is shown at once: it turns Train into Pause
        if changes == PROGRESS and self._poll_timer.isActive() and self.session.is_training:
            self._next_part.start()
            return
        while self._parts:
            self._parts.popleft()()
        if not self.session.is_training:
            self._idle.start()

    def _parts_of(self, changes: Changes) -> deque[Callable[[], object]]:
        """What is to be shown, in parts; all of them painted at once would hold up the loop."""
        parts: deque[Callable[[], object]] = deque()
        if changes & {"trace", "network", "data", "experiment"}:
            self._scales = Scales.of(self.session.debugger.trace)
        if changes & {"cursor", "trace", "network", "data", "experiment"}:
            parts += (self._show_network, self._show_derivation)
        parts += (partial(panel.refresh, changes) for panel in self.panels)
        parts.append(partial(self._show_bars, changes))
        return parts

    def _show_next_part(self) -> None:
        if self._parts:
            started = perf_counter()
            self._parts.popleft()()
            self._rest_after(perf_counter() - started)
        if self._parts:
            self._next_part.start()

    def _show_bars(self, changes: Changes) -> None:
        self.status.refresh(self.session)
        if "data" in changes:
            self._show_name()
        if changes & {"run", "trace", "data", "experiment"}:
            self.toolbar.refresh()
            self._show_run()
        self._show_enabled()

    def _show_name(self) -> None:
        """The data's name in the title and at the right end of the menus."""
        name = self.session.data.name
        self.setWindowTitle(f"{name} \u2013 bpstudio" if name else "bpstudio")
        self.data_name.show_name(name)

    def _show_network(self) -> None:
        self.network.show_state(canvas_state(self.session, self.goal, self._scales))

    def _show_derivation(self) -> None:
        debugger = self.session.debugger
        self.derivation.show_derivation(*self._derived(debugger.cursor))

    def _prepare_next(self) -> None:
        """Lay out the step that probably comes next, while there is nothing else to do."""
        following = self.session.debugger.cursor + 1
        if following < len(self.session.debugger.trace):
            self.derivation.prepare(*self._derived(following))

    def _derived(self, n: int) -> tuple[Derivation, Explanation | None]:
        """What the derivation panel shows at step n."""
        trace = self.session.debugger.trace
        step = trace.sequence.step(n)
        goal_k = self.goal[2] if self.goal and self.goal[:2] == (step.l, step.j) else None
        wanted = self.derivation.explanation_wanted
        asked = (trace, n, goal_k, wanted)
        if self._last_derived is None or self._last_derived[0] != asked:
            explanation = explain(trace, n) if wanted else None
            self._last_derived = asked, (derive(trace, n, goal_k=goal_k), explanation)
        return self._last_derived[1]

    def _show_run(self) -> None:
        training = self.session.is_training
        if training or self.session.snapshot is None:
            self.message_bar.settle(lasting=True)
        if training != self._poll_timer.isActive():
            (self._poll_timer.start if training else self._poll_timer.stop)()
            self.toolbar.retheme(self.appearance.theme)
        if not training:
            self._say_why_it_ended()

    def _say_why_it_ended(self) -> None:
        """Once a run, which may have ended before it was first looked at."""
        snapshot = self.session.snapshot
        if snapshot is None or snapshot is self._told:
            return
        self._told = snapshot
        if snapshot.error is not None:
            self.message_bar.show_error(f"Training failed: {snapshot.error}", lasting=True)
        elif snapshot.halt is not None and snapshot.halt.kind != "interrupted":
            self.message_bar.show_error(f"Training stopped: {snapshot.halt}", lasting=True)

    def _show_enabled(self) -> None:
        off = actions.disabled(self.session)
        for name, action in self.commands.items():
            action.setEnabled(name not in off)
        checked = {
            "whole_batch": self.session.whole_batch,
            f"edges_{self.network.edges_mode}": True,
            f"nodes_{self.network.node_mode}": True,
            "explain": self.derivation.explanation_wanted,
            "legend": self.derivation.legend_shown,
            "system_theme": self.appearance.choice == "system",
            "reduced_motion": self.settings.reduced_motion,
            "experiment": self.side.is_open,
        }
        for spec in actions.ACTIONS:
            if spec.checkable:
                self.commands[spec.name].setChecked(checked.get(spec.name, False))

    def _modes(self, edges: EdgeMode | None = None, nodes: NodeMode | None = None) -> None:
        self.network.set_modes(edges, nodes)
        self._show_enabled()

    def _choose_goal(self, selected: object) -> None:
        """A selected edge is the goal whose gradient is derived."""
        if isinstance(selected, tuple) and selected[0] == "edge":
            self.goal = (selected[1], selected[2], selected[3])
            self._show_network()
            self._show_derivation()

    def _copy_address(self) -> None:
        QApplication.clipboard().setText(self.session.debugger.step.address)

    def _focus_goto(self) -> None:
        self.toolbar.goto.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.toolbar.goto.selectAll()

    def _focus_panel(self, offset: int) -> None:
        """F6: the first control of the next panel gets the focus."""
        bottom = (self.timeline, *self.bottom.pages())
        panels = [self.side, self.network.canvas, self.derivation, *bottom]
        now = QApplication.focusWidget()
        at = next((n for n, p in enumerate(panels) if now and holds(p, now)), None)
        if at is None:
            at = -1 if offset > 0 else 0
        self._focus(panels[(at + offset) % len(panels)])

    def _focus(self, panel: QWidget) -> None:
        first_control(panel).setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _show_page(self, title: str) -> None:
        """A plot or table in front, with the keys."""
        page = self.bottom.show_page(title)
        if page is not None:
            self._focus(page)

    # ---- appearance ---------------------------------------------------------------------------

    def _retheme(self) -> None:
        self.toolbar.retheme(self.appearance.theme)

    def _light_or_dark(self) -> None:
        self._choose_theme("light" if self.appearance.theme.dark else "dark")

    def _choose_theme(self, choice: str) -> None:
        self.appearance.choose(choice)
        self.settings.theme = choice
        self._show_enabled()

    def _toggle_motion(self) -> None:
        self.settings.motion = "full" if self.settings.reduced_motion else "reduced"
        self.network.set_reduced_motion(self.settings.reduced_motion)
        self._show_enabled()

    def warm_up(self) -> None:
        """Get the loss plot and the compiled training loop ready while the user looks around."""
        self.loss.make_curves()
        if self._end_warm_up is None:
            self._end_warm_up = warm_up()

    # ---- events -------------------------------------------------------------------------------

    def open_file(self, path: Path) -> bool:
        """Open a data file; the message bar says what is wrong with it."""
        return self.files.open(path)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Below 1280 pixels the experiment makes room."""
        super().resizeEvent(event)
        was, now = event.oldSize().width(), event.size().width()
        if (was < NARROW) != (now < NARROW) or was < 0:
            self.bottom.arrange(narrow=now < NARROW)
            self.timeline.arrange(narrow=now < NARROW)
            self.toolbar.arrange(narrow=now < NARROW)
            self.reset_layout()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc, where nothing else wants it, closes the message."""
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
        """End training, keep the layout."""
        self._poll_timer.stop()
        self._idle.stop()
        self._parts.clear()
        self._unsubscribe()
        self.session.close()
        if self._end_warm_up is not None:
            self._end_warm_up()
        the_app().removeEventFilter(self._keys)
        self.settings.save_window(self)
        self.settings.save()
        super().closeEvent(event)


def the_app() -> QCoreApplication:
    """The running application."""
    app = QCoreApplication.instance()
    assert app is not None, "a window needs an application"
    return app


def holds(panel: QWidget, widget: QWidget) -> bool:
    """Whether the widget is the panel or in it."""
    return panel is widget or panel.isAncestorOf(widget)


def first_control(panel: QWidget) -> QWidget:
    """The first widget in a panel that takes the focus."""
    for widget in (panel, *panel.findChildren(QWidget)):
        if widget.isVisible() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
            return widget
    return panel
