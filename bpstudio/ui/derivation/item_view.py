"""A widget that paints pieces and answers at their hits: by mouse, by keyboard, by tooltip."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QContextMenuEvent,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QToolTip, QWidget

from bpstudio.ui.derivation.items import Hit, Piece, Placed
from bpstudio.ui.derivation.painting import paint_frame
from bpstudio.ui.derivation.pictures import Pictures
from bpstudio.ui.mixed_text import MixedText
from bpstudio.ui.palette import Theme
from bpstudio.ui.theme import current_theme
from bpstudio.ui.typeset import typeset

OWN_RING = "focus_own"
"""Property of widgets that draw the ring round a part of themselves."""


class ItemView(QWidget):
    """Shows laid-out pieces. Tab goes from one clickable place to the next, Enter presses it."""

    activated = Signal(object)
    menu_asked = Signal(object, QPoint)
    """The address of a number, and where on screen its menu goes."""
    """The Hit that was clicked or entered."""
    focused = Signal(QRectF)
    """Where the keyboard is now, so that it can be scrolled into view."""

    def __init__(self, surface: str, name: str, parent: QWidget | None = None) -> None:
        """`surface` is the token of the background, `name` what a screen reader calls this."""
        super().__init__(parent)
        self._surface = surface
        self._name = name
        self._placed: tuple[Placed, ...] = ()
        self._pictures = Pictures(surface)
        self._hits: tuple[Hit, ...] | None = None
        self._focus_key: str | None = None
        self._by_keyboard = False
        self._hovered: Hit | None = None
        self._pressed: Hit | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAttribute(Qt.WidgetAttribute.WA_StaticContents)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(name)
        self.setProperty(OWN_RING, True)

    # What is shown ----------------------------------------------------------------------------

    @property
    def placed(self) -> tuple[Placed, ...]:
        """The pieces and where they are."""
        return self._placed

    @property
    def hits(self) -> tuple[Hit, ...]:
        """All places that answer, in widget coordinates, in the order of the Tab key."""
        if self._hits is None:
            self._hits = tuple(hit.moved(p.y) for p in self._placed for hit in p.piece.hits)
        return self._hits

    def show_pieces(self, placed: Sequence[Placed], description: str = "") -> None:
        """Show pieces; the keyboard's place stays where the same place is there again.

        Only what changed is painted: pieces that are the same as before stand still.
        """
        marked = self._hovered is not None or self._focus_key is not None
        before, self._placed, self._hits = self._placed, tuple(placed), None
        self._hovered = self._pressed = None
        if self._focus_key is not None and self.focused_hit is None:
            self._focus_key = None
        if description:
            self.setAccessibleDescription(description)
        top = 0 if marked else _first_change(before, self._placed)
        if top is not None:
            self.update(0, top, self.width(), self.height() - top)

    def prepare(self, pieces: Sequence[Piece]) -> None:
        """Paint in advance what is probably shown next."""
        for piece in pieces:
            self._pictures.prepare(piece, *self._how())

    def _how(self) -> tuple[int, Theme, float]:
        """What the pictures of pieces depend on."""
        return self.width(), current_theme(), self.devicePixelRatioF()

    @property
    def links(self) -> list[Hit]:
        """The places that answer to a click."""
        return [hit for hit in self.hits if hit.action]

    @property
    def focused_hit(self) -> Hit | None:
        """The place that Enter would press."""
        if self._focus_key is None:
            return None
        return next((hit for hit in self.links if hit.key == self._focus_key), None)

    def hit_at(self, point: QPointF) -> Hit | None:
        """The smallest place under a point."""
        under = [hit for hit in self.hits if hit.rect.contains(point)]
        return min(under, key=lambda h: h.rect.width() * h.rect.height(), default=None)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current_theme()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(event.rect(), getattr(theme, self._surface))
        for placed in self._placed:
            if not _touches(placed, event.rect()):
                continue
            self._pictures.paint(painter, placed, *self._how())
        self._paint_marks(painter, theme)
        painter.end()

    def _paint_marks(self, painter: QPainter, theme: Theme) -> None:
        """What the mouse is over and what the keyboard is at."""
        if self._hovered is not None:
            paint_frame(painter, self._hovered.rect, theme.accent_outline, 1)
        hit = self.focused_hit
        if hit is not None and self.hasFocus() and self._by_keyboard:
            paint_frame(painter, hit.rect, theme.accent, 2)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange):
            self.update()
        super().changeEvent(event)

    # Mouse ------------------------------------------------------------------------------------

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        hit = self.hit_at(event.position())
        self._hover(hit if hit is not None and hit.action else None)

    def leaveEvent(self, event: QEvent) -> None:
        self._hover(None)

    def _hover(self, hit: Hit | None) -> None:
        if hit == self._hovered:
            return
        self._hovered = hit
        shape = Qt.CursorShape.ArrowCursor if hit is None else Qt.CursorShape.PointingHandCursor
        self.setCursor(shape)
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed = self.hit_at(event.position())

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        hit = self.focused_hit if by_key else self.hit_at(QPointF(event.pos()))
        if hit is not None and hit.action == "goto":
            at = self.mapToGlobal(hit.rect.center().toPoint()) if by_key else event.globalPos()
            self.menu_asked.emit(hit.address, at)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        pressed, self._pressed = self._pressed, None
        hit = self.hit_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and hit is not None and hit is pressed:
            self._activate(hit)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            hit = self.hit_at(QPointF(event.pos()))
            if hit is not None and hit.tip:
                QToolTip.showText(event.globalPos(), hit.tip, self, hit.rect.toAlignedRect())
            else:
                QToolTip.hideText()
            return True
        return super().event(event)

    def _activate(self, hit: Hit) -> None:
        if hit.action:
            self.activated.emit(hit)

    # Keyboard ---------------------------------------------------------------------------------

    def focusInEvent(self, event: QFocusEvent) -> None:
        links = self.links
        self._by_keyboard = event.reason() in (
            Qt.FocusReason.TabFocusReason,
            Qt.FocusReason.BacktabFocusReason,
            Qt.FocusReason.ShortcutFocusReason,
            Qt.FocusReason.OtherFocusReason,
        )
        if links and event.reason() == Qt.FocusReason.TabFocusReason:
            self._focus_on(links[0])
        elif links and event.reason() == Qt.FocusReason.BacktabFocusReason:
            self._focus_on(links[-1])
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.update()

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab: the next place, and after the last one the next widget."""
        keys = [hit.key for hit in self.links]
        here = keys.index(self._focus_key) if self._focus_key in keys else -1 if forward else 0
        there = here + (1 if forward else -1)
        if not self.hasFocus() or not 0 <= there < len(keys):
            return super().focusNextPrevChild(forward)
        self._by_keyboard = True
        self._focus_on(self.links[there])
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        hit = self.focused_hit
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and hit is not None:
            self._activate(hit)
        else:
            super().keyPressEvent(event)

    def _focus_on(self, hit: Hit) -> None:
        self._focus_key = hit.key
        self.setAccessibleName(f"{self._name}: {spoken(hit)}")
        if QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.NameChanged))
        self.focused.emit(hit.rect)
        self.update()


def _first_change(before: tuple[Placed, ...], after: tuple[Placed, ...]) -> int | None:
    """Height from which on something else is to be seen; None where nothing is."""
    for old, new in zip_longest(before, after):
        if old is None or new is None:
            return int((old or new).y)
        if old.piece is not new.piece or old.y != new.y:
            return int(min(old.y, new.y))
    return None


def _touches(placed: Placed, rect: QRect) -> bool:
    return placed.y <= rect.bottom() and placed.y + placed.piece.height >= rect.top()


def spoken(hit: Hit) -> str:
    """What a screen reader says at a place: its label, its symbol, its state and its value."""
    value = hit.tip.partition("\n")[0]
    told = [
        MixedText(hit.label).speech,
        typeset(hit.tex).speech if hit.tex else "",
        hit.state,
        value,
    ]
    return ", ".join(word for word in told if word)
