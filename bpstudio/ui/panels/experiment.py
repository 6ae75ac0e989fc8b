"""The experiment: data, layers, loss and optimiser. Editing any of them rebuilds at once."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from bpstudio.core.dataset import Dataset
from bpstudio.core.formulas import loss_tex
from bpstudio.core.losses import LOSSES
from bpstudio.core.network import INITS
from bpstudio.core.notation import format_count
from bpstudio.core.scaling import SCALINGS
from bpstudio.core.splitting import BY_COLUMN
from bpstudio.debugger.experiment import Experiment
from bpstudio.debugger.session import Session
from bpstudio.ui import form
from bpstudio.ui.attempt import Attempt
from bpstudio.ui.fields import RealField, WholeField
from bpstudio.ui.fonts import Size
from bpstudio.ui.formula_label import FormulaLabel
from bpstudio.ui.icons import icon
from bpstudio.ui.layer_rows import LayerRows
from bpstudio.ui.optimiser_form import LABELS, OptimiserForm
from bpstudio.ui.scaling_words import SCALING_NAMES, own_scales
from bpstudio.ui.split_words import order_items, split_text
from bpstudio.ui.style import (
    GAP,
    PADDING,
    does,
    set_role,
    set_style_property,
)
from bpstudio.ui.theme import Appearance

MOST_SEED = 2**31 - 1
INIT_NAMES = {
    "xavier": "Xavier",
    "he": "He",
    "normal": "Normal",
    "uniform": "Uniform",
    "zeros": "Zeros",
}
_SCALE_HINT = "How columns without a scaling of their own are scaled, from the training rows"
VALIDATION = ((0.0, "100 / 0"), (0.1, "90 / 10"), (0.2, "80 / 20"), (0.3, "70 / 30"))


class ExperimentPanel(QWidget):
    """A form over the session's experiment."""

    open_requested = Signal()
    target_requested = Signal(str)
    """The name of another column to learn."""
    task_requested = Signal(str)
    """Learn the target as "classification" or as "regression"."""

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
        does(self.file, "open")
        set_style_property(self.file, "at_left", True)
        self.file.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.file.setMinimumWidth(72)
        self.file.clicked.connect(self.open_requested)
        self.target = form.combo("The column that the network learns", ())
        self.target.activated.connect(
            lambda _i: self.target_requested.emit(self.target.currentText())
        )
        self.split = form.combo("How many rows are kept for validation, in per cent", ())
        for fraction, text in VALIDATION:
            self.split.addItem(text, fraction)
        self.split.activated.connect(
            lambda _i: self._do(lambda: change(validation=self.split.currentData()))
        )
        self.order = form.combo("Order: which rows are kept for validation", ())
        self.order.activated.connect(
            lambda _i: self._do(lambda: change(split=self.order.currentData()))
        )
        names = [(SCALING_NAMES[kind], kind) for kind in SCALINGS]
        self.scale = form.combo(_SCALE_HINT, names)
        self.scale.activated.connect(
            lambda _i: self._do(lambda: change(scale=self.scale.currentData()))
        )
        self.loss = form.combo("The loss C₀ of one sample", _titles())
        self.loss.activated.connect(
            lambda _i: self._do(lambda: change(loss=self.loss.currentData()))
        )
        self.formula = FormulaLabel("", Size.BASE)
        self.bias = QCheckBox("Biases")
        self.bias.setToolTip("Whether every node has a bias b")
        self.bias.clicked.connect(lambda on: self._do(lambda: change(bias=on)))
        self.init = form.combo(
            "How the first weights are drawn from the seed",
            [(INIT_NAMES[name], name) for name in INITS],
        )
        self.init.activated.connect(
            lambda _i: self._do(lambda: change(init=self.init.currentData()))
        )
        self.seed = form.whole("The seed of weights, split and order", 0, MOST_SEED)
        self.seed.valueChanged.connect(lambda n: self._do(lambda: change(seed=n)))
        self._watch(self.seed)
        self.optimiser = OptimiserForm(self._session, self._do, self._watch)
        self.dice = QToolButton()
        does(self.dice, "new_seed")
        self.dice.setAccessibleName("Draw a new seed")
        self.dice.clicked.connect(lambda: self._do(lambda: change(seed=new_seed(self._session))))
        self.add = QToolButton()
        self.add.setToolTip("Add a hidden layer before the output")
        self.add.setAccessibleName("Add a hidden layer")

    def _lay_out(self) -> None:
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(form.header("Experiment"))
        page = QWidget()
        set_role(page, "panel")
        self._form = QVBoxLayout(page)
        self._form.setContentsMargins(PADDING, 2, PADDING, 2)
        self._form.setSpacing(3)
        self._data_section()
        self._network_section()
        self._loss_section()
        self._optimiser_section()
        self._form.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        page.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        area.setWidget(page)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        whole.addWidget(area, 1)

    def _data_section(self) -> None:
        self.rows_note = self._section("Data")
        grid = self._grid()
        self.classes = self._task_button()
        self.counts = form.note()
        form.row(grid, 0, "File", self.file)
        form.row(grid, 1, "Target", self.target, self.classes)
        form.row(grid, 2, "Split", self.split, self.counts)
        form.row(grid, 3, "Order", self.order)
        form.row(grid, 4, "Scaling", self.scale)

    def _task_button(self) -> QToolButton:
        """What the target is taken for; a column of numbers may be either."""
        button = QToolButton()
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        button.setToolTip("What the target is learnt as: classes or a number")
        set_style_property(button, "flat_link", True)
        menu = QMenu(button)
        for text, task in (("As classes", "classification"), ("As a number", "regression")):
            menu.addAction(text).triggered.connect(partial(self._ask_task, task))
        button.setMenu(menu)
        return button

    def _ask_task(self, task: str, _checked: bool = False) -> None:
        self.task_requested.emit(task)

    def _network_section(self) -> None:
        self.size_note = self._section("Network", self.add)
        self.layers = LayerRows(self._session, self._appearance, self._do, self._watch, self.add)
        self.layers.tab_to(self.init)
        self._form.addWidget(self.layers)
        grid = self._grid()
        form.row(grid, 0, "Start", self.init, self.bias)

    def _loss_section(self) -> None:
        self._section("Loss")
        grid = self._grid()
        form.row(grid, 0, "Function", self.loss)
        self._form.addWidget(self.formula, 0, Qt.AlignmentFlag.AlignHCenter)

    def _optimiser_section(self) -> None:
        self._section("Optimiser").setText("changes apply at once")
        self._form.addWidget(self.optimiser)
        grid = self._grid()
        grid.setColumnMinimumWidth(0, LABELS)
        form.row(grid, 0, "Seed", form.beside(self.seed, self.dice))

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
        note = form.note()
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
        grid.setVerticalSpacing(1)
        grid.setColumnMinimumWidth(0, 56)
        grid.setColumnStretch(1, 1)
        self._form.addLayout(grid)
        return grid

    def _watch(self, box: WholeField | RealField) -> None:
        box.refused.connect(lambda text: self._refused(box, text))

    # ---- verbs --------------------------------------------------------------------------------

    def _do(self, verb: Callable[[], object]) -> None:
        """Run a verb; show the settings again as they are if it was refused."""
        if not self._attempt(verb):
            self.layers.forget()
            self.refresh(frozenset({"experiment", "data"}))

    def _refused(self, box: WholeField | RealField, text: str) -> None:
        """Say why a number was not taken; an emptied field needs no words."""
        if text.strip():
            self._attempt(lambda: form.refuse(box, text))

    # ---- showing ------------------------------------------------------------------------------

    def refresh(self, changes: frozenset[str]) -> None:
        """Show the settings as they are."""
        if not changes & {"data", "experiment"}:
            return
        self._show_data()
        self._show_network()
        now = self._session.experiment
        form.select(self.loss, now.loss)
        if self.formula.latex != loss_tex(now.loss):
            self.formula.set_tex(loss_tex(now.loss))
        self.optimiser.refresh()
        form.set_number(self.seed, now.seed)

    def _show_data(self) -> None:
        data, now = self._session.data, self._session.experiment
        left_out = f", {format_count(len(data.rejected))} left out" if data.rejected else ""
        self.rows_note.setText(f"{format_count(len(data))} rows{left_out}")
        self.rows_note.setToolTip("\n".join(map(str, data.rejected[:20])))
        self.file.setText(data.name.replace("&", "&&"))  # not to underline the next letter
        self.file.setAccessibleName(f"Data file: {data.name}")
        self._show_targets()
        classes = f"{data.n_targets} classes" if data.task == "classification" else "number"
        self.classes.setText(classes)
        self.classes.setAccessibleName(f"The target is learnt as {classes}")
        self.classes.setFixedWidth(self.classes.fontMetrics().horizontalAdvance(classes) + GAP)
        self._show_split(data, now)
        form.select(self.scale, now.scale)
        self._show_own_scales()

    def _show_split(self, data: Dataset, now: Experiment) -> None:
        form.select(self.split, now.validation)
        self.split.setEnabled(now.split != BY_COLUMN)
        self.counts.setText(f"{len(data.training)} + {len(data.validation)}")
        self.counts.setToolTip(split_text(data, now.split))
        self.order.clear()
        for text, order in order_items(data):
            self.order.addItem(text, order)
        form.select(self.order, now.split)

    def _show_own_scales(self) -> None:
        """How many features are scaled in a way of their own; which, to the pointer."""
        own = own_scales(self._session.data)
        for place, kind in enumerate(SCALINGS):
            others = f", {len(own)} own" if own else ""
            self.scale.setItemText(place, SCALING_NAMES[kind] + others)
        self.scale.setToolTip("\n".join([_SCALE_HINT, *own[:20]]))

    def _show_targets(self) -> None:
        """The columns that may be learnt, the one in force chosen."""
        data = self._session.data
        names = data.column_names or data.target_column_names
        self.target.clear()
        self.target.addItems(list(names))
        # arrays have no file to choose another column of
        current = ", ".join(data.target_column_names or data.target_names)
        if current not in names:
            self.target.addItem(current)
        self.target.setCurrentText(current)
        what = "column" if len(data.target_column_names) == 1 else "columns"
        self.target.setToolTip(f"The {what} that the network learns: {current}")

    def _show_network(self) -> None:
        network, now = self._session.network, self._session.experiment
        self.size_note.setText(f"{format_count(network.n_weights)} weights")
        self.size_note.setToolTip(f"and {format_count(network.n_biases)} biases")
        self.layers.refresh()
        form.select(self.init, now.init)
        self.bias.setChecked(now.bias)

    def _retint(self) -> None:
        theme = self._appearance.theme
        self.file.setIcon(icon("file", theme))
        self.dice.setIcon(icon("dice", theme))
        self.add.setIcon(icon("plus", theme))
        self.layers.forget()
        self.refresh(frozenset({"data", "experiment"}))


def new_seed(session: Session) -> int:
    """Another seed that can be read aloud: the next one drawn from this one."""
    return (session.experiment.seed * 48271 + 11) % 1_000_000


def _titles() -> list[tuple[str, str]]:
    return [(loss.title, name) for name, loss in LOSSES.items()]
