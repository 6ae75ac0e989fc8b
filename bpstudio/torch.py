"""From a training script with PyTorch: write an iteration as a trace that bpstudio checks.

    import bpstudio.torch
    bpstudio.torch.capture(model, loss, x, y, "iteration.json")

PyTorch is imported when `capture` is called, never before; bpstudio does not depend on it.
"""

from __future__ import annotations

import copy
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bpstudio.core.dataset import Batch
from bpstudio.core.errors import InputError
from bpstudio.core.network import Layer, Network
from bpstudio.files.captures import TOLERANCES, Capture, Origin, write_capture

__all__ = ["capture"]

Array = NDArray[np.float64]
Tensor = Any

# the class of PyTorch, the name here, and the settings that the name stands for
_ACTIVATIONS: tuple[tuple[str, str, Mapping[str, Any]], ...] = (
    ("Sigmoid", "sigmoid", {}),
    ("Tanh", "tanh", {}),
    ("ReLU", "relu", {}),
    ("LeakyReLU", "leaky_relu", {"negative_slope": 0.01}),
    ("ELU", "elu", {"alpha": 1.0}),
    ("Softplus", "softplus", {"beta": 1.0}),
    ("SiLU", "silu", {}),
    ("GELU", "gelu", {"approximate": "none"}),
    ("Softmax", "softmax", {}),
    ("Identity", "linear", {}),
)


@dataclass(frozen=True, slots=True)
class _Rule:
    """How a loss of PyTorch reads here.

    ``averages``: whether its mean is over outputs as well as rows; ``output``: the activation
    that it takes over itself, "" for none; ``settings``: those that ours stands for.
    """

    name: str
    averages: bool = True
    output: str = ""
    settings: Mapping[str, Any] = field(default_factory=dict)


_UNWEIGHTED = {"weight": None}
_MEANS_OVER_OUTPUTS = ("mse", "mae", "huber")
_LOSSES: Mapping[str, _Rule] = MappingProxyType(
    {
        "MSELoss": _Rule("mse"),
        "L1Loss": _Rule("mae"),
        "HuberLoss": _Rule("huber", settings={"delta": 1.0}),
        "SmoothL1Loss": _Rule("huber", settings={"beta": 1.0}),
        "BCELoss": _Rule("bce", settings=_UNWEIGHTED),
        "BCEWithLogitsLoss": _Rule(
            "bce", output="sigmoid", settings={**_UNWEIGHTED, "pos_weight": None}
        ),
        "CrossEntropyLoss": _Rule(
            "cross_entropy",
            averages=False,
            output="softmax",
            settings={**_UNWEIGHTED, "label_smoothing": 0.0},
        ),
    }
)


@dataclass(slots=True, eq=False)
class _Stage:
    """A layer while it is captured: its Linear, and the tensors that went through."""

    linear: Any
    activation: Any = None
    name: str = "linear"
    z: Tensor = None
    a: Tensor = None


def capture(
    model: Any, loss: Any, x: Tensor, y: Tensor, path: str | os.PathLike[str]
) -> Path | None:
    """Write one iteration of a model, as PyTorch computes it here, to a JSON trace; → its path.

    ``model`` is an ``nn.Sequential`` of Linear and activations (one of sigmoid, tanh, relu,
    leaky_relu, elu, softplus, silu, gelu, softmax), ``loss`` one of nn.MSELoss, L1Loss, HuberLoss,
    SmoothL1Loss, BCELoss, BCEWithLogitsLoss and CrossEntropyLoss; x is (n, n_1), y what the loss
    takes. The pass is one of its own: gradients that the training has are left as they are, and
    nothing is updated. Under a distributed launcher rank 0 writes; the others get None.

    The file has W, b, the inputs and targets, and of each sample z, a, C_0, ∂C_0/∂a and ∂C_0/∂z,
    and the gradients of the parameters, in PyTorch's own numbers (their type is said).
    InputError where the model or the loss is none that bpstudio has.
    """
    torch = import_module("torch")
    if _rank(torch) != 0:
        return None
    stages = _stages(torch, getattr(model, "module", model))
    rule = _rule(torch, loss, stages)
    name = "sse" if rule.name == "mse" and loss.reduction == "sum" else rule.name
    out = _forward(stages, x)
    _require_shapes(x, out, y, rule)
    total, C = _losses(torch, loss, name, out, y)
    factor = _factor(name, rule, loss.reduction, *out.shape)
    values = {**C, **_values(torch, stages, total, factor, bool(rule.output))}
    network = Network([_layer(stage) for stage in stages])
    batch = Batch(tuple(range(len(x))), _array(x), _targets(torch, y, out))
    origin = Origin(f"PyTorch {torch.__version__}", _dtype(stages), factor)
    write_capture(Capture(network, batch, name, values, origin), path)
    return Path(path)


