"""Optimisers: how a mean gradient becomes new parameters."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from bpstudio.core.errors import InputError

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Optimiser:
    """One optimiser: ``step(w, gradient, lr)`` gives the new values of the parameters w."""

    name: str
    title: str
    step: Callable[[Array, Array, float], Array]


_RULES = (Optimiser("sgd", "Gradient descent", lambda w, gradient, lr: w - lr * gradient),)

OPTIMISERS: Mapping[str, Optimiser] = MappingProxyType({rule.name: rule for rule in _RULES})


def find_optimiser(name: str) -> Optimiser:
    """The optimiser of that name. InputError names the ones there are."""
    try:
        return OPTIMISERS[name]
    except (KeyError, TypeError):
        known = ", ".join(OPTIMISERS)
        raise InputError(f"there is no optimizer {name!r}; it is one of {known}") from None
