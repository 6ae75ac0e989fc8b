"""An update as part of a pass: what it starts from, its steps, and what each is made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bpstudio.core.optimisers import OPTIMISERS, UpdateSettings, UpdateState

CLIP = "update/clip"
RATE = "rate"

# What a step takes, by name: w the parameter as it stands, g the gradient as it comes to the
# optimiser, state/… what is remembered from the update before, rate η, else a step of the same
# parameter. "update" is the new value.
_OF_MOMENTUM = ("state/velocity", "g")
_OF_ADAM = {
    "m": ("state/m", "g"),
    "v": ("state/v", "g"),
    "m_hat": ("m",),
    "v_hat": ("v",),
    "update": ("w", "m_hat", "v_hat", RATE),
}
_TAKES: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "sgd": {"update": ("w", "g", RATE)},
    "momentum": {"velocity": _OF_MOMENTUM, "update": ("w", "velocity", RATE)},
    "nesterov": {"velocity": _OF_MOMENTUM, "update": ("w", "g", "velocity", RATE)},
    "rmsprop": {"v": ("state/v", "g"), "update": ("w", "g", "v", RATE)},
    "adam": _OF_ADAM,
    "adamw": _OF_ADAM,
}


@dataclass(frozen=True, slots=True)
class Update:
    """How the parameters are updated after a pass, and what the optimiser remembers before it."""

    settings: UpdateSettings
    state: UpdateState

    @property
    def rate(self) -> float:
        """η in force."""
        return self.settings.rate(self.state.t)


@dataclass(frozen=True, slots=True)
class UpdateTerms:
    """What decides the steps of an update: names only, no numbers.

    ``weight`` and ``bias`` are the kinds before the new value of one, in order; ``clip`` whether a
    step comes before all parameters, the scale of the whole gradient.
    """

    optimizer: str = "sgd"
    weight: tuple[str, ...] = ()
    bias: tuple[str, ...] = ()
    clip: bool = False

    @classmethod
    def of(cls, settings: UpdateSettings) -> UpdateTerms:
        """The steps that settings lead to."""
        clip = settings.clip is not None
        return cls(settings.optimizer, settings.terms(True), settings.terms(False), clip)

    @classmethod
    def every(cls) -> UpdateTerms:
        """All steps that any update may have, for asking whether a place can exist at all."""
        own = tuple(dict.fromkeys(kind for rule in OPTIMISERS.values() for kind in rule.terms))
        return cls("adam", ("penalty_w", "penalised", "clipped", *own), ("clipped", *own), True)

    @property
    def has_penalty(self) -> bool:
        """Whether weights have a penalty."""
        return "penalty_w" in self.weight

    @property
    def slots(self) -> tuple[str, ...]:
        """What is remembered for each parameter from the update before."""
        names = (name for taken in _TAKES[self.optimizer].values() for name in taken)
        return tuple(name.removeprefix("state/") for name in names if name.startswith("state/"))

    def kinds(self, of_weight: bool) -> tuple[str, ...]:
        """All kinds of a weight or a bias, in order; the new value is the last."""
        return (*self.weight, "update_w") if of_weight else (*self.bias, "update_b")

    def gradient(self, of_weight: bool) -> str:
        """The gradient as it comes to the optimiser: clipped, penalised or as it is."""
        if self.clip:
            return "clipped"
        return "penalised" if self.has_penalty and of_weight else "gradient"

    def made_of(self, kind: str, of_weight: bool) -> tuple[str, ...]:
        """What a step takes, by name: w, gradient, clip, rate, state/…, or a kind beside it."""
        before = "penalised" if self.has_penalty and of_weight else "gradient"
        early = {
            "penalty_w": ("w",),
            "penalised": ("gradient", "penalty_w"),
            "clipped": (before, "clip"),
        }
        if kind in early:
            return early[kind]
        taken = _TAKES[self.optimizer]["update" if kind.startswith("update") else kind]
        return tuple(self.gradient(of_weight) if name == "g" else name for name in taken)

    def users(self, name: str, of_weight: bool) -> tuple[str, ...]:
        """The kinds of a parameter that take something: `made_of` turned round."""
        return tuple(k for k in self.kinds(of_weight) if name in self.made_of(k, of_weight))
