"""The fields of the toolbar: where to go, and how fast training is."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QLabel, QLineEdit, QSlider

from bpstudio.ui.style import set_role

_WITH_KEY, _WITHOUT = 150, 120  # room for its hint and its key, or its hint alone


class GotoField(QLineEdit):
    """Where a step number, a per cent or an address is typed."""

    asked = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setPlaceholderText("Go to step")
        self.setAccessibleName("Go to step or address")
        self.arrange(roomy=True)
        self.setMaximumWidth(260)
        self.returnPressed.connect(lambda: self.asked.emit(self.text()))
        self._key = QLabel(self)
        self._key.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        set_role(self._key, "key")
        self.textChanged.connect(self._place_key)

    def arrange(self, roomy: bool) -> None:
        """Without the room for its key in a narrow bar."""
        self.setMinimumWidth(_WITH_KEY if roomy else _WITHOUT)

    def show_key(self, key: str, tip: str) -> None:
        """The key stands in the empty field."""
        example = "a number such as 195, a part such as 50 %, or an address such as "
        self.setToolTip(f"{tip}: {example}s52/back/l3/j2/i1/dz_da, in a recorded run e3/b4")
        self._key.setText(key)
        self._place_key()

    def leave(self) -> None:
        """Empty the field and give the keys back to the window."""
        self.clear()
        self.window().setFocus()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The key stands at the right end while the field is empty, and where it has room."""
        super().resizeEvent(event)
        self._place_key()

    def _place_key(self, *_: object) -> None:
        self._key.setVisible(not self.text() and self.width() >= _WITH_KEY)
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
