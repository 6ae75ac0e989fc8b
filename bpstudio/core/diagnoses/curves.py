"""What the curves of the loss tell."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bpstudio.core.diagnoses import words
from bpstudio.core.diagnoses.gradients import USUAL_RATIO, ratios
from bpstudio.core.diagnoses.situation import FITTED, Diagnosis, Level, Situation
from bpstudio.core.notation import counted, format_number

Floats = NDArray[np.float64]

FEWEST = 6  # points of a curve: fewer show no tendency
WINDOW = 10  # the last points, looked at in two halves
RISING = 0.05  # the mean of the later half is above that of the earlier one by this share
JUMPING = 0.15  # mean of |C_e − C_{e−1}| as a share of the mean of C ...
UPWARDS = 0.3  # ... with at least this share of the steps upwards
STANDSTILL = 5e-4  # fall in an epoch, as a share: half a per cent in ten
SETTLED = 1e-3  # the same for what has learned something already
SLOW = 3e-3
LEARNING = 1e-2  # 10 % in ten epochs: worth training on
LEARNED = 0.8  # what has fallen below this share of its start has found something
# patience and least rise as of early stopping: L. Prechelt, "Early stopping – but when?", 1998
PATIENCE, WORSE = 5, 0.05


@dataclass(frozen=True, slots=True, eq=False)
class _Tendency:
    """The last points of a curve: means of the two halves, steps from point to point."""

    points: Floats
    start: float
    stride: int

    @property
    def halves(self) -> tuple[float, float]:
        middle = len(self.points) // 2
        return float(self.points[:middle].mean()), float(self.points[-middle:].mean())

    @property
    def steps(self) -> Floats:
        return np.diff(self.points)

    @property
    def rise(self) -> float:
        earlier, later = self.halves
        return later / earlier - 1.0

    @property
    def fall_per_epoch(self) -> float:
        """As a share of the loss."""
        between = (len(self.points) - len(self.points) // 2) * self.stride
        return float(1.0 - (1.0 + self.rise) ** (1.0 / between))

    @property
    def jumps(self) -> float:
        return float(np.abs(self.steps).mean() / self.points.mean())

    @property
    def upwards(self) -> int:
        return int((self.steps > 0).sum())

    @property
    def learned(self) -> bool:
        return bool(self.points[-1] < LEARNED * self.start)

    @property
    def fitted(self) -> bool:
        return bool(self.points[-1] < FITTED * self.start)

    @property
    def evidence(self) -> str:
        """From and to; the means of the halves where they tell another story than the ends."""
        first, last = map(format_number, (self.points[0], self.points[-1]))
        if (self.points[-1] > self.points[0]) != (self.rise > 0):
            earlier, later = map(format_number, self.halves)
            epochs = counted(len(self.points) // 2 * self.stride, "epoch")
            return f"On average {later} in the last {epochs}, {earlier} in those before."
        epochs = counted((len(self.points) - 1) * self.stride, "epoch")
        return f"{first} to {last} in the last {epochs}."


def check_loss(s: Situation) -> Iterator[Diagnosis]:
    """Not finite, too high or too low a rate, or on its way."""
    if s.halt is not None and s.halt.kind != "interrupted":
        yield _not_finite(s)
        return
    tendency = _tendency(s)
    if tendency is not None:
        yield _unsteady(s, tendency) or _slow(s, tendency) or _going_on(s, tendency)


def _tendency(s: Situation) -> _Tendency | None:
    losses = s.losses
    if losses is None or len(losses) < FEWEST or not np.isfinite(losses).all():
        return None
    points = losses[-WINDOW:]
    return _Tendency(points, float(losses[0]), s.stride) if (points > 0).all() else None


def _not_finite(s: Situation) -> Diagnosis:
    assert s.halt is not None
    place = f"e{s.halt.epoch}/b{s.halt.batch}"
    what = {"loss": "The loss", "gradient": "The gradient", "update": "An update"}[s.halt.kind]
    sentence = (
        f"{what} is not a finite number at {place}; lower the learning rate{words.rate(s.lr, 0.1)}."
    )
    named = f" The first: {s.halt.parameter}." if s.halt.parameter else ""
    evidence = f"The run stopped before that update, with the weights as they were.{named}"
    return Diagnosis("not_finite", "warning", sentence, evidence, place)


def _unsteady(s: Situation, t: _Tendency) -> Diagnosis | None:
    """Steps too long."""
    remedy = f"halve the learning rate{words.rate(s.lr, 0.5)}"
    level: Level = "note" if t.fitted else "warning"
    if t.rise > RISING and t.points[-1] > t.points[0]:
        sentence = f"The loss rises instead of falling; {remedy}."
        return Diagnosis("rate_high", level, sentence, t.evidence, "loss")
    if t.jumps > JUMPING and t.upwards >= UPWARDS * len(t.steps):
        sentence = f"The loss jumps from epoch to epoch; {remedy}."
        mean, jump = format_number(t.points.mean()), words.percent(t.jumps)
        evidence = f"Mean {mean}, by {jump} an epoch; {t.upwards} of {len(t.steps)} steps went up."
        return Diagnosis("rate_high", level, sentence, evidence, "loss")
    return None


def _slow(s: Situation, t: _Tendency) -> Diagnosis | None:
    """Steps too short, or nowhere to go."""
    pace = t.fall_per_epoch
    if t.learned:
        return _settled(t) if pace < SETTLED else None
    if pace < STANDSTILL:
        remedy = f"raise the learning rate{words.rate(s.lr, 10)}"
        if any(ratio > USUAL_RATIO for ratio, _ in ratios(s)):
            remedy = "start from another seed"  # the steps are long enough: it is a plateau
        sentence = f"The loss does not fall; {remedy}."
        return Diagnosis("not_falling", "warning", sentence, t.evidence, "loss")
    if pace < SLOW:
        sentence = f"The loss falls slowly; double the learning rate{words.rate(s.lr, 2)}."
        return Diagnosis("rate_low", "note", sentence, t.evidence, "loss")
    return None


def _settled(t: _Tendency) -> Diagnosis:
    sentence = f"The loss has settled at {format_number(t.points[-1])}; you can stop here."
    return Diagnosis("settled", "note", sentence, t.evidence, "loss")


def _going_on(s: Situation, t: _Tendency) -> Diagnosis:
    if s.finished and t.fall_per_epoch > LEARNING:
        sentence = "The loss was still falling when the run ended; train for more epochs."
        return Diagnosis("still_learning", "note", sentence, t.evidence, "loss")
    return Diagnosis("loss", "ok", "The loss falls.", t.evidence, "loss")


def check_fit(s: Situation) -> Iterator[Diagnosis]:
    """Validation against training."""
    if s.losses is None or s.validation is None:
        return
    count = min(len(s.losses), len(s.validation))
    losses, validation = s.losses[:count], s.validation[:count]
    if count < FEWEST or not (np.isfinite(validation).all() and np.isfinite(losses).all()):
        return
    best = int(validation.argmin())
    waited = count - 1 - best >= PATIENCE
    worse = validation[-1] > max((1.0 + WORSE) * validation[best], losses[-1])
    if waited and worse and losses[-1] < losses[best]:
        yield _over_fitting(s.stride, losses, validation, best)
        return
    if losses[-1] >= losses[0]:  # nothing was fitted at all
        return
    now, seen = format_number(validation[-1]), format_number(losses[-1])
    said = f"Validation {now}, training {seen} in the last epoch."
    yield Diagnosis("fit", "ok", "No over-fitting.", said, "loss(validation)")


def _over_fitting(stride: int, losses: Floats, validation: Floats, best: int) -> Diagnosis:
    epoch = best * stride
    rise = words.percent(validation[-1] / validation[best] - 1.0)
    sentence = (
        f"Over-fitting: the validation loss has risen by {rise} since epoch {epoch}; stop there."
    )
    v_best, v_now, t_best, t_now = map(
        format_number, (validation[best], validation[-1], losses[best], losses[-1])
    )
    evidence = f"Validation {v_best} to {v_now}, training {t_best} to {t_now}."
    return Diagnosis("over_fitting", "warning", sentence, evidence, "loss(validation)")
