"""What PyTorch comes to after 100 updates of every optimiser: python3 scripts/golden_optimisers.py

Writes tests/data/golden_optimisers.json, which the tests compare both engines with; the slow test
compares with PyTorch itself.
"""

from __future__ import annotations

import importlib
import json
import math
import os
import sys
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import _environment

UPDATES = 100
BATCH_SIZE = 5
SIZES = (4, 5, 6, 3)
GOLDEN = _environment.ROOT / "tests" / "data" / "golden_optimisers.json"

Numbers = Sequence[float]
Table = Sequence[Sequence[float]]

OPTIMISERS: dict[str, dict[str, float]] = {
    "sgd": {"lr": 0.5},
    "momentum": {"lr": 0.1, "momentum": 0.9},
    "nesterov": {"lr": 0.1, "momentum": 0.8},
    "rmsprop": {"lr": 0.01, "rho": 0.9},
    "adam": {"lr": 0.02, "beta1": 0.8, "beta2": 0.99, "epsilon": 1e-6},
    "adamw": {"lr": 0.02, "weight_decay": 0.1},
}
# settings of ours; the schedule as (kind, every, factor, warm_up)
VARIANTS: dict[str, dict[str, Any]] = {
    "bare": {},
    "l1": {"l1": 0.003},
    "l2": {"l2": 0.02},
    "clip": {"clip": 0.08},
    "l2, clip": {"l2": 0.02, "clip": 0.08},
    "step": {"schedule": ("step", 30, 0.5, 0)},
    "cosine": {"schedule": ("cosine", 100, 0.1, 0)},
    "warm-up": {"schedule": ("constant", 1, 1.0, 20)},
}


def main() -> int:
    """Make the file anew."""
    if os.path.realpath(sys.prefix) != str(_environment.VENV):
        _environment.prepare(("peers",))
        _environment.hand_over([str(_environment.PYTHON), os.path.abspath(__file__)])
    given = start()
    cases = {
        f"{optimizer}: {variant}": trained(optimizer, variant, **given)
        for optimizer in OPTIMISERS
        for variant in VARIANTS
    }
    lines = ",\n".join(f"  {json.dumps(name)}: {json.dumps(row)}" for name, row in cases.items())
    head = "".join(f" {json.dumps(name)}: {json.dumps(value)},\n" for name, value in given.items())
    version = json.dumps(importlib.import_module("torch").__version__)
    GOLDEN.write_text(f'{{\n "torch": {version},\n{head} "cases": {{\n{lines}\n }}\n}}\n')
    return 0


def start() -> dict[str, Any]:
    """Parameters to start from (layer by layer, W row by row and then b), inputs, targets."""
    rng = importlib.import_module("numpy").random.default_rng(4)
    n = sum(n * (n_in + 1) for n_in, n in pairwise(SIZES))
    parameters, X = rng.standard_normal(n) * 0.7, rng.standard_normal((13, SIZES[0]))
    Y = [[float(j == row % 3) for j in range(3)] for row in range(13)]
    return {"parameters": parameters.tolist(), "X": X.tolist(), "Y": Y}


def trained(optimizer: str, variant: str, parameters: Numbers, X: Table, Y: Table) -> list[float]:
    """All parameters after the updates: sigmoid layers, sum of squares, batches in order."""
    torch = importlib.import_module("torch")
    settings = {**OPTIMISERS[optimizer], **VARIANTS[variant]}
    rows = torch.tensor(X, dtype=torch.float64), torch.tensor(Y, dtype=torch.float64)
    weights, biases = _leaves(torch, parameters)
    rule = _rule(torch.optim, optimizer, [*weights, *biases], settings)
    schedule = _schedule(torch.optim.lr_scheduler, rule, settings)
    for t in range(UPDATES):
        batch = t % math.ceil(len(X) / BATCH_SIZE)
        x, y = (part[batch * BATCH_SIZE : (batch + 1) * BATCH_SIZE] for part in rows)
        rule.zero_grad()
        _loss(torch, weights, biases, x, y, settings).backward()
        if "clip" in settings:
            torch.nn.utils.clip_grad_norm_([*weights, *biases], settings["clip"])
        rule.step()
        schedule.step()
    both = zip(weights, biases, strict=True)
    return [x for W, b in both for x in (*W.detach().flatten().tolist(), *b.tolist())]


def _leaves(torch: Any, parameters: Numbers) -> tuple[list[Any], list[Any]]:
    values = torch.tensor(parameters, dtype=torch.float64)
    weights, biases, at = [], [], 0
    for n_in, n in pairwise(SIZES):
        W, b = values[at : at + n * n_in].reshape(n, n_in), values[at + n * n_in :][:n]
        weights.append(W.clone().requires_grad_())
        biases.append(b.clone().requires_grad_())
        at += n * (n_in + 1)
    return weights, biases


def _loss(
    torch: Any, weights: list[Any], biases: list[Any], x: Any, y: Any, settings: dict[str, Any]
) -> Any:
    """The mean over the batch of Σ (a_j − y_j)², and the penalty on the weights."""
    for W, b in zip(weights, biases, strict=True):
        x = torch.sigmoid(x @ W.T + b)
    loss = ((x - y) ** 2).sum(dim=1).mean()
    for W in weights:
        loss = loss + settings.get("l1", 0.0) * W.abs().sum()
        loss = loss + 0.5 * settings.get("l2", 0.0) * (W**2).sum()
    return loss


def _rule(optim: Any, name: str, parameters: list[Any], settings: dict[str, Any]) -> Any:
    """PyTorch's optimiser with these settings, ours where its defaults are others."""
    lr, epsilon = settings["lr"], settings.get("epsilon", 1e-8)
    if name in ("sgd", "momentum", "nesterov"):
        mu = settings.get("momentum", 0.0)
        return optim.SGD(parameters, lr=lr, momentum=mu, nesterov=name == "nesterov")
    if name == "rmsprop":
        return optim.RMSprop(parameters, lr=lr, alpha=settings["rho"], eps=epsilon)
    betas = (settings.get("beta1", 0.9), settings.get("beta2", 0.999))
    if name == "adam":
        return optim.Adam(parameters, lr=lr, betas=betas, eps=epsilon)
    decay = settings["weight_decay"]
    return optim.AdamW(parameters, lr=lr, betas=betas, eps=epsilon, weight_decay=decay)


def _schedule(schedules: Any, rule: Any, settings: dict[str, Any]) -> Any:
    """PyTorch's schedule that is the same as ours."""
    kind, every, factor, warm_up = settings.get("schedule", ("constant", 1, 1.0, 0))
    if kind == "step":
        return schedules.StepLR(rule, every, factor)
    if kind == "cosine":
        return schedules.CosineAnnealingLR(rule, every, factor * settings["lr"])
    steps = max(warm_up - 1, 0)
    return schedules.LinearLR(rule, 1.0 / (warm_up or 1), total_iters=steps)


if __name__ == "__main__":
    sys.exit(main())
