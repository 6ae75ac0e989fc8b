"""bpstudio: step through backpropagation, one term of the chain rule at a time.

>>> import bpstudio as bp
>>> data = bp.generate("moons", rows=100, seed=0)     # or bp.load("iris.csv", target="species")
>>> net = bp.Network.create([2, 5, 6, 2], activation="sigmoid", seed=0)
>>> trace = bp.trace(net, data, rows=[52], loss="sse")
>>> step = trace["s52/back/l3/j2/i1/dz_da"]
>>> print(step.index, step.kind, round(step.value, 4))
155 dz_da 0.9008

Nothing heavy is imported before it is used, and no Qt ever.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bpstudio import torch as torch
    from bpstudio.core.dataset import Dataset
    from bpstudio.core.errors import InputError
    from bpstudio.core.generated import generate
    from bpstudio.core.network import Layer, Network
    from bpstudio.core.optimisers import UpdateSettings
    from bpstudio.core.schedules import Schedule
    from bpstudio.core.terms import Term
    from bpstudio.core.trace import Trace, trace
    from bpstudio.core.verifying import verify
    from bpstudio.debugger.debugger import Debugger
    from bpstudio.files.captures import read_capture
    from bpstudio.files.dataset import load
    from bpstudio.files.scripts import write_script
    from bpstudio.files.weights import load_weights, save_weights
    from bpstudio.notebook import Run, export, load_run, train

__version__ = "0.1.0"
__all__ = [
    "Dataset",
    "Debugger",
    "InputError",
    "Layer",
    "Network",
    "Run",
    "Schedule",
    "Term",
    "Trace",
    "UpdateSettings",
    "export",
    "generate",
    "load",
    "load_run",
    "load_weights",
    "read_capture",
    "save_weights",
    "trace",
    "train",
    "verify",
    "write_script",
]

_HOMES = {
    "bpstudio.core.dataset": ("Dataset",),
    "bpstudio.core.errors": ("InputError",),
    "bpstudio.core.generated": ("generate",),
    "bpstudio.core.network": ("Layer", "Network"),
    "bpstudio.core.optimisers": ("UpdateSettings",),
    "bpstudio.core.schedules": ("Schedule",),
    "bpstudio.core.terms": ("Term",),
    "bpstudio.core.trace": ("Trace", "trace"),
    "bpstudio.core.verifying": ("verify",),
    "bpstudio.debugger.debugger": ("Debugger",),
    "bpstudio.files.captures": ("read_capture",),
    "bpstudio.files.dataset": ("load",),
    "bpstudio.files.scripts": ("write_script",),
    "bpstudio.files.weights": ("load_weights", "save_weights"),
    "bpstudio.notebook": ("Run", "export", "load_run", "train"),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> object:
    if name == "torch":
        return import_module("bpstudio.torch")
    if name not in _HOME_OF:
        raise AttributeError(f"module 'bpstudio' has no attribute {name!r}")
    value = getattr(import_module(_HOME_OF[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
