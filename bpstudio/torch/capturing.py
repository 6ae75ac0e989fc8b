"""One iteration of PyTorch, computed here and written down."""

from __future__ import annotations

import copy
import os
from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bpstudio.core.dataset import Batch
from bpstudio.core.errors import InputError
from bpstudio.core.network import Layer, Network
from bpstudio.files.captures import TOLERANCES, Capture, Origin, write_capture
from bpstudio.torch.chain import chain
from bpstudio.torch.losses import Rule, loss_module, rule_of
from bpstudio.torch.stages import Stage, Tensor

Array = NDArray[np.float64]

_MEANS_OVER_OUTPUTS = ("mse", "mae", "huber")
_WRAPPERS = ("DistributedDataParallel", "DataParallel")


def capture(
    model: Any, loss: Any, x: Tensor, y: Tensor, path: str | os.PathLike[str]
) -> Path | None:
    """Write one iteration of a model, as PyTorch computes it here, to a JSON trace; → its path.

    ``model`` is any module whose forward pass is a chain of Linear and activations (sigmoid,
    tanh, relu, leaky_relu, elu, softplus, silu, gelu, softmax), as modules or functions, nested
    as it likes, also wrapped for several processes; Identity, Flatten at the start and a Dropout
    that is at rest may stand between. ``loss`` is one of nn.MSELoss, L1Loss, HuberLoss,
    SmoothL1Loss, BCELoss, BCEWithLogitsLoss and CrossEntropyLoss, or its function in
    ``nn.functional``; x is (n, n_1), y what the loss takes. The pass is one of its own: gradients
    that the training has are left as they are, and nothing is updated. Under a distributed
    launcher rank 0 writes; the others get None.

    The file has W, b, the inputs and targets, and of each sample z, a, C_0, ∂C_0/∂a and ∂C_0/∂z,
    and the gradients of the parameters, in PyTorch's own numbers (their type is said).
    InputError where the model or the loss is none that bpstudio has, under
    ``torch.inference_mode``, and where ``path`` does not end in .json.
    """
    torch = import_module("torch")
    _require_suffix(path)
    if _rank(torch) != 0:
        return None
    _require_gradients(torch)
    _require_rows(x)
    inputs, stages, seen = chain(torch, _unwrapped(torch, model), x.detach())
    loss = loss_module(torch, loss)
    rule = rule_of(torch, loss, stages)
    out = _forward(stages, inputs)
    _require_same(torch, out, seen)
    _require_shapes(x, out, y, rule)
    name = "sse" if rule.name == "mse" and loss.reduction == "sum" else rule.name
    total, C = _losses(torch, loss, name, out, y)
    factor = _factor(name, rule, loss.reduction, *out.shape)
    values = {**C, **_values(torch, stages, total, factor, bool(rule.output))}
    network = Network([_layer(stage) for stage in stages])
    batch = Batch(tuple(range(len(x))), _array(inputs), _targets(torch, y, out))
    _require_finite(network, batch)
    origin = Origin(f"PyTorch {torch.__version__}", _dtype(stages), factor)
    write_capture(Capture(network, batch, name, values, origin), path)
    return Path(path)


def _rank(torch: Any) -> int:
    distributed = torch.distributed
    if distributed.is_available() and distributed.is_initialized():
        return int(distributed.get_rank())
    return int(os.environ.get("RANK", "0"))


# ---- the model ---------------------------------------------------------------------------------


def _unwrapped(torch: Any, model: Any) -> Any:
    """The model itself, of one that is compiled or spread over processes."""
    model = getattr(model, "_orig_mod", model)
    wrappers = tuple(getattr(torch.nn.parallel, name) for name in _WRAPPERS)
    return model.module if isinstance(model, wrappers) else model


def _dtype(stages: list[Stage]) -> str:
    """The coarsest type that numbers went through. InputError where bpstudio knows no other."""
    found = {str(t.dtype).removeprefix("torch.") for s in stages for t in (s.weight, s.z)}
    for name in found - set(TOLERANCES):
        raise InputError(f"the model computes in {name}; bpstudio has {', '.join(TOLERANCES)}")
    return max(found, key=lambda name: TOLERANCES[name].relative)


def _require_suffix(path: str | os.PathLike[str]) -> None:
    if Path(path).suffix.lower() != ".json":
        raise InputError(
            f"{os.fspath(path)!r} does not end in .json, by which check and open know a trace; "
            "write iteration.json"
        )


def _require_gradients(torch: Any) -> None:
    """No gradient can be taken in inference mode, whatever else is turned on inside it."""
    if torch.is_inference_mode_enabled():
        raise InputError(
            "torch.inference_mode is on, in which PyTorch takes no gradients; call capture outside"
        )


