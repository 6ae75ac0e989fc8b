"""Menu bar and status bar."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QMenu,
    QMenuBar,
    QStatusBar,
    QToolButton,
    QWidget,
)

from bpstudio.core.notation import counted, format_count, format_number
from bpstudio.debugger.session import Session
from bpstudio.ui import actions
from bpstudio.ui.commands import Commands
from bpstudio.ui.fonts import SEMIBOLD, Size, mono_font, ui_font
from bpstudio.ui.past_sign import PastSign
from bpstudio.ui.style import PADDING, set_role
from bpstudio.ui.visiting import address_now, place_words

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
        inner: dict[str, QMenu] = {"": menu}
        for spec in actions.specs_of(title):
            if spec.name in actions.GROUPS:
                menu.addSeparator()
            if spec.submenu not in inner:
                inner[spec.submenu] = menu.addMenu(spec.submenu)
                inner[spec.submenu].setToolTipsVisible(True)
            commands[spec.name].setIconVisibleInMenu(not spec.checkable)  # it would hide the check
            inner[spec.submenu].addAction(commands[spec.name])


class NameLabel(QLabel):
    """The data's name at the right end of the menus, shortened in its middle where it is long."""

    def __init__(self) -> None:
        super().__init__()
        set_role(self, "label")
        self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.setContentsMargins(0, 0, PADDING, 0)
        self.setFixedSize(_NAME_WIDTH, 26)  # the bar does not ask again when the text changes

    def show_name(self, name: str) -> None:
        """Another name."""
        room = _NAME_WIDTH - PADDING
        middle = Qt.TextElideMode.ElideMiddle
        self.setText(self.fontMetrics().elidedText(name, middle, room))
        self.setToolTip(name)


class StatusLine(QStatusBar):
    """What is going on, where we are, and the value there."""

    def __init__(self, copy_address: QAction, present: QAction) -> None:
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
        self.search = QLabel()
        self.past = PastSign(present)
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
        for widget in (self.state, self.address, copy, self.past):
            row.addWidget(widget)
        self.addWidget(left)
        for widget in (self.search, self.run, self.value):
            widget.setContentsMargins(0, 0, 12, 0)
            self.addPermanentWidget(widget)

    def show_search(self, text: str) -> None:
        """How long the last search was; "" for nothing."""
        self.search.setText(text)

    def show_searching(self, progress: float, stop_key: str) -> None:
        """How far a search has come."""
        ends = f", Stop with {stop_key}" if stop_key else ""
        self.search.setText(f"Searching … {progress:.0%}{ends}".replace("%", "\u2009%"))

    def refresh(self, session: Session) -> None:
        """Show the current step of the session."""
        debugger = session.debugger
        self.state.setText(_state(session))
        self.address.setText(address_now(debugger))
        self.past.show_place(place_words(session))
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
    done = snapshot.steps_done
    updates = counted(done, "update")
    text = f"Epoch {format_count(snapshot.epoch)}, {updates}"
    if session.is_training and snapshot.steps_per_second > 0:
        text += f", {format_count(round(snapshot.steps_per_second))} a second"
    return text
