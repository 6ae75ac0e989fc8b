"""The header of the ledger: whose changes, in which view and order."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from bpstudio.ui.buttons import icon_button
from bpstudio.ui.formula_label import FormulaLabel
from bpstudio.ui.segmented import Segment, SegmentedControl
from bpstudio.ui.style import HEADER_HEIGHT, PADDING, set_role
from bpstudio.ui.theme import Appearance

_SPACING = 4
_BY_CLASS = "What the rows of each class did, all updates together"
_VIEWS = (
    Segment("iteration", "Iteration", "Each update's change"),
    Segment("sample", "Sample", "What each row of the data did, all updates together"),
    Segment("class", "Class", _BY_CLASS),
)


class LedgerHeader(QWidget):
    """The controls; what they do is the panel's."""

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        set_role(self, "header")
        self.setFixedHeight(HEADER_HEIGHT)
        self.symbol = FormulaLabel(size=15, display=False)
        self.view = SegmentedControl(_VIEWS, "Changes by")
        self.sort = icon_button("sort", "Largest first, or newest first", appearance)
        self.sort.setCheckable(True)
        self.sort.setChecked(True)
        self.pin = icon_button("pin", "Stay at this parameter while stepping", appearance)
        self.pin.setCheckable(True)
        self.titles = _title("Who changed"), _title("?")
        self._lay_out()

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(PADDING, 0, PADDING, 0)
        row.setSpacing(_SPACING)
        row.addWidget(self.titles[0])
        row.addWidget(self.symbol)
        row.addWidget(self.titles[1])
        row.addStretch(1)
        for widget in (self.sort, self.pin, self.view):
            row.addWidget(widget)

    def offer_classes(self, there: bool) -> None:
        """Whether the target has classes to sort by."""
        button = self.view.button("class")
        button.setEnabled(there)
        button.setToolTip(_BY_CLASS if there else "The target is a number, which has no classes")

    def minimumSizeHint(self) -> QSize:
        """The question gives way before the controls do."""
        size = super().minimumSizeHint()
        if self.titles[0].isVisibleTo(self):
            size.setWidth(size.width() - self._question_width())
        return size

    def event(self, event: QEvent) -> bool:
        """Leave the question out where it has no room, or its symbol took it."""
        if event.type() in (QEvent.Type.Resize, QEvent.Type.LayoutRequest):
            fits = self.width() >= self.minimumSizeHint().width() + self._question_width()
            for title in self.titles:
                title.setVisible(fits)
        return super().event(event)

    def _question_width(self) -> int:
        return sum(title.sizeHint().width() + _SPACING for title in self.titles)


def _title(text: str) -> QLabel:
    made = QLabel(text)
    set_role(made, "title")
    return made
