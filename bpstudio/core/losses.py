"""Losses of one sample: C_0 = Σ_j C_j, and ∂C_0/∂a_j, one rule each.

The factor belongs to C_j, so that C_0 is always the plain sum: `mse`, `mae` and `huber` carry
1/n_L, `half_sse` carries ½, `sse` neither.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bpstudio.core.activations import find_activation
from bpstudio.core.errors import InputError

Array = NDArray[Any]

HUBER_DELTA = 1.0  # |a − y| above which huber grows linearly


@dataclass(frozen=True, slots=True)
class Loss:
    """One loss.

    ``C_j(a, y)`` and ``dC_da(a, y)`` keep the shape (…, n_L). ``analytic``: a complex step may
    be used. ``open_unit``: outputs must lie in (0, 1) and targets in [0, 1]. ``kink``: whether
    ∂C_0/∂a jumps at a = y.
    """

    name: str
    title: str
    C_j: Callable[[Array, Array], Array]
    dC_da: Callable[[Array, Array], Array]
    open_unit: bool = False
    kink: bool = False


def _n_L(a: Array) -> int:
    return int(a.shape[-1])


def _size(d: Array) -> Array:
    """|d| for real d, and its continuation for complex d."""
    return np.where(d.real < 0, -d, d)


def _times_ln(factor: Array, x: Array) -> Array:
    """factor · ln x, with 0 · ln 0 = 0."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(factor == 0, 0.0, factor * np.log(np.where(factor == 0, 1.0, x)))


def _over(factor: Array, x: Array) -> Array:
    """factor / x, with 0 / 0 = 0: where the target is 0 the addend is absent."""
    with np.errstate(divide="ignore", over="ignore"):
        return np.where(factor == 0, 0.0, factor / np.where(factor == 0, 1.0, x))


def _huber(d: Array) -> Array:
    size = _size(d)
    square = 0.5 * d * d
    return np.where(size.real <= HUBER_DELTA, square, HUBER_DELTA * (size - 0.5 * HUBER_DELTA))


def _bce(a: Array, y: Array) -> Array:
    return -(_times_ln(y, a) + _times_ln(1.0 - y, 1.0 - a))


_RULES = (
    Loss("sse", "Sum of squares", lambda a, y: (a - y) ** 2, lambda a, y: 2.0 * (a - y)),
    Loss("half_sse", "Half sum of squares", lambda a, y: 0.5 * (a - y) ** 2, lambda a, y: a - y),
    Loss(
        "mse",
        "Mean of squares",
        lambda a, y: (a - y) ** 2 / _n_L(a),
        lambda a, y: 2.0 * (a - y) / _n_L(a),
    ),
    Loss(
        "mae",
        "Mean absolute error",
        lambda a, y: _size(a - y) / _n_L(a),
        lambda a, y: np.sign(a - y) / _n_L(a),
        kink=True,
    ),
    Loss(
        "huber",
        "Huber",
        lambda a, y: _huber(a - y) / _n_L(a),
        lambda a, y: np.clip(a - y, -HUBER_DELTA, HUBER_DELTA) / _n_L(a),
    ),
    Loss(
        "bce",
        "Binary cross-entropy",
        _bce,
        lambda a, y: -_over(y, a) + _over(1.0 - y, 1.0 - a),
        open_unit=True,
    ),
    Loss(
        "cross_entropy",
        "Cross-entropy",
        lambda a, y: -_times_ln(y, a),
        lambda a, y: -_over(y, a),
        open_unit=True,
    ),
)

LOSSES: Mapping[str, Loss] = MappingProxyType({rule.name: rule for rule in _RULES})

_OPEN_UNIT_OUTPUTS = ("sigmoid", "softmax")
FUSED = (("cross_entropy", "softmax"), ("bce", "sigmoid"))


def find_loss(name: str) -> Loss:
    """The loss of that name. InputError names the ones there are."""
    try:
        return LOSSES[name]
    except (KeyError, TypeError):
        known = ", ".join(LOSSES)
        raise InputError(f"there is no loss {name!r}; it is one of {known}") from None


def require_compatible(loss: str, output_activation: str) -> None:
    """Refuse a loss that has no meaning on what the output layer gives."""
    find_activation(output_activation)
    if find_loss(loss).open_unit and output_activation not in _OPEN_UNIT_OUTPUTS:
        raise InputError(
            f"loss {loss} takes the logarithm of outputs between 0 and 1, but {output_activation} "
            f"outputs may lie outside; use sigmoid or softmax as output activation, or loss sse"
        )


def require_targets(loss: str, Y: Array) -> None:
    """Refuse targets that the loss has no meaning for. Y (n, n_L)."""
    if find_loss(loss).open_unit and (np.any(Y < 0) or np.any(Y > 1)):
        raise InputError(
            f"loss {loss} needs targets from 0 to 1, these reach from {Y.min():.6g} to "
            f"{Y.max():.6g}; use sse for regression, or give classes as the target"
        )


def is_fusable(loss: str, output_activation: str) -> bool:
    """Whether ∂C_0/∂z of the output layer has the stable combined form (see `combined_form`)."""
    return (loss, output_activation) in FUSED


def combined_form(loss: str, a: Array, y: Array) -> Array:
    """∂C_0/∂z_j of the output layer for softmax with cross_entropy and sigmoid with bce.

    a, y (…, n_L). For softmax: a_j Σ_m y_m − y_j, which is a − y for a one-hot target.
    Source: C. Bishop, Pattern Recognition and Machine Learning, 2006, section 4.3.
    """
    if loss == "bce":
        return np.asarray(a - y)
    return np.asarray(a * y.sum(axis=-1, keepdims=True) - y)
