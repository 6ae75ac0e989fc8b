"""What a change of settings is called."""

from __future__ import annotations

from dataclasses import fields

from bpstudio.core.training import TrainingSettings

_WORDS = {"lr": "learning rate", "optimizer": "optimiser"}


def changed_settings(before: TrainingSettings, after: TrainingSettings) -> str:
    """What differs between two settings, in words: "learning rate 0.1, batch size 5"."""
    pairs = [
        (name.replace("_", " "), getattr(before, name), getattr(after, name))
        for name in ("loss", "batch_size", "seed", "shuffle")
    ]
    pairs += [
        (
            _WORDS.get(f.name, f.name.replace("_", " ")),
            getattr(before.update, f.name),
            getattr(after.update, f.name),
        )
        for f in fields(after.update)
    ]
    return ", ".join(f"{name} {new}" for name, old, new in pairs if old != new) or "trained on"
