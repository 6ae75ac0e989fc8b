"""The lanes of the timeline: the whole pass and the part we are in, to click and drag on."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
)
from PySide6.QtWidgets import QToolTip, QWidget

from bpstudio.core.notation import format_count, format_number
from bpstudio.debugger.session import Session
from bpstudio.ui import lanes
from bpstudio.ui.fonts import SEMIBOLD, Size, ui_font
from bpstudio.ui.lane_events import heard
from bpstudio.ui.mixed_text import MixedText
from bpstudio.ui.style import PADDING
from bpstudio.ui.theme import Appearance

_LABEL_MARGIN = 5  # of a block's width that its label leaves free


@dataclass(frozen=True, slots=True)
class _Places:
    """Where the lanes lie. ``overview`` and ``chip`` are None where there is no room for them."""

    labels: int  # width of the lanes' names
    overview: QRectF | None
    chip: QRectF | None
    forward: QRectF
    backward: QRectF
    height: int


_THREE = _Places(
    88, QRectF(0, 2, 0, 12), QRectF(0, 17, 0, 16), QRectF(0, 34, 0, 15), QRectF(0, 51, 0, 15), 70
)
_ONE = _Places(PADDING, None, None, QRectF(0, 1, 0, 18), QRectF(0, 1, 0, 18), 22)
_LARGE = _Places(PADDING, None, QRectF(0, 0, 0, 15), QRectF(0, 17, 0, 17), QRectF(0, 17, 0, 17), 36)


class TimelineLanes(QWidget):
    """Overview, forward and backward lane, and the playhead; or all in one lane."""

    step_asked = Signal(object)  # an int; Qt's own would overflow at 2³¹

    def __init__(self, session: Session, appearance: Appearance) -> None:
        super().__init__()
        self._session = session
        self._appearance = appearance
        self._dragged: str | None = None
        self._blocks_of: object = None
        self._pictured: object = None
        self._places = _THREE
        self._scale = 1.0
        self.setFixedHeight(self._places.height)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAccessibleName("Timeline of the pass")
        self.setAccessibleDescription("Arrow keys step, Page up and Page down jump, Home, End")
        appearance.changed.connect(lambda _theme: self.update())

    def arrange(self, one_lane: bool, scale: float = 1.0) -> None:
        """Three lanes, or one where there is little room, or where it is enlarged."""
        self._places = _LARGE if scale > 1 else _ONE if one_lane else _THREE
        self._scale = scale
        self.setFixedHeight(round(self._places.height * scale))
        self._blocks_of = None
        self.update()

    # ---- geometry -------------------------------------------------------------------------------

    def _strip(self, lane: QRectF) -> QRectF:
        """A lane's rectangle at the present width."""
        left = self._places.labels
        return QRectF(left, lane.y(), max(self._width - left - PADDING, 1), lane.height())

    @property
    def _width(self) -> float:
        """The width in pixels before enlargement, as are all lengths here."""
        return self.width() / self._scale

    def _detail_strip(self) -> QRectF:
        """Both lanes of the detail."""
        return self._strip(self._places.forward).united(self._strip(self._places.backward))

    def _whole(self) -> range:
        return range(len(self._session.debugger.trace))

    def _detail(self) -> range:
        debugger = self._session.debugger
        return lanes.detail_range(debugger.sequence, debugger.cursor)

    def step_at(self, position: QPointF, lane: str | None = None) -> int | None:
        """The step under a point, or None beside the lanes."""
        lane = lane or self.lane_at(position)
        if lane is None:
            return None
        strip = self._detail_strip()
        fraction = (position.x() - strip.x()) / strip.width()
        return lanes.step_at(fraction, self._whole() if lane == "overview" else self._detail())

    def lane_at(self, position: QPointF) -> str | None:
        """ "overview" or "detail"; None beside both."""
        overview = self._places.overview
        if overview and self._strip(overview).adjusted(0, -2, 0, 2).contains(position):
            return "overview"
        reached = self._detail_strip().adjusted(0, -2, 0, 2).contains(position)
        return "detail" if reached else None

    # ---- events ---------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Go to the step that was clicked."""
        self._dragged = self.lane_at(event.position() / self._scale)
        self._ask(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Follow the pointer while it is dragged."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._ask(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End of the drag."""
        self._dragged = None

    def _ask(self, event: QMouseEvent) -> None:
        if self._dragged is None:
            return
        n = self.step_at(event.position() / self._scale, self._dragged)
        if n is not None and n != self._session.debugger.cursor:
            self.step_asked.emit(n)

    def event(self, event: QEvent) -> bool:
        """Keys that are actions of the window move the playhead here; hovering names the step."""
        return heard(event, self._show_tip) or super().event(event)

    def _show_tip(self, event: QHelpEvent) -> None:
        n = self.step_at(QPointF(event.pos()) / self._scale)
        if n is None:
            QToolTip.hideText()
            return
        term = self._session.debugger.trace[n]
        text = f"Step {format_count(n)}\n{term.address} = {format_number(term.value)}"
        QToolTip.showText(event.globalPos(), text, self)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows by one step, Page up and down by a twentieth, Home and End."""
        steps, n = self._detail(), self._session.debugger.cursor
        page = max(1, len(steps) // 20)
        targets = {
            Qt.Key.Key_Left: n - 1,
            Qt.Key.Key_Right: n + 1,
            Qt.Key.Key_PageUp: n - page,
            Qt.Key.Key_PageDown: n + page,
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: len(self._whole()) - 1,
        }
        if event.key() not in targets:
            super().keyPressEvent(event)
            return
        self.step_asked.emit(min(max(targets[Qt.Key(event.key())], 0), len(self._whole()) - 1))

    # ---- painting -------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """The lanes as they are kept, and the playhead on them."""
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._lanes_picture())
        painter.save()
        painter.scale(self._scale, self._scale)
        self._paint_playhead(painter)
        painter.restore()
        if self.hasFocus():
            painter.setPen(QPen(QColor(self._appearance.theme.accent), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(3, 1, -3, -3), 4, 4)

    def _lanes_picture(self) -> QPixmap:
        """Everything that stays as it is while the playhead moves within a block."""
        debugger, width = self._session.debugger, self._detail_strip().width()
        one_lane = self._places is not _THREE
        if self._blocks_of != (debugger.sequence, self._detail(), width):
            self._blocks_of = (debugger.sequence, self._detail(), width)
            self._overview = lanes.overview_blocks(debugger.sequence, width)
            self._blocks = lanes.detail_blocks(debugger.sequence, debugger.cursor, width, one_lane)
        lit = [block for block in self._blocks if block.first <= debugger.cursor < block.stop]
        look = (self.size(), self.devicePixelRatioF(), self._appearance.theme, self._places)
        if self._pictured != (self._blocks_of, lit, look):
            self._pictured = (self._blocks_of, lit, look)
            self._picture = self._paint_lanes()
        return self._picture

    def _paint_lanes(self) -> QPixmap:
        """All lanes; there are few blocks."""
        ratio = self.devicePixelRatioF()
        picture = QPixmap(self.size() * ratio)
        picture.setDevicePixelRatio(ratio)
        picture.fill(QColor(self._appearance.theme.surface))
        painter = QPainter(picture)
        painter.scale(self._scale, self._scale)
        painter.setFont(ui_font(Size.CAPTION))
        for block in self._blocks:
            self._paint_block(painter, block, self._detail())
        if self._places.overview is not None:
            self._paint_names(painter, self._places.overview)
            self._paint_overview(painter, self._places.overview)
        painter.end()
        return picture

    def _paint_overview(self, painter: QPainter, lane: QRectF) -> None:
        for block in self._overview:
            self._paint_block(painter, block, self._whole())
        self._paint_frame(painter, self._strip(lane))

    def _paint_names(self, painter: QPainter, overview: QRectF) -> None:
        debugger = self._session.debugger
        upper, lower = lanes.lane_names(debugger.sequence, debugger.cursor)
        forward, backward = self._places.forward, self._places.backward
        painter.setPen(QColor(self._appearance.theme.text2))
        for lane, name in (
            (overview, "Whole pass"),
            (forward if lower else forward.united(backward), upper),
            (backward, lower),
        ):
            box = QRectF(PADDING, lane.y(), self._places.labels - PADDING, lane.height())
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, name)

    def _paint_block(self, painter: QPainter, block: lanes.Block, steps: range) -> None:
        theme = self._appearance.theme
        box = self._block_box(block, steps)
        now = self._session.debugger.cursor
        current = block.lane != "overview" and block.first <= now < block.stop
        fill = theme.surface3 if block.lane in ("forward", "overview") else theme.divider
        if block.lane == "both" and not block.label:
            fill = theme.text2
        painter.fillRect(box, QColor(theme.accent_soft if current else fill))
        if current:
            painter.setPen(QPen(QColor(theme.accent), 1.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box.adjusted(0.75, 0.75, -0.75, -0.75), 2, 2)
        label = _fitting(block, box.width())
        if label is not None:
            left = box.center().x() - label.natural_width / 2
            room = QRectF(left, box.center().y() - label.line_height / 2, box.width(), box.height())
            color = theme.accent_text if current else theme.text2
            label.paint(painter, room, theme, color)

    def _block_box(self, block: lanes.Block, steps: range) -> QRectF:
        strip = self._lane_strip(block.lane)
        left = strip.x() + strip.width() * lanes.fraction_of(block.first, steps)
        right = strip.x() + strip.width() * lanes.fraction_of(block.stop, steps)
        gap = 1 if right - left > 3 else 0
        return QRectF(left, strip.y(), max(right - left - gap, 1.0), strip.height())

    def _lane_strip(self, lane: str) -> QRectF:
        places = self._places
        if lane == "overview" and places.overview is not None:
            return self._strip(places.overview)
        if lane == "both":
            return self._detail_strip()
        return self._strip(places.forward if lane == "forward" else places.backward)

    def _paint_frame(self, painter: QPainter, strip: QRectF) -> None:
        """The part of the whole pass that the detail shows."""
        theme = self._appearance.theme
        detail, whole = self._detail(), self._whole()
        left = strip.x() + strip.width() * lanes.fraction_of(detail.start, whole)
        right = strip.x() + strip.width() * lanes.fraction_of(detail.stop, whole)
        painter.setPen(QPen(QColor(theme.accent), 1.5))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        box = QRectF(left, strip.y() - 1, max(right - left, 4), strip.height() + 2)
        painter.drawRoundedRect(box, 3, 3)

    def _paint_playhead(self, painter: QPainter) -> None:
        theme, n = self._appearance.theme, self._session.debugger.cursor
        strip, chip = self._detail_strip(), self._places.chip
        x = strip.x() + strip.width() * lanes.fraction_of(n + 0.5, self._detail())
        top = strip.y() - 1 if chip is None else chip.y()
        painter.fillRect(QRectF(x - 1, top, 2, strip.bottom() - top + 2), QColor(theme.accent))
        if chip is not None:
            self._paint_chip(painter, x, chip, format_count(n))

    def _paint_chip(self, painter: QPainter, x: float, lane: QRectF, text: str) -> None:
        """The number of the step, over the playhead."""
        theme = self._appearance.theme
        painter.setFont(ui_font(Size.CAPTION, SEMIBOLD))
        width = painter.fontMetrics().horizontalAdvance(text) + 12
        left = min(max(x - width / 2, self._places.labels), self._width - PADDING - width)
        chip = QRectF(left, lane.y(), width, lane.height() - 1)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.accent))
        painter.drawRoundedRect(chip, 4, 4)
        painter.setPen(QColor(theme.on_accent))
        painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, text)


def _fitting(block: lanes.Block, width: float) -> MixedText | None:
    """The longer of a block's labels that has room in it."""
    for markup in (block.label, block.short):
        label = MixedText(markup, Size.CAPTION, line_height=14.0)
        if markup and label.natural_width + _LABEL_MARGIN <= width:
            return label
    return None
