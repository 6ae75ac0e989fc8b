"""The experiment: data, layers, loss and optimiser. Editing any of them rebuilds at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import cast

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from bpstudio.core.activations import ACTIVATIONS
from bpstudio.core.formulas import loss_tex
from bpstudio.core.losses import LOSSES
from bpstudio.core.network import INITS
from bpstudio.core.notation import Notation, format_count
from bpstudio.core.scaling import SCALINGS
from bpstudio.debugger.session import Session
from bpstudio.ui.fields import RealField, WholeField
from bpstudio.ui.fonts import Size
from bpstudio.ui.formula_label import FormulaLabel
from bpstudio.ui.icons import icon
from bpstudio.ui.style import FORM_ROW, GAP, HEADER_HEIGHT, PADDING, SECTION_GAP, set_role
from bpstudio.ui.theme import Appearance

Attempt = Callable[[Callable[[], object]], bool]

MOST_NODES = 100_000
MOST_SEED = 2**31 - 1
SCALING_NAMES = {"standard": "Standardise", "minmax": "0 to 1", "none": "As it is"}
INIT_NAMES = {
    "xavier": "Xavier",
    "he": "He",
    "normal": "Normal",
    "uniform": "Uniform",
    "zeros": "Zeros",
}
VALIDATION = ((0.0, "100 / 0"), (0.1, "90 / 10"), (0.2, "80 / 20"), (0.3, "70 / 30"))


class ExperimentPanel(QWidget):
    """A form over the session's experiment."""

    open_requested = Signal()
    target_requested = Signal(str)
    """The name of another column to learn."""

    def __init__(
        self,
        session: Session,
        appearance: Appearance,
        attempt: Attempt,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._appearance = appearance
        self._attempt = attempt
        self._layer_shape: tuple[object, ...] = ()
        set_role(self, "panel")
        self.setMinimumWidth(240)
        self._make_controls()
        self._lay_out()
        appearance.changed.connect(lambda _theme: self._retint())
        self._retint()

    # ---- controls -----------------------------------------------------------------------------

    def _make_controls(self) -> None:
        change = self._session.change
        self.file = QPushButton()
        self.file.setToolTip("Choose a data file (Ctrl+O)")
        self.file.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.file.setMinimumWidth(72)
        self.file.clicked.connect(self.open_requested)
        self.target = _combo("The column that the network learns", ())
        self.target.activated.connect(
            lambda _i: self.target_requested.emit(self.target.currentText())
        )
        self.split = _combo("How many rows are kept for validation, in per cent", ())
        for fraction, text in VALIDATION:
            self.split.addItem(text, fraction)
        self.split.activated.connect(
            lambda _i: self._do(lambda: change(validation=self.split.currentData()))
        )
        names = [(SCALING_NAMES[kind], kind) for kind in SCALINGS]
        self.scale = _combo("How every column of numbers is scaled, from the training rows", names)
        self.scale.activated.connect(
            lambda _i: self._do(lambda: change(scale=self.scale.currentData()))
        )
        self.loss = _combo("The loss C₀ of one sample", _titles())
        self.loss.activated.connect(
            lambda _i: self._do(lambda: change(loss=self.loss.currentData()))
        )
        self.formula = FormulaLabel("", Size.BASE)
        self.bias = QCheckBox("Biases")
        self.bias.setToolTip("Whether every node has a bias b")
        self.bias.clicked.connect(lambda on: self._do(lambda: change(bias=on)))
        self.init = _combo(
            "How the first weights are drawn from the seed",
            [(INIT_NAMES[name], name) for name in INITS],
        )
        self.init.activated.connect(
            lambda _i: self._do(lambda: change(init=self.init.currentData()))
        )
        self.rate = _rate_box()
        self.rate.valueChanged.connect(lambda value: self._do(lambda: change(lr=value)))
        self.batch = _whole("Rows in a batch", 1, 1_000_000)
        self.batch.valueChanged.connect(lambda n: self._do(lambda: change(batch_size=n)))
        self.seed = _whole("The seed of weights, split and order", 0, MOST_SEED)
        self.seed.valueChanged.connect(lambda n: self._do(lambda: change(seed=n)))
        self.dice = QToolButton()
        self.dice.setToolTip("Draw a new seed (Ctrl+Shift+R)")
        self.dice.setAccessibleName("Draw a new seed")
        self.dice.clicked.connect(lambda: self._do(lambda: change(seed=new_seed(self._session))))
        self.add = QToolButton()
        self.add.setToolTip("Add a hidden layer before the output")
        self.add.setAccessibleName("Add a hidden layer")
        self.add.clicked.connect(lambda: self._do(self._add_layer))

    def _lay_out(self) -> None:
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(_header("Experiment"))
        form = QWidget()
        set_role(form, "panel")
        self._form = QVBoxLayout(form)
        self._form.setContentsMargins(PADDING, 4, PADDING, 4)
        self._form.setSpacing(SECTION_GAP // 4)
        self._data_section()
        self._network_section()
        self._loss_section()
        self._optimiser_section()
        self._form.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(form)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        whole.addWidget(area, 1)

    def _data_section(self) -> None:
        self.rows_note = self._section("Data")
        grid = self._grid()
        self.classes = _note()
        self.counts = _note()
        _row(grid, 0, "File", self.file)
        _row(grid, 1, "Target", self.target, self.classes)
        _row(grid, 2, "Split", self.split, self.counts)
        _row(grid, 3, "Scaling", self.scale)

    def _network_section(self) -> None:
        self.size_note = self._section("Network", self.add)
        self.layers = QGridLayout()
        self.layers.setHorizontalSpacing(4)
        self.layers.setVerticalSpacing(2)
        self.layers.setColumnMinimumWidth(0, 12)
        self.layers.setColumnMinimumWidth(1, 32)
        self.layers.setColumnMinimumWidth(2, 56)
        self.layers.setColumnStretch(3, 1)
        self._form.addLayout(self.layers)
        grid = self._grid()
        _row(grid, 0, "Start", self.init, self.bias)

    def _loss_section(self) -> None:
        self._section("Loss")
        grid = self._grid()
        _row(grid, 0, "Function", self.loss)
        self._form.addWidget(self.formula, 0, Qt.AlignmentFlag.AlignHCenter)

    def _optimiser_section(self) -> None:
        note = self._section("Optimiser")
        note.setText("SGD")
        grid = self._grid()
        _row(grid, 0, "Rate η", _beside(self.rate, _label("Batch"), self.batch))
        _row(grid, 1, "Seed", _beside(self.seed, self.dice))

    def _section(self, title: str, button: QToolButton | None = None) -> QLabel:
        """A section's title, with a note at its right end."""
        if self._form.count():
            line = QWidget()
            set_role(line, "line")
            line.setFixedHeight(1)
            self._form.addWidget(line)
        row = QHBoxLayout()
        label = QLabel(title)
        set_role(label, "title")
        note = _note()
        row.addWidget(label)
        row.addStretch(1)
        row.addWidget(note)
        if button is not None:
            row.addWidget(button)
        self._form.addLayout(row)
        return note

    def _grid(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(GAP)
        grid.setVerticalSpacing(2)
        grid.setColumnMinimumWidth(0, 56)
        grid.setColumnStretch(1, 1)
        self._form.addLayout(grid)
        return grid

    # ---- verbs --------------------------------------------------------------------------------

    def _do(self, verb: Callable[[], object]) -> None:
        """Run a verb; show the settings again as they are if it was refused."""
        if not self._attempt(verb):
            self.refresh(frozenset({"experiment", "data"}))

    def _add_layer(self) -> None:
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

    def refresh(self, changes: frozenset[str]) -> None:
        """Show the settings as they are."""
        if not changes & {"data", "experiment"}:
            return
        self._show_data()
        self._show_network()
        now = self._session.experiment
        _select(self.loss, now.loss)
        if self.formula.latex != loss_tex(now.loss):
            self.formula.set_tex(loss_tex(now.loss))
        _set(self.rate, now.lr)
        _set(self.batch, now.batch_size)
        _set(self.seed, now.seed)

    def _show_data(self) -> None:
        data, now = self._session.data, self._session.experiment
        left_out = f", {format_count(len(data.rejected))} left out" if data.rejected else ""
        self.rows_note.setText(f"{format_count(len(data))} rows{left_out}")
        self.rows_note.setToolTip("\n".join(map(str, data.rejected[:20])))
        self.file.setText(data.name)
        self._show_targets()
        classes = f"{data.n_targets} classes" if data.task == "classification" else "number"
        self.classes.setText(classes)
        _select(self.split, now.validation)
        self.counts.setText(f"{len(data.training)} + {len(data.validation)}")
        self.counts.setToolTip("Training rows + validation rows")
        _select(self.scale, now.scale)

    def _show_targets(self) -> None:
        """The columns that may be learnt, the one in force chosen."""
        data = self._session.data
        names = data.column_names or data.target_column_names
        self.target.clear()
        self.target.addItems(list(names))
        current = ", ".join(data.target_column_names)
        if current not in names:
            self.target.addItem(current)
        self.target.setCurrentText(current)

    def _show_network(self) -> None:
        network, now = self._session.network, self._session.experiment
        self.size_note.setText(f"{format_count(network.n_weights)} weights")
        self.size_note.setToolTip(f"and {format_count(network.n_biases)} biases")
        shape = (network.sizes, now.activations, now.output_activation)
        if shape != self._layer_shape:
            self._layer_shape = shape
            self._show_layers()
        _select(self.init, now.init)
        self.bias.setChecked(now.bias)

    def _show_layers(self) -> None:
        """One line a layer. Made anew only when the layers changed, keeping the focus."""
        focused = self._focused_cell()
        _empty(self.layers)
        self.layers.addWidget(_caption("Layer"), 0, 0, 1, 2)
        self.layers.addWidget(_caption("Nodes"), 0, 2)
        self.layers.addWidget(_caption("Activation"), 0, 3)
        sizes = self._session.network.sizes
        for l, n in enumerate(sizes, start=1):
            self.layers.setRowMinimumHeight(l, FORM_ROW - 4)
            self._show_layer(l, n)
        if focused is not None:
            item = self.layers.itemAtPosition(*focused)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.setFocus()

    def _show_layer(self, l: int, n: int) -> None:
        sizes, now = self._session.network.sizes, self._session.experiment
        notation = Notation(len(sizes))
        number = QLabel(str(l))
        name = QLabel("input" if l == 1 else notation.layer(l).replace("-", "−"))
        set_role(name, "hint")
        self.layers.addWidget(number, l, 0)
        self.layers.addWidget(name if name.text() != str(l) else QLabel(), l, 1)
        if 1 < l < len(sizes):
            self.layers.addWidget(self._nodes_box(l - 2, n), l, 2)
            self.layers.addWidget(self._remove_button(l - 2), l, 4)
        else:
            self.layers.addWidget(_fixed(str(n)), l, 2)
        if l == 1:
            self.layers.addWidget(_fixed("none"), l, 3)
            return
        current = now.output_activation if l == len(sizes) else now.activations[l - 2]
        self.layers.addWidget(self._activation_box(l - 2, current), l, 3)

    def _nodes_box(self, index: int, n: int) -> WholeField:
        box = _whole(f"Nodes of layer {index + 2}", 1, MOST_NODES)
        box.setFixedWidth(56)
        box.setValue(n)
        box.valueChanged.connect(lambda count: self._do(lambda: self._set_nodes(index, count)))
        return box

    def _activation_box(self, index: int, current: str) -> QComboBox:
        items = [(name.replace("_", " "), name) for name in ACTIVATIONS]
        box = _combo(f"Activation g of layer {index + 2}", items)
        _select(box, current)
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
        button.setFixedWidth(20)
        button.clicked.connect(lambda: self._do(lambda: self._remove_layer(index)))
        return button

    def _focused_cell(self) -> tuple[int, int] | None:
        """Row and column of the layer control that has the focus."""
        for index in range(self.layers.count()):
            item = self.layers.itemAt(index)
            widget = item.widget() if item is not None else None
            if widget is not None and widget.hasFocus():
                place = cast("tuple[int, int, int, int]", self.layers.getItemPosition(index))
                return place[0], place[1]
        return None

    def _retint(self) -> None:
        theme = self._appearance.theme
        self.file.setIcon(icon("file", theme))
        self.dice.setIcon(icon("dice", theme))
        self.add.setIcon(icon("plus", theme))
        self._layer_shape = ()
        self.refresh(frozenset({"data", "experiment"}))


def new_seed(session: Session) -> int:
    """Another seed that can be read aloud: the next one drawn from this one."""
    return (session.experiment.seed * 48271 + 11) % 1_000_000


def _titles() -> list[tuple[str, str]]:
    return [(loss.title, name) for name, loss in LOSSES.items()]


def _combo(hint: str, items: Iterable[tuple[str, str]]) -> QComboBox:
    box = QComboBox()
    for text, data in items:
        box.addItem(text, data)
    box.setToolTip(hint)
    box.setAccessibleName(hint)
    box.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
    box.setMinimumWidth(72)
    return box


def _whole(hint: str, least: int, most: int) -> WholeField:
    box = WholeField(least, most, least)
    _describe(box, hint)
    return box


def _rate_box() -> RealField:
    box = RealField(1e-12, 1e6, 0.1)
    _describe(box, "Learning rate η: how far one update goes against the gradient")
    return box


def _describe(box: WholeField | RealField, hint: str) -> None:
    box.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
    box.setMinimumWidth(50)
    box.setToolTip(hint)
    box.setAccessibleName(hint)


def _header(title: str) -> QWidget:
    header = QWidget()
    set_role(header, "header")
    header.setFixedHeight(HEADER_HEIGHT)
    row = QHBoxLayout(header)
    row.setContentsMargins(PADDING, 0, 8, 0)
    label = QLabel(title)
    set_role(label, "title")
    row.addWidget(label)
    row.addStretch(1)
    return header


def _row(grid: QGridLayout, row: int, text: str, control: QWidget, *more: QWidget) -> None:
    label = QLabel(text)
    set_role(label, "label")
    label.setBuddy(control)
    grid.addWidget(label, row, 0)
    grid.addWidget(control, row, 1, 1, 1 if more else 2)
    for column, widget in enumerate(more, start=2):
        grid.addWidget(widget, row, column)
    grid.setRowMinimumHeight(row, FORM_ROW - 2)


def _note() -> QLabel:
    label = QLabel()
    set_role(label, "hint")
    return label


def _fixed(text: str) -> QLabel:
    label = QLabel(text)
    set_role(label, "label")
    label.setContentsMargins(9, 0, 0, 0)
    return label


def _label(text: str) -> QLabel:
    label = QLabel(text)
    set_role(label, "label")
    return label


def _beside(*widgets: QWidget) -> QWidget:
    """Controls in one row of the form."""
    holder = QWidget()
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(GAP)
    for widget in widgets:
        row.addWidget(widget)
    return holder


def _caption(text: str) -> QLabel:
    label = QLabel(text)
    set_role(label, "caption")
    return label


def _select(box: QComboBox, data: object) -> None:
    index = box.findData(data)
    if index < 0 and data is not None:
        box.addItem(str(data), data)
        index = box.count() - 1
    box.setCurrentIndex(index)


def _set(box: WholeField | RealField, value: float) -> None:
    box.blockSignals(True)
    if isinstance(box, WholeField):
        box.setValue(int(value))
    else:
        box.setValue(value)
    box.blockSignals(False)


def _empty(grid: QGridLayout) -> None:
    while grid.count():
        item = grid.takeAt(0)
        widget = item.widget() if item is not None else None
        if widget is not None:
            widget.hide()
            widget.deleteLater()


def _without(values: tuple, index: int) -> tuple:
    return (*values[:index], *values[index + 1 :])
