"""The Derivation panel: where we are, what is multiplied and added, what it means, what is next."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QSize, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from bpstudio.core.derivation import Derivation
from bpstudio.core.explain import Explanation
from bpstudio.core.notation import plain
from bpstudio.ui.derivation.breadcrumb import breadcrumb_piece
from bpstudio.ui.derivation.content import Content
from bpstudio.ui.derivation.empty import Empty
from bpstudio.ui.derivation.header import Header
from bpstudio.ui.derivation.item_view import ItemView
from bpstudio.ui.derivation.items import Hit, Piece, Placed
from bpstudio.ui.derivation.latex import derivation_tex
from bpstudio.ui.derivation.legend import legend_piece
from bpstudio.ui.derivation.measures import Sizes
from bpstudio.ui.derivation.next_bar import next_piece
from bpstudio.ui.style import set_role

_TWO_ROWS_FROM = 440
"""Panel width from which the breadcrumb may take a second row."""
_LEGEND_LEAVES = 440.0
"""Height that the legend leaves to the derivation, if it can."""
_LEAST_LEGEND = 150.0


class DerivationPanel(QWidget):
    """Shows the derivation at one step; every number and symbol leads to its own step."""

    address_requested = Signal(str)
    """The address of a crumb, factor, addend or result that was clicked."""
    menu_requested = Signal(object, QPoint)
    """The address of a number, and where on screen its menu goes."""
    step_requested = Signal()
    """One step on: the bar at the bottom, and the button of the empty panel."""
    picture_requested = Signal()
    """The derivation is to become a picture."""
    explanation_toggled = Signal(bool)
    """Whether the explanation is wanted from now on."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._derivation: Derivation | None = None
        self._explanation: Explanation | None = None
        self._explanation_wanted = False
        self._sizes = Sizes()
        self._presented = False
        self._next_key = "F11"
        self._column = QVBoxLayout(self)
        self.header = Header()
        self.breadcrumb = ItemView("surface", "Where the step lies")
        self.content = Content()
        self.legend = ItemView("surface2", "Notation")
        self.next_bar = ItemView("surface2", "Next step")
        self.empty = Empty()
        self.empty.hide()
        self._arrange()
        self._connect()
        self._set_present(False)

    def _arrange(self) -> None:
        set_role(self, "panel")
        self._legend_area = QScrollArea()
        self._legend_area.setFrameShape(QFrame.Shape.NoFrame)
        self._legend_area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._legend_area.setWidget(self.legend)
        self._legend_area.hide()
        column = self._column
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for widget in (self.header, self.breadcrumb, self.empty, self.content):
            column.addWidget(widget, 1 if widget in (self.empty, self.content) else 0)
        column.addWidget(self._legend_area)
        column.addWidget(self.next_bar)

    def _connect(self) -> None:
        self.breadcrumb.activated.connect(self._goto)
        self.content.view.menu_asked.connect(self.menu_requested)
        self.next_bar.activated.connect(self._step)
        self.content.address_requested.connect(self.address_requested)
        self.content.explain_pressed.connect(self.toggle_explanation)
        self.empty.step_pressed.connect(self.step_requested)
        self.header.copy.clicked.connect(self.copy_tex)
        self.header.legend.clicked.connect(self.toggle_legend)
        self.header.add_to_menu("Copy address", self.copy_address)
        self.header.add_to_menu("Copy value", self.copy_value)
        self.header.add_to_menu("Copy sentence", self.copy_sentence)
        self.header.add_to_menu("Export picture…", self.ask_for_picture)
        self.header.menu.addSeparator()
        self.header.add_to_menu("Explain this factor", self.toggle_explanation)
        self.header.add_to_menu("Notation", self.toggle_legend)

    # What is shown ----------------------------------------------------------------------------

    def show_derivation(
        self, derivation: Derivation | None, explanation: Explanation | None
    ) -> None:
        """Show a step, or the invitation to take the first one.

        The explanation is shown where it is wanted; None folds it away for this step.
        """
        self._derivation, self._explanation = derivation, explanation
        self._lay_out_strips()
        self._set_present(derivation is not None)
        self.content.show_derivation(derivation, explanation, self._explanation_wanted)

    def prepare(self, derivation: Derivation, explanation: Explanation | None = None) -> None:
        """Lay out and paint the step that probably comes next, while there is time.

        What is on screen stays as it is.
        """
        strips = self._strips(derivation)
        for view, piece in zip((self.breadcrumb, self.next_bar), strips, strict=True):
            view.prepare((piece,))
        self.content.prepare(derivation, explanation)

    def _set_present(self, present: bool) -> None:
        if self.empty.isHidden() == present:
            return
        self.empty.setHidden(present)
        for widget in (self.breadcrumb, self.content):
            widget.setVisible(present)
        self.next_bar.setVisible(present and not self._presented)
        self.header.copy.setEnabled(present)
        self._column.activate()

    @property
    def derivation(self) -> Derivation | None:
        """What is shown."""
        return self._derivation

    @property
    def explanation_wanted(self) -> bool:
        """Whether the explanation is folded out."""
        return self._explanation_wanted

    @Slot()
    def toggle_explanation(self) -> None:
        """Fold the explanation out or away. What is shown follows with the next derivation."""
        self._explanation_wanted = not self._explanation_wanted
        self.content.show_derivation(self._derivation, self._explanation, self._explanation_wanted)
        self.explanation_toggled.emit(self._explanation_wanted)

    @property
    def legend_shown(self) -> bool:
        """Whether the notation is at hand."""
        return not self._legend_area.isHidden()

    @Slot()
    def toggle_legend(self) -> None:
        """Show or hide what every symbol means."""
        self._legend_area.setVisible(not self.legend_shown)
        self.header.legend.setChecked(self.legend_shown)
        self._lay_out_legend()

    def set_scale(self, factor: float) -> None:
        """Text and formulas larger: 2 in presentation mode."""
        self._sizes = Sizes(factor)
        self._lay_out_strips()
        self._lay_out_legend()
        self.content.set_scale(factor)

    def enlarge(self, scale: float, presented: bool) -> None:
        """Text and formulas larger; ``presented``: without the header and what is next."""
        self._presented = presented
        self.header.setVisible(not presented)
        self.next_bar.setVisible(not presented and self.empty.isHidden())
        self.set_scale(scale)

    def set_keys(self, step: str, explain: str, legend: str) -> None:
        """The shortcuts to name on screen, as text; "" where there is none."""
        self._next_key = step
        self.header.set_key(self.header.legend, legend)
        self._lay_out_strips()
        self.content.set_explain_key(explain)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out_strips()
        self._lay_out_legend()

    def sizeHint(self) -> QSize:
        return QSize(468, 830)

    def minimumSizeHint(self) -> QSize:
        return QSize(280, 240)

    def _lay_out_strips(self) -> None:
        """Breadcrumb and bar: above and below what scrolls."""
        if self._derivation is not None:
            breadcrumb, next_bar = self._strips(self._derivation)
            _show(self.breadcrumb, breadcrumb)
            _show(self.next_bar, next_bar)

    def _strips(self, d: Derivation) -> tuple[Piece, Piece]:
        width, sizes = float(self.width()), self._sizes
        rows = 2 if width >= sizes.px(_TWO_ROWS_FROM) else 1
        goes_on = d.next_index is not None
        return (
            breadcrumb_piece(d.crumbs, d.address, width, sizes, rows),
            next_piece(d.next_label, goes_on, width, sizes, self._next_key),
        )

    def _lay_out_legend(self) -> None:
        if not self.legend_shown:
            return
        piece = legend_piece(float(self.width()), self._sizes)
        self.legend.resize(self.width(), round(piece.height))
        self.legend.show_pieces((Placed(0.0, piece),))
        px = self._sizes.px
        most = max(self.height() - px(_LEGEND_LEAVES), px(_LEAST_LEGEND))
        self._legend_area.setFixedHeight(round(min(piece.height, most)))

    # What it answers ---------------------------------------------------------------------------

    def _goto(self, hit: Hit) -> None:
        self.address_requested.emit(hit.address)

    def _step(self, _hit: Hit) -> None:
        self.step_requested.emit()

    @Slot()
    def copy_tex(self) -> None:
        """Put the derivation on the clipboard as LaTeX."""
        if self._derivation is not None:
            QGuiApplication.clipboard().setText(derivation_tex(self._derivation))

    @Slot()
    def ask_for_picture(self) -> None:
        """Ask for the derivation as a picture."""
        self.picture_requested.emit()

    @Slot()
    def copy_address(self) -> None:
        """Put the address of the step on the clipboard."""
        if self._derivation is not None:
            QGuiApplication.clipboard().setText(self._derivation.address)

    @Slot()
    def copy_value(self) -> None:
        """Put the value on the clipboard, with all its digits."""
        if self._derivation is not None:
            QGuiApplication.clipboard().setText(repr(self._derivation.value))

    @Slot()
    def copy_sentence(self) -> None:
        """Put the sentence on the clipboard."""
        if self._derivation is not None:
            QGuiApplication.clipboard().setText(plain(self._derivation.sentence))


def _show(view: ItemView, piece: Piece) -> None:
    if view.height() != round(piece.height):
        view.setFixedHeight(round(piece.height))
    view.show_pieces((Placed(0.0, piece),))
