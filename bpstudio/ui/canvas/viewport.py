"""A widget whose picture is zoomed and moved by wheel, drag and pinch."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QNativeGestureEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget

from bpstudio.ui.canvas import view as views
from bpstudio.ui.canvas.layout import FITTED, View


class Viewport(QWidget):
    """Keeps the view; a subclass draws by it, and says what a click does."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view = FITTED
        self._place: tuple[float, float] | None = None  # see `look_at`
        self._pressed: QPointF | None = None
        self._dragged: QPointF | None = None

    @property
    def view(self) -> View:
        return self._view

    def view_changed(self) -> None:
        """The picture has to be drawn anew: view or size changed."""

    def clicked(self, point: QPointF) -> None:
        """The left button was pressed and released without a drag."""

    def fit(self) -> None:
        """Show the whole picture."""
        self.set_view(FITTED)

    def zoom_in(self) -> None:
        self.zoom(views.STEP, self._middle())

    def zoom_out(self) -> None:
        self.zoom(1 / views.STEP, self._middle())

    def zoom(self, factor: float, at: QPointF) -> None:
        """Enlarge by a factor; what is at the point stays there."""
        size = (self.width(), self.height())
        self.set_view(views.zoomed(self._view, factor, at.x(), at.y(), *size))

    def pan(self, dx: float, dy: float) -> None:
        """Move by pixels."""
        self.set_view(views.panned(self._view, dx, dy, self.width(), self.height()))

    def look_at(self, zoom: float, x: float, y: float) -> None:
        """Zoomed and moved by parts of the width and height, whatever they become."""
        self.set_view(View(zoom, x * self.width(), y * self.height()))
        self._place = (x, y)

    def set_view(self, view: View) -> None:
        self._place = None
        if view != self._view:
            self._view = view
            self.view_changed()

    def _middle(self) -> QPointF:
        return QPointF(self.width() / 2, self.height() / 2)

    def resizeEvent(self, event: QResizeEvent) -> None:
        if self._place is not None:
            x, y = self._place
            self._view = View(self._view.zoom, x * self.width(), y * self.height())
        self._view = views.held(self._view, self.width(), self.height())
        self.view_changed()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() in (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton):
            self._pressed, self._dragged = event.position(), None

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed is None or not event.buttons():
            return
        at = event.position()
        if self._dragged is None:
            if (at - self._pressed).manhattanLength() < QApplication.startDragDistance():
                return
            self._dragged = self._pressed
        offset, self._dragged = at - self._dragged, at
        self.pan(offset.x(), offset.y())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        is_click = self._pressed is not None and self._dragged is None
        self._pressed = self._dragged = None
        if is_click and event.button() == Qt.MouseButton.LeftButton:
            self.clicked(event.position())

    def let_go(self) -> None:
        """What was pressed is neither a click nor a move of the picture."""
        self._pressed = self._dragged = None

    def wheelEvent(self, event: QWheelEvent) -> None:
        """A wheel zooms; two fingers on a pad move, with Ctrl they zoom."""
        on_pad = event.phase() != Qt.ScrollPhase.NoScrollPhase and not event.pixelDelta().isNull()
        if on_pad and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.pan(event.pixelDelta().x(), event.pixelDelta().y())
        else:
            self.zoom(views.STEP ** (event.angleDelta().y() / 120), event.position())
        event.accept()

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QNativeGestureEvent):
            if event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture:
                self.zoom(1 + event.value(), event.position())
            return True
        return super().event(event)
