"""The values that the origin of a number is made of."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import overload

from bpstudio.core.network import Network


@dataclass(frozen=True, slots=True)
class OriginItem:
    """One number of an origin.

    ``name`` is LaTeX (empty where plain words say all), ``note`` plain words. ``kind`` is a
    step's, or x, y, w, b, state, rate, scale, data or seed. ``place`` is what stands for the
    address on screen (a file and line for a cell), ``text`` what is shown instead of the value (a
    class), or empty. ``opens``: whether it has children.
    """

    address: str
    name: str
    note: str
    value: float
    kind: str
    place: str
    text: str = ""
    opens: bool = True


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where the parameters come from.

    ``start`` is the network they started as (None: not known, as after loading weights), drawn
    with ``seed`` by ``init``; ``since`` says in words what happened from then to now, such as
    "40 updates", "set by hand" or "loaded from weights.json"; empty for nothing.
    """

    start: Network | None = None
    seed: int | None = None
    init: str = ""
    since: str = ""


class Items(Sequence[OriginItem]):
    """Items of an origin; each is made when it is asked for."""

    def __init__(self, count: int, make: Callable[[int], OriginItem]) -> None:
        self._count = count
        self._make = make

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, n: int) -> OriginItem: ...
    @overload
    def __getitem__(self, n: slice) -> tuple[OriginItem, ...]: ...
    def __getitem__(self, n: int | slice) -> OriginItem | tuple[OriginItem, ...]:
        if isinstance(n, slice):
            return tuple(self[i] for i in range(*n.indices(self._count)))
        n = n + self._count if n < 0 else n
        if not 0 <= n < self._count:
            raise IndexError(f"item {n} does not exist; there are {self._count}")
        return self._make(n)

    def __iter__(self) -> Iterator[OriginItem]:
        return map(self._make, range(self._count))
