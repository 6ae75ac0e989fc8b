"""The derivative of a weight as a sum over paths through the layers above it.

∂C_0/∂w_jk^(l) is, for every way from node j of layer l up to the loss, the product of the slopes
along it. A softmax layer couples its nodes: z_j goes on through every a_m. Where an output is
saturated, ∂C_0/∂z itself is the last factor, as in the steps.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bpstudio.core import operands
from bpstudio.core.best_paths import Best, best_stages, softmax_slopes
from bpstudio.core.errors import InputError
from bpstudio.core.notation import Notation
from bpstudio.core.trace import Trace

Floats = NDArray[np.float64]


class PathNode(NamedTuple):
    """Node j of layer l; in a softmax layer the path goes on as a_m of another node m."""

    l: int
    j: int
    m: int


@dataclass(frozen=True, slots=True)
class PathFactor:
    """One factor: its name in LaTeX, the address of its step, its number."""

    name: str
    address: str
    value: float


@dataclass(frozen=True, slots=True)
class Path:
    """One path: ``nodes`` from layer l upwards, ``factors`` from the loss downwards.

    ``share`` is |value| among the sizes of all paths, 0..1; ``weakest`` the place of the factor
    that is smallest by size.
    """

    nodes: tuple[PathNode, ...]
    factors: tuple[PathFactor, ...]
    value: float
    share: float
    weakest: int


@dataclass(frozen=True, slots=True)
class PathSum:
    """∂C_0/∂w as a sum over paths.

    ``total`` is the derivative, ``size`` the sum of the paths without their signs, ``count`` their
    number; ``shown`` are the largest by size, and ``rest`` is what all others add up to.
    """

    total: float
    size: float
    count: int
    shown: tuple[Path, ...]
    rest: float


def paths(trace: Trace, s: int, l: int, j: int, k: int, most: int = 20) -> PathSum:
    """The sum over paths of ∂C_0/∂w_jk^(l) for the sample at position s, with its largest.

    InputError where the weight does not exist.
    """
    _require_weight(trace, l, j, k)
    with np.errstate(all="ignore"):
        stages = best_stages(trace, s, l, j, max(most, 1))
        a = float(trace.a(l - 1)[s, k])
        size = _size(trace, s, l)[j] * abs(a)
        total = float(trace.dC_dz(l)[s, j]) * a
    held = min(most, int(stages[-1].alive.sum()))
    shown = tuple(_path(trace, s, k, stages, n, float(size)) for n in range(held))
    count = _count(trace, s, l, j)
    rest = total - math.fsum(path.value for path in shown) if _adds_up(shown) else math.nan
    return PathSum(total, float(size), count, shown, rest if count > len(shown) else 0.0)


def _adds_up(shown: tuple[Path, ...]) -> bool:
    return all(math.isfinite(path.value) for path in shown)


def _require_weight(trace: Trace, l: int, j: int, k: int) -> None:
    n, n_in = trace.network.layer(l).W.shape
    if not (0 <= j < n and 0 <= k < n_in):
        raise InputError(
            f"weight w_{{{j},{k}}}^({l}) does not exist: j = 0..{n - 1}, k = 0..{n_in - 1}"
        )


# All paths together ------------------------------------------------------------------------


def _size(trace: Trace, s: int, l: int) -> Floats:
    """The sizes of all paths that arrive at each z^(l), added up: the chain rule without signs."""
    sizes = np.abs(trace.dC_da(trace.L)[s])
    for upper in range(trace.L, l - 1, -1):
        if trace.sequence.is_softmax(upper):
            sizes = np.abs(softmax_slopes(trace.a(upper)[s])) @ sizes
        else:
            sizes = sizes * np.abs(trace.da_dz(upper)[s])
        if upper == trace.L:
            sizes = np.where(trace.saturated[s], np.abs(trace.dC_dz(upper)[s]), sizes)
        if upper > l:
            sizes = np.abs(trace.network.layer(upper).W).T @ sizes
    return np.asarray(sizes)


def _count(trace: Trace, s: int, l: int, j: int) -> int:
    """How many paths arrive at z_j^(l)."""
    sizes, softmax = trace.network.sizes, trace.sequence.is_softmax
    ways = sizes[-1] if softmax(trace.L) else 1
    counts = [1 if saturated else ways for saturated in trace.saturated[s].tolist()]
    if l == trace.L:
        return counts[j]
    total = sum(counts)
    for between in range(l, trace.L):
        total *= sizes[between - 1] if softmax(between) else 1
        total *= sizes[between - 1] if between > l else 1
    return total


# One path ----------------------------------------------------------------------------------


def _path(trace: Trace, s: int, k: int, stages: list[Best], slot: int, size: float) -> Path:
    nodes, addresses = _traced_back(trace, s, stages, slot)
    (l, j, _), row = nodes[0], trace.rows[s]
    addresses = [*reversed(addresses), operands.back(row, l, j, f"k{k}/dz_dw")]
    factors = tuple(_factor(trace, address) for address in addresses)
    value = float(stages[-1].value[0, slot]) * factors[-1].value
    sizes = [abs(factor.value) for factor in factors]
    weakest = min(range(len(sizes)), key=lambda n: (math.isnan(sizes[n]), sizes[n]))
    return Path(tuple(nodes), factors, value, abs(value) / size if size else 0.0, weakest)


def _traced_back(
    trace: Trace, s: int, stages: list[Best], slot: int
) -> tuple[list[PathNode], list[str]]:
    """The nodes of a path from below, and the addresses of the slopes that it takes."""
    nodes: list[PathNode] = []
    addresses: list[str] = []
    place, row = (0, slot), trace.rows[s]
    l = trace.L - len(stages) // 2 + 1
    for n in range(len(stages) - 1, 0, -2):
        j, z, a = int(stages[n].nodes[place[0]]), stages[n], stages[n - 1]
        place = (int(z.came[place]), int(z.rank[place]))
        if place[0] < 0:  # saturated: the path ends with ∂C_0/∂z
            return [*nodes, PathNode(l, j, j)], [*addresses, operands.back(row, l, j, "dC_dz")]
        m = int(a.nodes[place[0]])
        nodes.append(PathNode(l, j, m))
        softmax = trace.sequence.is_softmax(l)
        addresses.append(operands.back(row, l, j, f"m{m}/da_dz" if softmax else "da_dz"))
        if l < trace.L:
            place = (int(a.came[place]), int(a.rank[place]))
            i = int(stages[n - 2].nodes[place[0]])
            addresses.append(operands.back(row, l, m, f"i{i}/dz_da"))
            l += 1
    return nodes, [*addresses, operands.back(row, l, nodes[-1].m, "dC_da")]


def _factor(trace: Trace, address: str) -> PathFactor:
    term = trace[address]
    return PathFactor(term.statement(Notation(trace.L)).name, address, term.value)