def _rank(torch: Any) -> int:
    distributed = torch.distributed
    if distributed.is_available() and distributed.is_initialized():
        return int(distributed.get_rank())
    return int(os.environ.get("RANK", "0"))


# ---- the model ---------------------------------------------------------------------------------


def _stages(torch: Any, model: Any) -> list[_Stage]:
    """The layers of a model, each a Linear and its activation."""
    stages: list[_Stage] = []
    for place, module in _modules(torch, model, "model"):
        if isinstance(module, torch.nn.Linear):
            stages.append(_Stage(module))
        elif not stages or stages[-1].activation is not None:
            raise InputError(f"{place} is {module}, which does not follow a Linear")
        else:
            stages[-1].activation, stages[-1].name = module, _activation(torch, place, module)
    if not stages:
        raise InputError("the model has no Linear; give an nn.Sequential of Linear and activations")
    return stages


def _modules(torch: Any, model: Any, place: str) -> Iterator[tuple[str, Any]]:
    """All modules in order; those that do nothing here are left out."""
    nn = torch.nn
    if isinstance(model, nn.Sequential):
        for n, module in enumerate(model):
            yield from _modules(torch, module, f"{place}[{n}]")
    elif not isinstance(model, nn.Flatten) and not _is_idle_dropout(nn, model):
        yield place, model


def _is_idle_dropout(nn: Any, module: Any) -> bool:
    return isinstance(module, nn.Dropout) and (module.p == 0 or not module.training)


def _activation(torch: Any, place: str, module: Any) -> str:
    for kind, name, settings in _ACTIVATIONS:
        if isinstance(module, getattr(torch.nn, kind)):
            _require_settings(module, settings, place)
            if kind == "Softmax" and module.dim not in (1, -1):
                raise InputError(f"{place} is {module}; bpstudio has it with dim=1")
            return name
    known = ", ".join(kind for kind, _, _ in _ACTIVATIONS)
    raise InputError(f"{place} is {module}; bpstudio has Linear, {known}")


def _require_settings(module: Any, settings: Mapping[str, Any], place: str) -> None:
    for key, value in settings.items():
        if getattr(module, key) != value:
            raise InputError(
                f"{place} has {key}={getattr(module, key)}; bpstudio has it with {key}={value}"
            )


def _rule(torch: Any, loss: Any, stages: list[_Stage]) -> _Rule:
    """What the loss is here; it may take the output's activation over."""
    for kind, rule in _LOSSES.items():
        if not isinstance(loss, getattr(torch.nn, kind)):
            continue
        _require_settings(loss, rule.settings, f"the loss {kind}")
        if loss.reduction not in ("mean", "sum"):
            raise InputError(f"the loss has reduction={loss.reduction!r}; give mean or sum")
        if rule.output:
            _take_over(stages[-1], kind, rule.output)
        return rule
    raise InputError(f"the loss is {loss}; bpstudio has those of nn: {', '.join(_LOSSES)}")


def _take_over(stage: _Stage, kind: str, output: str) -> None:
    if stage.activation is not None and stage.name != "linear":
        raise InputError(
            f"{kind} applies the {output} itself, but the model ends with {stage.activation}; "
            f"let it end with the Linear"
        )
    stage.name = output


def _dtype(stages: list[_Stage]) -> str:
    """The coarsest type that numbers went through. InputError where bpstudio knows no other."""
    found = {str(t.dtype).removeprefix("torch.") for s in stages for t in (s.linear.weight, s.z)}
    for name in found - set(TOLERANCES):
        raise InputError(f"the model computes in {name}; bpstudio has {', '.join(TOLERANCES)}")
    return max(found, key=lambda name: TOLERANCES[name].relative)


# ---- the pass ----------------------------------------------------------------------------------


def _forward(stages: list[_Stage], x: Tensor) -> Tensor:
    """z and a of every layer, kept; → what the model gives."""
    if x.ndim != 2 or len(x) == 0:
        raise InputError(f"x has the shape {tuple(x.shape)}; it is (rows, inputs)")
    if x.shape[1] != stages[0].linear.in_features:
        raise InputError(f"x has {x.shape[1]} columns, the model takes those of {stages[0].linear}")
    a = x.detach()
    with import_module("torch").enable_grad():
        for stage in stages:
            stage.z = stage.linear(a)
            # an activation in place would change z
            a = stage.z if stage.activation is None else stage.activation(stage.z.clone())
            stage.a = a
    return a


