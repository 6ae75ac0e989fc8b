"""What the conditions on training look back at, as a session file has it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bpstudio.core.early_stopping import EarlyStopping
from bpstudio.core.errors import InputError
from bpstudio.core.network import Network
from bpstudio.core.records import Probes, Records
from bpstudio.debugger.expressions.subscripts import MOST_PAST
from bpstudio.debugger.history import Series
from bpstudio.debugger.run_values import RunStand
from bpstudio.debugger.training_scope import Window
from bpstudio.debugger.training_stops import NEVER, Seen
from bpstudio.sessions.recorded import CURVES

Array = NDArray[Any]

_TABLES = {"losses": "f", "epoch": "i", "batch": "i", "records": "f", "epochs": "f"}
_EPOCH = 5  # numbers of an epoch's row


@dataclass(frozen=True, slots=True)
class SeenPart:
    """`Seen` without its tables: the first update of the past, if any, and what it recorded."""

    waiting: EarlyStopping
    last_epoch: tuple[float, ...]
    first: int | None = None
    probes: Probes = field(default_factory=Probes)


@dataclass(frozen=True, slots=True)
class Stand:
    """How a run was left, and what its conditions have seen."""

    run: RunStand
    seen: SeenPart | None = None


def stand_of(run: RunStand, seen: Seen) -> Stand:
    """As a file has it, beside the `tables`."""
    past = seen.past
    if past is None:
        return Stand(run, SeenPart(seen.waiting, seen.last_epoch))
    return Stand(run, SeenPart(seen.waiting, seen.last_epoch, past.first, past.records.probes))


def tables(seen: Seen) -> dict[str, Array]:
    """The numbers of the last updates by their names; none where nothing is looked back at."""
    past = seen.past
    if past is None:
        return {}
    numbers = {name: getattr(past, name) for name in _TABLES if name != "records"}
    return {**numbers, "records": past.records.table}


def seen_of(
    part: SeenPart | None, found: Mapping[str, Array], network: Network, length: int
) -> Seen:
    """What conditions have seen of a run of so many updates. InputError where it does not fit."""
    if part is None:
        return Seen()
    if len(part.last_epoch) != _EPOCH:
        raise InputError(
            f"the last epoch of a run has {len(part.last_epoch)} numbers, not {_EPOCH}"
        )
    if part.first is None:
        return Seen(None, part.waiting, part.last_epoch)
    part.probes.require(network.n_weights + network.n_biases)
    n, n_layers = length - part.first, len(network.layers)
    _require_tables(found, n, part.probes.columns(n_layers))
    records = Records(part.probes, n_layers, found["records"])
    window = Window(
        part.first, found["losses"], found["epoch"], found["batch"], records, found["epochs"]
    )
    return Seen(window, part.waiting, part.last_epoch)


def seen_on_curves(curves: Mapping[str, Series]) -> Seen:
    """What conditions would have seen of the epochs of a run whose file has its curves alone.

    ``curves`` by the names of `CURVES`. Where points stand for several epochs it is not known.
    """
    columns = [curves[name] for name in CURVES[1:]]
    n = columns[0].count
    if n == 0 or any(series.stride > 1 for series in columns):
        return Seen()
    epochs = [
        series.values if len(series.values) == n else np.full(n, np.nan) for series in columns
    ]
    waiting, waited = NEVER.after_each(epochs[2])
    return Seen(None, waiting, (*(float(column[-1]) for column in epochs), float(waited[-1])))


def _require_tables(found: Mapping[str, Array], n: int, columns: int) -> None:
    shapes = {"records": (n, columns), "epochs": (n, _EPOCH)}
    for name, kind in _TABLES.items():
        table = found.get(name, np.empty(0))
        if not 0 < n <= MOST_PAST or table.shape != shapes.get(name, (n,)):
            raise InputError(f"the {name} of the last updates are {table.shape}, of {n} updates")
        if table.dtype.kind != kind:
            raise InputError(f"the {name} of the last updates are of another type of numbers")
