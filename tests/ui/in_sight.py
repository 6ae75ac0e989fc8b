"""A panel in sight, kept up to date as the window does it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from pytestqt.qtbot import QtBot

from bpstudio.debugger.session import Session
from tests.ui.windows import show

P = TypeVar("P", bound=Any)


@contextmanager
def in_sight(panel: P, qtbot: QtBot, session: Session, size: tuple[int, int]) -> Iterator[P]:
    """The panel in that size, until the end of the block."""
    qtbot.addWidget(panel)
    leave = session.subscribe(panel.refresh)
    panel.resize(*size)
    show(panel)
    yield panel
    leave()
    panel.hide()
