"""Menu bar, toolbar and status bar, made from the table of actions."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenuBar,
    QPushButton,
    QSizePolicy,
    QSlider,
    QStatusBar,
    QToolBar,
    QToolButton,
    QWidget,
)

from bpstudio.core.notation import format_count, format_number
from bpstudio.debugger.session import Session
from bpstudio.ui import actions
from bpstudio.ui.attempt import Attempt
from bpstudio.ui.commands import Commands
from bpstudio.ui.fields import WholeField
from bpstudio.ui.fonts import SEMIBOLD, Size, mono_font, ui_font
from bpstudio.ui.icons import icon
from bpstudio.ui.key_map import KeyMap
from bpstudio.ui.palette import Theme
from bpstudio.ui.style import PADDING, set_primary, set_role

MOST_EPOCHS = 1_000_000
_NAME_WIDTH = 320
_GOTO_LEAST = 140  # room for its hint and its key
_BACK = ("to_start", "back_out", "back_over", "back_into")
_FORWARD = ("into", "over", "out")


def fill_menus(bar: QMenuBar, commands: Commands) -> None:
    """All menus, in the order of the table."""
    for title in actions.MENUS:
        menu = bar.addMenu(title)
        menu.setToolTipsVisible(True)
        for spec in actions.specs_of(title):
            if spec.name in actions.GROUPS:
                menu.addSeparator()
            commands[spec.name].setIconVisibleInMenu(not spec.checkable)  # it would hide the check
            menu.addAction(commands[spec.name])


class NameLabel(QLabel):
    """The data's name at the right end of the menus, shortened in its middle where it is long."""

    def __init__(self, bar: QMenuBar) -> None:
        super().__init__()
        set_role(self, "label")
        self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.setContentsMargins(0, 0, PADDING, 0)
        self.setFixedSize(_NAME_WIDTH, 26)  # the bar does not ask again when the text changes
        bar.setCornerWidget(self)

    def show_name(self, name: str) -> None:
        """Another name."""
        room = _NAME_WIDTH - PADDING
        middle = Qt.TextElideMode.ElideMiddle
        self.setText(self.fontMetrics().elidedText(name, middle, room))
        self.setToolTip(name)


class GotoField(QLineEdit):
    """Where a step number, a per cent or an address is typed."""

    asked = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setPlaceholderText("Go to step")
        self.setAccessibleName("Go to step or address")
        self.setMinimumWidth(_GOTO_LEAST)
        self.setMaximumWidth(260)
        self.returnPressed.connect(lambda: self.asked.emit(self.text()))
        self._key = QLabel(self)
        self._key.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        set_role(self._key, "key")
        self.textChanged.connect(lambda text: self._key.setVisible(not text))

    def show_key(self, key: str, tip: str) -> None:
        """The key stands in the empty field."""
        example = "a number such as 195, a part such as 50 %, or an address such as "
        self.setToolTip(f"{tip}: {example}s52/back/l3/j2/i1/dz_da")
        self._key.setText(key)
        self._place_key()

    def leave(self) -> None:
        """Empty the field and give the keys back to the window."""
        self.clear()
        self.window().setFocus()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The key stands at the right end while the field is empty."""
        super().resizeEvent(event)
        self._place_key()

    def _place_key(self) -> None:
        size = self._key.sizeHint()
        self._key.setGeometry(
            self.width() - size.width() - 5,
            (self.height() - size.height()) // 2,
            size.width(),
            size.height(),
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc leaves the field."""
        if event.key() == Qt.Key.Key_Escape:
            self.leave()
            return
        super().keyPressEvent(event)


SPEEDS = (0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0, None)
USUAL_SPEED = SPEEDS.index(10.0)


class SpeedSlider(QSlider):
    """How many epochs a second training may make, up to as many as it can."""

    chosen = Signal(object)  # epochs a second, or None

    def __init__(self) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.setRange(0, len(SPEEDS) - 1)
        self.setPageStep(1)
        self.setFixedWidth(84)
        self.setAccessibleName("Speed of training")
        self.setToolTip("Speed of training: epochs a second, as fast as it goes at the right end")
        self.words = QLabel()
        self.words.setMinimumWidth(76)
        set_role(self.words, "label")
        self.words.setContentsMargins(4, 0, 0, 0)
        self.valueChanged.connect(self._announce)
        self.setValue(USUAL_SPEED)

    @property
    def speed(self) -> float | None:
        """Epochs a second; None for no limit."""
        return SPEEDS[self.value()]

    def _announce(self) -> None:
        self.words.setText("full speed" if self.speed is None else f"{self.speed:g} epochs/s")
        self.chosen.emit(self.speed)


