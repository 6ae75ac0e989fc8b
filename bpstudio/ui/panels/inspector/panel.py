"""The inspector's panel: what is selected, or what the step is about."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QScrollArea, QToolButton, QVBoxLayout, QWidget

from bpstudio.core.errors import InputError
from bpstudio.core.leaves import find_leaf
from bpstudio.debugger.session import Session
from bpstudio.ui.attempt import Attempt
from bpstudio.ui.buttons import icon_button
from bpstudio.ui.panels.inspector.lines import (
    Line,
    Thing,
    View,
    exists,
    heading,
    lines_of,
    thing_of,
)
from bpstudio.ui.panels.inspector.rows import InspectorRow
from bpstudio.ui.style import GAP, HEADER_HEIGHT, PADDING, set_role, set_style_property
from bpstudio.ui.theme import Appearance

_CONCERNED = frozenset({"cursor", "trace", "network", "data", "experiment", "run"})


class InspectorPanel(QWidget):
    """All numbers of a thing, with fields for those that may be changed by hand."""

    address_requested = Signal(str)
    """The step to go to."""
    menu_requested = Signal(object, QPoint)
    """The address of a number, and where on screen."""

    def __init__(
        self,
        session: Session,
        appearance: Appearance,
        attempt: Attempt,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        set_role(self, "panel")
        self.setMinimumWidth(240)
        self._session, self._attempt = session, attempt
        self._thing: Thing | None = None
        self.rows: list[InspectorRow] = []
        self.heading, self.where = QLabel(), QLabel()
        set_role(self.heading, "title")
        set_role(self.where, "hint")
        self.heading.setWordWrap(True)
        self.follow = icon_button("pin", "Keep what is shown while stepping", appearance)
        self.follow.setCheckable(True)
        self.follow.toggled.connect(self._keep)
        self.undo = QToolButton()
        set_style_property(self.undo, "flat_link", True)
        self.undo.clicked.connect(lambda: self._attempt(self._session.debugger.undo))
        self._lay_out()

    # ---- putting it together ------------------------------------------------------------------

    def _lay_out(self) -> None:
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self._header())
        page = QWidget()
        set_role(page, "panel")
        column = QVBoxLayout(page)
        column.setContentsMargins(PADDING, GAP, PADDING, GAP)
        column.setSpacing(2)
        column.addWidget(self.heading)
        column.addWidget(self.where)
        self._body = QVBoxLayout()
        self._body.setSpacing(2)
        column.addLayout(self._body)
        column.addWidget(self.undo, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(page)
        whole.addWidget(area, 1)

    def _header(self) -> QWidget:
        bar = QWidget()
        set_role(bar, "header")
        bar.setFixedHeight(HEADER_HEIGHT)
        row = QHBoxLayout(bar)
        row.setContentsMargins(PADDING, 0, GAP, 1)
        title = QLabel("Inspector")
        set_role(title, "title")
        row.addWidget(title)
        row.addStretch(1)
        row.addWidget(self.follow)
        return bar

    def _make_row(self) -> InspectorRow:
        row = InspectorRow()
        row.address_requested.connect(self.address_requested)
        row.menu_requested.connect(self.menu_requested)
        row.edited.connect(partial(self._edit, len(self.rows)))
        row.refused.connect(partial(self._refuse, len(self.rows)))
        self.rows.append(row)
        self._body.addWidget(row)
        return row

    # ---- showing ------------------------------------------------------------------------------

    def refresh(self, changes: frozenset[str]) -> None:
        """Show the numbers as they are."""
        if changes & _CONCERNED:
            self._show()

    def show_thing(self, thing: Thing | None) -> None:
        """Show what was selected, and keep it; None: what the step is about."""
        debugger = self._session.debugger
        known = thing is not None and exists(debugger.trace, _plain(thing))
        self._thing = _plain(thing) if known and thing is not None else None
        self.follow.setChecked(self._thing is not None)
        self._show()

    @property
    def thing(self) -> Thing:
        """What is shown."""
        trace = self._session.debugger.trace
        if self._thing is not None and exists(trace, self._thing):
            return self._thing
        return thing_of(self._session.debugger.step.step)

    def _keep(self, on: bool) -> None:
        """Keep what is shown, or follow the step again."""
        if on != (self._thing is not None):
            self._thing = self.thing if on else None
            self._show()

    def _show(self) -> None:
        debugger = self._session.debugger
        view = View(debugger.trace, debugger.cursor, debugger.before_edit)
        thing = self.thing
        lines = lines_of(view, thing)
        self.heading.setText(heading(view, thing))
        self.where.setText(self._where(view, thing))
        while len(self.rows) < len(lines):
            self._make_row()
        for n, row in enumerate(self.rows):
            row.setVisible(n < len(lines))
            if n < len(lines):
                row.show_line(lines[n], self._note(lines[n]), not debugger.busy)
        self._show_undo()

    def _where(self, view: View, thing: Thing) -> str:
        """The row of the data and, of an input or a target, its name."""
        names = {
            "node": self._session.data.feature_names,
            "target": self._session.data.target_names,
        }
        named = thing[0] == "target" or thing[:2] == ("node", 1)
        known = names.get(thing[0], ()) if named else ()
        name = known[thing[-1]] if named and thing[-1] < len(known) else ""
        return ", ".join(filter(None, (name, f"row {view.row}")))

    def _note(self, line: Line) -> str:
        """The raw number of an input or a target, as the file would have it."""
        leaf, data = find_leaf(line.address), self._session.data
        if leaf is None or leaf.kind not in ("x", "y"):
            return ""
        position = data.position(leaf.row)
        if leaf.kind == "x":
            return f"{data.features[position, leaf.j]:g} in the file"
        if data.task == "classification":
            return ""
        return f"{data.target[position, leaf.j]:g} in the file"

    def _show_undo(self) -> None:
        target = self._session.debugger.undo_text
        self.undo.setVisible(bool(target))
        self.undo.setText(f"Undo the change of {target}")
        self.undo.setToolTip(f"Give {target} its former value (Ctrl+Z)")
        self.undo.setEnabled(not self._session.debugger.busy)

    # ---- verbs ----------------------------------------------------------------------------------

    def _edit(self, n: int, value: float, merge: bool) -> None:
        line = self.rows[n].line
        if line is None or value == line.value:
            return
        if not self._attempt(self._verb(line, value, merge)):
            self._show()

    def _verb(self, line: Line, value: float, merge: bool) -> Callable[[], object]:
        """The change of a given number, ready to be carried out."""
        leaf, debugger = find_leaf(line.address), self._session.debugger
        assert leaf is not None, "only given numbers have fields"
        verbs: dict[str, Callable[[], object]] = {
            "weight": lambda: debugger.set_weight(leaf.l, leaf.j, leaf.k, value, merge),
            "bias": lambda: debugger.set_bias(leaf.l, leaf.j, value, merge),
            "input": lambda: debugger.set_input(leaf.row, leaf.j, value, merge),
            "target": lambda: debugger.set_target(leaf.row, leaf.j, value, merge),
        }
        return verbs[line.editable]

    def _refuse(self, n: int, text: str) -> None:
        """Say why a number was not taken; an emptied field needs no words."""
        line = self.rows[n].line
        if line is not None and text.strip():
            self._attempt(partial(_refuse, line.words, text))


def _refuse(words: str, text: str) -> None:
    raise InputError(f"{words} is a finite number, given: {text}")


def _plain(thing: Thing) -> Thing:
    """The thing that has the numbers: the line from output to target shows the target's."""
    return ("target", thing[1]) if thing[0] == "loss_edge" else thing
