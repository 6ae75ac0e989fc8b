"""The header of a panel about one parameter: title, symbol, a sentence, and a pin."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from bpstudio.core.network import Network
from bpstudio.core.sequence import Step
from bpstudio.ui.analysis.parameter import Parameter, ParameterChoice
from bpstudio.ui.buttons import icon_button
from bpstudio.ui.formula_label import FormulaLabel
from bpstudio.ui.style import HEADER_HEIGHT, PADDING, set_role
from bpstudio.ui.theme import Appearance


class ParameterHeader(QWidget):
    """Says what is shown; follows the step, unless the pin keeps it at its parameter."""

    pinned = Signal()
    """The pin was put in or taken out."""

    def __init__(self, title: str, appearance: Appearance) -> None:
        super().__init__()
        set_role(self, "header")
        self.setFixedHeight(HEADER_HEIGHT)
        name = QLabel(title)
        set_role(name, "title")
        self.symbol = FormulaLabel(size=15, display=False)
        self.said = QLabel()
        set_role(self.said, "label")
        self.said.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.pin = icon_button("pin", "Stay at this parameter while stepping", appearance)
        self.pin.setCheckable(True)
        self._choice = ParameterChoice()
        self.pin.toggled.connect(self._stay)
        row = QHBoxLayout(self)
        row.setContentsMargins(PADDING, 0, PADDING, 0)
        row.setSpacing(8)
        row.addWidget(name)
        row.addWidget(self.symbol)
        row.addWidget(self.said, 1)
        row.addWidget(self.pin)

    @property
    def parameter(self) -> Parameter:
        """The one in question."""
        return self._choice.parameter

    def choose(self, parameter: Parameter) -> None:
        """Stay at this one until the pin is taken out."""
        self._choice.choose(parameter)
        self.pin.setChecked(True)

    def follow(self, step: Step, network: Network) -> None:
        """The current step is another one, or the network."""
        self._choice.follow(step, network)
        self.pin.setChecked(self._choice.stays)

    def _stay(self, on: bool) -> None:
        self._choice.stays = on
        self.pinned.emit()

    def show_parameter(self, tex: str, said: str) -> None:
        """Its symbol, and one sentence about it."""
        self.symbol.set_tex(tex)
        self.said.setText(said)
        self.said.setToolTip(said)
