"""The matrices panel: two matrices of a layer side by side, following the step."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtCore import QPoint, QSize, Signal
from PySide6.QtGui import QGuiApplication, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QBoxLayout, QScrollBar, QVBoxLayout, QWidget

from bpstudio.core.sequence import Step
from bpstudio.core.trace import Trace
from bpstudio.debugger.session import Session
from bpstudio.ui.attempt import Attempt
from bpstudio.ui.canvas.state import Scales, Thing, shown_sample
from bpstudio.ui.form import refuse
from bpstudio.ui.matrices import words
from bpstudio.ui.matrices.caption import NOTHING, Caption
from bpstudio.ui.matrices.header import Header
from bpstudio.ui.matrices.heat_map import ZOOM
from bpstudio.ui.matrices.quantities import QUANTITIES, available
from bpstudio.ui.matrices.shown import Shown
from bpstudio.ui.matrices.source import Source
from bpstudio.ui.matrices.view import MatrixView
from bpstudio.ui.style import PADDING, SECTION_GAP, set_role
from bpstudio.ui.theme import Appearance

_LEAST_HEIGHT = 184
_SIDE_BY_SIDE = 440  # width from which two matrices stand beside each other
_CONCERNED = frozenset({"cursor", "trace", "network", "data", "experiment", "run", "breakpoints"})
_HINTS = {
    "weights": "row j, column k, counted from 0",
    "samples": "row of the data, column j, counted from 0",
    "nodes": "row j, column m, counted from 0",
}


class Half(QWidget):
    """One matrix with its caption."""

    def __init__(self, what: str, optional: bool) -> None:
        super().__init__()
        self.caption, self.view = Caption(what, optional), MatrixView()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.caption)
        column.addWidget(self.view, 1)

    def show_matrix(self, shown: Shown) -> None:
        """Numbers and caption."""
        self.view.show_matrix(shown)
        self.show_caption()

    def show_caption(self) -> None:
        """What the matrix is, and how it is shown."""
        shown = self.view.shown
        if shown is None:
            return
        source = shown.source
        offered = available(source.trace.sequence)
        tex = source.quantity.tex(words.notation(source), source.l)
        self.caption.button.show_choice(tex, source.quantity.key, offered)
        notes = (words.about(source, shown.n), self.view.reduction)
        self.caption.note.show_text("; ".join(note for note in notes if note))
        self.caption.bar.show_ramp(self.view.ramp)


class MatricesPanel(QWidget):
    """Follows the step: its layer, unless that is kept; its sample; the mean after the samples."""

    selected = Signal(object)
    """("edge", l, j, k), ("bias", l, j) or ("node", l, j): the user chose its cell."""
    address_requested = Signal(str)
    """Run to here."""
    menu_requested = Signal(object, QPoint)
    """The thing of a weight or bias, or the address of another number; and where on screen."""

    def __init__(
        self,
        session: Session,
        appearance: Appearance,
        attempt: Attempt,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        set_role(self, "panel")
        self._session, self._attempt = session, attempt
        self._choices = ["w", "dC_dw"]
        self._layer = 2
        self._goal: Thing | None = None
        self._scales: tuple[Trace, Scales] | None = None
        self._stale = True
        self.header = Header(appearance)
        self.left, self.right = Half("Left matrix", False), Half("Right matrix", True)
        self._active = self.left.view
        self._lay_out()
        self._connect()
        appearance.changed.connect(self._repaint)

    # ---- putting it together ------------------------------------------------------------------

    @property
    def halves(self) -> tuple[Half, Half]:
        """Left and right."""
        return self.left, self.right

    def _lay_out(self) -> None:
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.header)
        self._body = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._body.setContentsMargins(PADDING - 4, 0, PADDING - 4, PADDING - 4)
        self._body.setSpacing(SECTION_GAP)
        for half in self.halves:
            self._body.addWidget(half, 1)
        whole.addLayout(self._body, 1)

    def _connect(self) -> None:
        head = self.header
        head.layer.chosen.connect(self._choose_layer)
        head.pin.toggled.connect(self._refresh_now)
        head.numbers.chosen.connect(self._refresh_now)
        head.copy.clicked.connect(self.copy)
        head.larger.clicked.connect(lambda: self._active.zoom_by(ZOOM))
        head.smaller.clicked.connect(lambda: self._active.zoom_by(1 / ZOOM))
        for side, half in enumerate(self.halves):
            half.caption.button.chosen.connect(partial(self._choose, side))
            self._connect_view(half, self.halves[1 - side])

    def _connect_view(self, half: Half, other: Half) -> None:
        view = half.view
        view.selected.connect(partial(self._select, half, other))
        view.address_requested.connect(self.address_requested)
        view.menu_requested.connect(self.menu_requested)
        view.edited.connect(self._edit)
        view.editor.refused.connect(partial(self._refuse, view))
        view.copy_requested.connect(partial(self._copy_of, half))
        view.zoomed.connect(partial(self._zoom_with, half, other))
        view.laid_out.connect(half.show_caption)
        for bar, twin in (
            (view.horizontalScrollBar(), other.view.horizontalScrollBar()),
            (view.verticalScrollBar(), other.view.verticalScrollBar()),
        ):
            bar.valueChanged.connect(partial(self._scroll_with, twin))

    # ---- what is shown --------------------------------------------------------------------------

    def refresh(self, changes: frozenset[str]) -> None:
        """Follow the session; nothing is done while the panel is out of sight."""
        if not changes & _CONCERNED:
            return
        self._stale = True
        if self.isVisible():
            self._refresh_now()

    def set_scales(self, scales: Scales | None) -> None:
        """The ends of the colour ramps that the canvas has; None: those that fit the trace."""
        trace = self._session.debugger.trace
        self._scales = (trace, scales) if scales is not None else None

    def set_goal(self, weight: tuple[int, int, int] | None) -> None:
        """The weight (l, j, k) whose gradient is asked for gets a neutral frame."""
        goal = ("edge", *weight) if weight is not None else None
        if goal != self._goal:
            self._goal = goal
            self.refresh(frozenset({"cursor"}))

    def show_selection(self, thing: Thing | None) -> None:
        """Select the cell of what was chosen elsewhere, without saying so."""
        if not self.isVisible():
            return
        if thing is not None and thing[0] in ("edge", "bias") and not self.header.pin.isChecked():
            self._layer = thing[1]
            self._show_all()
        for half in self.halves:
            half.view.show_selection(thing)

    @property
    def layer(self) -> int:
        """The layer whose matrices are shown."""
        return self._layer

    @property
    def choices(self) -> tuple[str, str]:
        """The keys of the two quantities as they were chosen; "" for none."""
        return self._choices[0], self._choices[1]

    def choose(self, left: str | None = None, right: str | None = None) -> None:
        """What the two matrices show (keys of `QUANTITIES`); None leaves one as it is."""
        for side, key in enumerate((left, right)):
            if key is not None:
                self._choices[side] = key
        self.refresh(frozenset({"cursor"}))

    def _choose(self, side: int, key: str) -> None:
        self._choices[side] = key
        self._refresh_now()

    def _choose_layer(self, l: int) -> None:
        """A layer that is chosen by hand is kept."""
        self._layer = l
        self.header.pin.setChecked(True)
        self._refresh_now()

    def _refresh_now(self, _choice: object = None) -> None:
        step = self._session.debugger.step.step
        if not self.header.pin.isChecked():
            self._layer = layer_of(step) or self._layer
        self._show_all()

    def _show_all(self) -> None:
        self._stale = False
        trace = self._session.debugger.trace
        self._layer = min(max(self._layer, 2), trace.L)
        self.header.layer.show_layer(self._layer, trace.L)
        for half, key in zip(self.halves, self._choices, strict=True):
            half.setVisible(key != NOTHING)
            if key != NOTHING:
                half.show_matrix(self._shown(self._in_force(key)))
        if self.left.view.shown is not None:
            self.header.hint.show_text(_HINTS[self.left.view.shown.source.over])

    def _in_force(self, key: str) -> str:
        """What is shown for a choice: the gradient becomes the mean when that is formed."""
        debugger = self._session.debugger
        offered = [each.key for each in available(debugger.sequence)]
        in_batch = debugger.step.step.s is None and not self.header.pin.isChecked()
        if key == "dC_dw" and in_batch and "mean_dC_dw" in offered:
            return "mean_dC_dw"
        return key if key in offered else {"mean_dC_dw": "dC_dw"}.get(key, "w")

    def _shown(self, key: str) -> Shown:
        debugger = self._session.debugger
        trace, step = debugger.trace, debugger.step.step
        source = Source(trace, QUANTITIES[key], self._layer, shown_sample(trace, step))
        return Shown(
            source,
            debugger.cursor,
            step,
            self._scales_of(trace),
            debugger.before_edit,
            debugger.breakpoints,
            self._goal,
            self.header.numbers.key == "on",
        )

    def _scales_of(self, trace: Trace) -> Scales:
        if self._scales is None or self._scales[0] is not trace:
            self._scales = (trace, Scales.of(trace))
        return self._scales[1]

    # ---- verbs ----------------------------------------------------------------------------------

    def _select(self, half: Half, other: Half, thing: Thing) -> None:
        self._active = half.view
        other.view.show_selection(thing)
        self.selected.emit(thing)

    def _edit(self, thing: Thing, value: float) -> None:
        self._attempt(partial(self._set, thing, value))

    def _refuse(self, view: MatrixView, text: str) -> None:
        self._attempt(partial(refuse, view.editor, text))

    def _set(self, thing: Thing, value: float) -> None:
        debugger = self._session.debugger
        match thing:
            case ("edge", l, j, k):
                debugger.set_weight(l, j, k, value)
            case ("bias", l, j):
                debugger.set_bias(l, j, value)

    def copy(self) -> None:
        """The matrix that was last used, as a table for other programs."""
        self._copy_of(next(half for half in self.halves if half.view is self._active))

    def _copy_of(self, half: Half) -> None:
        shown = half.view.shown
        if shown is not None:
            self._attempt(lambda: _to_clipboard(words.as_tsv(shown.source, shown.n)))

    # ---- both together --------------------------------------------------------------------------

    def _alike(self) -> bool:
        """Whether a cell of one lies where the same cell of the other does."""
        plans = [half.view.plan for half in self.halves]
        return (
            plans[0] is not None and plans[1] is not None and plans[0].content == plans[1].content
        )

    def _zoom_with(self, half: Half, other: Half, zoom: float) -> None:
        one, two = half.view.shown, other.view.shown
        if one is not None and two is not None and one.source.shape == two.source.shape:
            other.view.set_zoom(zoom)

    def _scroll_with(self, twin: QScrollBar, value: int) -> None:
        if self._alike():
            twin.setValue(value)

    def _repaint(self, _theme: Any) -> None:
        for half in self.halves:
            half.view.viewport().update()

    # ---- events ---------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what happened out of sight."""
        super().showEvent(event)
        if self._stale:
            self._refresh_now()

    def minimumSizeHint(self) -> QSize:
        """Header, captions, and three rows of cells with their numbers."""
        return super().minimumSizeHint().expandedTo(QSize(0, _LEAST_HEIGHT))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where it is narrow, one matrix stands above the other."""
        super().resizeEvent(event)
        beside = self.width() >= _SIDE_BY_SIDE
        ways = QBoxLayout.Direction
        self._body.setDirection(ways.LeftToRight if beside else ways.TopToBottom)


def layer_of(step: Step) -> int | None:
    """The layer whose weights a step is about: sums over the next layer take those of that."""
    if step.l is None:
        return None
    return step.l + 1 if step.kind in ("dz_da", "addend") else step.l


def _to_clipboard(text: str) -> None:
    QGuiApplication.clipboard().setText(text)
