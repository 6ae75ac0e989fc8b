"""Bring your own backprop: somebody's numbers compared with the trace, the first wrong one named.

The numbers come from a function, as arrays, or one by one by their addresses. With the first
wrong one comes what was likely forgotten, tested against all numbers of its kind and layer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Sized
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bpstudio.core.address import Address
from bpstudio.core.dataset import Dataset
from bpstudio.core.errors import InputError
from bpstudio.core.mistakes import Group, variants
from bpstudio.core.network import Network
from bpstudio.core.sequence import Step
from bpstudio.core.trace import Trace, compute_trace

Array = NDArray[Any]
Weights = list[tuple[Array, Array | None]]
Gradients = Mapping[str, Any] | Sequence[Any]
Backward = Callable[[Weights, Array, Array], Gradients]

_MOST_CAUSES = 3  # named, where several mistakes give the same numbers


@dataclass(frozen=True, slots=True)
class Tolerance:
    """How far a number may be off: a share of itself and of the largest of its kind and layer."""

    relative: float = 1e-6
    of_largest: float = 1e-9
    absolute: float = 1e-12

    def agree(self, given: Array, right: Array) -> NDArray[np.bool_]:
        """Where two arrays agree; not a number agrees with itself."""
        sizes = np.abs(right)[np.isfinite(right)]
        floor = self.absolute + self.of_largest * float(sizes.max(initial=0.0))
        with np.errstate(invalid="ignore"):
            near = np.abs(given - right) <= self.relative * np.abs(right) + floor
        return np.asarray(near | (given == right) | (np.isnan(given) & np.isnan(right)))


@dataclass(frozen=True, slots=True)
class Mistake:
    """The first wrong term: its address and number of the step, both values, likely causes."""

    address: str
    index: int
    given: float
    right: float
    causes: tuple[str, ...]

    def __str__(self) -> str:
        likely = " or ".join(self.causes) or "none of the usual mistakes gives these numbers"
        return f"{self.address} is {self.given!r}, it should be {self.right!r}: {likely}"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of a comparison: how many numbers, how many of them wrong, and the first."""

    compared: int
    n_wrong: int
    first: Mistake | None

    @property
    def passed(self) -> bool:
        """Whether every number agrees."""
        return self.first is None

    def __str__(self) -> str:
        numbers = "1 number" if self.compared == 1 else f"{self.compared:,} numbers"
        if self.first is None:
            return f"{numbers} compared, all agree"
        verb = "is" if self.n_wrong == 1 else "are"
        return f"{numbers} compared, {self.n_wrong:,} {verb} wrong; the first: {self.first}"


def verify(
    own: Backward | Gradients,
    network: Network,
    data: Dataset,
    rows: Iterable[int],
    loss: str = "sse",
    previous_rows: Iterable[int] | None = None,
    tolerance: Tolerance | None = None,
) -> Verdict:
    """Compare somebody's own numbers of a pass over these rows; ``print`` the result.

    ``own`` is a function of (weights, x, y), where weights is a list of (W, b) for l = 2 … L and
    x, y are vectors for one row and matrices, a sample a line, for several; it returns the
    gradients. Or it is the gradients themselves: a list of (∂C/∂W, ∂C/∂b) for l = 2 … L, or a
    mapping with W2, b2, W3, … Or a mapping of addresses to numbers. The gradient of several rows
    is their mean.

    A function is called twice, to see whether it adds to what it had; ``previous_rows`` are
    those of the batch before, to tell numbers of which its gradient was not taken away.
    The order is that of the steps, but means go from layer L back, as the chain rule does.
    InputError where the numbers do not fit the network, or the function not the shapes it gets.

    >>> data = bp.generate("xor", rows=8, seed=0)
    >>> net = bp.Network.create([2, 2], output_activation="sigmoid", seed=0)
    >>> def backward(weights, x, y):
    ...     (W, b), = weights
    ...     a = 1 / (1 + np.exp(-(W @ x + b)))
    ...     delta = 2 * (a - y)                 # g'(z) = a (1 - a) was forgotten
    ...     return [(np.outer(delta, x), delta)]
    >>> print(bp.verify(backward, net, data, rows=[3], loss="sse"))
    6 numbers compared, 6 are wrong; the first: s3/back/l2/j0/k0/dC_dw is -0.745..., it should
    be -0.185...: the g′ of layer 2 is missing (∂a/∂z)
    """
    trace = compute_trace(network, data.batch(rows), loss)
    before = None
    if previous_rows is not None:
        before = compute_trace(network, data.batch(previous_rows), loss)
    if not callable(own):
        return compared(trace, groups_of(trace, own), tolerance, before)
    first, second = (_called(own, trace) for _ in range(2))
    verdict = compared(trace, first, tolerance, before)
    return verdict if not verdict.passed else _second_call(trace, second, tolerance, before)


