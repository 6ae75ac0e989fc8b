"""What the window shows in presentation mode: a bar, network beside derivation, the timeline."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from bpstudio.ui.action_button import ActionButton
from bpstudio.ui.actions import UNITS, find
from bpstudio.ui.areas import stacked
from bpstudio.ui.commands import Commands
from bpstudio.ui.fonts import MEDIUM, Size, ui_font
from bpstudio.ui.style import set_role
from bpstudio.ui.theme import Appearance

_BAR, _ICON, _GAP = 32, 12, 4  # pixels at the ordinary size
_BACK, _FORWARD = ("reverse_continue", "back_into"), ("into", "over", "out")
_GO_ON, _LEAVE = "continue", "presentation"


class PresentationPage(QWidget):
    """Holds three panels for a while; the window has them back afterwards."""

    def __init__(self, commands: Commands, appearance: Appearance) -> None:
        super().__init__()
        set_role(self, "panel")
        self._commands, self._appearance = commands, appearance
        self.bar, self.unit = QWidget(), QLabel()
        self._row = QHBoxLayout(self.bar)
        self._texts = dict.fromkeys(_BACK, "") | {name: find(name).text for name in _FORWARD}
        self._texts |= {_GO_ON: "Continue", _LEAVE: "Leave presentation (Esc)"}
        self.buttons = {
            name: ActionButton(commands[name], text) for name, text in self._texts.items()
        }
        self.sides = stacked((), Qt.Orientation.Horizontal)
        self._whole = QVBoxLayout(self)
        self._lay_out()
        self._scale = 1.0
        appearance.changed.connect(self._retheme)

    def _lay_out(self) -> None:
        set_role(self.bar, "header")
        set_role(self.unit, "label")
        self.unit.setToolTip("By what Into and Step back move (Alt+1 to Alt+6)")
        for name, button in self.buttons.items():
            button.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
            if name == _LEAVE:
                self._row.addStretch(1)
                self._row.addWidget(self.unit)
            self._row.addWidget(button)
        self._whole.setContentsMargins(0, 0, 0, 0)
        self._whole.setSpacing(0)
        self._whole.addWidget(self.bar)
        self._whole.addWidget(self.sides, 1)

    def fill(self, network: QWidget, derivation: QWidget, timeline: QWidget) -> None:
        """Take the panels in."""
        for n, side in enumerate((network, derivation)):
            self.sides.insertWidget(n, side)
        self._whole.addWidget(timeline)
        for panel in (network, derivation, timeline):
            panel.show()
        self._halve()

    def _halve(self) -> None:
        self.sides.setSizes([self.width() // 2] * 2)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Both sides are equally wide, until the user moves what is between them."""
        super().resizeEvent(event)
        self._halve()

    def enlarge(self, scale: float) -> None:
        """Text, icons and buttons of the bar."""
        self._scale = scale
        font, side, gap = ui_font(Size.TABLE * scale, MEDIUM), round(_ICON * scale), _GAP * scale
        self.bar.setFixedHeight(round(_BAR * scale))
        self._row.setContentsMargins(round(2 * gap), round(gap), round(2 * gap), round(gap))
        self._row.setSpacing(round(gap))
        for widget in (*self.buttons.values(), self.unit):
            widget.setFont(font)
        for button in self.buttons.values():
            button.setIconSize(QSize(side, side))
        self.refresh()

    def _retheme(self) -> None:
        self.enlarge(self._scale)  # a new style sheet brings its own fonts

    def refresh(self) -> None:
        """What is enabled, and by what Into steps."""
        names = (name for unit, name, _key in UNITS if self._commands[f"by_{unit}"].isChecked())
        name = next(names, "")
        self.unit.setText(f"{name} by {name.lower()}" if name else "")
        for name, button in self.buttons.items():
            sign = "" if name == _LEAVE else find(name).icon
            tip = self._commands[name].toolTip()
            theme = self._appearance.theme
            button.show_as(self._texts[name], sign, name == _GO_ON, tip, theme)
