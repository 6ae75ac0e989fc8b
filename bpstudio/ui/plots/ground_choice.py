"""Which ground is shown: one weight or two, how far to each side, and over which rows."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QLabel, QLineEdit, QWidget

from bpstudio.core.errors import InputError
from bpstudio.core.landscape import Parameter
from bpstudio.core.network import Network
from bpstudio.debugger.session import Session
from bpstudio.ui.attempt import Attempt
from bpstudio.ui.buttons import icon_button
from bpstudio.ui.fields import RealField
from bpstudio.ui.fonts import mono_font
from bpstudio.ui.segmented import Segment, SegmentedControl
from bpstudio.ui.style import set_invalid, set_role
from bpstudio.ui.theme import Appearance

_ROWS = (
    Segment("pass", "Pass", "The loss of the rows of the pass on show"),
    Segment("training", "Training", "The loss of all training rows"),
)


class GroundChoice(QObject):
    """The controls and what is chosen by them."""

    changed = Signal()
    """Other weights, another reach or other rows."""

    def __init__(
        self, session: Session, appearance: Appearance, attempt: Attempt, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._session, self._attempt = session, attempt
        self.along: tuple[Parameter, ...] = ()
        self.first = _field("Weight along x", "The weight or bias along x")
        self.second = _field("Weight along y", "The weight or bias along y; empty for a curve")
        self.second.setPlaceholderText("and …")
        self.take = icon_button("pin", "Take the weight of the current step", appearance)
        self.reach = _reach_field()
        self.sign = QLabel("±")
        set_role(self.sign, "label")
        self.rows = SegmentedControl(_ROWS, "Rows whose loss is shown")
        for field in (self.first, self.second):
            field.editingFinished.connect(self._take_typed)
        self.take.clicked.connect(self.take_current)
        self.reach.valueChanged.connect(lambda _value: self.changed.emit())
        self.rows.chosen.connect(lambda _key: self.changed.emit())

    @property
    def controls(self) -> tuple[QWidget, ...]:
        """To be put above the plot."""
        return self.first, self.second, self.take, self.sign, self.reach, self.rows

    @property
    def is_there(self) -> bool:
        """Whether the network has the chosen weights."""
        network = self._session.network
        try:
            return all(Parameter.parse(str(p), network) == p for p in self.along)
        except InputError:
            return False

    def choose(self, *along: Parameter) -> None:
        """Take these, one or two; the reach is what suits their layers."""
        self.along = tuple(dict.fromkeys(along))
        self._show_along()
        self.reach.blockSignals(True)
        self.reach.setValue(_usual_reach(self._session.network, self.along))
        self.reach.blockSignals(False)
        self.changed.emit()

    def take_current(self) -> None:
        """Take the weight of the current step, else the first one of the output layer."""
        step = self._session.debugger.step
        found = Parameter(self._session.network.L, 0, 0)
        if step.l is not None and step.j is not None and step.k is not None:
            found = Parameter(step.l, step.j, step.k)
        self.choose(found, *(self.along[1:] if self.is_there else ()))

    def _show_along(self) -> None:
        for n, field in enumerate((self.first, self.second)):
            field.setText(str(self.along[n]) if n < len(self.along) else "")
            field.setCursorPosition(0)
            set_invalid(field, False)

    def _take_typed(self) -> None:
        """What is no weight stays and is marked; with nothing typed, all is as it was."""
        typed = [field.text() for field in (self.first, self.second) if field.text().strip()]
        found: list[Parameter] = []
        valid = self._attempt(lambda: found.extend(_parsed(typed, self._session.network)))
        for field in (self.first, self.second):
            set_invalid(field, not valid)
        if valid and found and tuple(found) != self.along:
            self.choose(*found)
        elif valid:
            self._show_along()


def _parsed(typed: list[str], network: Network) -> list[Parameter]:
    found = [Parameter.parse(text, network) for text in typed]
    if len(set(found)) < len(found):
        raise InputError(f"{found[0]} is given twice; choose two different weights")
    return found


def _usual_reach(network: Network, along: tuple[Parameter, ...]) -> float:
    """Three times the spread of the layer's weights, in one digit."""
    spread = max(float(np.sqrt(np.square(network.layer(p.l).W).mean())) for p in along)
    largest = max(abs(p.value(network)) for p in along)
    return float(f"{max(3 * spread, 1.5 * largest) or 1.0:.1g}")


def _field(name: str, tip: str) -> QLineEdit:
    field = QLineEdit()
    field.setFont(mono_font())
    field.setAccessibleName(name)
    field.setToolTip(f"{tip}: an address such as w/l3/j2/k1 or b/l3/j2 (Enter)")
    field.setMinimumWidth(60)
    field.setMaximumWidth(104)
    return field


def _reach_field() -> RealField:
    field = RealField(1e-12, 1e12, 1.0)
    field.setAccessibleName("Reach")
    field.setToolTip("How far the picture goes to each side of where the weights stand")
    field.setMaximumWidth(66)
    return field
