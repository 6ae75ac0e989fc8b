"""Learning-rate schedules: the rate of update t = 0, 1, 2 … of a run."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from bpstudio.core.errors import InputError

ScheduleKind = Literal["constant", "step", "cosine"]
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
