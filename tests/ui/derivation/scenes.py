"""Steps to show in the derivation panel, and ways to look at what it shows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from PySide6.QtCore import QRectF

from bpstudio.core.dataset import Batch
from bpstudio.core.derivation import Derivation, derive
from bpstudio.core.network import Network
from bpstudio.core.trace import Trace, compute_trace
from bpstudio.ui.derivation.item_view import ItemView
from bpstudio.ui.derivation.items import Hit, Item, Piece, Placed

FACTOR_3 = "s52/back/l3/j2/i1/dz_da"
ADDEND = "s52/back/l3/j2/i1/addend"


@lru_cache(maxsize=32)
def trace(
    sizes: tuple[int, ...] = (4, 5, 6, 3),
    activation: str = "sigmoid",
    output: str = "sigmoid",
    loss: str = "sse",
    rows: tuple[int, ...] = (52,),
    lr: float | None = None,
) -> Trace:
    """One pass of a network over made-up samples whose target is class 1."""
    network = Network.create(list(sizes), activation=activation, output_activation=output, seed=3)
    X = np.random.default_rng(1).normal(size=(len(rows), sizes[0]))
    Y = np.zeros((len(rows), sizes[-1]))
    Y[:, 1] = 1
    return compute_trace(network, Batch(rows, X, Y), loss=loss, lr=lr)


def at(address: str, passed: Trace | None = None, **options: Any) -> Derivation:
    """The derivation at an address."""
    passed = passed or trace()
    return derive(passed, passed[address].index, **options)


def items(shown: ItemView | Sequence[Placed] | Piece) -> Iterator[tuple[Item, QRectF]]:
    """All items with the boxes they take in the widget."""
    if isinstance(shown, Piece):
        shown = (Placed(0.0, shown),)
    for placed in shown.placed if isinstance(shown, ItemView) else shown:
        for item in placed.piece.items:
            yield item, item.rect.translated(0, placed.y)


def texts(shown: ItemView | Sequence[Placed] | Piece, within: QRectF | None = None) -> list[str]:
    """What can be read, formulas as LaTeX; only inside a box, where one is given."""
    return [
        item.text
        for item, rect in items(shown)
        if hasattr(item, "text") and (within is None or within.contains(rect.center()))
    ]


def hit(shown: ItemView, role: str, address: str) -> Hit:
    """The place of a part."""
    return next(h for h in shown.hits if h.key == f"{role}:{address}")


def states(shown: ItemView, role: str) -> list[str]:
    """States of the parts in one role, in order."""
    return [h.state for h in shown.hits if h.key.startswith(f"{role}:")]
