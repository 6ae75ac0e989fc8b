"""The toolbar: running and stepping, training, and where to go."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QSizePolicy, QToolBar, QToolButton, QWidget

from bpstudio.debugger.session import Session
from bpstudio.ui import actions
from bpstudio.ui.action_button import ActionButton
from bpstudio.ui.attempt import Attempt
from bpstudio.ui.commands import Commands
from bpstudio.ui.fields import WholeField
from bpstudio.ui.icons import icon
from bpstudio.ui.key_map import KeyMap
from bpstudio.ui.palette import Theme
from bpstudio.ui.step_by import StepBy
from bpstudio.ui.theme import Appearance
from bpstudio.ui.toolbar_fields import GotoField, SpeedSlider
from bpstudio.ui.toolbar_parts import labelled, more_button

MOST_EPOCHS = 1_000_000
ROOMY = 1540  # from this width on every unit of Step by has a place of its own
TIGHT = 1060  # below it light or dark is in the menu View alone
WIDE = 1290  # from this width on there is room for the speed of training
_BACK = ("to_start", "reverse_continue", "back_into")
_FORWARD = ("into", "over", "out")


class Toolbar(QToolBar):
    """Its buttons are those of the table of actions."""

    def __init__(
        self,
        commands: Commands,
        session: Session,
        attempt: Attempt,
        keys: KeyMap,
        appearance: Appearance,
    ) -> None:
        super().__init__("Toolbar")
        self._actions = commands
        self._session = session
        self._keys = keys
        self._appearance = appearance
        self.setObjectName("toolbar")
        self.setMovable(False)
        self.setIconSize(QSize(16, 16))
        self.go_on = ActionButton(commands["continue"], "Continue")
        self.train = ActionButton(commands["train"], "Train")
        self.step_by = StepBy(commands)
        self.epochs = WholeField(1, MOST_EPOCHS, 1)
        self.speed = SpeedSlider()
        self.goto = GotoField()
        self._shown: tuple[object, ...] = ()
        self._build()
        self.speed.chosen.connect(lambda speed: attempt(lambda: session.limit_speed(speed)))
        self.epochs.valueChanged.connect(lambda n: attempt(lambda: session.change(epochs=n)))

    def _build(self) -> None:
        self._buttons(_BACK, text=False)
        self.addSeparator()
        self._buttons(_FORWARD, text=True)
        self.addWidget(self.go_on)
        self._buttons(("stop",), text=False)
        self.addSeparator()
        self.addWidget(self.step_by)
        self.addSeparator()
        self.addWidget(self.train)
        self.epochs.setToolTip("How many epochs a training run adds")
        self.epochs.setAccessibleName("How many epochs a training run adds")
        self.epochs.setFixedWidth(76)
        self.addWidget(labelled("Epochs", self.epochs))
        self._speed = self.addWidget(labelled("Speed", self.speed, self.speed.words))
        spacer = QWidget()
        spacer.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.addWidget(spacer)
        self.addWidget(self.goto)
        (self._light_dark,) = self._buttons(("light_dark",), text=False)
        self.more = more_button(self._actions, self.speed)
        self._more = self.addWidget(self.more)

    def _buttons(self, names: tuple[str, ...], text: bool) -> list[QAction]:
        """A button for each action; what shows and hides them."""
        places = []
        for name in names:
            button = QToolButton()
            button.setDefaultAction(self._actions[name])
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.setAccessibleName(self._actions[name].text())
            if text:
                button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            places.append(self.addWidget(button))
        return places

    def arrange(self, width: int) -> None:
        """Where a window of that width has no room, the rest is behind »."""
        self.step_by.arrange(roomy=width >= ROOMY)
        self._speed.setVisible(width >= WIDE)
        self._more.setVisible(width < WIDE)
        self._light_dark.setVisible(width >= TIGHT)
        self.goto.arrange(roomy=width >= TIGHT)

    def refresh(self) -> None:
        """Show the session's number of epochs."""
        self.epochs.blockSignals(True)
        self.epochs.setValue(self._session.experiment.epochs)
        self.epochs.blockSignals(False)
        self.goto.setEnabled(not self._session.is_training)

    def show_enabled(self) -> None:
        """Which of the two filled buttons is filled, and what can be used."""
        training = self._session.is_training
        theme = self._appearance.theme
        on = tuple(self._actions[name].isEnabled() for name in ("continue", "train", "by_epoch"))
        units = tuple(self._actions[spec.name].isChecked() for spec in actions.STEP_BY)
        shown = (training, theme, on, units, self._keys.text("train"), self._keys.text("continue"))
        if shown == self._shown:
            return
        self._shown = shown
        text, name = ("Stop", "stop") if training else ("Train", "train")
        self.train.show_as(text, name, training, self._tip(text, "train"), theme)
        tip = self._keys.tooltip("continue")
        self.go_on.show_as("Continue", "play", not training, tip, theme)
        self.step_by.refresh()

    def show_keys(self) -> None:
        """The keys in force in the tooltips of what is no plain button."""
        self.goto.show_key(self._keys.first("goto"), self._keys.tooltip("goto"))
        self._shown = ()
        self.show_enabled()

    def _tip(self, text: str, name: str) -> str:
        return f"{text} ({self._keys.text(name)})".removesuffix(" ()")

    def retheme(self, theme: Theme) -> None:
        """Tint the icons."""
        for spec in actions.ACTIONS:
            if spec.icon:
                self._actions[spec.name].setIcon(icon(spec.icon, theme))
        self.more.setIcon(icon("overflow", theme))
        if theme.dark:
            self._actions["light_dark"].setIcon(icon("sun", theme))
        self.show_enabled()
