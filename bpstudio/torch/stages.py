"""A layer of PyTorch as bpstudio has it: which activations those are, and with what settings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from bpstudio.core.errors import InputError

Tensor = Any

# the module of PyTorch, the name here and of its function, the settings that it stands for
ACTIVATIONS: tuple[tuple[str, str, Mapping[str, Any]], ...] = (
    ("Sigmoid", "sigmoid", {}),
    ("Tanh", "tanh", {}),
    ("ReLU", "relu", {}),
    ("LeakyReLU", "leaky_relu", {"negative_slope": 0.01}),
    ("ELU", "elu", {"alpha": 1.0}),
    ("Softplus", "softplus", {"beta": 1.0}),
    ("SiLU", "silu", {}),
    ("GELU", "gelu", {"approximate": "none"}),
    ("Softmax", "softmax", {}),
)
FUNCTIONS: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {name: settings for _, name, settings in ACTIVATIONS}
)


@dataclass(slots=True, eq=False)
class Stage:
    """A layer while it is captured: its Linear, its activation, and the tensors between them."""

    place: str
    linear: Callable[[Tensor], Tensor]
    weight: Tensor
    bias: Tensor
    activation: Callable[[Tensor], Tensor] | None = None
    name: str = "linear"
    written: str = ""  # the activation as the model has it
    z: Tensor = None
    a: Tensor = None


def activation_of(torch: Any, place: str, module: Any) -> str:
    """The name here of an activation that is a module. InputError where it is another one."""
    for kind, name, settings in ACTIVATIONS:
        if isinstance(module, getattr(torch.nn, kind)):
            require_settings(place, vars(module), settings)
            if name == "softmax":
                require_last(place, module, module.dim)
            return name
    known = ", ".join(kind for kind, _, _ in ACTIVATIONS)
    raise InputError(f"{place} is {module}; bpstudio has Linear, {known}")


def require_settings(place: str, found: Mapping[str, Any], settings: Mapping[str, Any]) -> None:
    """Refuse settings other than those that bpstudio has; ``place`` is what has them."""
    for key, value in settings.items():
        if found.get(key, value) != value:
            raise InputError(f"{place} has {key}={found[key]}; bpstudio has it with {key}={value}")


def require_last(place: str, written: Any, dim: int | None) -> None:
    """Refuse a softmax that is not taken over the nodes."""
    if dim not in (1, -1):
        raise InputError(f"{place} is {written}; bpstudio has it with dim=1")
