"""The timeline: the whole pass and the part we are in, as lanes to click and drag on."""

from __future__ import annotations

from collections.abc import Callable

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
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QToolTip, QVBoxLayout, QWidget

from bpstudio.core.notation import format_count, format_number
from bpstudio.debugger.session import Session
from bpstudio.ui import lanes
from bpstudio.ui.fonts import SEMIBOLD, Size, ui_font
from bpstudio.ui.style import PADDING, set_role
from bpstudio.ui.theme import Appearance

Attempt = Callable[[Callable[[], object]], bool]

HEIGHT = 104
_HEADER = 30
_LABELS = 84  # width of the lanes' names
_OVERVIEW = QRectF(0, 2, 0, 12)
_TITLE = QRectF(0, 17, 0, 16)
_FORWARD = QRectF(0, 34, 0, 15)
_BACKWARD = QRectF(0, 51, 0, 15)


class TimelinePanel(QWidget):
    """Header with the step's number, and the lanes."""

    def __init__(
        self,
        session: Session,
        appearance: Appearance,
        attempt: Attempt,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._attempt = attempt
        set_role(self, "panel")
        self.setFixedHeight(HEIGHT)
        self.number = QLineEdit()
        self.number.setToolTip("Number of the current step; type another to go there (Enter)")
        self.number.setAccessibleName("Number of the current step")
        self.number.setFixedWidth(110)
        self.number.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.number.editingFinished.connect(self._goto_number)
        self.total = QLabel()
        set_role(self.total, "label")
        self.part = QLabel()
        set_role(self.part, "hint")
        self.lanes = TimelineLanes(session, appearance)
        self.lanes.step_asked.connect(
            lambda n: self._attempt(lambda: self._session.debugger.goto(n))
        )
        self._lay_out()

    def _lay_out(self) -> None:
        header = QHBoxLayout()
        header.setContentsMargins(PADDING, 0, PADDING, 0)
        header.setSpacing(8)
        title = QLabel("Timeline")
        set_role(title, "title")
        step = QLabel("Step")
        set_role(step, "label")
        for widget in (title, step, self.number, self.total, self.part):
            header.addWidget(widget)
        header.addStretch(1)
        bar = QWidget()
        bar.setLayout(header)
        bar.setFixedHeight(_HEADER)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 4, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(bar)
        whole.addWidget(self.lanes, 1)

    def _goto_number(self) -> None:
        digits = "".join(c for c in self.number.text() if not c.isspace())
        if digits == str(self._session.debugger.cursor) or not self._attempt(
            lambda: self._session.debugger.goto(_number(digits))
        ):
            self._show_number()

    def _show_number(self) -> None:
        self.number.setText(format_count(self._session.debugger.cursor))

    def refresh(self, changes: frozenset[str]) -> None:
        """Show the step and the lanes around it."""
        if not changes & {"cursor", "trace", "data", "experiment", "run"}:
            return
        debugger = self._session.debugger
        self._show_number()
        self.total.setText(f"of {format_count(len(debugger.trace))}, counted from 0")
        self.part.setText(lanes.detail_title(debugger.sequence, debugger.cursor))
        enabled = not self._session.is_training
        self.number.setEnabled(enabled)
        self.lanes.setEnabled(enabled)
        self.lanes.update()


def _number(digits: str) -> int:
    """Text as a step number, where it is one; else something goto refuses in words."""
    return int(digits) if digits.isdecimal() else -1


class TimelineLanes(QWidget):
    """Overview, forward and backward lane, and the playhead."""

    step_asked = Signal(object)  # an int; Qt's own would overflow at 2³¹

    def __init__(self, session: Session, appearance: Appearance) -> None:
        super().__init__()
        self._session = session
        self._appearance = appearance
        self._dragged: str | None = None
        self._blocks_of: object = None
        self._pictured: object = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAccessibleName("Timeline of the pass")
        self.setAccessibleDescription("Arrow keys step, Page up and Page down jump, Home, End")
        appearance.changed.connect(lambda _theme: self.update())

    # ---- geometry -------------------------------------------------------------------------------

    def _strip(self, lane: QRectF) -> QRectF:
        """A lane's rectangle at the present width."""
        return QRectF(_LABELS, lane.y(), max(self.width() - _LABELS - PADDING, 1), lane.height())

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
        strip = self._strip(_OVERVIEW)
        fraction = (position.x() - strip.x()) / strip.width()
        return lanes.step_at(fraction, self._whole() if lane == "overview" else self._detail())

    def lane_at(self, position: QPointF) -> str | None:
        """ "overview" or "detail"; None beside both."""
        if self._strip(_OVERVIEW).adjusted(0, -2, 0, 2).contains(position):
            return "overview"
        detail = self._strip(_FORWARD).united(self._strip(_BACKWARD))
        return "detail" if detail.adjusted(0, -2, 0, 2).contains(position) else None

    # ---- events ---------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Go to the step that was clicked."""
        self._dragged = self.lane_at(event.position())
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
        n = self.step_at(event.position(), self._dragged)
        if n is not None and n != self._session.debugger.cursor:
            self.step_asked.emit(n)

    def event(self, event: QEvent) -> bool:
        """Keys that are actions of the window move the playhead here; hovering names the step."""
        if isinstance(event, QKeyEvent) and takes(event):
            event.accept()
            return True
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            self._show_tip(event)
            return True
        return super().event(event)

    def _show_tip(self, event: QHelpEvent) -> None:
        n = self.step_at(QPointF(event.pos()))
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
        self._paint_playhead(painter)
        if self.hasFocus():
            painter.setPen(QPen(QColor(self._appearance.theme.accent), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(3, 1, -3, -3), 4, 4)

    def _lanes_picture(self) -> QPixmap:
        """Everything that stays as it is while the playhead moves within a block."""
        debugger, width = self._session.debugger, self._strip(_OVERVIEW).width()
        if self._blocks_of != (debugger.sequence, self._detail(), width):
            self._blocks_of = (debugger.sequence, self._detail(), width)
            self._overview = lanes.overview_blocks(debugger.sequence, width)
            self._blocks = lanes.detail_blocks(debugger.sequence, debugger.cursor, width)
        lit = [block for block in self._blocks if block.first <= debugger.cursor < block.stop]
        look = (self.size(), self.devicePixelRatioF(), self._appearance.theme)
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
        painter.setFont(ui_font(Size.CAPTION))
        self._paint_names(painter)
        for block in self._overview:
            self._paint_block(painter, block, self._whole())
        for block in self._blocks:
            self._paint_block(painter, block, self._detail())
        self._paint_frame(painter)
        painter.end()
        return picture

    def _paint_names(self, painter: QPainter) -> None:
        theme = self._appearance.theme
        painter.setPen(QColor(theme.text2))
        for lane, name in (
            (_OVERVIEW, "Whole pass"),
            (_FORWARD, "Forward"),
            (_BACKWARD, "Backward"),
        ):
            box = QRectF(PADDING, lane.y(), _LABELS - PADDING, lane.height())
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
        if block.label and box.width() > 8 + painter.fontMetrics().horizontalAdvance(block.label):
            painter.setPen(QColor(theme.accent_text if current else theme.text2))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, block.label)

    def _block_box(self, block: lanes.Block, steps: range) -> QRectF:
        lane = {"overview": _OVERVIEW, "forward": _FORWARD, "backward": _BACKWARD}
        strip = self._strip(lane.get(block.lane, _FORWARD))
        if block.lane == "both":
            strip = strip.united(self._strip(_BACKWARD))
        left = strip.x() + strip.width() * lanes.fraction_of(block.first, steps)
        right = strip.x() + strip.width() * lanes.fraction_of(block.stop, steps)
        gap = 1 if right - left > 3 else 0
        return QRectF(left, strip.y(), max(right - left - gap, 1.0), strip.height())

    def _paint_frame(self, painter: QPainter) -> None:
        """The part of the whole pass that the detail shows."""
        theme, strip = self._appearance.theme, self._strip(_OVERVIEW)
        detail, whole = self._detail(), self._whole()
        left = strip.x() + strip.width() * lanes.fraction_of(detail.start, whole)
        right = strip.x() + strip.width() * lanes.fraction_of(detail.stop, whole)
        painter.setPen(QPen(QColor(theme.accent), 1.5))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        box = QRectF(left, strip.y() - 1, max(right - left, 4), strip.height() + 2)
        painter.drawRoundedRect(box, 3, 3)

    def _paint_playhead(self, painter: QPainter) -> None:
        theme, n = self._appearance.theme, self._session.debugger.cursor
        strip, title = self._strip(_BACKWARD), self._strip(_TITLE)
        x = strip.x() + strip.width() * lanes.fraction_of(n + 0.5, self._detail())
        painter.fillRect(
            QRectF(x - 1, title.y(), 2, strip.bottom() - title.y() + 2), QColor(theme.accent)
        )
        painter.setFont(ui_font(Size.CAPTION, SEMIBOLD))
        text = format_count(n)
        width = painter.fontMetrics().horizontalAdvance(text) + 12
        left = min(max(x - width / 2, _LABELS), self.width() - PADDING - width)
        chip = QRectF(left, title.y(), width, title.height() - 1)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.accent))
        painter.drawRoundedRect(chip, 3, 3)
        painter.setPen(QColor(theme.on_accent))
        painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, text)


_KEYPAD = Qt.KeyboardModifier.KeypadModifier
_KEYS = (
    Qt.Key.Key_Left,
    Qt.Key.Key_Right,
    Qt.Key.Key_PageUp,
    Qt.Key.Key_PageDown,
    Qt.Key.Key_Home,
    Qt.Key.Key_End,
)


def takes(event: QKeyEvent) -> bool:
    """Whether this is a key of the window that the lanes want for themselves."""
    override = event.type() == QEvent.Type.ShortcutOverride
    return override and event.key() in _KEYS and not event.modifiers() & ~_KEYPAD
