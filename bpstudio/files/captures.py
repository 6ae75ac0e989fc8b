"""Traces of others: an iteration as another program computed it, compared with ours term by term.

A capture is a JSON trace, version 1, whose steps have the numbers of that program, only those it
computed. Symbol, substitution and operands are left empty: they follow from the address, and for
the means of a large batch they would be thousands of times longer than the numbers. One key more
says where the numbers come from:
``"captured": {"by": "PyTorch 2.13.0", "dtype": "float32", "factor": 1.0}``, where ``factor`` is
what its loss, and so every gradient, was multiplied by to be our mean over the rows.
"""

from __future__ import annotations

import math
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import msgspec
import numpy as np
from msgspec import UNSET, UnsetType

from bpstudio.core.dataset import Batch, Dataset
from bpstudio.core.errors import InputError
from bpstudio.core.limits import require_memory
from bpstudio.core.network import Network
from bpstudio.core.trace import Trace, compute_trace
from bpstudio.core.verifying import Tolerance, Verdict, compared, groups_of
from bpstudio.files.atomic import writing_bytes
from bpstudio.files.network_json import network_parts, numbers, read_network
from bpstudio.files.trace_json import FORMAT, VERSION
from bpstudio.files.trace_records import Record, written

_ITERATION = re.compile(r"^e\d+/b\d+/")  # of a recorded run, before the address
_PARSED = 5  # times the text: what reading takes in memory

# by how much sums in another order may differ, of each number and of the largest of its layer
TOLERANCES: Mapping[str, Tolerance] = MappingProxyType(
    {
        "float64": Tolerance(1e-9, 1e-10, 1e-12),
        "float32": Tolerance(1e-4, 1e-5, 1e-12),
        "float16": Tolerance(2e-2, 5e-3, 1e-7),
        "bfloat16": Tolerance(1e-1, 3e-2, 1e-12),
    }
)

# of the types narrower than ours; what is beyond becomes infinite there
LARGEST: Mapping[str, float] = MappingProxyType(
    {
        "float32": float(np.finfo(np.float32).max),
        "float16": float(np.finfo(np.float16).max),
        "bfloat16": (2 - 2**-7) * 2.0**127,
    }
)


@dataclass(frozen=True, slots=True)
class Origin:
    """Who computed the numbers, in which type, and what its gradients were multiplied by."""

    by: str = "bpstudio"
    dtype: str = "float64"
    factor: float = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class Capture:
    """An iteration as another program computed it: numbers by address, and what they rest on."""

    network: Network
    batch: Batch
    loss: str
    values: Mapping[str, float]
    origin: Origin

    def trace(self) -> Trace:
        """The same pass, computed here. InputError where its parts do not fit."""
        return compute_trace(self.network, self.batch, self.loss)

    def compared(self) -> Verdict:
        """Every number compared with ours; the first disagreement named, in order of the steps."""
        trace = self.trace()
        tolerance = TOLERANCES[self.origin.dtype]
        return _with_overflow(
            compared(trace, groups_of(trace, self.values), tolerance), self.origin.dtype
        )


def _with_overflow(verdict: Verdict, dtype: str) -> Verdict:
    """Named as the cause, where the first wrong number is not finite in its type but here is."""
    first = verdict.first
    if first is None or math.isfinite(first.given) or not math.isfinite(first.right):
        return verdict
    if dtype not in LARGEST:
        return verdict
    over = "it overflows" if abs(first.right) > LARGEST[dtype] else "a number before may overflow"
    cause = f"{over} {dtype}, whose largest number is {LARGEST[dtype]:.2g}"
    return replace(verdict, first=replace(first, causes=(cause,)))


def write_capture(capture: Capture, path: str | os.PathLike[str]) -> None:
    """Write a capture as a JSON trace; the file appears when it is complete."""
    _tolerance(capture.origin.dtype, "the capture")
    trace = capture.trace()
    with writing_bytes(path) as file:
        file.writelines(_head(capture))
        encoder = msgspec.json.Encoder()
        for n, record in enumerate(_records(capture, trace)):
            file.write((b",\n" if n else b"\n") + encoder.encode(record))
        file.write(b"\n]}\n")


def _head(capture: Capture) -> Iterator[bytes]:
    loss, origin = msgspec.json.encode(capture.loss), msgspec.json.encode(capture.origin)
    yield b'{"format":"%b","version":%d,"loss":%b,\n' % (FORMAT.encode(), VERSION, loss)
    yield b'"captured":' + origin + b',\n"network":'
    yield from network_parts(capture.network)
    yield b',\n"samples":['
    batch = capture.batch
    for s, row in enumerate(batch.rows):
        x, y = numbers(batch.X[s]), numbers(batch.Y[s])
        yield (b"," if s else b"") + b'\n{"row":%d,"x":%b,"y":%b}' % (row, x, y)
    yield b'],\n"steps":['


