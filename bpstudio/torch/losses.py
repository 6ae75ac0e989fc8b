"""Losses of PyTorch, modules or functions, as bpstudio has them."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from bpstudio.core.errors import InputError
from bpstudio.torch.stages import Stage, require_settings


@dataclass(frozen=True, slots=True)
class Rule:
    """How a loss of PyTorch reads here.

    ``averages``: whether its mean is over outputs as well as rows; ``output``: the activation
    that it takes over itself, "" for none; ``settings``: those that ours stands for.
    """

    name: str
    function: str
    averages: bool = True
    output: str = ""
    settings: Mapping[str, Any] = field(default_factory=dict)


_UNWEIGHTED = {"weight": None}
LOSSES: Mapping[str, Rule] = MappingProxyType(
    {
        "MSELoss": Rule("mse", "mse_loss"),
        "L1Loss": Rule("mae", "l1_loss"),
        "HuberLoss": Rule("huber", "huber_loss", settings={"delta": 1.0}),
        "SmoothL1Loss": Rule("huber", "smooth_l1_loss", settings={"beta": 1.0}),
        "BCELoss": Rule("bce", "binary_cross_entropy", settings=_UNWEIGHTED),
        "BCEWithLogitsLoss": Rule(
            "bce",
            "binary_cross_entropy_with_logits",
            output="sigmoid",
            settings={**_UNWEIGHTED, "pos_weight": None},
        ),
        "CrossEntropyLoss": Rule(
            "cross_entropy",
            "cross_entropy",
            averages=False,
            output="softmax",
            settings={**_UNWEIGHTED, "label_smoothing": 0.0},
        ),
    }
)


def loss_module(torch: Any, loss: Any) -> Any:
    """The loss as a module, also where it is a function of ``nn.functional``, or a partial one."""
    function, options = loss, {}
    if isinstance(loss, functools.partial) and not loss.args:
        function, options = loss.func, loss.keywords
    for kind, rule in LOSSES.items():
        if function is getattr(torch.nn.functional, rule.function):
            return getattr(torch.nn, kind)(**options)
    return loss


def rule_of(torch: Any, loss: Any, stages: list[Stage]) -> Rule:
    """What the loss is here; it may take the output's activation over."""
    for kind, rule in LOSSES.items():
        if not isinstance(loss, getattr(torch.nn, kind)):
            continue
        found = {key: getattr(loss, key) for key in rule.settings}
        require_settings(f"the loss {kind}", found, rule.settings)
        if loss.reduction not in ("mean", "sum"):
            raise InputError(f"the loss has reduction={loss.reduction!r}; give mean or sum")
        if rule.output:
            _take_over(stages[-1], kind, rule.output)
        return rule
    raise InputError(
        f"the loss is {loss}; bpstudio has those of nn: {', '.join(LOSSES)}, and their functions "
        f"in nn.functional, with a reduction by functools.partial"
    )


def _take_over(stage: Stage, kind: str, output: str) -> None:
    if stage.activation is not None:
        raise InputError(
            f"{kind} applies the {output} itself, but the model ends with {stage.written}; "
            f"let it end with the Linear"
        )
    stage.name = output
