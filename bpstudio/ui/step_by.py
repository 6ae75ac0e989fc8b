"""By what Into and Step back move: all units side by side, or in a list where room is short."""

from __future__ import annotations

from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QWidget

from bpstudio.ui.actions import UNITS
from bpstudio.ui.commands import Commands
from bpstudio.ui.segmented import Segment, SegmentedControl
from bpstudio.ui.style import set_role


class StepBy(QWidget):
    """Shows which unit is checked, and triggers the action of the one that is chosen."""

    def __init__(self, commands: Commands) -> None:
        super().__init__()
        self._commands = {unit: commands[f"by_{unit}"] for unit, _name, _key in UNITS}
        self.segments = SegmentedControl(
            [Segment(unit, name) for unit, name, _key in UNITS], "Step by"
        )
        self.list = QComboBox()
        for unit, name, _key in UNITS:
            self.list.addItem(name, unit)
        self._build()
        self.segments.chosen.connect(self._choose)
        self.list.activated.connect(lambda _n: self._choose(self.list.currentData()))
        self.arrange(roomy=True)

    def _build(self) -> None:
        label = QLabel("Step by")
        set_role(label, "label")
        self.list.setAccessibleName("Step by")
        self.list.setToolTip("The unit by which Into and Step back move")
        row = QHBoxLayout(self)
        row.setContentsMargins(4, 0, 4, 0)
        row.setSpacing(8)
        for widget in (label, self.segments, self.list):
            row.addWidget(widget)

    def arrange(self, roomy: bool) -> None:
        """All units side by side, or a list."""
        self.segments.setVisible(roomy)
        self.list.setVisible(not roomy)

    def _choose(self, unit: str) -> None:
        self._commands[unit].trigger()
        self.refresh()

    def refresh(self) -> None:
        """Show the unit in force, and which ones there are."""
        for n, (unit, action) in enumerate(self._commands.items()):
            tip = action.toolTip() if action.isEnabled() else action.whatsThis()
            self.segments.button(unit).setEnabled(action.isEnabled())
            self.segments.button(unit).setToolTip(tip)
            model = self.list.model()
            assert isinstance(model, QStandardItemModel)
            model.item(n).setEnabled(action.isEnabled())
            model.item(n).setToolTip(tip)
            if action.isChecked():
                self.segments.choose(unit)
                self.list.setCurrentIndex(n)
