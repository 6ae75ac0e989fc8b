"""The lower dock: the timeline over two groups of tabs, plots at the left, tables at the right."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QTabWidget, QVBoxLayout, QWidget

from bpstudio.ui.style import set_role

NARROW = 760  # below it there is one group of tabs


class BottomPanel(QWidget):
    """Lays out what it is given; knows no panel by its class."""

    def __init__(
        self,
        timeline: QWidget,
        plots: dict[str, QWidget],
        tables: dict[str, QWidget],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        set_role(self, "panel")
        self._plots = plots
        self._tables = tables
        self.left = _tabs("Plots")
        self.right = _tabs("Tables")
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.addWidget(self.left)
        self.splitter.addWidget(self.right)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setStretchFactor(0, 1)
        self.splitter.setStretchFactor(1, 1)
        self.splitter.setSizes([500, 500])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(timeline)
        layout.addWidget(self.splitter, 1)
        self._narrow: bool | None = None
        self.arrange(narrow=False)

    def arrange(self, narrow: bool) -> None:
        """Two groups of tabs side by side, or one where there is little room."""
        if narrow == self._narrow:
            return
        shown = self.shown()
        self._narrow = narrow
        groups = (
            ((self.right, {**self._tables, **self._plots}),)
            if narrow
            else (
                (self.left, self._plots),
                (self.right, self._tables),
            )
        )
        for tabs, pages in groups:
            for title, page in pages.items():
                tabs.addTab(page, title)
        self.left.setVisible(not narrow)
        for title in shown:
            self.show_page(title)

    def shown(self) -> tuple[str, ...]:
        """Titles of the pages on top."""
        return tuple(
            tabs.tabText(tabs.currentIndex())
            for tabs in (self.left, self.right)
            if tabs.currentIndex() >= 0
        )

    def pages(self) -> tuple[QWidget, ...]:
        """The pages on top."""
        shown = (tabs.currentWidget() for tabs in (self.left, self.right))
        return tuple(page for page in shown if page is not None)

    def show_page(self, title: str) -> QWidget | None:
        """Bring a page to the front; → the page."""
        for tabs in (self.left, self.right):
            for index in range(tabs.count()):
                if tabs.tabText(index) == title:
                    tabs.setCurrentIndex(index)
                    return tabs.widget(index)
        return None


def _tabs(name: str) -> QTabWidget:
    tabs = QTabWidget()
    tabs.setDocumentMode(True)
    tabs.setAccessibleName(name)
    tabs.tabBar().setExpanding(False)
    tabs.tabBar().setAccessibleName(name)
    return tabs
