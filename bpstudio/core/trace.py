"""The trace: everything one forward and backward pass over a batch computed, as arrays."""

from __future__ import annotations

import operator
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

from bpstudio.core import update_values, values
from bpstudio.core.address import Address
from bpstudio.core.blas import threads_for
from bpstudio.core.dataset import Batch, Dataset
from bpstudio.core.errors import InputError
from bpstudio.core.limits import require_memory
from bpstudio.core.losses import find_loss, require_compatible, require_targets
from bpstudio.core.network import Network
from bpstudio.core.optimisers import clip_scale
from bpstudio.core.passes import Backward, backward, forward
from bpstudio.core.sequence import Step, StepSequence
from bpstudio.core.terms import Term
from bpstudio.core.update_values import Place, terms_at, update_in_force
from bpstudio.core.updates import Update, UpdateTerms

Array = NDArray[np.float64]

_MOST_KEPT = 1 << 22  # parameters of a layer whose terms of an update are worth keeping
_ARRAYS_PER_NODE = 6  # z, a, ∂C/∂a, ∂a/∂z, ∂C/∂z and one in passing


class Trace:
    """One forward and backward pass over the samples of a batch; immutable.

    Arrays have one row a sample: ``a(l)`` is (n, n_l). ``trace[n]`` and ``trace["s52/loss/C"]``
    are the `Term` of one step, ``values(start, stop)`` the numbers of many.

    >>> data = bp.load("iris.csv", target="species")
    >>> trace = bp.trace(bp.Network.create([4, 5, 6, 3], seed=0), data, rows=[52, 53])
    >>> len(trace), trace.a(3).shape, trace.mean_dC_dw(3).shape
    (886, (2, 6), (6, 5))
    >>> trace["s53/loss/C"].value == trace.C[1].item()
    True
    """

    def __init__(self, network: Network, batch: Batch, loss: str, update: Update | None) -> None:
        """Use `compute_trace`."""
        self.network = network
        self.batch = batch
        self.loss = loss
        self.update = update
        kinds = None if update is None else UpdateTerms.of(update.settings)
        self.sequence = StepSequence.of(network, batch.rows, kinds)
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            self._z, self._a = forward(network, batch.X)
            self._back: Backward = backward(network, self._z, self._a, batch.Y, loss)
            self.C_j: Array = find_loss(loss).C_j(self._a[-1], batch.Y)
            self.C: Array = self.C_j.sum(axis=1)
        self._freeze()

    def _freeze(self) -> None:
        back = self._back
        jacobians = [da_dz for da_dz in back.da_dz if da_dz is not None]
        arrays = (*self._z, *self._a[1:], *back.dC_da, *back.dC_dz, *jacobians, self.C_j, self.C)
        for array in (*arrays, back.product, back.saturated):
            array.flags.writeable = False
        self._sealed = True

    def __setattr__(self, name: str, value: object) -> None:
        if self.__dict__.get("_sealed"):
            raise AttributeError(f"a Trace is immutable; {name} cannot be set, compute another one")
        object.__setattr__(self, name, value)

    def __len__(self) -> int:
        return len(self.sequence)

    @overload
    def __getitem__(self, key: int | str | Address) -> Term: ...
    @overload
    def __getitem__(self, key: slice) -> tuple[Term, ...]: ...
    def __getitem__(self, key: int | str | Address | slice) -> Term | tuple[Term, ...]:
        """The term at a step number, at an address (of a level: its first step), or a slice."""
        if isinstance(key, slice):
            return tuple(self[n] for n in range(*key.indices(len(self))))
        if isinstance(key, str | Address):
            return Term(self, self.sequence.step(self.sequence.index(key)))
        n = operator.index(key)
        n = n + len(self) if -len(self) <= n < 0 else n
        return Term(self, self.sequence.step(n))

    def __iter__(self) -> Iterator[Term]:
        return (self[n] for n in range(len(self)))

    def __repr__(self) -> str:
        return f"Trace({self.network!r}, {len(self.batch.rows)} rows, {len(self)} steps)"

    @property
    def rows(self) -> tuple[int, ...]:
        """The samples, by their rows in the data file."""
        return self.batch.rows

    @property
    def lr(self) -> float | None:
        """η, the learning rate in force; None where there is no update."""
        return None if self.update is None else self.update.rate

    @property
    def L(self) -> int:
        """Number of the output layer."""
        return self.network.L

    @property
    def X(self) -> Array:
        """Scaled inputs, (n, n_1)."""
        return self.batch.X

    @property
    def Y(self) -> Array:
        """Targets, (n, n_L)."""
        return self.batch.Y

    def _position(self, l: int, first: int = 2) -> int:
        if not first <= l <= self.L:
            raise InputError(f"layer {l} has no such numbers; l = {first}..{self.L}")
        return l - first

    def a(self, l: int) -> Array:
        """Activations of layer l = 1 … L, (n, n_l); a(1) is X."""
        return self._a[self._position(l, 1)]

    def z(self, l: int) -> Array:
        """Weighted sums of layer l = 2 … L, (n, n_l)."""
        return self._z[self._position(l)]

    def dC_da(self, l: int) -> Array:
        """∂C_0/∂a^(l), (n, n_l), l = 2 … L."""
        return self._back.dC_da[self._position(l)]

    def da_dz(self, l: int) -> Array:
        """g′(z^(l)), (n, n_l), of an elementwise layer."""
        da_dz = self._back.da_dz[self._position(l)]
        if da_dz is None:
            raise InputError(f"layer {l} is softmax: ∂a_m/∂z_j is a matrix, not one number a node")
        return da_dz

    def dC_dz(self, l: int) -> Array:
        """∂C_0/∂z^(l), (n, n_l), l = 2 … L."""
        return self._back.dC_dz[self._position(l)]

    @property
    def product(self) -> Array:
        """∂C_0/∂z^(L) as the plain product of its factors, (n, n_L)."""
        return self._back.product

    @property
    def saturated(self) -> NDArray[np.bool_]:
        """Where the combined form stands in for that product, (n, n_L)."""
        return self._back.saturated

    def dC_dw(self, l: int, s: int) -> Array:
        """∂C_0/∂w^(l) of the sample at position s, (n_l, n_{l−1})."""
        with np.errstate(over="ignore", invalid="ignore"):
            return np.asarray(np.multiply.outer(self.dC_dz(l)[s], self.a(l - 1)[s]))

    def dC_db(self, l: int, s: int) -> Array:
        """∂C_0/∂b^(l) of the sample at position s, (n_l,)."""
        return np.asarray(self.dC_dz(l)[s])

    @cached_property
    def _means(self) -> dict[int, tuple[Array, Array]]:
        return {}

    def _mean(self, l: int) -> tuple[Array, Array]:
        if l not in self._means:
            n = len(self.rows)
            work = n * self.network.layer(l).W.size
            with threads_for(work), np.errstate(over="ignore", invalid="ignore"):
                W = self.dC_dz(l).T @ self.a(l - 1) / n
                b = self.dC_dz(l).sum(axis=0) / n
            W.flags.writeable = b.flags.writeable = False
            self._means[l] = (W, b)
        return self._means[l]

    def mean_dC_dw(self, l: int) -> Array:
        """∂C/∂w^(l), the mean over the samples, (n_l, n_{l−1})."""
        return self._mean(l)[0]

    def mean_dC_db(self, l: int) -> Array:
        """∂C/∂b^(l), the mean over the samples, (n_l,)."""
        return self._mean(l)[1]

    @cached_property
    def clip_norm(self) -> float:
        """‖g‖, the norm of the whole gradient of the batch with its penalty."""
        return update_values.clip_norm(self)

    @cached_property
    def clip_scale(self) -> float:
        """What clipping multiplies that gradient by; 1 without clipping."""
        if self.update is None or self.update.settings.clip is None:
            return 1.0
        return clip_scale(self.update.settings, self.clip_norm)

    @cached_property
    def _update_terms(self) -> dict[tuple[int, bool], Mapping[str, Array]]:
        return {}

    def update_terms(self, l: int, place: Place) -> Mapping[str, Array]:
        """Every term of the update by name, the new value ("update") last.

        Of the weights of layer l at (j, k), or of its biases at (j,), in slices.
        """
        of_weight = len(place) == 2
        means = self.mean_dC_dw(l) if of_weight else self.mean_dC_db(l)
        if means.size > _MOST_KEPT:
            return terms_at(self, l, place, means[place])
        if (l, of_weight) not in self._update_terms:
            everywhere = (slice(None),) * len(place)
            terms = terms_at(self, l, everywhere, means)
            for array in terms.values():
                array.flags.writeable = False
            self._update_terms[l, of_weight] = terms
        return {name: array[place] for name, array in self._update_terms[l, of_weight].items()}

    def value(self, step: Step) -> float:
        """The number of one step."""
        return values.value_of(self, step)

    def values(self, start: int, stop: int) -> Array:
        """The numbers of steps start … stop − 1, in order; memory grows with stop − start only."""
        return values.values_of(self, start, stop)


