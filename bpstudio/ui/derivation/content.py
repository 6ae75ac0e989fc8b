"""What scrolls: the blocks, the sentence, the remark, and the explanation on demand."""

from __future__ import annotations

from math import floor

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from bpstudio.core.derivation import Derivation
from bpstudio.core.explain import Explanation
from bpstudio.core.notation import plain
from bpstudio.ui.derivation.blocks import GAP, block_pieces
from bpstudio.ui.derivation.explanation_view import explanation_piece
from bpstudio.ui.derivation.item_view import ItemView
from bpstudio.ui.derivation.items import Hit, Piece, Placed
from bpstudio.ui.derivation.measures import Sizes
from bpstudio.ui.derivation.narration import narration_piece

_TOP = 12.0
_SNUG_BELOW = 580.0
"""Height of the scrolled part below which its lines come closer together."""


class Content(QScrollArea):
    """Scrolls up and down where the derivation is higher than its room, never sideways."""

    address_requested = Signal(str)
    explain_pressed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._derivation: Derivation | None = None
        self._explanation: Explanation | None = None
        self._scale = 1.0
        self._explain_open = False
        self._explain_key = "E"
        self._by_hand: dict[int, bool] = {}
        self.view = ItemView("surface", "Derivation")
        self.view.activated.connect(self._answer)
        self.view.focused.connect(self._scroll_to)
        self._prepare()

    def _prepare(self) -> None:
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(self.view)

    def show_derivation(
        self, derivation: Derivation | None, explanation: Explanation | None, is_open: bool
    ) -> None:
        """Show a step; `is_open` says whether the explanation is folded out."""
        self._derivation, self._explanation = derivation, explanation
        self._explain_open = is_open
        self.lay_out()

    def set_scale(self, factor: float) -> None:
        """Text and formulas larger."""
        self._scale = factor
        self.lay_out()

    @property
    def _sizes(self) -> Sizes:
        return Sizes(self._scale, self.height() < _SNUG_BELOW * self._scale)

    def set_explain_key(self, key: str) -> None:
        """The shortcut shown beside the explanation."""
        self._explain_key = key
        self.lay_out()

    def lay_out(self) -> None:
        """Place all pieces for the width and height there is.

        A scroll bar covers the padding at the right, so that nothing moves when it comes.
        """
        if self._derivation is None:
            self.view.show_pieces(())
            return
        placed = _placed(self._pieces(self._derivation, self._explanation), self._sizes)
        height = placed[-1].y + placed[-1].piece.height
        self.view.resize(self.viewport().width(), max(round(height), self.viewport().height()))
        self.view.show_pieces(placed, plain(self._derivation.sentence))

    def prepare(self, derivation: Derivation, explanation: Explanation | None) -> None:
        """Lay out and paint a step before it is shown: its pieces and their pictures are kept."""
        self.view.prepare(self._pieces(derivation, explanation))

    def _pieces(self, derivation: Derivation, explanation: Explanation | None) -> list[Piece]:
        """Blocks, sentence, explanation; outer blocks fold where all that is too high."""
        width, sizes = float(self.width()), self._sizes
        sentence = narration_piece(derivation, width, sizes)
        fold = explanation_piece(
            _name(derivation),
            explanation,
            self._explain_open,
            width,
            sizes,
            self._explain_key,
        )
        bar = min(fold.height, sizes.px(30))
        room = self.viewport().height() - sizes.dy(_TOP) - sentence.height - bar
        blocks = block_pieces(derivation.blocks, width, room, sizes, self._by_hand)
        return [*blocks, sentence, fold]

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.lay_out()

    def sizeHint(self) -> QSize:
        return QSize(round(444 * self._scale), round(560 * self._scale))

    def _answer(self, hit: Hit) -> None:
        if hit.action == "goto":
            self.address_requested.emit(hit.address)
        elif hit.action == "explain":
            self.explain_pressed.emit()
        elif hit.action == "fold":
            self._toggle_fold(int(hit.address), hit)

    def _toggle_fold(self, depth: int, hit: Hit) -> None:
        self._by_hand[depth] = hit.label.startswith("Fold")
        self.lay_out()

    def _scroll_to(self, rect: QRectF) -> None:
        middle = rect.center()
        self.ensureVisible(
            round(middle.x()), round(middle.y()), 0, round(rect.height() / 2 + 8 * self._scale)
        )


def _name(derivation: Derivation) -> str:
    """The symbol of the step, as it stands in the innermost block."""
    for block in derivation.blocks[::-1]:
        for part in (*block.parts, block.result):
            if part.state == "current":
                return part.symbol
    return ""


def _placed(pieces: list[Piece], sizes: Sizes) -> list[Placed]:
    placed = []
    y = sizes.dy(_TOP)
    for place, piece in enumerate(pieces):
        placed.append(Placed(floor(y + 0.5), piece))
        gap = sizes.dy(GAP) if place < len(pieces) - 3 else 0.0
        y += piece.height + gap
    return placed
