"""The highlight's short way from one step to the next."""

from __future__ import annotations

from collections.abc import Sequence
from time import monotonic
from typing import Any

from PySide6.QtCore import QEasingCurve, QVariantAnimation, Signal

from bpstudio.ui.canvas.band import Segment, between
from bpstudio.ui.canvas.state import CanvasState, step_between

DURATION = 120  # milliseconds
LEAST_PAUSE = 0.125  # seconds between steps; faster ones jump


class BandMotion(QVariantAnimation):
    """Moves the current band, where a single step was made at a slow pace."""

    moved = Signal()
    """The band is somewhere else now."""

    def __init__(self, parent: Any) -> None:
        super().__init__(parent)
        self.reduced = False
        self._left: tuple[Segment, ...] = ()
        self._stepped_at = float("-inf")
        self.setDuration(DURATION)
        self.setEasingCurve(QEasingCurve.Type.OutCubic)
        self.setStartValue(0.0)
        self.setEndValue(1.0)
        self.valueChanged.connect(self._announce)

    def leave(
        self,
        band: Sequence[Segment],
        before: CanvasState | None,
        after: CanvasState | None,
    ) -> None:
        """A step was made, away from a band; the motion starts where there is to be one."""
        pause, self._stepped_at = monotonic() - self._stepped_at, monotonic()
        self.stop()
        if band and not self.reduced and pause > LEAST_PAUSE and step_between(before, after):
            self._left = tuple(band)
            self.start()

    def on_the_way(self, there: Sequence[Segment]) -> tuple[Segment, ...]:
        """Where the band is now, on its way there."""
        running = self.state() == QVariantAnimation.State.Running
        if not running or len(there) != len(self._left):
            return tuple(there)
        share = float(self.currentValue())
        return tuple(between(a, b, share) for a, b in zip(self._left, there, strict=True))

    def _announce(self, _share: Any) -> None:
        self.moved.emit()
