"""The experiment: data, layers, loss and optimiser. Editing any of them rebuilds at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from bpstudio.core.formulas import loss_tex
from bpstudio.core.losses import LOSSES
from bpstudio.core.network import INITS
from bpstudio.core.notation import counted, format_count
from bpstudio.debugger.session import Session
from bpstudio.ui import form
from bpstudio.ui.attempt import Attempt
from bpstudio.ui.data_form import DataForm
from bpstudio.ui.fields import RealField, WholeField
from bpstudio.ui.fonts import Size
from bpstudio.ui.formula_label import FormulaLabel
from bpstudio.ui.icons import icon
from bpstudio.ui.layer_rows import LayerRows
from bpstudio.ui.optimiser_form import LABELS, OptimiserForm
from bpstudio.ui.style import PADDING, does, set_role
from bpstudio.ui.theme import Appearance

MOST_SEED = 2**31 - 1
INIT_NAMES = {
    "xavier": "Xavier",
    "he": "He",
    "normal": "Normal",
    "uniform": "Uniform",
    "zeros": "Zeros",
}


class ExperimentPanel(QWidget):
    """A form over the session's experiment."""

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
        self._lay_out()
        appearance.changed.connect(lambda _theme: self._retint())
        self._retint()

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
        self.data = DataForm(self._session, self._do)
        self._form.addWidget(self.data)

    def _network_section(self) -> None:
        self.add = QToolButton()
        self.add.setToolTip("Add a hidden layer before the output")
        self.add.setAccessibleName("Add a hidden layer")
        self.size_note = self._section("Network", self.add)
        self.init = form.combo(
            "How the first weights are drawn from the seed",
            [(INIT_NAMES[name], name) for name in INITS],
        )
        self.init.activated.connect(lambda _n: self._change(init=self.init.currentData()))
        self.bias = QCheckBox("Biases")
        self.bias.setToolTip("Whether every node has a bias b")
        self.bias.clicked.connect(lambda on: self._change(bias=on))
        self.layers = LayerRows(self._session, self._appearance, self._do, self._watch, self.add)
        self.layers.tab_to(self.init)
        self._form.addWidget(self.layers)
        form.row(self._grid(), 0, "Start", self.init, self.bias)

    def _loss_section(self) -> None:
        self._section("Loss")
        self.loss = form.combo("The loss C₀ of one sample", _titles())
        self.loss.activated.connect(lambda _n: self._change(loss=self.loss.currentData()))
        form.row(self._grid(), 0, "Function", self.loss)
        self.formula = FormulaLabel("", Size.BASE)
        self._form.addWidget(self.formula, 0, Qt.AlignmentFlag.AlignHCenter)

    def _optimiser_section(self) -> None:
        self._section("Optimiser").setText("changes apply at once")
        self.optimiser = OptimiserForm(self._session, self._do, self._watch)
        self._form.addWidget(self.optimiser)
        self.seed = form.whole("The seed of weights, split and order", 0, MOST_SEED)
        self.seed.valueChanged.connect(lambda n: self._change(seed=n))
        self._watch(self.seed)
        self.dice = QToolButton()
        does(self.dice, "new_seed")
        self.dice.setAccessibleName("Draw a new seed")
        self.dice.clicked.connect(lambda: self._change(seed=new_seed(self._session)))
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
        grid = form.grid()
        self._form.addLayout(grid)
        return grid

    def _watch(self, box: WholeField | RealField) -> None:
        box.refused.connect(lambda text: self._refused(box, text))

    # ---- verbs --------------------------------------------------------------------------------

    def _change(self, **settings: Any) -> None:
        self._do(lambda: self._session.change(**settings))

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
        self._show_rows()
        self.data.refresh()
        self._show_network()
        now = self._session.experiment
        form.select(self.loss, now.loss)
        if self.formula.latex != loss_tex(now.loss):
            self.formula.set_tex(loss_tex(now.loss))
        self.optimiser.refresh()
        form.set_number(self.seed, now.seed)

    def _show_rows(self) -> None:
        data = self._session.data
        left_out = f", {format_count(len(data.rejected))} left out" if data.rejected else ""
        self.rows_note.setText(counted(len(data), "row") + left_out)
        self.rows_note.setToolTip("\n".join(map(str, data.rejected[:20])))

    def _show_network(self) -> None:
        network, now = self._session.network, self._session.experiment
        self.size_note.setText(f"{format_count(network.n_weights)} weights")
        self.size_note.setToolTip(f"and {format_count(network.n_biases)} biases")
        self.layers.refresh()
        form.select(self.init, now.init)
        self.bias.setChecked(now.bias)

    def _retint(self) -> None:
        theme = self._appearance.theme
        self.data.tint(theme)
        self.dice.setIcon(icon("dice", theme))
        self.add.setIcon(icon("plus", theme))
        self.layers.forget()
        self.refresh(frozenset({"data", "experiment"}))


def new_seed(session: Session) -> int:
    """Another seed that can be read aloud: the next one drawn from this one."""
    return (session.experiment.seed * 48271 + 11) % 1_000_000


def _titles() -> list[tuple[str, str]]:
    return [(loss.title, name) for name, loss in LOSSES.items()]