def compute_trace(
    network: Network,
    batch: Batch,
    loss: str = "sse",
    lr: float | None = None,
    update: Update | None = None,
) -> Trace:
    """One pass over a batch. ``update``: what comes after it, None for nothing.

    ``lr`` alone means plain gradient descent at that rate. InputError where network, data, loss
    and update do not fit together.
    """
    require_compatible(loss, network.layers[-1].activation)
    _require_width("features", batch.X, network.sizes[0], "input")
    _require_width("targets", batch.Y, network.sizes[-1], "output")
    require_targets(loss, batch.Y)
    _require_rate(lr)
    n_bytes = 8 * _ARRAYS_PER_NODE * len(batch.rows) * sum(network.sizes)
    require_memory(n_bytes, f"a pass over {len(batch.rows)} rows", "take fewer rows")
    return Trace(network, batch, loss, update_in_force(network, lr, update))


def trace(
    network: Network,
    data: Dataset,
    rows: Iterable[int],
    loss: str = "sse",
    lr: float | None = None,
    update: Update | None = None,
) -> Trace:
    """One pass over these rows of the data, counted from 0 as in the file, as one batch.

    ``lr``: with a learning rate the trace ends with the update of every parameter by plain
    gradient descent; ``update`` is one of another kind. InputError where something does not fit.

    >>> data = bp.load("iris.csv", target="species")
    >>> net = bp.Network.create([4, 5, 6, 3], seed=0)
    >>> bp.trace(net, data, rows=[52], loss="half_sse", lr=0.5)[-1].address
    'update/l4/j2/update_b'
    """
    return compute_trace(network, data.batch(rows), loss, lr, update)


def _require_width(what: str, array: NDArray[Any], n: int, layer: str) -> None:
    if array.shape[1] != n:
        raise InputError(
            f"the data has {array.shape[1]} {what}, the {layer} layer has {n} nodes; "
            f"make the {layer} layer {array.shape[1]} nodes wide"
        )


def _require_rate(lr: float | None) -> None:
    if lr is not None and not (np.isfinite(lr) and lr > 0):
        raise InputError(f"the learning rate is a positive number, given: {lr}")
