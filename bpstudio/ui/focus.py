"""The focus ring: 2 px of accent round whatever the keyboard is in, 2 px clear of it."""

from __future__ import annotations

import weakref
from collections.abc import Iterator

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QWidget
from shiboken6 import isValid

from bpstudio.ui.style import RADIUS
from bpstudio.ui.theme import current_theme

GAP = 2
WIDTH = 2
INSIDE = "focus_inside"
"""Property of widgets that fill their place, such as the canvas: their ring is drawn inside."""

_PLACE_EVENTS = {QEvent.Type.Move, QEvent.Type.Resize, QEvent.Type.Show, QEvent.Type.Hide}


class FocusRing(QObject):
    """Rings the widget that has the focus, where a key and not the mouse brought it there."""

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._frame: _Frame | None = None
        self._left: tuple[weakref.ref[QWidget] | None, bool] = (None, False)
        app.focusChanged.connect(self._focus_moved)

    @property
    def rect(self) -> QRect | None:
        """Where the ring is in its window; None while there is none."""
        return self._frame.geometry() if self._frame and isValid(self._frame) else None

    def _focus_moved(self, old: QWidget | None, new: QWidget | None) -> None:
        shown = self._take_away()
        if new is None:
            self._left = (weakref.ref(old) if old else None, shown)
        elif _wants_ring(new) and (self._was_ringed(new) if old is None else _by_key()):
            self._frame = _Frame(new)

    def _was_ringed(self, widget: QWidget) -> bool:
        """Coming back from another window, the ring is as it was."""
        left, shown = self._left
        return shown if left and left() is widget else _by_key()

    def _take_away(self) -> bool:
        frame, self._frame = self._frame, None
        if frame is None or not isValid(frame):
            return False
        frame.leave()
        return True


class _Frame(QWidget):
    """The ring as a widget of the window, above everything and in nobody's way."""

    def __init__(self, target: QWidget) -> None:
        super().__init__(target.window())
        self._target = target
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        for widget in _lineage(target):
            widget.installEventFilter(self)
        self._follow()

    def leave(self) -> None:
        if isValid(self._target):
            for widget in _lineage(self._target):
                widget.removeEventFilter(self)
        self.hide()
        self.deleteLater()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _PLACE_EVENTS and isValid(self._target):
            self._follow()
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(current_theme().accent), WIDTH))
        inset = WIDTH / 2
        box = QRectF(self.rect()).adjusted(inset, inset, -inset, -inset)
        painter.drawRoundedRect(box, RADIUS + GAP, RADIUS + GAP)
        painter.end()

    def _follow(self) -> None:
        target = self._target
        self.setGeometry(_ring_rect(target))
        self.setVisible(target.isVisible())
        self.raise_()


def _ring_rect(target: QWidget) -> QRect:
    window = target.window()
    rect = QRect(target.mapTo(window, QPoint(0, 0)), target.size())
    if not _inside(target):
        reach = GAP + WIDTH
        rect = rect.adjusted(-reach, -reach, reach, reach)
    return rect.intersected(window.rect())


def _inside(target: QWidget) -> bool:
    return isinstance(target, QAbstractScrollArea) or bool(target.property(INSIDE))


def _wants_ring(widget: QWidget) -> bool:
    kinds = (Qt.WindowType.Popup, Qt.WindowType.ToolTip)
    own = widget.property("focus_own")  # it draws its ring itself
    return not (own or widget.isWindow() or widget.window().windowType() in kinds)


def _by_key() -> bool:
    """Whether the focus moves by a key: the mouse moves it while one of its buttons is down."""
    return QApplication.mouseButtons() == Qt.MouseButton.NoButton


def _lineage(widget: QWidget) -> Iterator[QWidget]:
    current: QWidget | None = widget
    while current is not None:
        yield current
        current = None if current.isWindow() else current.parentWidget()
