"""Learning-rate schedules: the rate of update t = 0, 1, 2 … of a run."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from bpstudio.core.errors import InputError

ScheduleKind = Literal["constant", "step", "cosine"]
Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

SCHEDULES: tuple[ScheduleKind, ...] = get_args(ScheduleKind)


@dataclass(frozen=True, slots=True)
class Schedule:
    """How the rate changes from update to update; ``warm_up`` comes before any kind.

    step: times ``factor`` after every ``every`` updates. cosine: from 1 down to ``factor`` along
    half a cosine over ``every`` updates, then constant (I. Loshchilov, F. Hutter, ICLR 2017).
    warm_up: the rate grows linearly over so many updates, (t + 1)/warm_up.

    >>> update = bp.UpdateSettings("adam", lr=0.01, schedule=bp.Schedule("cosine", every=500))
    >>> update.schedule.kind
    'cosine'
    """

    kind: str = "constant"  #: constant, step or cosine.
    every: int = 1000  #: Updates between two steps, or that the cosine takes; 1 or more.
    factor: float = 0.1  #: Of the rate, at every step, or at the end of the cosine; 0 … 1.
    warm_up: int = 0  #: Updates over which the rate grows to the full one; 0 for none.

    def __post_init__(self) -> None:
        if self.kind not in SCHEDULES:
            known = ", ".join(SCHEDULES)
            raise InputError(f"there is no schedule {self.kind!r}; it is one of {known}")
        if self.every < 1:
            raise InputError(f"a schedule changes every 1 or more updates, given: {self.every}")
        if not (math.isfinite(self.factor) and 0 <= self.factor <= 1):
            raise InputError(f"a schedule's factor lies in 0 … 1, given: {self.factor:g}")
        if self.warm_up < 0:
            raise InputError(f"a warm-up has 0 or more updates, given: {self.warm_up}")

    def share(self, t: int) -> float:
        """The part of the full rate that is in force at update t."""
        warm = min((t + 1) / self.warm_up, 1.0) if self.warm_up else 1.0
        return warm * _SHARES[self.kind](self, t)

    def shares(self, t: int, count: int) -> Floats:
        """`share` of the updates t … t + count − 1, to the bit."""
        if self.is_over(t):
            return np.full(count, self.share(t))
        numbers = np.arange(t, t + count)
        shares = _MANY_SHARES[self.kind](self, numbers)
        return np.minimum((numbers + 1) / self.warm_up, 1.0) * shares if self.warm_up else shares

    def is_over(self, t: int) -> bool:
        """Whether the rate stays as it is from update t on."""
        constant = self.kind == "constant" or (self.kind == "cosine" and t >= self.every)
        return constant and t + 1 >= self.warm_up


_SHARES: Mapping[str, Callable[[Schedule, int], float]] = {
    "constant": lambda schedule, t: 1.0,
    "step": lambda schedule, t: schedule.factor ** (t // schedule.every),
    "cosine": lambda schedule, t: (
        schedule.factor
        + (1.0 - schedule.factor)
        * (1.0 + math.cos(math.pi * min(t, schedule.every) / schedule.every))
        / 2.0
    ),
}


def _steps(schedule: Schedule, numbers: Integers) -> Floats:
    """Few powers, each for many updates; numpy's own powers have other last bits."""
    steps, places = np.unique(numbers // schedule.every, return_inverse=True)
    return np.array([schedule.factor**step for step in steps.tolist()])[places]


def _cosine(schedule: Schedule, numbers: Integers) -> Floats:
    angles = math.pi * np.minimum(numbers, schedule.every) / schedule.every
    cosines = np.array([math.cos(angle) for angle in angles.tolist()])  # numpy's have other bits
    return schedule.factor + (1.0 - schedule.factor) * (1.0 + cosines) / 2.0


_MANY_SHARES: Mapping[str, Callable[[Schedule, Integers], Floats]] = {
    "constant": lambda schedule, numbers: np.ones(len(numbers)),
    "step": _steps,
    "cosine": _cosine,
}
