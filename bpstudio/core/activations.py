"""Activation functions g and their derivatives g′, one rule each.

Every elementwise function takes real or complex arrays, so that a complex step through a whole
network differentiates it independently of g′ (where ``analytic`` is true).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bpstudio.core.errors import InputError

Array = NDArray[Any]

LEAK = 0.01  # slope of leaky_relu below 0


@dataclass(frozen=True, slots=True)
class Activation:
    """One activation function.

    ``g(z)`` and ``g_prime(z, a)`` keep the shape of z. Softmax acts on the last axis and has no
    elementwise derivative: ``g_prime`` is None, its Jacobian is `softmax_jacobian`.
    ``analytic``: a complex step may be used. ``kink``: the z at which g′ jumps, or None.
    """

    name: str
    g: Callable[[Array], Array]
    g_prime: Callable[[Array, Array], Array] | None
    analytic: bool = True
    kink: float | None = None

    @property
    def elementwise(self) -> bool:
        """Whether node j depends on z_j alone."""
        return self.g_prime is not None


def _sigmoid(z: Array) -> Array:
    """1 / (1 + e^−z), without overflow on either side."""
    positive = z.real >= 0
    e = np.exp(np.where(positive, -z, z))
    return np.where(positive, 1.0, e) / (1.0 + e)


def _softplus(z: Array) -> Array:
    """ln(1 + e^z), without overflow."""
    positive = z.real > 0
    return np.where(positive, z, 0.0) + np.log1p(np.exp(np.where(positive, -z, z)))


def _elu(z: Array) -> Array:
    return np.where(z.real > 0, z, np.expm1(np.where(z.real > 0, 0.0, z)))


def _erf(x: Array) -> Array:
    return np.asarray(np.frompyfunc(math.erf, 1, 1)(x), dtype=np.float64)


def _normal_cdf(z: Array) -> Array:
    return 0.5 * (1.0 + _erf(z / math.sqrt(2.0)))


def _gelu_prime(z: Array, a: Array) -> Array:
    density = np.exp(-0.5 * z * z) / math.sqrt(2.0 * math.pi)
    return _normal_cdf(z) + z * density


def _silu_prime(z: Array, a: Array) -> Array:
    s = _sigmoid(z)
    return s * (1.0 + z * (1.0 - s))


def _softmax(z: Array) -> Array:
    """e^{z_j} / Σ_m e^{z_m} over the last axis, shifted by the largest z against overflow."""
    e = np.exp(z - np.max(z.real, axis=-1, keepdims=True))
    return np.asarray(e / e.sum(axis=-1, keepdims=True))


def softmax_jacobian(a: Array) -> Array:
    """∂a_m/∂z_j = a_m (δ_mj − a_j) for one sample: a (n_l,) → (n_l, n_l), indexed [m, j]."""
    return np.asarray(a[:, None] * (np.eye(len(a)) - a[None, :]))


def _step(z: Array, below: float) -> Array:
    return np.where(z > 0, 1.0, below)


_RULES = (
    Activation("sigmoid", _sigmoid, lambda z, a: a * (1.0 - a)),
    Activation("tanh", np.tanh, lambda z, a: 1.0 - a * a),
    Activation(
        "relu",
        # a z that is not a number has to stay one: ≤, not >
        lambda z: np.where(z.real <= 0, 0.0, z),
        lambda z, a: _step(z, 0.0),
        kink=0.0,
    ),
    Activation(
        "leaky_relu",
        lambda z: np.where(z.real > 0, z, LEAK * z),
        lambda z, a: _step(z, LEAK),
        kink=0.0,
    ),
    Activation("elu", _elu, lambda z, a: np.where(z > 0, 1.0, a + 1.0)),
    Activation("softplus", _softplus, lambda z, a: _sigmoid(z)),
    Activation("silu", lambda z: z * _sigmoid(z), _silu_prime),
    Activation("gelu", lambda z: z * _normal_cdf(z), _gelu_prime, analytic=False),
    Activation("linear", lambda z: z + 0.0, lambda z, a: np.ones_like(z)),
    Activation("softmax", _softmax, None),
)

ACTIVATIONS: Mapping[str, Activation] = MappingProxyType({rule.name: rule for rule in _RULES})


# X. Glorot, Y. Bengio, AISTATS 2010 call a unit saturated from about |tanh z| = 0.98 on, where
# the slope is 4 % of the largest; of sigmoid that is a < 0.01 or a > 0.99.
FLAT = 0.04
LARGEST_SLOPE: Mapping[str, float] = MappingProxyType(
    {name: 0.25 if name in ("sigmoid", "softmax") else 1.0 for name in ACTIVATIONS}
)  # max of |∂a_j/∂z_j|; that of silu and gelu is slightly more than 1


def flat_below(name: str) -> float:
    """The slope below which a node of that activation is saturated: 4 % of the largest one.

    It is the mean of |∂a_j/∂z_j| over the samples of a batch that is compared with it.
    """
    return FLAT * LARGEST_SLOPE[name]


def find_activation(name: str) -> Activation:
    """The activation of that name. InputError names the ones there are."""
    try:
        return ACTIVATIONS[name]
    except (KeyError, TypeError):
        known = ", ".join(ACTIVATIONS)
        raise InputError(f"there is no activation {name!r}; it is one of {known}") from None