def _called(own: Backward, trace: Trace) -> list[Group]:
    weights: Weights = [
        (layer.W.copy(), None if layer.b is None else layer.b.copy())
        for layer in trace.network.layers
    ]
    X, Y = trace.X.copy(), trace.Y.copy()
    alone = len(trace.rows) == 1
    x, y = (X[0], Y[0]) if alone else (X, Y)
    try:
        found = own(weights, x, y)
    except (ValueError, IndexError, TypeError) as error:
        rows = "1 row" if alone else f"{len(X)} rows"
        raise InputError(
            f"the function fails on {rows}, with x of the shape {x.shape} and y of {y.shape}: "
            f"{_first_line(error)}; of one row x and y are vectors, of several matrices"
        ) from error
    return groups_of(trace, found)


def _first_line(error: Exception) -> str:
    return (str(error) or type(error).__name__).splitlines()[0]


def _second_call(
    trace: Trace, groups: list[Group], tolerance: Tolerance | None, before: Trace | None
) -> Verdict:
    """The first call was right: what is wrong now was left over from it."""
    verdict = compared(trace, groups, tolerance, before)
    if verdict.first is None:
        return verdict
    words = "the first call was right, the second is not: the gradient is not zeroed before it"
    return replace(verdict, first=replace(verdict.first, causes=(words,)))


def groups_of(trace: Trace, given: Gradients) -> list[Group]:
    """Somebody's numbers by kind and layer. InputError names what does not fit."""
    if isinstance(given, Mapping):
        if all("/" in str(key) for key in given):
            return _groups_of_addresses(trace, given)
        return list(_groups_of_arrays(trace, given))
    return list(_groups_of_arrays(trace, _named(trace.network, given)))


def _named(network: Network, pairs: Sequence[Any]) -> dict[str, Any]:
    if not isinstance(pairs, Sized):
        raise InputError(
            f"gradients are a list of (∂C/∂W, ∂C/∂b) for l = 2..{network.L}, given: {pairs!r:.80}; "
            "does the function return them?"
        )
    if len(pairs) != len(network.layers):
        raise InputError(
            f"gradients of {len(pairs)} layers were given, the network has {len(network.layers)} "
            f"with weights; give (∂C/∂W, ∂C/∂b) for each, l = 2..{network.L}"
        )
    found = {}
    for l, pair in enumerate(pairs, start=2):
        try:
            W, b = pair
        except (TypeError, ValueError):
            raise InputError(
                f"layer {l}: give the pair (∂C/∂W, ∂C/∂b), ∂C/∂b None without"
            ) from None
        found[f"W{l}"] = W
        if b is not None:
            found[f"b{l}"] = b
    return found


def _groups_of_arrays(trace: Trace, arrays: Mapping[str, Any]) -> Iterator[Group]:
    start = "mean_" if len(trace.rows) > 1 else ""
    left = dict(arrays)
    for l, layer in enumerate(trace.network.layers, start=2):
        for key, like in ((f"W{l}", layer.W), (f"b{l}", layer.b)):
            if key not in left or like is None:
                continue
            array = _array(key, left.pop(key), like.shape)
            places = np.indices(array.shape).reshape(array.ndim, -1)
            x = places[1] if array.ndim == 2 else np.zeros_like(places[0])
            s = np.zeros_like(places[0])
            yield Group(f"{start}dC_d{key[0].lower()}", l, s, places[0], x, array.ravel())
    if left:
        raise InputError(
            f"{next(iter(left))} is no parameter of this network; they are W2, b2, … "
            f"W{trace.L}, b{trace.L}, where there are biases"
        )


def _array(key: str, given: Any, shape: tuple[int, ...]) -> Array:
    try:
        array = np.array(given, dtype=np.float64)
    except (TypeError, ValueError):
        raise InputError(f"the gradient of {key} is no array of numbers") from None
    if array.size == np.prod(shape) and array.ndim != len(shape):
        array = array.reshape(shape)  # a bias as a column
    if array.shape != shape:
        raise InputError(f"the gradient of {key} has the shape {array.shape}; it is {shape}")
    return array


def _groups_of_addresses(trace: Trace, given: Mapping[str, Any]) -> list[Group]:
    found: dict[tuple[str, int, bool], list[tuple[Step, float]]] = {}
    for address, value in given.items():
        step = trace[address].step
        if step.address != address.strip().strip("/"):
            raise InputError(f"{address!r} names no single step; give one such as {step.address}")
        key = (step.kind, step.l or 0, _second(step) is None)
        found.setdefault(key, []).append((step, _number(address, value)))
    return [_group(pairs) for pairs in found.values()]


