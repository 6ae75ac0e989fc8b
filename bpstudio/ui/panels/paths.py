"""The sum over paths: which ways through the network carry the gradient of one weight."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPointF, Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from bpstudio.core.notation import (
    Notation,
    counted,
    format_count,
    format_number,
    on_one_line,
    partial,
    plain,
)
from bpstudio.core.paths import Path, PathSum, paths
from bpstudio.debugger.notices import Changes
from bpstudio.debugger.session import Session
from bpstudio.ui.analysis.header import ParameterHeader
from bpstudio.ui.analysis.listing import Head, Listing
from bpstudio.ui.analysis.parameter import Parameter
from bpstudio.ui.analysis.path_rows import (
    HEIGHT,
    TITLES,
    columns,
    factor_at,
    paint_path,
    route_markup,
)
from bpstudio.ui.attempt import Attempt
from bpstudio.ui.painted_rows import ROW
from bpstudio.ui.style import set_role
from bpstudio.ui.theme import Appearance

_CONCERN = {"cursor", "trace", "network", "data", "experiment", "run"}
MOST = 20  # paths in the table
_TIP = "Click a factor to go to its step; Enter goes to the weakest"


class PathsPanel(QWidget):
    """The largest paths of the weight of the current step, or of the one that was chosen."""

    def __init__(
        self,
        session: Session,
        appearance: Appearance,
        attempt: Attempt,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        set_role(self, "panel")
        self._session = session
        self._attempt = attempt
        self._shown: tuple[object, int, Parameter] | None = None
        self.found: PathSum | None = None
        self.header = ParameterHeader("Paths", appearance)
        self.model = PathModel(self)
        head = Head(TITLES, columns, appearance)
        self.listing = Listing(head, "Paths that carry the gradient, the largest first", _TIP)
        self.listing.show_rows(self.model, appearance, paint_path, HEIGHT)
        self.listing.link_asked.connect(self._go)
        self.header.pinned.connect(self._show)
        self.rest = QLabel()
        self.rest.setContentsMargins(12, 4, 12, 4)
        self.rest.setWordWrap(True)
        set_role(self.rest, "hint")
        self._lay_out()
        self._show()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        column.addWidget(self.listing, 1)
        column.addWidget(self.rest)

    @property
    def parameter(self) -> Parameter:
        """The weight whose paths are shown (a bias: k is None)."""
        return self.header.parameter

    def show_weight(self, l: int, j: int, k: int) -> None:
        """Stay at this weight until the pin is taken out. InputError where it does not exist."""
        paths(self._session.debugger.trace, 0, l, j, k, 1)
        self.header.choose(Parameter(l, j, k))
        self._show()

    def refresh(self, changes: Changes) -> None:
        """Follow the step, its sample and the numbers."""
        if changes & _CONCERN:
            self.setEnabled(not self._session.is_training)
            self._show()

    def _show(self) -> None:
        debugger = self._session.debugger
        step, trace = debugger.step.step, debugger.trace
        self.header.follow(step, trace.network)
        place = (trace, step.s or 0, self.parameter)
        if self._shown is not None and self._shown[0] is trace and self._shown[1:] == place[1:]:
            return
        self._shown = place
        self._look_up(step.s or 0)

    def _look_up(self, s: int) -> None:
        trace, (l, j, k) = self._session.debugger.trace, self.parameter
        notation = Notation(trace.L)
        # a bias goes the same ways as a weight whose input is 1
        self.found = None if k is None else paths(trace, s, l, j, k, MOST)
        self.model.show_paths(self.found.shown if self.found else (), notation)
        symbol = on_one_line(partial("C_0", self.parameter.tex(notation)))
        if self.found is None:
            self.header.show_parameter(symbol, "a bias: choose a weight to see its paths")
            self.rest.hide()
            return
        total = format_number(self.found.total)
        said = f"= {total} in row {trace.rows[s]}, {count_of(self.found)}"
        self.header.show_parameter(symbol, said)
        self.rest.setText(rest_of(self.found))
        self.rest.show()

    def _go(self, index: QModelIndex, at: QPointF | None) -> None:
        path = self.model.paths[index.row()]
        width = self.listing.view.visualRect(index).width()
        weakest = path.factors[path.weakest].address
        address = weakest if at is None else factor_at(path, at, width)
        if address:
            self._attempt(lambda: self._session.debugger.goto(address))


class PathModel(QAbstractListModel):
    """The paths on show."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.paths: tuple[Path, ...] = ()
        self._notation = Notation(2)

    def show_paths(self, shown: tuple[Path, ...], notation: Notation) -> None:
        """Show these."""
        self.beginResetModel()
        self.paths, self._notation = shown, notation
        self.endResetModel()

    def rowCount(self, parent: Any = None) -> int:
        """How many are shown."""
        return 0 if parent is not None and parent.isValid() else len(self.paths)

    def data(self, index: Any, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The path, and its words for screen readers and tooltip."""
        path = self.paths[index.row()]
        if role == ROW:
            return path, self.paths[0].share, self._notation
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return spoken(path, self._notation)
        return tip(path) if role == Qt.ItemDataRole.ToolTipRole else None


def count_of(found: PathSum) -> str:
    """How many paths there are."""
    return counted(found.count, "path")


def rest_of(found: PathSum) -> str:
    """What is not in the table, and how far the paths cancel."""
    others = found.count - len(found.shown)
    shown = "All are shown."
    if others:
        share = sum(path.share for path in found.shown)
        more = f"{format_count(others)} more, sum {format_number(found.rest)}"
        shown = f"{more}; the {len(found.shown)} shown are {share:.0%} of the size."
    if found.count == 1 or not found.size > 0:
        return shown
    return f"{shown} After cancelling, {abs(found.total) / found.size:.0%} of the size is left."


def spoken(path: Path, notation: Notation) -> str:
    """A path in one line."""
    weakest = path.factors[path.weakest]
    route = plain(route_markup(path, notation)).replace("→", "to")
    return (
        f"{route}, {format_number(path.value)}, {path.share:.0%}, weakest factor "
        f"{plain(f'${on_one_line(weakest.name)}$')} {format_number(weakest.value)}"
    )


def tip(path: Path) -> str:
    """Every factor with its digits and address."""
    return "\n".join(f"{factor.value!r}  {factor.address}" for factor in path.factors)
