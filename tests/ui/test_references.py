"""PySide6 itself: a release that loses references to None must not be let in again."""

from __future__ import annotations

import sys

from PySide6.QtCore import QObject, QTimer


def test_calls_without_a_result_keep_the_references_to_none(qapp):
    """PySide6 6.12.0 on Python 3.11 dropped one a call, until the interpreter aborted."""
    timer, thing = QTimer(), QObject()
    before = sys.getrefcount(None)
    for _ in range(5_000):
        timer.stop()
        thing.blockSignals(False)
        thing.setObjectName("x")
    assert abs(sys.getrefcount(None) - before) < 1_000
