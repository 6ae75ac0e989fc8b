"""The two engines that run a loop of updates, which of them, and getting ready.

Small networks train in the compiled loop, wide layers in numpy's products of matrices. The two
agree within rounding but not to the bit, so the choice depends on sizes alone, never on timing,
and belongs to the run.
"""

from __future__ import annotations

import functools
import importlib
import importlib.util
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from bpstudio.core.optimisers import OPTIMISERS, UpdateSettings

Floats = NDArray[np.float64]
Engine = Literal["compiled", "numpy"]
Signed = tuple[Any, Any]  # a function that numba compiles, and the types it does that for


class Compiled(NamedTuple):
    """What is compiled: `compiled.train` and `compiled_orders.fill`."""

    train: Callable[..., tuple[int, int, int]]
    fill: Callable[..., None]


_lock = threading.Lock()
_ready: list[Compiled] = []  # once there
_POLL = 0.05  # seconds between two questions whether to go on
_CODES = {name: code for code, name in enumerate(OPTIMISERS)}


def choose_engine(n_parameters: int, n_layers: int, batch_size: int) -> Engine:
    """The faster engine, by what was measured: a numpy layer costs 20 µs before it computes.

    Against that the compiled loop takes about 5 ns more for each parameter and 0.7 ns more for
    each parameter and sample. ``n_layers`` are layers with weights.
    """
    if not has_compiler():
        return "numpy"
    small = n_parameters * (batch_size + 5) <= 50_000 * n_layers
    return "compiled" if small else "numpy"


@functools.cache
def has_compiler() -> bool:
    """Whether numba is installed and not switched off."""
    switched_off = os.environ.get("NUMBA_DISABLE_JIT", "0") not in ("", "0")
    return importlib.util.find_spec("numba") is not None and not switched_off


def prepare(engine: Engine, cancelled: Callable[[], bool] = lambda: False) -> Engine:
    """Get the engine ready, in a thread of the caller's choice; → the one that works here.

    The first time ever, the loop is compiled (several seconds) by another process, because a
    compiler here would hold the interpreter lock; later it is loaded from numba's cache. When
    ``cancelled`` the call returns early, and `compiled_loop` does the rest when it is needed.
    """
    if engine == "numpy" or _ready:
        return engine
    while not _lock.acquire(timeout=_POLL):
        if cancelled():
            return engine
    try:
        return _prepare(cancelled)
    finally:
        _lock.release()


def compiled_loop() -> Callable[..., tuple[int, int, int]]:
    """The compiled loop (`compiled.train`); prepares it if nobody has yet."""
    if not _ready and prepare("compiled") != "compiled":
        raise RuntimeError("numba does not work here; use the engine that `prepare` returns")
    return _ready[0].train


def compiled_orders() -> Callable[..., None] | None:
    """What makes orders of epochs (`compiled_orders.fill`); None before anybody prepared it."""
    return _ready[0].fill if _ready else None


def update_arguments(update: UpdateSettings, t: int, count: int) -> tuple[int, Floats, Floats]:
    """What the compiled loop knows of an optimiser: its code, its numbers, η of each update.

    No clipping is written as 0; the updates are t … t + count − 1.
    """
    u = update
    decays = (u.momentum, u.beta1, u.beta2, u.rho, u.epsilon, u.weight_decay)
    numbers = np.array([*decays, u.l1, u.l2, u.clip or 0.0])
    return _CODES[u.optimizer], numbers, u.rates(t, count)


def fill_cache() -> None:
    """Compile for later processes; for set-up, and what `prepare` runs elsewhere."""
    for function, signature in _import_compiled():
        function.compile(signature)


def _prepare(cancelled: Callable[[], bool]) -> Engine:
    if _ready:
        return "compiled"
    try:
        functions = _import_compiled()
    except ImportError:  # numba that does not fit this Python or numpy
        return "numpy"
    if not all(map(_is_cached, functions)):
        _compile_elsewhere(cancelled)
    if not cancelled():
        _load(functions)
    return "compiled"


def _import_compiled() -> list[Signed]:
    try:
        return _imported()
    except RuntimeError:  # numba found no folder that it may write its cache to
        importlib.import_module("numba").config.CACHE_DIR = _temporary_cache().name
        return _imported()


def _imported() -> list[Signed]:
    """The functions of `Compiled`, in its order."""
    loop = importlib.import_module("bpstudio.core.compiled")
    orders = importlib.import_module("bpstudio.core.compiled_orders")
    return [(loop.train, loop.SIGNATURE), (orders.fill, orders.SIGNATURE)]


@functools.cache
def _temporary_cache() -> tempfile.TemporaryDirectory[str]:
    """Removed when this process ends."""
    return tempfile.TemporaryDirectory(prefix="bpstudio-")


def _is_cached(signed: Signed) -> bool:
    function, signature = signed
    return function._cache.load_overload(signature, function.targetctx) is not None


def _compile_elsewhere(cancelled: Callable[[], bool]) -> None:
    """Fill numba's cache in another process; without one, `_load` compiles here."""
    if getattr(sys, "frozen", False) or not sys.executable:
        return
    command = [
        sys.executable,
        "-P",
        "-c",
        "from bpstudio.core import kernels; kernels.fill_cache()",
    ]
    folder = importlib.import_module("numba").config.CACHE_DIR
    path = os.pathsep.join(filter(None, sys.path))
    environment = {**os.environ, "PYTHONPATH": path, "NUMBA_CACHE_DIR": folder}
    quiet: dict[str, Any] = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.DEVNULL)
    no_window = getattr(subprocess, "CREATE_NO_WINDOW", 0)  # on Windows only
    with subprocess.Popen(command, env=environment, creationflags=no_window, **quiet) as process:
        while process.poll() is None:
            if cancelled():
                process.kill()
            _wait(process)


def _wait(process: subprocess.Popen[bytes]) -> None:
    try:
        process.wait(_POLL)
    except subprocess.TimeoutExpired:
        return


def _load(functions: list[Signed]) -> None:
    for function, signature in functions:
        function.compile(signature)
        function.disable_compile()  # another type of argument is converted or refused
    _ready.append(Compiled(*(function for function, _ in functions)))
