"""The numbers of an update at a pass: every term of any parameters, and the scale of clipping."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from bpstudio.core.errors import InputError
from bpstudio.core.network import Network
from bpstudio.core.optimisers import UpdateSettings, UpdateState, norm, penalty, update_terms
from bpstudio.core.parameters import views
from bpstudio.core.updates import Update

if TYPE_CHECKING:
    from bpstudio.core.trace import Trace

Array = NDArray[np.float64]
Place = tuple[slice, ...]
"""(j, k) of weights, (j,) of biases."""


def update_in_force(network: Network, lr: float | None, update: Update | None) -> Update | None:
    """The update of a pass: the one given, plain gradient descent at a rate, or none.

    InputError where both are given, or where what is remembered is of another network.
    """
    if update is None:
        return None if lr is None else plain_update(network, lr)
    if lr is not None:
        raise InputError(f"the update has a rate of its own; leave out the learning rate {lr:g}")
    expected = (len(update.settings.slots), _count(network))
    if update.state.slots.shape != expected:
        raise InputError(
            f"the optimizer {update.settings.optimizer} remembers {expected[0]} × {expected[1]} "
            f"numbers of this network, given: {' × '.join(map(str, update.state.slots.shape))}"
        )
    return update


def plain_update(network: Network, lr: float) -> Update:
    """Gradient descent with a constant rate."""
    settings = UpdateSettings(lr=lr)
    return Update(settings, UpdateState.start(settings, _count(network)))


def fitting(network: Network, update: Update | None) -> Update | None:
    """The same update for this network: what is remembered of one of another size is forgotten."""
    if update is None or update.state.slots.shape[1] == _count(network):
        return update
    return Update(update.settings, UpdateState.start(update.settings, _count(network)))


def _count(network: Network) -> int:
    return network.n_weights + network.n_biases


def terms_at(trace: Trace, l: int, place: Place, gradient: Array) -> Mapping[str, Array]:
    """Every term of the update of some weights (place j, k) or biases (place j) of layer l.

    ``gradient`` is their mean over the batch; the terms have its shape.
    """
    update = _update_of(trace)
    settings, state = update.settings, update.state
    of_weight = len(place) == 2
    slots = {
        name: _part(trace, l, row, of_weight)[place]
        for name, row in zip(settings.slots, state.slots, strict=True)
    }
    old = parameters_of(trace, l, of_weight)[place]
    with np.errstate(all="ignore"):
        scale = trace.clip_scale
        return update_terms(settings, state.t, old, gradient, slots, of_weight, scale)


def parameters_of(trace: Trace, l: int, of_weight: bool) -> Array:
    """W or b of layer l."""
    layer = trace.network.layer(l)
    array = layer.W if of_weight else layer.b
    assert array is not None, "a layer without biases has no update of one"
    return array


def state_of(trace: Trace, slot: str, l: int, j: int, k: int) -> float:
    """What the optimiser remembers of a weight, or of a bias where k is −1."""
    update = _update_of(trace)
    row = update.state.slots[update.settings.slots.index(slot)]
    part = _part(trace, l, row, k >= 0)
    return float(part[j, k] if k >= 0 else part[j])


def clip_norm(trace: Trace) -> float:
    """‖g‖ of the whole gradient, penalty included."""
    settings = _update_of(trace).settings
    with np.errstate(all="ignore"):
        return norm(np.concatenate([part.ravel() for part in _gradient(trace, settings)]))


def _gradient(trace: Trace, settings: UpdateSettings) -> Iterator[Array]:
    for l in range(2, trace.L + 1):
        g = trace.mean_dC_dw(l)
        yield g + penalty(settings, trace.network.layer(l).W) if settings.has_penalty else g
        if trace.sequence.has_bias(l):
            yield trace.mean_dC_db(l)


def _part(trace: Trace, l: int, vector: Array, of_weight: bool) -> Array:
    """The numbers of W or b of layer l in a vector of all parameters."""
    W, b = list(views(trace.network, vector))[l - 2]
    part = W if of_weight else b
    assert part is not None, "a layer without biases has no update of one"
    return part


def _update_of(trace: Trace) -> Update:
    assert trace.update is not None, "there is a step of an update where there is an update"
    return trace.update
