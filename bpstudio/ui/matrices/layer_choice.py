"""Which layer the matrices belong to: buttons for a few, a list for many."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QWidget

from bpstudio.ui.segmented import Segment, SegmentedControl

MOST_BUTTONS = 4
_NAME = "Layer of the matrices"


class LayerChoice(QWidget):
    """One of l = 2 … L."""

    chosen = Signal(int)
    """The layer that the user chose."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._L = 0
        self._control: SegmentedControl | QComboBox | None = None
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)

    def show_layer(self, l: int, L: int) -> None:
        """The layer in force, of a network of L layers."""
        if L != self._L:
            self._L = L
            self._replace(self._make(L))
        if isinstance(self._control, SegmentedControl):
            self._control.choose(str(l))
        elif self._control is not None:
            self._control.setCurrentIndex(l - 2)

    @property
    def control(self) -> SegmentedControl | QComboBox:
        """What is shown now."""
        assert self._control is not None, "a layer is shown first"
        return self._control

    def _make(self, L: int) -> SegmentedControl | QComboBox:
        layers = range(2, L + 1)
        if len(layers) <= MOST_BUTTONS:
            segments = [
                Segment(str(l), f"l = {l}", f"Matrices of layer {l}", tex=True) for l in layers
            ]
            buttons = SegmentedControl(segments, _NAME)
            buttons.chosen.connect(self._choose_key)
            return buttons
        box = QComboBox()
        box.addItems([f"l = {l}" for l in layers])
        box.setAccessibleName(_NAME)
        box.setToolTip(_NAME)
        box.activated.connect(self._choose_index)
        return box

    def _replace(self, control: SegmentedControl | QComboBox) -> None:
        if self._control is not None:
            self._row.removeWidget(self._control)
            self._control.deleteLater()
        self._control = control
        self._row.addWidget(control)

    def _choose_key(self, key: str) -> None:
        self.chosen.emit(int(key))

    def _choose_index(self, index: int) -> None:
        self.chosen.emit(index + 2)
