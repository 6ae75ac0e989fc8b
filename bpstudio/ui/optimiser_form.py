"""The optimiser's part of the experiment: method, rate, penalty, clipping and schedule."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QVBoxLayout, QWidget

from bpstudio.core.optimisers import OPTIMISERS
from bpstudio.debugger.session import Session
from bpstudio.ui import form
from bpstudio.ui.fields import RealField, WholeField
from bpstudio.ui.style import FORM_ROW, GAP

LABELS = 68  # room for the names of the fields
_BELOW_1 = 1 - 1e-9
_MOST = 1e6
_MOST_UPDATES = 1_000_000_000
_ADAMS = ("adam", "adamw")
_SCHEDULES = (("Constant", "constant"), ("In steps", "step"), ("Cosine", "cosine"))


@dataclass(frozen=True, slots=True)
class _Setting:
    """A number that only some methods have."""

    name: str
    label: str
    hint: str
    least: float
    most: float
    methods: tuple[str, ...]


_SETTINGS = (
    _Setting(
        "momentum",
        "Momentum",
        "Momentum: the share of the last step that the next one keeps, from 0 to below 1",
        *(0.0, _BELOW_1, ("momentum", "nesterov")),
    ),
    _Setting(
        "beta1",
        "β₁",
        "β₁: how much of the mean gradient m an update keeps, from 0 to below 1",
        *(0.0, _BELOW_1, _ADAMS),
    ),
    _Setting(
        "beta2",
        "β₂",
        "β₂: how much of the mean squared gradient v an update keeps, from 0 to below 1",
        *(0.0, _BELOW_1, _ADAMS),
    ),
    _Setting(
        "rho",
        "ρ",
        "ρ: how much of the mean squared gradient v an update keeps, from 0 to below 1",
        *(0.0, _BELOW_1, ("rmsprop",)),
    ),
    _Setting(
        "epsilon",
        "ε",
        "ε: a small number added to √v, so that nothing is divided by 0",
        *(1e-300, 1.0, ("rmsprop", *_ADAMS)),
    ),
    _Setting(
        "weight_decay",
        "Decay",
        "Weight decay: in an update each weight shrinks by η times this share of itself",
        *(0.0, _MOST, ("adamw",)),
    ),
)
_EVERY = {
    "step": ("Every", "After how many updates the rate is multiplied by the factor"),
    "cosine": ("Over", "Over how many updates the rate falls"),
}
_FACTOR = {
    "step": ("Factor", "What the rate is multiplied by each time, from 0 to 1"),
    "cosine": ("Down to", "The share of the rate that is left at the end, from 0 to 1"),
}


class OptimiserForm(QWidget):
    """Fields over the session's experiment; those that a method lacks are hidden.

    ``do`` runs a verb, ``watch`` looks after a field that may refuse what is typed.
    """

    def __init__(
        self,
        session: Session,
        do: Callable[[Callable[[], object]], None],
        watch: Callable[[WholeField | RealField], None],
    ) -> None:
        super().__init__()
        self._session, self._do, self._watch = session, do, watch
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(1)
        self._make_update()
        self.settings = {setting.name: self._setting(setting) for setting in _SETTINGS}
        self._rows = {name: self._row_of(name) for name in self.settings}
        self._make_penalty()
        self._make_schedule()

    # ---- controls -----------------------------------------------------------------------------

    def _make_update(self) -> None:
        methods = [(rule.title, name) for name, rule in OPTIMISERS.items()]
        self.method = form.combo(
            "How an update is made of the gradient. The rate is lowered where a method needs it; "
            "the weights stay",
            methods,
        )
        self.method.activated.connect(lambda _n: self._choose_method(self.method.currentData()))
        self.rate = self._real(
            "lr", "Learning rate η: how far one update goes against the gradient", 1e-12, _MOST
        )
        self.batch = form.whole("Rows in a batch", 1, 1_000_000)
        self.batch.valueChanged.connect(lambda n: self._change(batch_size=n))
        self._watch(self.batch)
        self._add("Method", self.method)
        self._add("Rate η", self.rate, form.label("Batch"), self.batch)

    def _setting(self, setting: _Setting) -> RealField:
        return self._real(setting.name, setting.hint, setting.least, setting.most)

    def _row_of(self, name: str) -> QWidget:
        setting = next(setting for setting in _SETTINGS if setting.name == name)
        return self._add(setting.label, self.settings[name])

    def _make_penalty(self) -> None:
        self.l1 = self._real(
            "l1",
            "L1: λ₁, the weight of the penalty λ₁ Σ|w| on large weights; 0 is none",
            0.0,
            _MOST,
        )
        self.l2 = self._real(
            "l2",
            "L2: λ₂, the weight of the penalty ½ λ₂ Σw² on large weights; 0 is none",
            0.0,
            _MOST,
        )
        self._add("L1", self.l1, form.label("L2"), self.l2)
        self.clips = QCheckBox("Limit to")
        self.clips.setToolTip("Scale the gradient down where its norm is greater than a limit")
        self.clips.setAccessibleName("Limit the norm of the gradient")
        self.clip = self._real(
            "clip", "Clip: the greatest norm that the whole gradient may have", 1e-12, 1e12
        )
        form.set_number(self.clip, 1.0)
        self.clips.clicked.connect(lambda on: self._change(clip=self.clip.value() if on else None))
        self._add("Clip", self.clips, self.clip)

    def _make_schedule(self) -> None:
        self.schedule = form.combo("How the learning rate changes while training", _SCHEDULES)
        self.schedule.activated.connect(lambda _n: self._schedule(kind=self.schedule.currentData()))
        self.every = form.whole("Updates", 1, _MOST_UPDATES)
        self.every.valueChanged.connect(lambda n: self._schedule(every=n))
        self.factor = form.real("Factor", 0.0, 1.0)
        self.factor.valueChanged.connect(lambda value: self._schedule(factor=value))
        self.warm_up = form.whole(
            "Warm-up: over how many updates the rate grows to its full size; 0 is none",
            0,
            _MOST_UPDATES,
        )
        self.warm_up.valueChanged.connect(lambda n: self._schedule(warm_up=n))
        for box in (self.every, self.factor, self.warm_up):
            self._watch(box)
        self._add("Schedule", self.schedule)
        self._every_label, self._factor_label = form.label(""), form.label("")
        self._every_row = self._add(self._every_label, self.every, form.label("updates"))
        self._factor_row = self._add(self._factor_label, self.factor)
        self._add("Warm-up", self.warm_up, form.label("updates"))

    def _real(self, name: str, hint: str, least: float, most: float) -> RealField:
        box = form.real(hint, least, most)
        box.valueChanged.connect(lambda value: self._change(**{name: value}))
        self._watch(box)
        return box

    def _add(self, label: str | QWidget, control: QWidget, *more: QWidget) -> QWidget:
        """A row: its name and what stands beside it."""
        holder = QWidget()
        holder.setMinimumHeight(FORM_ROW - 2)
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GAP)
        name = form.label(label) if isinstance(label, str) else label
        name.setFixedWidth(LABELS)
        row.addWidget(name)
        for widget in (control, *more):
            row.addWidget(widget, int(not isinstance(widget, QCheckBox) and _grows(widget)))
        self._column.addWidget(holder)
        return holder

    # ---- verbs --------------------------------------------------------------------------------

    def _change(self, **settings: Any) -> None:
        self._do(lambda: self._session.change(**settings))

    def _choose_method(self, name: str) -> None:
        rate = self._session.experiment.suggested_rate(name)
        self._change(optimizer=name, lr=rate)

    def _schedule(self, **settings: Any) -> None:
        def verb() -> None:
            schedule = replace(self._session.experiment.schedule, **settings)
            self._session.change(schedule=schedule)

        self._do(verb)

    # ---- showing ------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Show the settings as they are."""
        now = self._session.experiment
        form.select(self.method, now.optimizer)
        form.set_number(self.rate, now.lr)
        form.set_number(self.batch, now.batch_size)
        for setting in _SETTINGS:
            form.set_number(self.settings[setting.name], getattr(now, setting.name))
            self._rows[setting.name].setVisible(now.optimizer in setting.methods)
        form.set_number(self.l1, now.l1)
        form.set_number(self.l2, now.l2)
        self.clips.setChecked(now.clip is not None)
        self.clip.setEnabled(now.clip is not None)
        if now.clip is not None:
            form.set_number(self.clip, now.clip)
        self._show_schedule()

    def _show_schedule(self) -> None:
        schedule = self._session.experiment.schedule
        form.select(self.schedule, schedule.kind)
        changes = schedule.kind in _EVERY
        self._every_row.setVisible(changes)
        self._factor_row.setVisible(changes)
        for box, label, words in (
            (self.every, self._every_label, _EVERY),
            (self.factor, self._factor_label, _FACTOR),
        ):
            if changes:
                text, hint = words[schedule.kind]
                label.setText(text)
                form.describe(box, hint)
        form.set_number(self.every, schedule.every)
        form.set_number(self.factor, schedule.factor)
        form.set_number(self.warm_up, schedule.warm_up)


def _grows(widget: QWidget) -> bool:
    return not widget.inherits("QLabel")
