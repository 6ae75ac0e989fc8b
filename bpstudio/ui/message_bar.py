"""The message bar: one sentence at a time, over the panels it concerns."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from html import escape

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QToolBar,
    QToolButton,
    QWidget,
)

from bpstudio.ui.fonts import MONO_FAMILY, Size, ui_font
from bpstudio.ui.icons import icon
from bpstudio.ui.style import set_role, set_style_property
from bpstudio.ui.theme import Appearance

HEIGHT = 36
_MARGIN = 8  # above and below the text
_ICON, _CLOSE = 16, 26


Link = tuple[str, Callable[[], object]]
"""What a link says, and what it does."""

MOST_LINKS = 2


class MessageBar(QFrame):
    """What, where, what next; with at most two links. The next message replaces it."""

    shown = Signal(bool)
    """Whether there is a message now."""

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._kind = "error"
        self._plain = ""
        self._acts: list[Callable[[], object]] = []
        self._lasting = self._standing = self._here = False
        self._scale = 1.0
        set_role(self, "message")
        self._icon = QLabel()
        self._text = QLabel()
        self._text.setWordWrap(True)
        self._text.setTextFormat(Qt.TextFormat.RichText)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._links = [_link() for _ in range(MOST_LINKS)]
        self._close = QToolButton()
        self._build()
        appearance.changed.connect(self._retint)

    def _build(self) -> None:
        layout = QHBoxLayout(self)
        layout.setContentsMargins(10, 0, 8, 0)  # after the edge of 3
        layout.setSpacing(8)
        layout.addWidget(self._icon)
        layout.addWidget(self._text, 1)
        for n, link in enumerate(self._links):
            layout.addWidget(link)
            link.clicked.connect(partial(self._follow, n))
        layout.addWidget(self._close)
        self._close.setToolTip("Close this message (Esc)")
        self._close.setAccessibleName("Close this message")
        self._close.setFixedSize(_CLOSE, _CLOSE)
        self._close.clicked.connect(self.dismiss)

    @property
    def text(self) -> str:
        """The sentence on show; empty while there is none."""
        return self._plain

    @property
    def kind(self) -> str:
        """What the message is: "error", "note" or "stop"; "" while there is none."""
        return self._kind if self._plain else ""

    @property
    def stays(self) -> bool:
        """Whether it is a problem that nothing done meanwhile has settled."""
        return bool(self._plain) and (self._lasting or self._standing)

    def show_error(
        self,
        text: str,
        label: str = "",
        act: Callable[[], object] | None = None,
        lasting: bool = False,
        more: Sequence[Link] = (),
        standing: bool = False,
    ) -> None:
        """A problem, with one remedy as a link where there is one, and ``more`` where there are.

        A ``lasting`` one is more than a refused verb: doing something else does not settle it. A
        ``standing`` one is nothing that another run settles either.
        """
        self._show("error", as_sentence(text), (*_links_of(label, act), *more))
        self._lasting, self._standing = lasting, standing

    def show_note(
        self,
        text: str,
        label: str = "",
        act: Callable[[], object] | None = None,
        here: bool = False,
    ) -> None:
        """Something done that the user should know of; ``here``: of the current step."""
        self._show("note", as_sentence(text), _links_of(label, act))
        self._here = here

    def show_stop(
        self, address: str, reason: str, links: Sequence[Link] = (), of_run: bool = False
    ) -> None:
        """Where a run stopped and why; ``of_run``: training, which steps do not settle."""
        self._show("stop", as_sentence(f"Stopped at {address}: {reason}"), links)
        self._here, self._lasting = not of_run, of_run
        place = f"<span style=\"font-family: '{MONO_FAMILY}'\">{escape(address)}</span>"
        why = escape(as_sentence(reason, capital=False))
        self._text.setText(f"<b>Stopped</b> at {place}: {why}")
        self._fit_text()

    def settle(self, lasting: bool = False) -> None:
        """Something else was done: what was refused before no longer matters."""
        refused = self._kind == "error" and not (self._lasting or self._standing)
        if self.text and (refused or (lasting and self._lasting)):
            self.dismiss()

    def settle_stop(self) -> None:
        """The cursor is elsewhere: why it stopped before no longer matters."""
        if self.text and self._here:
            self.dismiss()

    def dismiss(self) -> None:
        """Hide the bar."""
        self._acts = []
        self._lasting = self._standing = False
        self._plain = ""
        self._text.setText("")
        self.shown.emit(False)

    def _show(self, kind: str, text: str, links: Sequence[Link]) -> None:
        self._kind = kind
        self._lasting = self._standing = self._here = False
        self._plain = text
        self._text.setText(escape(text))
        self._text.setAccessibleName(text)
        self._acts = [act for _label, act in links[:MOST_LINKS]]
        labels = [label for label, _act in links[:MOST_LINKS]]
        for n, link in enumerate(self._links):
            link.setText(labels[n] if n < len(labels) else "")
            link.setToolTip(link.text())
            link.setVisible(n < len(labels))
        set_style_property(self, "kind", kind)
        self._retint()
        self.shown.emit(True)
        self._fit_text()

    def enlarge(self, scale: float) -> None:
        """Text, icons and links so many times their ordinary size (presentation)."""
        if scale == self._scale:
            return
        self._scale = scale
        side, icon_side = round(_CLOSE * scale), round(_ICON * scale)
        self._close.setFixedSize(side, side)
        self._close.setIconSize(QSize(icon_side, icon_side))
        self._retint()
        self._fit_text()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A long sentence takes a second line where the window is narrow."""
        super().resizeEvent(event)
        self._fit_text()

    def _fit_text(self) -> None:
        needed = self._text.heightForWidth(max(self._text.width(), 100))
        height = max(round(HEIGHT * self._scale), needed + round(2 * _MARGIN * self._scale))
        if (self.minimumHeight(), self.maximumHeight(), self.height()) == (height,) * 3:
            return
        self.setFixedHeight(height)
        layout = self.layout()
        assert layout is not None
        layout.invalidate()  # within a resize it would keep what was laid out for the old height
        layout.activate()

    def _follow(self, n: int) -> None:
        acts = self._acts
        self.dismiss()
        if n < len(acts):
            acts[n]()

    def _retint(self) -> None:
        theme = self._appearance.theme
        name, color = {
            "error": ("error", theme.error),
            "stop": ("stopped", theme.breakpoint),
        }.get(self._kind, ("info", theme.accent))
        side = round(_ICON * self._scale)
        self._icon.setPixmap(icon(name, theme, side, color).pixmap(side, side))
        for widget in (self._text, *self._links):  # a new style sheet brings its own fonts
            widget.setFont(ui_font(Size.BASE * self._scale))
        self._close.setIcon(icon("close", theme, side))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc closes the bar while the focus is in it."""
        if event.key() == Qt.Key.Key_Escape:
            self.dismiss()
        else:
            super().keyPressEvent(event)


class MessageStrip(QToolBar):
    """The place of the message bar over the panels; gone while there is no message."""

    def __init__(self, bar: MessageBar) -> None:
        super().__init__("Message")
        self.setObjectName("messages")
        self.setMovable(False)
        set_role(self, "messages")
        holder = self.addWidget(bar)
        for show in (holder.setVisible, self.setVisible):
            show(False)
            bar.shown.connect(show)


def _link() -> QPushButton:
    button = QPushButton()
    set_style_property(button, "flat_link", True)
    button.setCursor(Qt.CursorShape.PointingHandCursor)
    return button


def _links_of(label: str, act: Callable[[], object] | None) -> tuple[Link, ...]:
    return ((label, act),) if act is not None else ()


def as_sentence(text: str, capital: bool = True) -> str:
    """With a capital and a full stop; a file's name or an address keeps its first letter."""
    first = text.partition(" ")[0]
    if capital and first.isalpha():
        text = text[0].upper() + text[1:]
    return text if text.endswith((".", "?", "!")) else f"{text}."
