"""bpstudio: step through backpropagation, one term of the chain rule at a time.

    import bpstudio as bp
    data = bp.load("iris.csv", target="species")
    net = bp.Network.create([4, 5, 6, 3], seed=0)
    trace = bp.trace(net, data, rows=[52], loss="sse")
    print(trace["s52/back/l3/j2/i1/dz_da"].sentence)

Nothing heavy is imported before it is used, and no Qt ever.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bpstudio.core.dataset import Dataset
    from bpstudio.core.errors import InputError
    from bpstudio.core.network import Network
    from bpstudio.core.trace import Trace, trace
    from bpstudio.core.verifying import verify
    from bpstudio.debugger.debugger import Debugger
    from bpstudio.files.dataset import load

__version__ = "0.1.0"
__all__ = ["Dataset", "Debugger", "InputError", "Network", "Trace", "load", "trace", "verify"]

_HOMES = {
    "Dataset": "bpstudio.core.dataset",
    "Debugger": "bpstudio.debugger.debugger",
    "InputError": "bpstudio.core.errors",
    "Network": "bpstudio.core.network",
    "Trace": "bpstudio.core.trace",
    "load": "bpstudio.files.dataset",
    "trace": "bpstudio.core.trace",
    "verify": "bpstudio.core.verifying",
}


def __getattr__(name: str) -> object:
    if name == "torch":
        return import_module("bpstudio.torch")
    if name not in _HOMES:
        raise AttributeError(f"module 'bpstudio' has no attribute {name!r}")
    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