# ---- the pass ----------------------------------------------------------------------------------


def _require_rows(x: Tensor) -> None:
    if x.ndim < 2 or len(x) == 0:
        raise InputError(f"x has the shape {tuple(x.shape)}; it is (rows, inputs)")


def _forward(stages: list[Stage], x: Tensor) -> Tensor:
    """z and a of every layer, kept; → what the model gives."""
    a = x.detach()
    with import_module("torch").enable_grad():
        for stage in stages:
            stage.z = stage.linear(a)
            # an activation in place would change z
            a = stage.z if stage.activation is None else stage.activation(stage.z.clone())
            stage.a = a
    return a


def _require_finite(network: Network, batch: Batch) -> None:
    """Every number that the pass starts from; what it makes of them may be anything."""
    given = {"x": batch.X, "y": batch.Y}
    for l, layer in enumerate(network.layers, start=2):
        given[f"the weights W^({l})"] = layer.W
        if layer.b is not None:
            given[f"the biases b^({l})"] = layer.b
    for name, values in given.items():
        for at in np.argwhere(~np.isfinite(values))[:1]:
            place = ", ".join(map(str, at))
            raise InputError(
                f"{name}: [{place}] is {values[tuple(at)]}; capture an iteration in which all "
                "numbers given are finite, such as the one before"
            )


def _require_same(torch: Any, out: Tensor, seen: Tensor) -> None:
    """Refuse a model that does more than what was seen of it."""
    if not torch.allclose(out, seen, rtol=1e-3, atol=1e-5, equal_nan=True):
        raise InputError(
            "the model gives other numbers than its layers one after the other; it does something "
            "that cannot be seen from outside"
        )


def _require_shapes(x: Tensor, out: Tensor, y: Tensor, rule: Rule) -> None:
    classes = rule.name == "cross_entropy" and y.ndim == 1
    expected = (len(x),) if classes else tuple(out.shape)
    if tuple(y.shape) != expected:
        raise InputError(
            f"y has the shape {tuple(y.shape)}, the outputs have {tuple(out.shape)}; "
            f"PyTorch would stretch one over the other: give y as {expected}"
        )


def _factor(name: str, rule: Rule, reduction: str, n: int, n_L: int) -> float:
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
    torch: Any, stages: list[Stage], total: Tensor, factor: float, fused: bool
) -> dict[str, float]:
    """Numbers and gradients of all layers by their addresses."""
    n = len(stages[0].z)
    parameters = [p for s in stages for p in (s.weight, s.bias) if p is not None]
    wanted = [t for t in (*parameters, *_inner(stages)) if t.requires_grad]
    gradients = torch.autograd.grad(total, wanted, allow_unused=True)
    found = {id(t): g for t, g in zip(wanted, gradients, strict=True) if g is not None}
    values: dict[str, float] = {}
    for l, stage in enumerate(stages, start=2):
        of_loss = fused and l == len(stages) + 1
        values.update(_of_layer(stage, l, found, n * factor, of_loss))
        values.update(_of_parameters(stage, l, found, n, factor))
    return values


def _inner(stages: list[Stage]) -> list[Tensor]:
    return [tensor for stage in stages for tensor in (stage.z, stage.a)]


def _of_layer(
    stage: Stage, l: int, found: Mapping[int, Tensor], factor: float, fused: bool
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
    stage: Stage, l: int, found: Mapping[int, Tensor], n: int, factor: float
) -> Iterator[tuple[str, float]]:
    start, kind = ("mean", "mean_dC_d") if n > 1 else ("s0/back", "dC_d")
    W, b = (found.get(id(p)) for p in (stage.weight, stage.bias))
    if W is not None:
        for j, row in enumerate((_array(W) * factor).tolist()):
            for k, value in enumerate(row):
                yield f"{start}/l{l}/j{j}/k{k}/{kind}w", value
    if b is not None:
        for j, value in enumerate((_array(b) * factor).tolist()):
            yield f"{start}/l{l}/j{j}/{kind}b", value


def _layer(stage: Stage) -> Layer:
    bias = stage.bias
    return Layer(_array(stage.weight), None if bias is None else _array(bias), stage.name)


def _targets(torch: Any, y: Tensor, out: Tensor) -> Array:
    """Y (n, n_L); class numbers as one-hot rows."""
    if y.ndim == 2:
        return _array(y)
    if int(y.min()) < 0:
        raise InputError(f"class {int(y.min())} is left out by the loss; capture rows with classes")
    return _array(torch.nn.functional.one_hot(y.long(), out.shape[1]))


def _array(tensor: Tensor) -> Array:
    return np.asarray(tensor.detach().double().cpu().numpy())
