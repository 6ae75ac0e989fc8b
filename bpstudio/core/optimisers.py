"""Optimisers: how a mean gradient becomes new parameters, every number on the way by name.

All of them are elementwise but for clipping, which looks at the whole gradient. The rules take
the vectors of `parameters.flatten`; the terms of a step are the same numbers one by one.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from bpstudio.core.errors import InputError
from bpstudio.core.schedules import Schedule

Array = NDArray[np.float64]

CLIP_EPSILON = 1e-6  # added to the norm, as torch.nn.utils.clip_grad_norm_ does


@dataclass(frozen=True, slots=True)
class Optimiser:
    """One optimiser: its name, the state it keeps for each parameter, and its terms in order.

    ``slots`` are what it remembers from update to update, ``terms`` the kinds of steps that come
    before the new value; slots are among them.
    """

    name: str
    title: str
    slots: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()


_ALL = (
    Optimiser("sgd", "Gradient descent"),
    Optimiser("momentum", "Momentum", ("velocity",), ("velocity",)),
    Optimiser("nesterov", "Nesterov momentum", ("velocity",), ("velocity",)),
    Optimiser("rmsprop", "RMSprop", ("v",), ("v",)),
    Optimiser("adam", "Adam", ("m", "v"), ("m", "v", "m_hat", "v_hat")),
    Optimiser("adamw", "AdamW", ("m", "v"), ("m", "v", "m_hat", "v_hat")),
)
OPTIMISERS: Mapping[str, Optimiser] = MappingProxyType({rule.name: rule for rule in _ALL})


def find_optimiser(name: str) -> Optimiser:
    """The optimiser of that name. InputError names the ones there are."""
    try:
        return OPTIMISERS[name]
    except (KeyError, TypeError):
        known = ", ".join(OPTIMISERS)
        raise InputError(f"there is no optimizer {name!r}; it is one of {known}") from None


@dataclass(frozen=True, slots=True)
class UpdateSettings:
    """All that decides an update besides the gradient. InputError where a value is impossible.

    ``l1``, ``l2``: the penalty λ₁ Σ|w| + ½ λ₂ Σ w² over the weights, not the biases; it is no
    part of the loss that is reported. ``weight_decay``: of AdamW, w shrinks by η times it.
    ``clip``: the greatest norm of the whole gradient, penalty included; None for no clipping.
    ``rho``: of RMSprop. The names of the others are those of D. Kingma, J. Ba, ICLR 2015.

    >>> update = bp.UpdateSettings("momentum", lr=0.05, momentum=0.8, clip=1.0)
    >>> data = bp.generate("xor", rows=20, seed=0)
    >>> len(bp.train(bp.Network.create([2, 3, 2]), data, epochs=5, update=update))
    10
    """

    optimizer: str = "sgd"  #: One of sgd, momentum, nesterov, rmsprop, adam, adamw.
    lr: float = 0.1  #: The learning rate η, above 0; the full rate where a schedule changes it.
    momentum: float = 0.9  #: Of momentum and nesterov: the share of the velocity that is kept.
    beta1: float = 0.9  #: β₁ of adam and adamw: the share of the mean of gradients that is kept.
    beta2: float = 0.999  #: β₂ of adam and adamw: the same of the mean of their squares.
    rho: float = 0.99  #: ρ of rmsprop: the share of the mean of squares that is kept.
    epsilon: float = 1e-8  #: ε, added to the root that rmsprop, adam and adamw divide by.
    weight_decay: float = 0.01  #: Of adamw: w shrinks by η times it at every update.
    l1: float = 0.0  #: λ₁ of the penalty λ₁ Σ|w|.
    l2: float = 0.0  #: λ₂ of the penalty ½ λ₂ Σ w².
    clip: float | None = None  #: The greatest norm of the whole gradient; None for no clipping.
    schedule: Schedule = field(default_factory=Schedule)  #: How the rate changes over updates.

    def __post_init__(self) -> None:
        find_optimiser(self.optimizer)
        _require("learning rate", self.lr, _POSITIVE)
        for name in ("momentum", "beta1", "beta2", "rho"):
            _require(name, getattr(self, name), _SHARE)
        _require("epsilon", self.epsilon, _POSITIVE)
        for name in ("weight_decay", "l1", "l2"):
            _require(name.replace("_", " "), getattr(self, name), _NOT_NEGATIVE)
        if self.clip is not None:
            _require("greatest norm of the gradient", self.clip, _POSITIVE)

    @property
    def slots(self) -> tuple[str, ...]:
        """What is remembered for each parameter."""
        return OPTIMISERS[self.optimizer].slots

    @property
    def has_penalty(self) -> bool:
        """Whether weights have a penalty."""
        return self.l1 > 0 or self.l2 > 0

    def terms(self, of_weight: bool) -> tuple[str, ...]:
        """The kinds of steps before the new value of a weight or a bias, in order."""
        penalty = ("penalty_w", "penalised") if self.has_penalty and of_weight else ()
        clipped = ("clipped",) if self.clip is not None else ()
        return (*penalty, *clipped, *OPTIMISERS[self.optimizer].terms)

    def rate(self, t: int) -> float:
        """η of update t."""
        return self.lr * self.schedule.share(t)

    def rates(self, t: int, count: int) -> Array:
        """η of the updates t … t + count − 1."""
        return self.lr * self.schedule.shares(t, count)


@dataclass(frozen=True, slots=True, eq=False)
class UpdateState:
    """What an optimiser remembers before update t: slots (n_slots, n_parameters)."""

    slots: Array
    t: int = 0

    @classmethod
    def start(cls, settings: UpdateSettings, n_parameters: int) -> UpdateState:
        """Nothing, before the first update."""
        slots = np.zeros((len(settings.slots), n_parameters))
        slots.flags.writeable = False
        return cls(slots)


Bound = tuple[Callable[[float], bool], str]

_POSITIVE: Bound = (lambda x: x > 0, "above 0")
_NOT_NEGATIVE: Bound = (lambda x: x >= 0, "from 0")
_SHARE: Bound = (lambda x: 0 <= x < 1, "from 0 to below 1")


def _require(name: str, value: float, bound: Bound) -> None:
    holds, what = bound
    if not (isinstance(value, int | float) and math.isfinite(value) and holds(value)):
        raise InputError(f"the {name} is {value!r}; it must be a finite number {what}")


# The numbers of an update -------------------------------------------------------------------


def penalty(settings: UpdateSettings, w: Array) -> Array:
    """∂/∂w of λ₁|w| + ½ λ₂ w² = λ₁ sign(w) + λ₂ w."""
    return np.asarray(settings.l1 * np.sign(w) + settings.l2 * w)


def clip_scale(settings: UpdateSettings, norm: float) -> float:
    """min(1, clip/(‖g‖ + 10⁻⁶)): what the whole gradient is multiplied by; 1 without clipping."""
    return 1.0 if settings.clip is None else min(1.0, settings.clip / (norm + CLIP_EPSILON))


def norm(values: Array) -> float:
    """√(Σ values²), also where a square is above the largest number."""
    with np.errstate(over="ignore"):
        total = math.sqrt(float(np.square(values).sum()))
    if not math.isinf(total):
        return total
    largest = float(np.abs(values).max())
    return largest if math.isinf(largest) else largest * norm(values / largest)


def clip_scale_at(
    settings: UpdateSettings, w: Array, gradient: Array, is_weight: NDArray[np.bool_] | bool
) -> float:
    """`clip_scale` at these parameters: that of the norm of the whole penalised gradient."""
    if settings.clip is None:
        return 1.0
    if settings.has_penalty:
        gradient = gradient + np.where(is_weight, penalty(settings, w), 0.0)
    return clip_scale(settings, norm(gradient))


def update_terms(
    settings: UpdateSettings,
    t: int,
    w: Array,
    gradient: Array,
    slots: Mapping[str, Array],
    is_weight: NDArray[np.bool_] | bool,
    scale: float,
) -> dict[str, Array]:
    """Every term of update t by name, the new value last ("update"); arrays of one shape.

    ``gradient`` is the mean over the batch, ``slots`` what the optimiser remembers from before,
    ``scale`` is `clip_scale` of the penalised gradient's norm. Sources: momentum and Nesterov as
    in PyTorch (I. Sutskever et al., ICML 2013): velocity = μ velocity + g, w − η velocity or
    w − η (g + μ velocity); RMSprop: G. Hinton, lecture 6e; Adam: D. Kingma, J. Ba, ICLR 2015;
    AdamW: I. Loshchilov, F. Hutter, ICLR 2019.
    """
    found: dict[str, Array] = {}
    g = gradient
    if settings.has_penalty:
        found["penalty_w"] = np.where(is_weight, penalty(settings, w), 0.0)
        g = found["penalised"] = g + found["penalty_w"]
    if settings.clip is not None:
        g = found["clipped"] = scale * g
    found.update(_RULES[settings.optimizer](settings, t, settings.rate(t), w, g, slots))
    return found


Slots = Mapping[str, Array]
Rule = Callable[[UpdateSettings, int, float, Array, Array, Slots], dict[str, Array]]


def _sgd(
    s: UpdateSettings, t: int, lr: float, w: Array, g: Array, slots: Slots
) -> dict[str, Array]:
    return {"update": w - lr * g}


def _momentum(
    s: UpdateSettings, t: int, lr: float, w: Array, g: Array, slots: Slots
) -> dict[str, Array]:
    velocity = s.momentum * slots["velocity"] + g
    return {"velocity": velocity, "update": w - lr * velocity}


def _nesterov(
    s: UpdateSettings, t: int, lr: float, w: Array, g: Array, slots: Slots
) -> dict[str, Array]:
    velocity = s.momentum * slots["velocity"] + g
    return {"velocity": velocity, "update": w - lr * (g + s.momentum * velocity)}


def _rmsprop(
    s: UpdateSettings, t: int, lr: float, w: Array, g: Array, slots: Slots
) -> dict[str, Array]:
    v = s.rho * slots["v"] + (1.0 - s.rho) * (g * g)
    return {"v": v, "update": w - lr * g / (np.sqrt(v) + s.epsilon)}


def _adam(
    s: UpdateSettings, t: int, lr: float, w: Array, g: Array, slots: Slots
) -> dict[str, Array]:
    found = _moments(s, t, g, slots)
    step = lr * found["m_hat"] / (np.sqrt(found["v_hat"]) + s.epsilon)
    return {**found, "update": w - step}


def _adamw(
    s: UpdateSettings, t: int, lr: float, w: Array, g: Array, slots: Slots
) -> dict[str, Array]:
    found = _moments(s, t, g, slots)
    step = lr * found["m_hat"] / (np.sqrt(found["v_hat"]) + s.epsilon)
    return {**found, "update": (w - lr * s.weight_decay * w) - step}


def _moments(s: UpdateSettings, t: int, g: Array, slots: Slots) -> dict[str, Array]:
    """m and v, and both without the pull of their start at 0."""
    m = s.beta1 * slots["m"] + (1.0 - s.beta1) * g
    v = s.beta2 * slots["v"] + (1.0 - s.beta2) * (g * g)
    m_hat, v_hat = m / (1.0 - s.beta1 ** (t + 1)), v / (1.0 - s.beta2 ** (t + 1))
    return {"m": m, "v": v, "m_hat": m_hat, "v_hat": v_hat}


_RULES: Mapping[str, Rule] = {
    "sgd": _sgd,
    "momentum": _momentum,
    "nesterov": _nesterov,
    "rmsprop": _rmsprop,
    "adam": _adam,
    "adamw": _adamw,
}