def _second(step: Step) -> int | None:
    return next((i for i in (step.k, step.i, step.m) if i is not None), None)


def _number(address: str, value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        raise InputError(f"{address} is {value!r}; give a number") from None


def _group(pairs: list[tuple[Step, float]]) -> Group:
    """A group of steps of one kind and layer, in their order."""
    pairs = sorted(pairs, key=lambda pair: pair[0].index)
    steps = [step for step, _ in pairs]
    columns = zip(*((s.s or 0, s.j or 0, _second(s) or 0, s.index) for s in steps), strict=True)
    s, j, x, numbers = (np.array(column) for column in columns)
    values = np.array([value for _, value in pairs], dtype=np.float64)
    return Group(steps[0].kind, steps[0].l or 0, s, j, x, values, numbers)


def compared(
    trace: Trace,
    groups: Sequence[Group],
    tolerance: Tolerance | None = None,
    before: Trace | None = None,
) -> Verdict:
    """The numbers of groups compared with a trace's. InputError where there are none."""
    total = sum(len(group.values) for group in groups)
    if total == 0:
        raise InputError("there are no numbers to compare; give at least one")
    tolerance = tolerance or Tolerance()
    wrong, firsts = 0, []
    for group in groups:
        right = _right(trace, group)
        off = ~tolerance.agree(group.values, right)
        if off.any():
            wrong += int(off.sum())
            at = int(np.argmax(off))
            firsts.append((_step(trace, group, at), group, right, at))
    if not firsts:
        return Verdict(total, 0, None)
    step, group, right, at = min(firsts, key=lambda found: _order(found[0]))
    causes = _causes(trace, group, right, tolerance, before)
    mistake = Mistake(step.address, step.index, float(group.values[at]), float(right[at]), causes)
    return Verdict(total, wrong, mistake)


def _right(trace: Trace, group: Group) -> Array:
    """The right numbers of a group."""
    if group.steps is not None:
        sequence = trace.sequence
        return np.array([trace.value(sequence.step(n)) for n in group.steps.tolist()])
    if group.kind.endswith("w"):
        W = trace.dC_dw(group.l, 0) if group.kind == "dC_dw" else trace.mean_dC_dw(group.l)
        return np.asarray(W[group.j, group.x])
    b = trace.dC_db(group.l, 0) if group.kind == "dC_db" else trace.mean_dC_db(group.l)
    return np.asarray(b[group.j])


def _step(trace: Trace, group: Group, at: int) -> Step:
    """The step of one number of a group."""
    if group.steps is not None:
        return trace.sequence.step(int(group.steps[at]))
    phase, row = ("back", trace.rows[0]) if group.kind.startswith("dC") else ("mean", None)
    letter, x = ("k", int(group.x[at])) if group.kind.endswith("w") else (None, None)
    j = int(group.j[at])
    place = Address(None, None, row, phase, group.l, j, letter, x, group.kind)
    return trace.sequence.step(trace.sequence.index(place))


def _order(step: Step) -> tuple[bool, bool, int, int]:
    """The order in which mistakes are told: that of the steps, means from the last layer back."""
    of_mean = step.phase == "mean"
    return step.row is None, step.phase == "update", -(step.l or 0) if of_mean else 0, step.index


def _causes(
    trace: Trace, group: Group, right: Array, tolerance: Tolerance, before: Trace | None
) -> tuple[str, ...]:
    found: list[str] = []
    if before is not None and _comparable(trace, before, group):
        both = right + _before(before, group)
        if tolerance.agree(group.values, both).all():
            found.append("the gradient of the batch before is still in it: it was not zeroed")
    with np.errstate(all="ignore"):
        for words, numbers in variants(trace, group, right):
            if len(found) < _MOST_CAUSES and tolerance.agree(group.values, numbers).all():
                found.append(words)
    return tuple(dict.fromkeys(found))


def _comparable(trace: Trace, before: Trace, group: Group) -> bool:
    """Whether two passes have the same derivatives of parameters."""
    n, n_before = len(trace.rows), len(before.rows)
    of_mean = group.kind.startswith("mean")
    same_steps = n == n_before or group.steps is None or of_mean
    return same_steps and (n > 1) == (n_before > 1) and group.kind.endswith(("dC_dw", "dC_db"))


def _before(before: Trace, group: Group) -> Array:
    """The derivatives that a group's parameters had; a mean is found by them, not by its step."""
    of_mean = group.kind.startswith("mean")
    return _right(before, replace(group, steps=None) if of_mean else group)
