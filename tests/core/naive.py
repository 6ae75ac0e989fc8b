"""The order of steps once more, as nested loops written from interface.md."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from bpstudio.core.updates import UpdateTerms


class Shape(NamedTuple):
    """What the order depends on; ``biases`` and ``softmax`` for l = 2 … L."""

    sizes: tuple[int, ...]
    biases: tuple[bool, ...]
    softmax: tuple[bool, ...]
    rows: tuple[int, ...]
    updates: bool | UpdateTerms = False


def addresses(shape: Shape) -> list[str]:
    """The canonical address of every step, in order."""
    return [
        *(f"s{row}/{rest}" for row in shape.rows for rest in _sample(shape)),
        *(_parameters(shape, "mean", "mean_dC_dw", "mean_dC_db") if len(shape.rows) > 1 else ()),
        *(_updates(shape) if shape.updates else ()),
    ]


_OF_OPTIMISERS = {
    "sgd": (),
    "momentum": ("velocity",),
    "nesterov": ("velocity",),
    "rmsprop": ("v",),
    "adam": ("m", "v", "m_hat", "v_hat"),
    "adamw": ("m", "v", "m_hat", "v_hat"),
}


def _updates(shape: Shape) -> Iterator[str]:
    """The scale of clipping, then parameter by parameter all that leads to its new value."""
    given = UpdateTerms() if shape.updates is True else shape.updates
    own = (*(("clipped",) if given.clip else ()), *_OF_OPTIMISERS[given.optimizer])
    penalty = ("penalty_w", "penalised") if given.has_penalty else ()
    if given.clip:
        yield "update/clip"
    for l in range(2, len(shape.sizes) + 1):
        for j in range(shape.sizes[l - 1]):
            for k in range(shape.sizes[l - 2]):
                for kind in (*penalty, *own, "update_w"):
                    yield f"update/l{l}/j{j}/k{k}/{kind}"
            if shape.biases[l - 2]:
                for kind in (*own, "update_b"):
                    yield f"update/l{l}/j{j}/{kind}"


def _sample(shape: Shape) -> Iterator[str]:
    L = len(shape.sizes)
    for l in range(2, L + 1):
        yield from _forward(shape, l)
    for j in range(shape.sizes[-1]):
        yield f"loss/j{j}/C_j"
    yield "loss/C"
    for l in range(L, 1, -1):
        yield from _backward(shape, l)


def _forward(shape: Shape, l: int) -> Iterator[str]:
    softmax = shape.softmax[l - 2]
    for j in range(shape.sizes[l - 1]):
        for k in range(shape.sizes[l - 2]):
            yield f"fwd/l{l}/j{j}/k{k}/wa"
        yield f"fwd/l{l}/j{j}/z"
        if not softmax:
            yield f"fwd/l{l}/j{j}/a"
    if softmax:
        for j in range(shape.sizes[l - 1]):
            yield f"fwd/l{l}/j{j}/a"


def _backward(shape: Shape, l: int) -> Iterator[str]:
    softmax = shape.softmax[l - 2]
    if softmax:
        for j in range(shape.sizes[l - 1]):
            yield from _incoming(shape, l, j)
    for j in range(shape.sizes[l - 1]):
        node = f"back/l{l}/j{j}"
        if softmax:
            for m in range(shape.sizes[l - 1]):
                yield f"{node}/m{m}/da_dz"
                yield f"{node}/m{m}/addend_z"
        else:
            yield from _incoming(shape, l, j)
            yield f"{node}/da_dz"
        yield f"{node}/dC_dz"
        for k in range(shape.sizes[l - 2]):
            yield f"{node}/k{k}/dz_dw"
            yield f"{node}/k{k}/dC_dw"
        if shape.biases[l - 2]:
            yield f"{node}/dz_db"
            yield f"{node}/dC_db"


def _incoming(shape: Shape, l: int, j: int) -> Iterator[str]:
    if l < len(shape.sizes):
        for i in range(shape.sizes[l]):
            yield f"back/l{l}/j{j}/i{i}/dz_da"
            yield f"back/l{l}/j{j}/i{i}/addend"
    yield f"back/l{l}/j{j}/dC_da"


def _parameters(shape: Shape, phase: str, weight: str, bias: str) -> Iterator[str]:
    for l in range(2, len(shape.sizes) + 1):
        for j in range(shape.sizes[l - 1]):
            for k in range(shape.sizes[l - 2]):
                yield f"{phase}/l{l}/j{j}/k{k}/{weight}"
            if shape.biases[l - 2]:
                yield f"{phase}/l{l}/j{j}/{bias}"


def prefixes(address: str) -> list[str]:
    """Every level around a step, from the outermost."""
    parts = address.split("/")
    return ["/".join(parts[:n]) for n in range(1, len(parts))]


def within(found: Sequence[str], prefix: str) -> list[int]:
    """Numbers of the steps whose address starts with these parts ("" for all)."""
    return [
        n for n, address in enumerate(found) if not prefix or f"{address}/".startswith(f"{prefix}/")
    ]
