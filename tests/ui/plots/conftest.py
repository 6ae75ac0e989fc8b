"""Views of a session, brought up to date as the window does it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any

import numpy as np
import pytest
from PySide6.QtWidgets import QLayout
from pytestqt.qtbot import QtBot

from bpstudio.core.dataset import Dataset
from bpstudio.debugger.experiment import Experiment
from bpstudio.debugger.session import Session
from bpstudio.files.example import load_example
from bpstudio.ui.plots.panel import EVERYTHING
from bpstudio.ui.theme import Appearance
from tests.ui.panels.conftest import Attempts
from tests.ui.windows import show

MakeView = Callable[..., Any]


@pytest.fixture
def attempts() -> Attempts:
    return Attempts()


@pytest.fixture
def session() -> Iterator[Session]:
    """A batch of the Iris rows, one pass of the default network."""
    made = Session(load_example())
    made.choose_whole_batch(True)
    yield made
    made.close()


@pytest.fixture
def regression() -> Iterator[Session]:
    """Two numbers to be predicted from three."""
    rng = np.random.default_rng(2)
    X = rng.normal(size=(40, 3))
    Y = np.column_stack((10 + X @ [1.0, 2.0, 0.0], X[:, 2] ** 2))
    data = Dataset.from_arrays(X, Y, target_names=["far", "near"], scale="standard")
    made = Session(data, Experiment(hidden=(4,)))
    yield made
    made.close()


@pytest.fixture
def make_view(qtbot: QtBot, appearance: Appearance, attempts: Attempts) -> Iterator[MakeView]:
    """Makes the view of a module, in sight, and keeps it up to date."""
    leave: list[Callable[[], None]] = []

    def make(module: str, session: Session) -> Any:
        view = import_module(f"bpstudio.ui.plots.{module}").View(session, appearance, attempts)
        qtbot.addWidget(view)
        view.resize(560, 240)
        show(view)
        leave.append(session.subscribe(view.refresh))
        view.refresh(EVERYTHING)
        settle(qtbot, view)
        return view

    yield make
    for end in leave:
        end()


def let_shrink(view: Any) -> None:
    """Let a view be made smaller than it asks to be, as an area of the window may."""
    view.setMinimumSize(1, 1)
    view.layout().setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)


def settle(qtbot: QtBot, view: Any) -> None:
    """Until there is nothing left to work out."""
    qtbot.waitUntil(lambda: view.portions.is_done, timeout=20_000)


def train(qtbot: QtBot, session: Session, epochs: int = 3) -> None:
    """A short run, looked at as the window does."""
    session.change(epochs=epochs)
    session.train()
    qtbot.waitUntil(lambda: not (session.poll() or session.is_training), timeout=60_000)
