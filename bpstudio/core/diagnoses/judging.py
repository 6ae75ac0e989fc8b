"""All rules together: what is the most telling comes first, and one cause is named once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from bpstudio.core.diagnoses.curves import check_fit, check_loss
from bpstudio.core.diagnoses.given import (
    check_classes,
    check_inputs,
    check_start,
    check_targets,
)
from bpstudio.core.diagnoses.gradients import check_gradients, check_updates
from bpstudio.core.diagnoses.situation import Diagnosis, Situation
from bpstudio.core.diagnoses.units import check_units

Rule = Callable[[Situation], Iterator[Diagnosis]]

RULES: tuple[Rule, ...] = (
    check_targets,
    check_inputs,
    check_start,
    check_units,
    check_gradients,
    check_loss,
    check_updates,
    check_fit,
    check_classes,
)
"""The most telling first: causes before what follows from them."""

_TOO_LONG = frozenset({"rate_high", "updates_high"})
_NO_PROGRESS = frozenset({"not_falling", "rate_low", "updates_low", "settled"})
_FLAT = frozenset({"dead", "saturated", "vanishing"})

EXPLAINS: Mapping[str, frozenset[str]] = {
    "targets": _NO_PROGRESS | {"saturated", "vanishing"},
    "inputs_empty": _NO_PROGRESS | {"vanishing"},
    "inputs_wild": _NO_PROGRESS
    | _TOO_LONG
    | _FLAT
    | {"start_large", "start_small", "exploding", "not_finite"},
    "symmetric": _NO_PROGRESS | _FLAT | {"start_small"},
    "start_large": _FLAT | {"exploding", "updates_high"},
    "start_small": _NO_PROGRESS | {"vanishing"},
    "dead": _NO_PROGRESS | {"vanishing"},
    "saturated": _NO_PROGRESS | {"vanishing"},
    "vanishing": _NO_PROGRESS,
    "exploding": _FLAT | {"updates_high"},
    "not_finite": _TOO_LONG | _FLAT | {"exploding"},
    "rate_high": frozenset({"updates_high", "exploding"}),
    "not_falling": frozenset({"updates_low"}),
    "rate_low": frozenset({"updates_low"}),
    "settled": frozenset({"updates_low"}),
    "over_fitting": frozenset({"still_learning", "settled"}),
}
"""What follows from each finding, and so is not said besides it."""

_ORDER = ("warning", "note", "ok")


def diagnose(situation: Situation) -> tuple[Diagnosis, ...]:
    """Warnings, then notes, then what is in order; in each the most telling first."""
    found = [diagnosis for rule in RULES for diagnosis in rule(situation)]
    kept = [d for d in found if not any(_explains(other, d) for other in found)]
    return tuple(sorted(kept, key=lambda d: _ORDER.index(d.level)))


def _explains(cause: Diagnosis, effect: Diagnosis) -> bool:
    """A note is no reason for a warning."""
    grave = _ORDER.index(cause.level) <= _ORDER.index(effect.level)
    return grave and effect.kind in EXPLAINS.get(cause.kind, ())