def _records(capture: Capture, trace: Trace) -> Iterator[Record]:
    """The steps that were captured, in order, with the numbers of their program."""
    values = {trace.sequence.index(address): x for address, x in capture.values.items()}
    for n in sorted(values):
        step = trace.sequence.step(n)
        row, l, j, k, i, m = map(_or_absent, (step.row, step.l, step.j, step.k, step.i, step.m))
        value = written(values[n])
        yield Record(n, step.address, step.kind, row, l, j, k, i, m, value, "", "", ())


def _or_absent(index: int | None) -> int | UnsetType:
    return UNSET if index is None else index


def dataset_of(capture: Capture, name: str) -> Dataset:
    """The samples of a capture as data, unscaled, by the name of its file and their rows."""
    order = np.argsort(capture.batch.rows)
    data = Dataset.from_arrays(capture.batch.X[order], capture.batch.Y[order])
    return replace(data, name=name, rows=np.array(capture.batch.rows)[order])


# ---- reading -----------------------------------------------------------------------------------


class _Sample(msgspec.Struct):
    row: int
    x: list[float]
    y: list[float]


class _Step(msgspec.Struct):
    address: str
    value: float | str


class _File(msgspec.Struct):
    format: str
    version: int
    loss: str
    samples: list[_Sample]
    steps: list[_Step]
    captured: Origin | None = None


def read_capture(path: str | os.PathLike[str]) -> Capture:
    """A JSON trace, of bpstudio or captured elsewhere. InputError names the part at fault.

    The steps of an update are left out: a trace does not say by which rule it was made.

    >>> data = bp.generate("xor", rows=8, seed=0)
    >>> trace = bp.trace(bp.Network.create([2, 3, 2], seed=0), data, rows=[3])
    >>> _ = bp.export(trace, "iteration.json")
    >>> print(bp.read_capture("iteration.json").compared())
    86 numbers compared, all agree
    """
    name = Path(path).name
    try:
        with open(path, "rb") as file:
            size = os.fstat(file.fileno()).st_size
            require_memory(_PARSED * size, f"reading {name}", "capture fewer rows")
            text = file.read()
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror or error}") from error
    found = _decoded(text, name)
    network = read_network(text, name)
    batch = _batch(found, network, name)
    origin = found.captured or Origin()
    _tolerance(origin.dtype, name)
    return Capture(network, batch, found.loss, _values(found, name), origin)


def _decoded(text: bytes, name: str) -> _File:
    try:
        found = msgspec.json.decode(text, type=_File)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InputError(f"{name} is no JSON trace: {error}") from error
    if (found.format, found.version) != (FORMAT, VERSION):
        raise InputError(
            f"{name} is {found.format!r} version {found.version}; this bpstudio reads "
            f"{FORMAT!r} version {VERSION}"
        )
    return found


def _tolerance(dtype: str, name: str) -> Tolerance:
    if dtype not in TOLERANCES:
        raise InputError(f"{name} has numbers of {dtype!r}; they are {', '.join(TOLERANCES)}")
    return TOLERANCES[dtype]


def _batch(found: _File, network: Network, name: str) -> Batch:
    if not found.samples:
        raise InputError(f"{name} has no samples; a trace has at least one")
    rows = tuple(sample.row for sample in found.samples)
    if len(set(rows)) < len(rows) or min(rows) < 0:
        raise InputError(f"{name}: the rows {list(rows)} are no different rows counted from 0")
    for sample in found.samples:
        for what, row, n in (("x", sample.x, network.sizes[0]), ("y", sample.y, network.sizes[-1])):
            if len(row) != n or not np.isfinite(row).all():
                raise InputError(
                    f"{name}, sample of row {sample.row}: {what} is {n} finite numbers, "
                    f"given: {len(row)}"
                )
    X = np.array([sample.x for sample in found.samples])
    return Batch(rows, X, np.array([sample.y for sample in found.samples]))


def _values(found: _File, name: str) -> dict[str, float]:
    values: dict[str, float] = {}
    for step in found.steps:
        address = _ITERATION.sub("", step.address)
        if not address.startswith("update/"):
            values[address] = _value(step, name)
    return values


def _value(step: Any, name: str) -> float:
    try:
        return float(step.value)
    except ValueError:
        raise InputError(f"{name}, {step.address}: {step.value!r} is no number") from None
