"""An area of the window: panels as pages of a group of tabs."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QSplitter, QTabWidget, QToolButton, QWidget

Page = tuple[str, str, QWidget]
"""Name, title and panel."""


_ARROWS = {"ScrollLeftButton": "Tabs before these", "ScrollRightButton": "Tabs after these"}


class Area(QTabWidget):
    """Pages of which one is on top; out of sight while there is none."""

    def __init__(self, name: str, tabs_for_one: bool) -> None:
        """``tabs_for_one``: whether a page has a tab although it is the only one."""
        super().__init__()
        self._names: list[str] = []
        self.setDocumentMode(True)
        self.setTabBarAutoHide(not tabs_for_one)
        self.setAccessibleName(name)
        # Its tabs take the keys; on behalf of tabs out of sight it would not let the Tab key pass.
        self.setFocusProxy(None)  # type: ignore[arg-type]  # Qt takes none
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.tabBar().setExpanding(False)
        self.tabBar().setAccessibleName(name)
        self.setUsesScrollButtons(True)
        for arrow in self.tabBar().findChildren(QToolButton):
            arrow.setToolTip(_ARROWS.get(arrow.objectName(), arrow.accessibleName()))
        self.currentChanged.connect(lambda _index: self.updateGeometry())

    def minimumSizeHint(self) -> QSize:
        """As much as the page on top needs; those behind it ask for nothing."""
        page = self.currentWidget()
        needed = page.minimumSizeHint().expandedTo(page.minimumSize()) if page else QSize()
        tabs = self.tabBar().sizeHint().height() if self.tabBar().isVisibleTo(self) else 0
        return QSize(needed.width(), needed.height() + tabs)

    @property
    def names(self) -> tuple[str, ...]:
        """The pages, in order."""
        return tuple(self._names)

    @property
    def on_top(self) -> str:
        """The name of the page on top; "" where there is none."""
        return self._names[self.currentIndex()] if self._names else ""

    def make_room(self, pages: Sequence[Page]) -> None:
        """Take its pages out, where these are to come.

        The one on top is the last, else another one would be shown in its place.
        """
        if self._has(pages):
            return
        self._names = []
        for n in reversed(range(self.count())):
            if n != self.currentIndex():
                self.removeTab(n)
        self.clear()

    def put(self, pages: Sequence[Page], on_top: str = "") -> None:
        """Have these pages, one of them on top, else the first; no other is shown meanwhile."""
        self.make_room(pages)
        names = [name for name, _title, _panel in pages]
        front = names.index(on_top) if on_top in names else 0
        if self.count() == 0:
            for _name, title, panel in pages[front:]:
                self.addTab(panel, title)
            for n, (_name, title, panel) in enumerate(pages[:front]):
                self.insertTab(n, panel, title)
        self._names = names
        self.setCurrentIndex(front)
        self.setVisible(bool(pages))

    def _has(self, pages: Sequence[Page]) -> bool:
        """Whether these are its pages already; one that went to another area is none any more."""
        there = [self.widget(n) for n in range(self.count())]
        return there == [panel for _name, _title, panel in pages] and bool(pages)

    def bring(self, name: str) -> bool:
        """Put a page on top; False where it is not here."""
        if name in self._names:
            self.setCurrentIndex(self._names.index(name))
        return name in self._names


def stacked(areas: Sequence[QWidget], direction: Qt.Orientation) -> QSplitter:
    """Areas beside or over each other, with a handle between them."""
    splitter = QSplitter(direction)
    splitter.setChildrenCollapsible(False)
    for n, area in enumerate(areas):
        splitter.addWidget(area)
        splitter.setStretchFactor(n, 1)
    return splitter
