"""How fast a training run goes, and how fast it may go."""

from __future__ import annotations

from collections import deque

from bpstudio.core.errors import InputError
from bpstudio.core.training import next_portion

WAIT_SECONDS = 1 / 60  # at least, between two looks whether an update is due
_RATE_SECONDS = 1.0  # over which updates per second are counted
_LATE_SECONDS = 0.25  # a run further behind its speed limit starts to count anew


class Speed:
    """Updates per second over the last second of work."""

    def __init__(self) -> None:
        self._work: deque[tuple[float, float, int]] = deque()  # started, ended, updates
        self._rate = 0.0

    def count(self, updates: int, started: float, ended: float) -> None:
        """So many updates were made between two moments."""
        self._work.append((started, ended, updates))
        while self._work[0][1] < ended - _RATE_SECONDS:
            self._work.popleft()
        self._rate = sum(n for _, _, n in self._work) / (ended - self._work[0][0])

    def restart(self) -> None:
        """After a pause: what was before does not count."""
        self._work.clear()

    def per_second(self) -> float:
        """0 before the first update; in a pause, the rate before it."""
        return self._rate


class Pace:
    """How many updates are due: as many as take one portion's time, or what a limit allows."""

    def __init__(self, batches_per_second: float | None, now: float) -> None:
        if batches_per_second is not None and not batches_per_second > 0:
            raise InputError(
                f"the speed is {batches_per_second} batches per second; it must be above 0"
            )
        self._limit = batches_per_second
        self._portion = 1
        self.restart(now)

    def restart(self, now: float) -> None:
        """Count the limit from now on."""
        self._since, self._made = now, 0

    def due(self, now: float) -> tuple[int, float]:
        """Updates to make now, and the seconds to wait where there are none."""
        if self._limit is None:
            return self._portion, 0.0
        next_at = self._since + (self._made + 1) / self._limit
        if now - next_at > _LATE_SECONDS:
            self.restart(now)
            return 1, 0.0
        allowed = int((now - self._since) * self._limit) - self._made
        if allowed > 0:
            return min(allowed, self._portion), 0.0
        return 0, max(next_at - now, WAIT_SECONDS)

    def made(self, done: int, asked: int, seconds: float) -> None:
        """So many updates of those asked for were made, in that time."""
        self._made += done
        if done == asked:
            self._portion = next_portion(asked, seconds)


def batches_per_second(epochs_per_second: float | None, rows: int, batch_size: int) -> float | None:
    """What that many epochs a second come to, of so many rows; None for as fast as it goes."""
    return None if epochs_per_second is None else epochs_per_second * -(-rows // batch_size)