class Toolbar(QToolBar):
    """Stepping, the sample, training, and where to go."""

    def __init__(
        self, commands: Commands, session: Session, attempt: Attempt, keys: KeyMap
    ) -> None:
        super().__init__("Toolbar")
        self._actions = commands
        self._keys = keys
        self._session = session
        self._attempt = attempt
        self.setObjectName("toolbar")
        self.setMovable(False)
        self.setIconSize(QSize(16, 16))
        self.row = self._spin("Row of the data that is shown, counted from 0")
        self.epochs = self._spin("How many epochs a training run adds")
        self.train = QPushButton()
        self.speed = SpeedSlider()
        self.goto = GotoField()
        self._build()

    def _spin(self, hint: str) -> WholeField:
        box = WholeField(0, MOST_EPOCHS, 0)
        box.setToolTip(hint)
        box.setAccessibleName(hint)
        box.setFixedWidth(76)
        return box

    def _build(self) -> None:
        self._buttons(_BACK, text=False)
        self.addSeparator()
        self._buttons(_FORWARD, text=True)
        self._buttons(("to_end",), text=False)
        self.addSeparator()
        self._label("Row")
        self.addWidget(self.row)
        self._buttons(("previous_row", "next_row"), text=False)
        self._only_wide = self._buttons(("whole_batch",), text=False)
        self.addSeparator()
        set_primary(self.train)
        self.train.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.train.setMinimumWidth(92)
        self.train.clicked.connect(self._actions["train"].trigger)
        self.addWidget(self.train)
        self._label("Epochs")
        self.epochs.setRange(1, MOST_EPOCHS)
        self.addWidget(self.epochs)
        self._only_wide += [
            self._label("Speed"),
            self.addWidget(self.speed),
            self.addWidget(self.speed.words),
        ]
        self._buttons(("restart",), text=False)
        spacer = QWidget()
        spacer.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.addWidget(spacer)
        self.addWidget(self.goto)
        self._buttons(("light_dark",), text=False)
        self.speed.chosen.connect(
            lambda speed: self._attempt(lambda: self._session.limit_speed(speed))
        )
        self.row.valueChanged.connect(self._choose_row)
        self.epochs.valueChanged.connect(
            lambda count: self._attempt(lambda: self._session.change(epochs=count))
        )

    def _buttons(self, names: tuple[str, ...], text: bool) -> list[QAction]:
        """A button for each action; the places they take in the bar."""
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

    def _label(self, text: str) -> QAction:
        label = QLabel(text)
        set_role(label, "label")
        label.setContentsMargins(4, 0, 4, 0)
        return self.addWidget(label)

    def arrange(self, narrow: bool) -> None:
        """Leave out what a narrow window has no room for."""
        for action in self._only_wide:
            action.setVisible(not narrow)

    def _choose_row(self, row: int) -> None:
        if not self._attempt(lambda: self._session.choose_row(row)):
            self._show_row()

    def _show_row(self) -> None:
        self.row.blockSignals(True)
        self.row.setRange(int(self._session.data.rows[0]), int(self._session.data.rows[-1]))
        self.row.setValue(self._session.row)
        self.row.blockSignals(False)

    def refresh(self) -> None:
        """Show the session's row, epochs and whether it is training."""
        self._show_row()
        self.epochs.blockSignals(True)
        self.epochs.setValue(self._session.experiment.epochs)
        self.epochs.blockSignals(False)
        training = self._session.is_training
        self.goto.setEnabled(not training)
        text = "Pause" if training else "Train"
        self.train.setText(text)
        self.train.setAccessibleName(text)
        self.show_keys()

    def show_keys(self) -> None:
        """The keys in force in the tooltips of what is no plain button."""
        key = self._keys.text("train")
        self.train.setToolTip(f"{self.train.text()} ({key})" if key else self.train.text())
        row = f"Row of the data that is shown, counted from 0 ({self._keys.text('next_row')})"
        self.row.setToolTip(row.removesuffix(" ()"))
        self.goto.show_key(self._keys.first("goto"), self._keys.tooltip("goto"))

    def retheme(self, theme: Theme) -> None:
        """Tint the icons."""
        for spec in actions.ACTIONS:
            if spec.icon:
                self._actions[spec.name].setIcon(icon(spec.icon, theme))
        if theme.dark:
            self._actions["light_dark"].setIcon(icon("sun", theme))
        name = "pause" if self._session.is_training else "train"
        self.train.setIcon(icon(name, theme, 16, theme.on_accent))


class StatusLine(QStatusBar):
    """What is going on, where we are, and the value there."""

    def __init__(self, copy_address: QAction) -> None:
        super().__init__()
        self.setSizeGripEnabled(False)
        self.setFixedHeight(24)
        self.state = QLabel()
        self.state.setFont(ui_font(Size.TABLE, SEMIBOLD))
        self.address = QLabel()
        self.address.setFont(mono_font(Size.TABLE))
        self.address.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.value = QLabel()
        self.value.setTextFormat(Qt.TextFormat.RichText)
        self.run = QLabel()
        self._build(copy_address)

    def _build(self, copy_address: QAction) -> None:
        left = QWidget()
        row = QHBoxLayout(left)
        row.setContentsMargins(12, 0, 0, 0)
        row.setSpacing(12)
        copy = QToolButton()
        copy.setDefaultAction(copy_address)
        copy.setStyleSheet("QToolButton { min-height: 0; padding: 1px; border: none; }")
        copy.setIconSize(QSize(14, 14))
        copy.setFixedSize(20, 20)
        copy.setAccessibleName("Copy address")
        for widget in (self.state, self.address, copy):
            row.addWidget(widget)
        self.addWidget(left)
        for widget in (self.run, self.value):
            widget.setContentsMargins(0, 0, 12, 0)
            self.addPermanentWidget(widget)

    def refresh(self, session: Session) -> None:
        """Show the current step of the session."""
        debugger = session.debugger
        self.state.setText(_state(session))
        self.address.setText(debugger.step.address)
        value = debugger.step.value
        self.value.setText(f"Value <b>{format_number(value)}</b>")
        self.value.setToolTip(repr(value))
        self.run.setText(_run_text(session))


def _state(session: Session) -> str:
    snapshot = session.snapshot
    if session.is_training and snapshot is not None:
        return "Getting ready" if snapshot.state == "preparing" else "Training"
    return "Paused"


def _run_text(session: Session) -> str:
    snapshot = session.snapshot
    if snapshot is None or snapshot.steps_done == 0:
        return ""
    text = f"Epoch {format_count(snapshot.epoch)}, {format_count(snapshot.steps_done)} updates"
    if session.is_training and snapshot.steps_per_second > 0:
        text += f", {format_count(round(snapshot.steps_per_second))} a second"
    return text
