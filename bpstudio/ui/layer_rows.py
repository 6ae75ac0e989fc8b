"""The layers of the network in the experiment's form: one line each."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QComboBox, QGridLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from bpstudio.core.activations import ACTIVATIONS
from bpstudio.core.notation import Notation
from bpstudio.debugger.session import Session
from bpstudio.ui.fields import WholeField
from bpstudio.ui.form import caption, combo, fixed, select, whole
from bpstudio.ui.icons import icon
from bpstudio.ui.style import FORM_ROW, set_role
from bpstudio.ui.theme import Appearance

MOST_NODES = 100_000
Do = Callable[[Callable[[], object]], None]


class LayerRows(QWidget):
    """Number, nodes and activation of each layer; the hidden ones can be removed.

    ``do`` runs a verb, ``watch`` says why a number was refused. The Tab key comes here from
    ``add``, the button that adds a layer.
    """

    def __init__(
        self,
        session: Session,
        appearance: Appearance,
        do: Do,
        watch: Callable[[WholeField], None],
        add: QToolButton,
    ) -> None:
        super().__init__()
        self._session = session
        self._appearance = appearance
        self._do = do
        self._watch = watch
        self.add = add
        self._after: QWidget = add
        self._shown: tuple[object, ...] = ()
        self.grid = QGridLayout()
        self._rows = QWidget()
        self._around = QVBoxLayout(self)
        self._around.setContentsMargins(0, 0, 0, 0)
        self._around.addWidget(self._rows)
        add.clicked.connect(lambda: self._do(self.add_layer))

    def tab_to(self, widget: QWidget) -> None:
        """Where the Tab key goes after the last layer."""
        self._after = widget

    # ---- verbs --------------------------------------------------------------------------------

    def add_layer(self) -> None:
        hidden = self._session.experiment.hidden
        self._session.change(hidden=(*hidden, hidden[-1] if hidden else 4))

    def _remove_layer(self, index: int) -> None:
        now = self._session.experiment
        self._session.change(
            hidden=_without(now.hidden, index), activations=_without(now.activations, index)
        )

    def _set_nodes(self, index: int, count: int) -> None:
        hidden = list(self._session.experiment.hidden)
        hidden[index] = count
        self._session.change(hidden=tuple(hidden))

    def _set_activation(self, index: int, name: str) -> None:
        now = self._session.experiment
        if index == len(now.hidden):
            self._session.change(output_activation=name)
            return
        names = list(now.activations)
        names[index] = name
        self._session.change(activations=tuple(names))

    # ---- showing ------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Show the layers, made anew only when they are others."""
        now = self._session.experiment
        shape = (self._session.network.sizes, now.activations, now.output_activation)
        if shape != self._shown:
            self._shown = shape
            self._make_rows()

    def forget(self) -> None:
        """Make the lines anew at the next refresh."""
        self._shown = ()

    def _make_rows(self) -> None:
        """One line a layer, keeping the focus."""
        focused = self._focused_cell()
        self._clear_layers()
        self.grid.addWidget(caption("Layer"), 0, 0, 1, 2)
        self.grid.addWidget(caption("Nodes"), 0, 2)
        self.grid.addWidget(caption("Activation"), 0, 3)
        sizes = self._session.network.sizes
        for l, n in enumerate(sizes, start=1):
            self.grid.setRowMinimumHeight(l, FORM_ROW - 4)
            self._show_layer(l, n)
        self._order_layer_controls()
        if focused is not None:
            self._focus_layer_control(*focused)

    def _order_layer_controls(self) -> None:
        """The Tab key goes through the layers from the button that adds one to what comes next."""
        before: QWidget = self.add
        for row in range(1, self.grid.rowCount()):
            for column in range(2, self.grid.columnCount()):
                item = self.grid.itemAtPosition(row, column)
                widget = item.widget() if item is not None else None
                if widget is not None and widget.focusPolicy() != Qt.FocusPolicy.NoFocus:
                    QWidget.setTabOrder(before, widget)
                    before = widget
        QWidget.setTabOrder(before, self._after)

    def _clear_layers(self) -> None:
        """An empty grid in place of the one before: a grid never forgets the rows it had."""
        before, self._rows = self._rows, QWidget()
        self._around.replaceWidget(before, self._rows)
        before.hide()  # until it is deleted
        before.deleteLater()
        self.grid = QGridLayout(self._rows)
        self.grid.setContentsMargins(0, 0, 0, 0)
        self.grid.setHorizontalSpacing(4)
        self.grid.setVerticalSpacing(1)
        for column, least in enumerate((14, 26, 52)):
            self.grid.setColumnMinimumWidth(column, least)
        self.grid.setColumnStretch(3, 1)

    def _focus_layer_control(self, row: int, column: int) -> None:
        """The control at a place of the grid, or the nearest above it, else the button that adds.

        The layer whose button removed it is gone; the next one stands there now.
        """
        for candidate in range(row, 0, -1):
            item = self.grid.itemAtPosition(candidate, column)
            widget = item.widget() if item is not None else None
            if widget is not None and widget.focusPolicy() != Qt.FocusPolicy.NoFocus:
                widget.setFocus()
                return
        self.add.setFocus()

    def _show_layer(self, l: int, n: int) -> None:
        sizes, now = self._session.network.sizes, self._session.experiment
        notation = Notation(len(sizes))
        number = QLabel(str(l))
        name = QLabel("input" if l == 1 else notation.layer(l).replace("-", "−"))
        set_role(name, "hint")
        self.grid.addWidget(number, l, 0)
        self.grid.addWidget(name if name.text() != str(l) else QLabel(), l, 1)
        if 1 < l < len(sizes):
            self.grid.addWidget(self._nodes_box(l - 2, n), l, 2)
            self.grid.addWidget(self._remove_button(l - 2), l, 4)
        else:
            self.grid.addWidget(fixed(str(n)), l, 2)
        if l == 1:
            self.grid.addWidget(fixed("none"), l, 3)
            return
        current = now.output_activation if l == len(sizes) else now.activations[l - 2]
        self.grid.addWidget(self._activation_box(l - 2, current), l, 3)

    def _nodes_box(self, index: int, n: int) -> WholeField:
        box = whole(f"Nodes of layer {index + 2}", 1, MOST_NODES)
        box.setFixedWidth(52)
        box.setValue(n)
        self._watch(box)
        box.valueChanged.connect(lambda count: self._do(lambda: self._set_nodes(index, count)))
        return box

    def _activation_box(self, index: int, current: str) -> QComboBox:
        items = [(name.replace("_", " "), name) for name in ACTIVATIONS]
        box = combo(f"Activation g of layer {index + 2}", items)
        select(box, current)
        box.activated.connect(
            lambda _i: self._do(lambda: self._set_activation(index, box.currentData()))
        )
        return box

    def _remove_button(self, index: int) -> QToolButton:
        button = QToolButton()
        button.setToolTip(f"Remove layer {index + 2}")
        button.setAccessibleName(f"Remove layer {index + 2}")
        button.setIcon(icon("close", self._appearance.theme, 12))
        button.setIconSize(QSize(12, 12))
        button.setFixedWidth(18)
        button.clicked.connect(lambda: self._do(lambda: self._remove_layer(index)))
        return button

    def _focused_cell(self) -> tuple[int, int] | None:
        """Row and column of the layer control that has the focus."""
        for index in range(self.grid.count()):
            item = self.grid.itemAt(index)
            widget = item.widget() if item is not None else None
            if widget is not None and widget.hasFocus():
                place = cast("tuple[int, int, int, int]", self.grid.getItemPosition(index))
                return place[0], place[1]
        return None


def _without(values: tuple, index: int) -> tuple:
    return (*values[:index], *values[index + 1 :])
