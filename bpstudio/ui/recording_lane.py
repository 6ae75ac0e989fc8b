"""The lane of the timeline that shows the whole recorded run: click or drag visits an update."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
)
from PySide6.QtWidgets import QToolTip, QWidget

from bpstudio.core.errors import InputError
from bpstudio.core.notation import format_count
from bpstudio.debugger.passes import split
from bpstudio.debugger.recording import Recording
from bpstudio.debugger.session import Session
from bpstudio.ui.fonts import Size, ui_font
from bpstudio.ui.lane_events import heard
from bpstudio.ui.palette import mix
from bpstudio.ui.run_events import event_text, events_of
from bpstudio.ui.strides import stride_of
from bpstudio.ui.style import PADDING
from bpstudio.ui.theme import Appearance

HEIGHT = 18
_LABELS = 88  # the lanes below begin there too
_LATER = 0.7  # how far what was recorded later is mixed to the surface
_NEAR = 5  # px from a mark that is pointed at
_ROOM = 44  # px that the name of an epoch needs


class RecordingLane(QWidget):
    """Epochs, where the run left another or got other settings, bookmarks, and where one is."""

    update_asked = Signal(int)

    def __init__(self, session: Session, appearance: Appearance) -> None:
        super().__init__()
        self._session, self._appearance = session, appearance
        self.setFixedHeight(HEIGHT)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAccessibleName("The recorded run")
        self.setAccessibleDescription(
            "Arrow keys go by an update, Page up and Page down by an epoch, Home, End"
        )
        appearance.changed.connect(lambda _theme: self.update())

    # ---- geometry -------------------------------------------------------------------------------

    @property
    def _run(self) -> Recording | None:
        run = self._session.recording
        return run if run is not None and run.segments and self._length(run) > 0 else None

    def _length(self, run: Recording) -> int:
        return self._session.length_of(run)

    @property
    def has_run(self) -> bool:
        """Whether there is something to show."""
        return self._run is not None

    @property
    def T(self) -> int:
        """The update on show, the next one in the present."""
        run, visited = self._run, self._session.debugger.visited
        return visited.T if visited is not None else 0 if run is None else self._length(run)

    def _strip(self) -> QRectF:
        return QRectF(_LABELS, 2, max(self.width() - _LABELS - PADDING, 1), HEIGHT - 6)

    def _x(self, T: float, run: Recording) -> float:
        strip = self._strip()
        return strip.x() + strip.width() * T / self._length(run)

    def update_at(self, x: float) -> int:
        """The update under a place of the lane."""
        run, strip = self._run, self._strip()
        if run is None:
            return 0
        length = self._length(run)
        return min(max(round((x - strip.x()) / strip.width() * length), 0), length)

    # ---- events ---------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Visit what was clicked."""
        if event.button() == Qt.MouseButton.LeftButton and self.has_run:
            self.update_asked.emit(self.update_at(event.position().x()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Follow the pointer while it is dragged, to updates that are reached at once."""
        run = self._run
        if event.buttons() & Qt.MouseButton.LeftButton and run is not None:
            self.update_asked.emit(run.nearby(self.update_at(event.position().x())))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Visit what the drag ended on."""
        self.mousePressEvent(event)

    def event(self, event: QEvent) -> bool:
        """Keys that are actions of the window move the playhead here; hovering names the update."""
        return heard(event, self._show_tip) or super().event(event)

    def _show_tip(self, event: QHelpEvent) -> None:
        run = self._run
        if run is not None:
            QToolTip.showText(event.globalPos(), self.tip_at(event.pos().x()), self)

    def tip_at(self, x: float) -> str:
        """What was changed at a place of the lane, and the update there."""
        run, T = self._run, self.update_at(x)
        if run is None:
            return ""
        near = [at for at in events_of(run) if abs(self._x(at, run) - x) <= _NEAR]
        epoch, batch = run.place(T)
        update = f"Update {format_count(T)}, e{epoch}/b{batch}; click to visit it"
        return "\n".join([*(event_text(run, at) for at in near), update])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows by an update, Page up and down by an epoch, Home and End."""
        run = self._run
        if run is None:
            super().keyPressEvent(event)
            return
        page = run.segments[-1].training.batches_per_epoch
        targets = {
            Qt.Key.Key_Left: self.T - 1,
            Qt.Key.Key_Right: self.T + 1,
            Qt.Key.Key_PageUp: self.T - page,
            Qt.Key.Key_PageDown: self.T + page,
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: self._length(run),
        }
        if event.key() not in targets:
            super().keyPressEvent(event)
            return
        self.update_asked.emit(min(max(targets[Qt.Key(event.key())], 0), self._length(run)))

    # ---- painting -------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """The bar up to the update on show, what was recorded later, names and marks."""
        run, theme = self._run, self._appearance.theme
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(theme.surface))
        if run is not None:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint_bar(painter, run)
            self._paint_epochs(painter, run)
            self._paint_marks(painter, run)
            x = self._x(self.T, run)
            painter.fillRect(QRectF(x - 1, 0, 2, HEIGHT), QColor(theme.accent))
        if self.hasFocus():
            painter.setPen(QPen(QColor(theme.accent), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(3, 1, -3, -1), 4, 4)

    def _paint_bar(self, painter: QPainter, run: Recording) -> None:
        theme, strip = self._appearance.theme, self._strip()
        name = QRectF(PADDING, strip.y(), _LABELS - PADDING, strip.height())
        painter.setFont(ui_font(Size.CAPTION))
        painter.setPen(QColor(theme.text2))
        painter.drawText(name, Qt.AlignmentFlag.AlignVCenter, "Recording")
        done = QRectF(strip)
        done.setRight(self._x(self.T, run))
        painter.fillRect(strip, QColor(mix(theme.divider, theme.surface, _LATER)))
        painter.fillRect(done, QColor(theme.divider))

    def _paint_epochs(self, painter: QPainter, run: Recording) -> None:
        """A line where an epoch begins, with its name, as many as there is room for."""
        theme, strip = self._appearance.theme, self._strip()
        per_epoch = run.segments[-1].training.batches_per_epoch
        last = run.place(self._length(run))[0]
        stride = stride_of(max(round(last / max(strip.width() / _ROOM / 5, 1)), 1))
        for epoch in range(0, last + 1, stride):
            T = _start(run, epoch)
            if T is None:
                continue
            x = self._x(T, run)
            painter.fillRect(QRectF(x, strip.y(), 1, strip.height()), QColor(theme.border))
            room = min(self._x(T + stride * per_epoch, run), strip.right()) - x
            text = f"e{epoch}"
            if painter.fontMetrics().horizontalAdvance(text) + 6 <= room:
                painter.setPen(QColor(theme.text2))
                box = QRectF(x + 4, strip.y(), room, strip.height())
                painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, text)

    def _paint_marks(self, painter: QPainter, run: Recording) -> None:
        """A diamond where the run left another, a wedge where a setting was changed, flags at
        bookmarks.
        """
        theme, strip = self._appearance.theme, self._strip()
        painter.setPen(QPen(QColor(theme.text1), 1.25))
        painter.setBrush(QColor(theme.surface))
        if run.parent is not None:
            at = QPointF(self._x(run.branched_at, run), strip.center().y())
            corners = ((0, -4.5), (4.5, 0), (0, 4.5), (-4.5, 0))
            painter.drawPolygon(QPolygonF([at + QPointF(*corner) for corner in corners]))
        painter.setBrush(QColor(theme.text1))
        for T in events_of(run).keys() - {run.branched_at}:
            top = QPointF(self._x(T, run), strip.y() - 1)
            wedge = (QPointF(-3.5, 0), QPointF(3.5, 0), QPointF(0, 5))
            painter.drawPolygon(QPolygonF([top + point for point in wedge]))
        for T in bookmarked(self._session, run):
            top = QPointF(self._x(T, run), strip.y() - 1)
            painter.drawLine(top, top + QPointF(0, strip.height() + 1))
            flag = (QPointF(0, 0), QPointF(6, 2.5), QPointF(0, 5))
            painter.drawPolygon(QPolygonF([top + point for point in flag]))


def bookmarked(session: Session, run: Recording) -> list[int]:
    """The updates of a run in which a step is marked."""
    places = (split(address)[0] for address in session.debugger.bookmarks)
    found = (_number(run, *place) for place in places if place is not None)
    return sorted({T for T in found if T is not None})


def _start(run: Recording, epoch: int) -> int | None:
    return _number(run, epoch, 0)


def _number(run: Recording, epoch: int, batch: int) -> int | None:
    try:
        return run.number(epoch, batch)
    except InputError:  # not in this run
        return None
