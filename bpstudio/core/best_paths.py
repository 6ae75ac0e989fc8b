"""The largest products along paths from the loss down to one node, layer by layer.

The best n that arrive at a node come from the best n that arrive at the nodes above, so no more
than n a node are ever held, however many paths there are.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bpstudio.core.trace import Trace

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

_AT_ONCE = 1 << 20  # numbers of a portion of nodes


class Best(NamedTuple):
    """The largest products that arrive at each of these nodes, by size; all (n, most) but nodes.

    Each came through the node above that is at the place ``came`` of the stage before, as the one
    of this ``rank`` there; −1 where the path starts. ``alive``: whether there is a path at all.
    """

    nodes: Integers
    value: Floats
    came: Integers
    rank: Integers
    alive: NDArray[np.bool_]


def best_stages(trace: Trace, s: int, l: int, j: int, most: int) -> list[Best]:
    """What arrives at a^(L), z^(L), a^(L−1), …, z^(l); in layer l only what z_j^(l) needs."""
    stages = [_start(trace, s, _needed(trace, trace.L, l, j))]
    for upper in range(trace.L, l - 1, -1):
        only = np.array([j]) if upper == l else np.arange(trace.network.sizes[upper - 1])
        stages.append(_through_g(trace, s, upper, stages[-1], only, most))
        if upper > l:
            below, W = _needed(trace, upper - 1, l, j), trace.network.layer(upper).W
            stages.append(_through(W.T, below, stages[-1], most))
    return stages


def softmax_slopes(a: Floats) -> Floats:
    """∂a_m/∂z_j = a_m (δ_mj − a_j) of one sample, indexed [j, m]."""
    return np.asarray(a[None, :] * (np.eye(len(a)) - a[:, None]))


def _needed(trace: Trace, upper: int, l: int, j: int) -> Integers:
    """The nodes whose a matters: in layer l only j, unless softmax makes z_j move them all."""
    if upper == l and not trace.sequence.is_softmax(l):
        return np.array([j])
    return np.arange(trace.network.sizes[upper - 1])


def _start(trace: Trace, s: int, nodes: Integers) -> Best:
    value = trace.dC_da(trace.L)[s][nodes, None]
    none = np.full(value.shape, -1)
    return Best(nodes, value, none, none, np.ones(value.shape, dtype=bool))


def _through_g(trace: Trace, s: int, l: int, above: Best, nodes: Integers, most: int) -> Best:
    """From a^(l) down to z^(l)."""
    if trace.sequence.is_softmax(l):
        found = _through(softmax_slopes(trace.a(l)[s]), nodes, above, most)
    else:
        value = above.value * trace.da_dz(l)[s][nodes, None]
        came = np.broadcast_to(np.arange(len(nodes))[:, None], value.shape)
        rank = np.broadcast_to(np.arange(value.shape[1]), value.shape)
        found = Best(nodes, value, came, rank, above.alive)
    return _saturated(trace, s, found) if l == trace.L else found


def _saturated(trace: Trace, s: int, found: Best) -> Best:
    """At a saturated output one path starts, with the combined form of ∂C_0/∂z."""
    broken = trace.saturated[s][found.nodes, None]
    if not broken.any():
        return found
    first = np.arange(found.value.shape[1]) == 0
    value = np.where(broken, trace.dC_dz(trace.L)[s][found.nodes, None], found.value)
    came, rank = (np.where(broken, -1, places) for places in (found.came, found.rank))
    return Best(found.nodes, value, came, rank, found.alive & (first | ~broken))


def _through(slopes: Floats, nodes: Integers, above: Best, most: int) -> Best:
    """The best that arrive at these nodes, by slopes [node, node above], in portions."""
    portion = max(1, _AT_ONCE // max(slopes.shape[1], most * most))
    starts = range(0, len(nodes), portion)
    parts = [_chosen(slopes[nodes[at : at + portion]], above, most) for at in starts]
    return Best(nodes, *(np.concatenate(arrays) for arrays in zip(*parts, strict=True)))


def _chosen(
    slopes: Floats, above: Best, most: int
) -> tuple[Floats, Integers, Integers, NDArray[np.bool_]]:
    """Value, came, rank and alive for each line of slopes (n, n_above)."""
    heads = _order(slopes * above.value[:, 0], np.broadcast_to(True, slopes.shape), most)
    reached = np.take_along_axis(slopes, heads, axis=1)[:, :, None] * above.value[heads]
    ranks = reached.shape[2]
    value: Floats = reached.reshape(len(slopes), -1)
    alive: NDArray[np.bool_] = above.alive[heads].reshape(len(slopes), -1)
    best = _order(value, alive, most)
    came = np.take_along_axis(heads, best // ranks, axis=1)
    lines = np.arange(len(slopes))[:, None]
    return value[lines, best], came, best % ranks, alive[lines, best]


def _order(value: Floats, alive: NDArray[np.bool_], most: int) -> Integers:
    """Places of the largest by size in each line; what is no number comes after all others."""
    size = np.where(alive, np.nan_to_num(np.abs(value), nan=-0.5, posinf=np.inf), -1.0)
    most = min(most, size.shape[1])
    some = np.argpartition(-size, most - 1, axis=1)[:, :most]
    some = np.sort(some, axis=1)
    order = np.argsort(-np.take_along_axis(size, some, axis=1), axis=1, kind="stable")
    return np.take_along_axis(some, order, axis=1)
