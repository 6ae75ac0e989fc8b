"""What the steps after the last sample state, all at once: means, and plain gradient descent."""

from __future__ import annotations

from itertools import chain

import numpy as np

from bpstudio.core import operands
from bpstudio.core.block_outputs import Statements
from bpstudio.core.block_view import View, as_slice, shown_addends, tex_sums
from bpstudio.core.notation import partial
from bpstudio.core.number_texts import Array, tex_factors, tex_numbers
from bpstudio.core.updates import RATE

Operands = list[tuple[str, ...]]


def _of_weights(v: View) -> bool:
    return v.block.letter is not None


def _parameters(v: View) -> list[str]:
    """How the parameters are written, place after place."""
    if _of_weights(v):
        return [*chain.from_iterable(v.weights(v.l, v.block.j, v.block.x))]
    return [v.n.b(v.l, j) for j in v.block.j]


def _places(v: View) -> list[tuple[int, int]]:
    """j and k of each; k is −1 of a bias."""
    x = v.block.x if _of_weights(v) else (-1,)
    return [(j, k) for j in v.block.j for k in x]


def mean(v: View) -> Statements:
    """The mean of ∂C_0/∂w, or ∂C_0/∂b, over the samples."""
    count = len(v.trace.rows)
    share = rf"\frac{{1}}{{{count}}}"
    symbols = [
        rf"{partial('C', p)} = {share} \sum_{{s}} {partial('C_s', p)}" for p in _parameters(v)
    ]
    sums = tex_sums(_addends(v, shown_addends(count)), count)
    return Statements(symbols, [rf"{share} \left({total}\right)" for total in sums])


def _addends(v: View, shown: list[int]) -> Array:
    """The derivatives of the samples that are shown, (places, shown)."""
    found = v.trace.dC_dz(v.l)[shown, as_slice(v.block.j)][:, :, None]
    if _of_weights(v):
        found = found * v.trace.a(v.l - 1)[shown, None, as_slice(v.block.x)]
    return np.moveaxis(found, 0, -1).reshape(-1, len(shown))


def mean_operands(v: View) -> Operands:
    """The derivatives of all samples."""
    samples = [f"{v.prefix}s{row}/back/l{v.l}/" for row in v.trace.rows]
    tails = [f"j{j}/dC_db" if k < 0 else f"j{j}/k{k}/dC_dw" for j, k in _places(v)]
    return [tuple([sample + tail for sample in samples]) for tail in tails]


def is_plain_descent(v: View) -> bool:
    """Whether the update is w − η ∂C/∂w and nothing else."""
    kinds = v.trace.sequence.updates
    assert kinds is not None, "a step of an update belongs to one"
    return kinds.optimizer == "sgd" and kinds.gradient(_of_weights(v)) == "gradient"


def descent(v: View) -> Statements:
    """w − η ∂C/∂w."""
    update, loss = v.trace.update, "C_0" if len(v.trace.rows) == 1 else "C"
    assert update is not None, "a step of an update belongs to one"
    symbols = [
        rf"{p} \text{{ after the update}} = {p} - \eta \, {partial(loss, p)}"
        for p in _parameters(v)
    ]
    rate = v.n.constant(update.rate)
    before, gradient = _taken(v)
    numbers = [
        rf"{w} - {rate} \cdot {g}"
        for w, g in zip(tex_numbers(before), tex_factors(tex_numbers(gradient)), strict=True)
    ]
    return Statements(symbols, numbers)


def _taken(v: View) -> tuple[Array, Array]:
    """The parameters of the block and their gradient."""
    layer, j, x = v.trace.network.layer(v.l), as_slice(v.block.j), as_slice(v.block.x)
    if _of_weights(v):
        return layer.W[j, x], v.trace.mean_dC_dw(v.l)[j, x]
    assert layer.b is not None, "a step of a bias has one"
    return layer.b[j], v.trace.mean_dC_db(v.l)[j]


def descent_operands(v: View) -> Operands:
    """The parameter, its gradient and the rate."""
    gradient = operands.gradient
    return [
        (
            operands.parameter(v.l, j, k),
            v.prefix + gradient(v.trace.sequence, v.l, j, k),
            RATE,
        )
        for j, k in _places(v)
    ]
