"""Leaves of an origin: numbers that are given, not computed. They have addresses, but no step.

``s52/x0`` is a scaled input, ``s52/y1`` a target, ``w/l3/j2/k2`` and ``b/l3/j2`` a parameter as it
stands, ``state/velocity/l3/j2/k2`` and ``state/velocity/l3/j2`` what the optimiser remembers of
one from the update before, ``rate`` the learning rate in force, ``scale/x0/mean`` a statistic of
the scaling, ``data/r52/c0`` a cell of the data file and ``seed`` the draw.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from bpstudio.core.errors import InputError
from bpstudio.core.optimisers import OPTIMISERS
from bpstudio.core.sequence import StepSequence

STATISTICS = ("mean", "sd", "min", "range")
SLOTS = tuple(dict.fromkeys(slot for rule in OPTIMISERS.values() for slot in rule.slots))

_N = "(0|[1-9][0-9]{0,17})"
_PATTERNS = (
    ("x", re.compile(rf"s(?P<row>{_N})/x(?P<j>{_N})")),
    ("y", re.compile(rf"s(?P<row>{_N})/y(?P<j>{_N})")),
    ("w", re.compile(rf"w/l(?P<l>{_N})/j(?P<j>{_N})/k(?P<k>{_N})")),
    ("b", re.compile(rf"b/l(?P<l>{_N})/j(?P<j>{_N})")),
    (
        "state",
        re.compile(
            rf"state/(?P<statistic>{'|'.join(SLOTS)})/l(?P<l>{_N})/j(?P<j>{_N})(?:/k(?P<k>{_N}))?"
        ),
    ),
    ("rate", re.compile("rate")),
    (
        "scale",
        re.compile(rf"scale/(?P<side>[xy])(?P<j>{_N})/(?P<statistic>{'|'.join(STATISTICS)})"),
    ),
    ("data", re.compile(rf"data/r(?P<row>{_N})/c(?P<column>{_N})")),
    ("seed", re.compile("seed")),
)


@dataclass(frozen=True, slots=True)
class Leaf:
    """The parts of a leaf's address; −1 or "" where its kind has none.

    ``kind`` is x, y, w, b, state, rate, scale, data or seed; ``j`` the node or the scaled column of
    ``side`` x (inputs) or y (targets); ``column`` the file's column, from 0; ``statistic`` that of
    a scaling, or the name of what is remembered.
    """

    kind: str
    row: int = -1
    l: int = -1
    j: int = -1
    k: int = -1
    column: int = -1
    side: str = ""
    statistic: str = ""

    def __str__(self) -> str:
        of_bias = self.kind == "state" and self.k < 0
        return _WRITTEN["state of a bias" if of_bias else self.kind].format(leaf=self)


_WRITTEN = {
    "x": "s{leaf.row}/x{leaf.j}",
    "y": "s{leaf.row}/y{leaf.j}",
    "w": "w/l{leaf.l}/j{leaf.j}/k{leaf.k}",
    "b": "b/l{leaf.l}/j{leaf.j}",
    "state": "state/{leaf.statistic}/l{leaf.l}/j{leaf.j}/k{leaf.k}",
    "state of a bias": "state/{leaf.statistic}/l{leaf.l}/j{leaf.j}",
    "rate": "rate",
    "scale": "scale/{leaf.side}{leaf.j}/{leaf.statistic}",
    "data": "data/r{leaf.row}/c{leaf.column}",
    "seed": "seed",
}


def find_leaf(text: str) -> Leaf | None:
    """The leaf of that address; None where it is none, such as a step's."""
    stripped = text.strip().strip("/")
    for kind, pattern in _PATTERNS:
        match = pattern.fullmatch(stripped)
        if match is not None:
            return _leaf(kind, match.groupdict())
    return None


def _leaf(kind: str, parts: Mapping[str, str | None]) -> Leaf:
    row, l, j, k, column = (int(parts.get(name) or -1) for name in ("row", "l", "j", "k", "column"))
    return Leaf(kind, row, l, j, k, column, parts.get("side") or "", parts.get("statistic") or "")


def parse_leaf(text: str) -> Leaf:
    """The leaf of that address. InputError where it is none."""
    leaf = find_leaf(text)
    if leaf is None:
        raise InputError(
            f"{text!r} is no leaf of an origin; one reads like s52/x0, s52/y1, w/l3/j2/k2, "
            "b/l3/j2, state/velocity/l3/j2/k2, rate, scale/x0/mean, data/r52/c0 or seed"
        )
    return leaf


def require_leaf(sequence: StepSequence, leaf: Leaf) -> None:
    """Refuse an input, target, parameter or part of an update that this pass does not have."""
    if leaf.kind in ("x", "y") and leaf.row not in sequence.positions:
        raise InputError(f"{leaf}: row {leaf.row} is not in this trace")
    if leaf.kind in ("x", "y"):
        layer = 1 if leaf.kind == "x" else sequence.L
        _require(leaf, leaf.j, sequence.sizes[layer - 1], f"layer {layer}", "j")
    if leaf.kind in ("state", "rate"):
        _require_update(sequence, leaf)
    if leaf.kind in ("w", "b", "state"):
        _require_parameter(sequence, leaf)


def _require_update(sequence: StepSequence, leaf: Leaf) -> None:
    if sequence.updates is None:
        raise InputError(f"{leaf} does not exist: this pass has no update")
    if leaf.kind == "state" and leaf.statistic not in sequence.updates.slots:
        optimizer = sequence.updates.optimizer
        raise InputError(f"{leaf} does not exist: {optimizer} remembers no {leaf.statistic}")


def _require_parameter(sequence: StepSequence, leaf: Leaf) -> None:
    if not 2 <= leaf.l <= sequence.L:
        raise InputError(f"{leaf} does not exist: parameters exist for l = 2..{sequence.L}")
    _require(leaf, leaf.j, sequence.sizes[leaf.l - 1], f"layer {leaf.l}", "j")
    if leaf.k >= 0:
        _require(leaf, leaf.k, sequence.sizes[leaf.l - 2], f"layer {leaf.l - 1}", "k")
    elif not sequence.has_bias(leaf.l):
        raise InputError(f"{leaf} does not exist: layer {leaf.l} has no biases")


def _require(leaf: Leaf, number: int, count: int, layer: str, letter: str) -> None:
    if not 0 <= number < count:
        raise InputError(
            f"{leaf} does not exist: {layer} has {count} nodes ({letter} = 0..{count - 1})"
        )
