"""The heads of the columns in sight, over the rows and scrolled with them."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QTableView, QWidget

from bpstudio.files.import_options import ImportOptions
from bpstudio.files.preview import Preview
from bpstudio.ui.fonts import Size, ui_font
from bpstudio.ui.importing.head import HEAD_HEIGHT, HEIGHTS, ROWS, ColumnHead
from bpstudio.ui.importing.lines import COLUMN_WIDTH, LEFT, LEFT_WIDTH
from bpstudio.ui.style import set_role
from bpstudio.ui.theme import Appearance


class Heads(QWidget):
    """As many heads as fit; however many columns a file has, there are no more."""

    changed = Signal(int, str, object)
    """As a head's."""

    def __init__(self, appearance: Appearance, view: QTableView, parent: QWidget) -> None:
        super().__init__(parent)
        set_role(self, "header")
        self._appearance, self._view = appearance, view
        self._preview: Preview | None = None
        self._said = ImportOptions()
        self._scale = "standard"
        self.heads: list[ColumnHead] = []
        self._area = QWidget(self)
        self._ahead = QTimer(self)
        self._ahead.timeout.connect(self._make_ahead)
        self.setFixedHeight(HEAD_HEIGHT)
        self._label_rows()
        view.horizontalScrollBar().valueChanged.connect(self._arrange)

    def _label_rows(self) -> None:
        for place, text in enumerate(LEFT):
            self._label(text, place * LEFT_WIDTH, 0, LEFT_WIDTH, HEIGHTS[0])
        top = 0
        for text, height in zip(ROWS, HEIGHTS, strict=True):
            if text:
                self._label(text, 0, top, LEFT_WIDTH * len(LEFT), height)
            top += height

    def _label(self, text: str, x: int, y: int, width: int, height: int) -> None:
        label = QLabel(text, self)
        label.setFont(ui_font(Size.CAPTION))
        set_role(label, "label")
        label.setGeometry(x, y, width - 10, height)
        label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)

    def show_preview(self, preview: Preview | None, said: ImportOptions) -> None:
        """Other columns, or the same in another way."""
        self._preview, self._said = preview, said
        self._arrange()

    def show_scale(self, scale: str) -> None:
        """Another scaling of all columns that have none of their own."""
        self._scale = scale
        self._arrange()

    def head_of(self, index: int) -> ColumnHead:
        """The head of a column in sight. StopIteration where it is not."""
        return next(head for head in self.heads if head.isVisibleTo(self) and head.index == index)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """More or fewer columns fit."""
        super().resizeEvent(event)
        left = LEFT_WIDTH * len(LEFT)
        self._area.setGeometry(left, 0, self.width() - left, HEAD_HEIGHT)
        self._arrange()
        self._ahead.start(0)

    def _make_ahead(self) -> None:
        """One head a turn of the event loop, while the file is read: all at once hold it up."""
        if len(self.heads) < self._area.width() // COLUMN_WIDTH + 2:
            self._add_head()
        else:
            self._ahead.stop()

    def _add_head(self) -> None:
        head = ColumnHead(self._appearance, self._area)
        head.hide()
        head.changed.connect(self.changed)
        self.heads.append(head)

    def _arrange(self, *_: object) -> None:
        columns = () if self._preview is None else self._preview.columns
        offset = self._view.horizontalScrollBar().value()
        first = offset // COLUMN_WIDTH
        last = (offset + self._area.width()) // COLUMN_WIDTH + 1
        shown = columns[first:last]
        while len(self.heads) < len(shown):
            self._add_head()
        for place, head in enumerate(self.heads):
            head.setVisible(place < len(shown))
            if place < len(shown):
                x = (first + place) * COLUMN_WIDTH - offset
                head.setGeometry(x, 0, COLUMN_WIDTH, HEAD_HEIGHT)
                column = shown[place]
                head.show_column(column, self._said.column(column.column.index), self._scale)