def _require_shapes(x: Tensor, out: Tensor, y: Tensor, rule: _Rule) -> None:
    classes = rule.name == "cross_entropy" and y.ndim == 1
    expected = (len(x),) if classes else tuple(out.shape)
    if tuple(y.shape) != expected:
        raise InputError(
            f"y has the shape {tuple(y.shape)}, the outputs have {tuple(out.shape)}; "
            f"PyTorch would stretch one over the other: give y as {expected}"
        )


def _factor(name: str, rule: _Rule, reduction: str, n: int, n_L: int) -> float:
    """What PyTorch's loss is multiplied by to be the mean over the rows of ours."""
    divided = name in _MEANS_OVER_OUTPUTS
    if reduction == "sum":
        return 1.0 / (n * n_L) if divided else 1.0 / n
    return float(n_L) if rule.averages and not divided else 1.0


def _losses(
    torch: Any, loss: Any, name: str, out: Tensor, y: Tensor
) -> tuple[Tensor, dict[str, float]]:
    """The loss as the training has it, and C_0 of each sample by its address, without the mean."""
    single = copy.copy(loss)
    single.reduction = "none"
    elements = _array(single(out.detach(), y)).reshape(len(out), -1)
    share = out.shape[1] if name in _MEANS_OVER_OUTPUTS else 1
    with torch.enable_grad():
        total = loss(out, y)
    if not total.requires_grad:
        raise InputError("no parameter of the model requires a gradient; there is nothing to check")
    return total, {f"s{s}/loss/C": float(C) for s, C in enumerate(elements.sum(axis=1) / share)}


def _values(
    torch: Any, stages: list[_Stage], total: Tensor, factor: float, fused: bool
) -> dict[str, float]:
    """Numbers and gradients of all layers by their addresses."""
    n = len(stages[0].z)
    parameters = [p for s in stages for p in (s.linear.weight, s.linear.bias) if p is not None]
    wanted = [t for t in (*parameters, *_inner(stages)) if t.requires_grad]
    gradients = torch.autograd.grad(total, wanted, allow_unused=True)
    found = {id(t): g for t, g in zip(wanted, gradients, strict=True) if g is not None}
    values: dict[str, float] = {}
    for l, stage in enumerate(stages, start=2):
        of_loss = fused and l == len(stages) + 1
        values.update(_of_layer(stage, l, found, n * factor, of_loss))
        values.update(_of_parameters(stage, l, found, n, factor))
    return values


def _inner(stages: list[_Stage]) -> list[Tensor]:
    return [tensor for stage in stages for tensor in (stage.z, stage.a)]


def _of_layer(
    stage: _Stage, l: int, found: Mapping[int, Tensor], factor: float, fused: bool
) -> Iterator[tuple[str, float]]:
    """z, a and their gradients of every sample and node; a fused output has no a of its own."""
    yield from _nodes(stage.z, f"fwd/l{l}/j{{}}/z")
    yield from _nodes(found.get(id(stage.z)), f"back/l{l}/j{{}}/dC_dz", factor)
    if not fused:
        yield from _nodes(stage.a, f"fwd/l{l}/j{{}}/a")
        yield from _nodes(found.get(id(stage.a)), f"back/l{l}/j{{}}/dC_da", factor)


def _nodes(tensor: Tensor, place: str, factor: float = 1.0) -> Iterator[tuple[str, float]]:
    if tensor is None:
        return
    for s, row in enumerate((_array(tensor) * factor).tolist()):
        for j, value in enumerate(row):
            yield f"s{s}/{place.format(j)}", value


def _of_parameters(
    stage: _Stage, l: int, found: Mapping[int, Tensor], n: int, factor: float
) -> Iterator[tuple[str, float]]:
    start, kind = ("mean", "mean_dC_d") if n > 1 else ("s0/back", "dC_d")
    W, b = (found.get(id(p)) for p in (stage.linear.weight, stage.linear.bias))
    if W is not None:
        for j, row in enumerate((_array(W) * factor).tolist()):
            for k, value in enumerate(row):
                yield f"{start}/l{l}/j{j}/k{k}/{kind}w", value
    if b is not None:
        for j, value in enumerate((_array(b) * factor).tolist()):
            yield f"{start}/l{l}/j{j}/{kind}b", value


def _layer(stage: _Stage) -> Layer:
    bias = stage.linear.bias
    return Layer(_array(stage.linear.weight), None if bias is None else _array(bias), stage.name)


def _targets(torch: Any, y: Tensor, out: Tensor) -> Array:
    """Y (n, n_L); class numbers as one-hot rows."""
    if y.ndim == 2:
        return _array(y)
    if int(y.min()) < 0:
        raise InputError(f"class {int(y.min())} is left out by the loss; capture rows with classes")
    return _array(torch.nn.functional.one_hot(y.long(), out.shape[1]))


def _array(tensor: Tensor) -> Array:
    return np.asarray(tensor.detach().double().cpu().numpy())
