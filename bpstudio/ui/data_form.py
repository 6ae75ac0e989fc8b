"""The data's part of the experiment: file, target, split, order and scaling."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu, QPushButton, QSizePolicy, QToolButton, QWidget

from bpstudio.core.scaling import SCALINGS
from bpstudio.core.splitting import BY_COLUMN
from bpstudio.debugger.session import Session
from bpstudio.ui import form
from bpstudio.ui.icons import icon
from bpstudio.ui.palette import Theme
from bpstudio.ui.scaling_words import SCALING_NAMES, own_scales
from bpstudio.ui.split_words import order_items, split_text
from bpstudio.ui.style import GAP, does, set_style_property

_VALIDATION = ((0.0, "100 / 0"), (0.1, "90 / 10"), (0.2, "80 / 20"), (0.3, "70 / 30"))
_SCALE_HINT = "How columns without a scaling of their own are scaled, from the training rows"


class DataForm(QWidget):
    """Fields over the session's data; what needs the file again is asked for by a signal.

    ``do`` runs a verb.
    """

    open_requested = Signal()
    target_requested = Signal(str)
    """The name of another column to learn."""
    task_requested = Signal(str)
    """Learn the target as "classification" or as "regression"."""

    def __init__(self, session: Session, do: Callable[[Callable[[], object]], None]) -> None:
        super().__init__()
        self._session, self._do = session, do
        self._make_file()
        self._make_target()
        self._make_split()
        self._make_scale()
        grid = form.grid()
        grid.setContentsMargins(0, 0, 0, 0)
        self.setLayout(grid)
        form.row(grid, 0, "File", self.file)
        form.row(grid, 1, "Target", self.target, self.classes)
        form.row(grid, 2, "Split", self.split, self.counts)
        form.row(grid, 3, "Order", self.order)
        form.row(grid, 4, "Scaling", self.scale)

    # ---- controls -----------------------------------------------------------------------------

    def _make_file(self) -> None:
        self.file = QPushButton()
        does(self.file, "open")
        set_style_property(self.file, "at_left", True)
        self.file.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.file.setMinimumWidth(72)
        self.file.clicked.connect(self.open_requested)

    def _make_target(self) -> None:
        self.target = form.combo("The column that the network learns", ())
        self.target.activated.connect(
            lambda _n: self.target_requested.emit(self.target.currentText())
        )
        self.classes = self._task_button()

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

    def _make_split(self) -> None:
        self.split = form.combo("How many rows are kept for validation, in per cent", ())
        for fraction, text in _VALIDATION:
            self.split.addItem(text, fraction)
        self.split.activated.connect(lambda _n: self._change(validation=self.split.currentData()))
        self.counts = form.note()
        self.order = form.combo("Order: which rows are kept for validation", ())
        self.order.activated.connect(lambda _n: self._change(split=self.order.currentData()))

    def _make_scale(self) -> None:
        names = [(SCALING_NAMES[kind], kind) for kind in SCALINGS]
        self.scale = form.combo(_SCALE_HINT, names)
        self.scale.activated.connect(lambda _n: self._change(scale=self.scale.currentData()))

    def _change(self, **settings: Any) -> None:
        self._do(lambda: self._session.change(**settings))

    # ---- showing ------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Show the data as they are."""
        name = self._session.data.name
        self.file.setText(name.replace("&", "&&"))  # not to underline the next letter
        self.file.setAccessibleName(f"Data file: {name}")
        self._show_targets()
        self._show_task()
        self._show_split()
        self._show_scale()

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

    def _show_task(self) -> None:
        data = self._session.data
        classes = f"{data.n_targets} classes" if data.task == "classification" else "number"
        self.classes.setText(classes)
        self.classes.setAccessibleName(f"The target is learnt as {classes}")
        self.classes.setFixedWidth(self.classes.fontMetrics().horizontalAdvance(classes) + GAP)

    def _show_split(self) -> None:
        data, now = self._session.data, self._session.experiment
        form.select(self.split, now.validation)
        self.split.setEnabled(now.split != BY_COLUMN)
        self.counts.setText(f"{len(data.training)} + {len(data.validation)}")
        self.counts.setToolTip(split_text(data, now.split))
        self.order.clear()
        for text, order in order_items(data):
            self.order.addItem(text, order)
        form.select(self.order, now.split)

    def _show_scale(self) -> None:
        """The one in force; how many features have one of their own, and which, to the pointer."""
        form.select(self.scale, self._session.experiment.scale)
        own = own_scales(self._session.data)
        for place, kind in enumerate(SCALINGS):
            others = f", {len(own)} own" if own else ""
            self.scale.setItemText(place, SCALING_NAMES[kind] + others)
        self.scale.setToolTip("\n".join([_SCALE_HINT, *own[:20]]))

    def tint(self, theme: Theme) -> None:
        """The icon in the colours of a theme."""
        self.file.setIcon(icon("file", theme))
