"""Which sample is shown, with the name of the data: at the right end of the menus."""

from __future__ import annotations

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenuBar, QToolButton, QWidget

from bpstudio.debugger.session import Session
from bpstudio.ui.attempt import Attempt
from bpstudio.ui.bars import NameLabel
from bpstudio.ui.commands import Commands
from bpstudio.ui.fields import WholeField
from bpstudio.ui.key_map import KeyMap
from bpstudio.ui.style import PADDING, set_role

_HINT = "Row of the data that is shown, counted from 0"
_BUTTONS = ("previous_row", "next_row", "whole_batch")


class RowField(WholeField):
    """The number of a row; arrows go to the next one that there is, over those left out."""

    stepped = Signal(int)
    """So many rows on, or back."""

    def stepBy(self, steps: int) -> None:
        """Leave it to who knows the rows."""
        self.stepped.emit(steps)


class RowChooser(QWidget):
    """The row as a number, the neighbours, one row or a batch, and the name of the data."""

    def __init__(
        self, bar: QMenuBar, commands: Commands, session: Session, attempt: Attempt
    ) -> None:
        super().__init__()
        self._session, self._attempt = session, attempt
        self.row = RowField(0, 0, 0)
        self.row.setAccessibleName(_HINT)
        self.row.setFixedWidth(72)
        self.row.valueChanged.connect(self._choose)
        self.row.stepped.connect(self._step)
        self.name = NameLabel()
        self._build(commands)
        bar.setCornerWidget(self)

    def _build(self, commands: Commands) -> None:
        label = QLabel("Row")
        set_role(label, "label")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, PADDING, 0)
        layout.setSpacing(4)
        layout.addWidget(self.name)
        layout.addWidget(label)
        layout.addWidget(self.row)
        for name in _BUTTONS:
            button = QToolButton()
            button.setDefaultAction(commands[name])
            button.setIconSize(QSize(16, 16))
            button.setAccessibleName(commands[name].text())
            button.setFixedHeight(26)
            layout.addWidget(button)

    def _choose(self, row: int) -> None:
        if not self._attempt(lambda: self._session.choose_row(row)):
            self.refresh()

    def _step(self, offset: int) -> None:
        self._attempt(lambda: self._session.choose_neighbour(offset))

    def refresh(self) -> None:
        """Show the row that is shown."""
        self.row.blockSignals(True)
        rows = self._session.data.rows
        self.row.setRange(int(rows[0]), int(rows[-1]))
        self.row.setValue(self._session.row)
        self.row.setEnabled(self._session.debugger.visited is None)
        self.row.blockSignals(False)

    def show_keys(self, keys: KeyMap) -> None:
        """The key in force in the tooltip."""
        self.row.setToolTip(f"{_HINT} ({keys.text('next_row')})".removesuffix(" ()"))
