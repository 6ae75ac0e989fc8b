"""What a change of settings is called."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any

from bpstudio.core.notation import format_count, format_typed
from bpstudio.core.optimisers import OPTIMISERS
from bpstudio.core.schedules import Schedule
from bpstudio.core.training import TrainingSettings

_NAMES = {
    "lr": "learning rate",
    "beta1": "β₁",
    "beta2": "β₂",
    "rho": "ρ",
    "epsilon": "ε",
    "l1": "L1",
    "l2": "L2",
}


def changed_settings(before: TrainingSettings, after: TrainingSettings) -> str:
    """What differs between two settings, in words: "learning rate 0.1, batch size 5", else ""."""
    names = ("loss", "batch_size", "seed", "shuffle")
    pairs = [(name, getattr(before, name), getattr(after, name)) for name in names]
    pairs += [
        (f.name, getattr(before.update, f.name), getattr(after.update, f.name))
        for f in fields(after.update)
    ]
    return ", ".join(_said(name, new) for name, old, new in pairs if old != new)


def _said(name: str, value: Any) -> str:
    """One setting: "batch size 5", "no clipping"."""
    say = _SAID.get(name)
    return (
        f"{_NAMES.get(name, name.replace('_', ' '))} {_typed(value)}" if say is None else say(value)
    )


def _schedule(schedule: Schedule) -> str:
    """ "cosine rate over 500 updates to 0.1, warm-up of 20 updates"."""
    every, factor = format_count(schedule.every), _typed(schedule.factor)
    kinds = {
        "constant": "constant rate",
        "step": f"rate times {factor} every {every} updates",
        "cosine": f"cosine rate over {every} updates to {factor}",
    }
    warm_up = f", warm-up of {format_count(schedule.warm_up)} updates" if schedule.warm_up else ""
    return kinds[schedule.kind] + warm_up


_SAID: Mapping[str, Callable[[Any], str]] = {
    "optimizer": lambda name: OPTIMISERS[name].title,
    "shuffle": lambda on: "rows in random order" if on else "rows in the order of the file",
    "clip": lambda norm: "no clipping" if norm is None else f"gradient clipped to {_typed(norm)}",
    "schedule": _schedule,
}


def _typed(value: Any) -> str:
    """A number as one types it, 0.05 or 1e−5; other things as they are."""
    return format_typed(value) if isinstance(value, float) else str(value)
