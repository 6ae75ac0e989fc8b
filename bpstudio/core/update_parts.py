"""What the change of a parameter by one update is made of: this batch, earlier ones, penalties."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bpstudio.core.optimisers import UpdateSettings, penalty, update_terms

Array = NDArray[np.float64]

PARTS = ("momentum", "penalty", "clipping", "weight decay")


@dataclass(frozen=True, slots=True)
class UpdateParts:
    """A change as a sum: ``factor`` · ∂C/∂w, and what did not come from this batch's gradient.

    ``others`` has those of `PARTS` that the settings have. What an optimiser divides by (√v of
    RMSprop, Adam, AdamW) is taken as it stands in this update. The sum is the change but for
    rounding.
    """

    factor: Array
    others: Mapping[str, Array]


def update_parts(
    settings: UpdateSettings,
    t: int,
    w: Array,
    gradient: Array,
    slots: Mapping[str, Array],
    is_weight: NDArray[np.bool_] | bool,
    scale: float,
) -> UpdateParts:
    """The parts of update t; arguments as of `optimisers.update_terms`, arrays of one shape.

    "momentum" is what earlier gradients do, by the velocity or by m. "clipping" is by how much
    less this batch and the penalty do because the gradient is scaled down.
    """
    with np.errstate(all="ignore"):
        terms = update_terms(settings, t, w, gradient, slots, is_weight, scale)
        rate = settings.rate(t)
        unit, remembered = _RULES[settings.optimizer](settings, t, terms, slots)
        factor = np.asarray(-rate * unit)
        others = _before_the_optimiser(settings, w, gradient, is_weight, scale, factor)
        if remembered is not None:
            others["momentum"] = np.asarray(-rate * remembered)
        if settings.optimizer == "adamw":
            others["weight decay"] = np.asarray(-rate * settings.weight_decay * w)
    return UpdateParts(factor, others)


def _before_the_optimiser(
    settings: UpdateSettings,
    w: Array,
    gradient: Array,
    is_weight: NDArray[np.bool_] | bool,
    scale: float,
    factor: Array,
) -> dict[str, Array]:
    """What penalty and clipping add to the change."""
    others, whole = {}, gradient
    if settings.has_penalty:
        added = np.where(is_weight, penalty(settings, w), 0.0)
        others["penalty"] = np.asarray(factor * added)
        whole = gradient + added
    if settings.clip is not None:
        others["clipping"] = np.asarray(factor * (scale - 1.0) * whole)
    return others


# The rules: what the change has for each unit of gradient, and what comes from earlier ones; both
# without −η.

Terms = Mapping[str, Array]
Rule = Callable[[UpdateSettings, int, Terms, Terms], tuple[Any, Any]]


def _sgd(s: UpdateSettings, t: int, terms: Terms, slots: Terms) -> tuple[Any, Any]:
    return 1.0, None


def _momentum(s: UpdateSettings, t: int, terms: Terms, slots: Terms) -> tuple[Any, Any]:
    return 1.0, s.momentum * slots["velocity"]


def _nesterov(s: UpdateSettings, t: int, terms: Terms, slots: Terms) -> tuple[Any, Any]:
    return 1.0 + s.momentum, s.momentum**2 * slots["velocity"]


def _rmsprop(s: UpdateSettings, t: int, terms: Terms, slots: Terms) -> tuple[Any, Any]:
    return 1.0 / (np.sqrt(terms["v"]) + s.epsilon), None


def _adam(s: UpdateSettings, t: int, terms: Terms, slots: Terms) -> tuple[Any, Any]:
    under = (1.0 - s.beta1 ** (t + 1)) * (np.sqrt(terms["v_hat"]) + s.epsilon)
    return (1.0 - s.beta1) / under, s.beta1 * slots["m"] / under


_RULES: Mapping[str, Rule] = {
    "sgd": _sgd,
    "momentum": _momentum,
    "nesterov": _nesterov,
    "rmsprop": _rmsprop,
    "adam": _adam,
    "adamw": _adam,
}
