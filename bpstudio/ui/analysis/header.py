"""The header of a panel about one parameter: title, symbol, a sentence, and a pin."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from bpstudio.ui.buttons import icon_button
from bpstudio.ui.formula_label import FormulaLabel
from bpstudio.ui.style import HEADER_HEIGHT, PADDING, set_role
from bpstudio.ui.theme import Appearance


class ParameterHeader(QWidget):
    """Says what is shown; the pin keeps the panel at its parameter."""

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
        row = QHBoxLayout(self)
        row.setContentsMargins(PADDING, 0, PADDING, 0)
        row.setSpacing(8)
        row.addWidget(name)
        row.addWidget(self.symbol)
        row.addWidget(self.said, 1)
        row.addWidget(self.pin)

    def show_parameter(self, tex: str, said: str) -> None:
        """Its symbol, and one sentence about it."""
        self.symbol.set_tex(tex)
        self.said.setText(said)
        self.said.setToolTip(said)
