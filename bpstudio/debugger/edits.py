"""What was changed by hand, to be taken back and made again; bounded by bytes, oldest first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bpstudio.core.dataset import Dataset
from bpstudio.core.network import Network

Array = NDArray[Any]

MOST_BYTES = 256 * 2**20


@dataclass(frozen=True, slots=True)
class State:
    """What an edit changes: the parameters and the numbers of the samples."""

    network: Network
    data: Dataset


@dataclass(frozen=True, slots=True)
class Edit:
    """One entry: from what to what, and the address of the number that was changed."""

    before: State
    after: State
    target: str

    @property
    def n_bytes(self) -> int:
        """Memory of what the edit changed, before and after; the rest is shared."""
        old = {id(array): array for array in _arrays(self.before)}
        new = {id(array): array for array in _arrays(self.after)}
        only = [*(old.keys() - new.keys()), *(new.keys() - old.keys())]
        return sum((old | new)[key].nbytes for key in only)


def _arrays(state: State) -> Iterator[Array]:
    for layer in state.network.layers:
        yield layer.W
        if layer.b is not None:
            yield layer.b
    yield from (v for v in vars(state.data).values() if isinstance(v, np.ndarray))


class Edits:
    """A line of edits with a place in it."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        """``most_bytes``: what all entries together may keep; at least the last one is kept."""
        self._most_bytes = most_bytes
        self._past: list[Edit] = []
        self._future: list[Edit] = []
        self._open = False  # whether the last edit may take in the next one

    def clear(self) -> None:
        """Forget all."""
        self._past.clear()
        self._future.clear()
        self._open = False

    def push(self, edit: Edit, merge: bool) -> bool:
        """Note an edit; whether it went into the last entry.

        ``merge``: one of a row of edits of the same number that make one entry.
        """
        self._future.clear()
        last = self._past[-1] if self._past else None
        joined = merge and self._open and last is not None and last.target == edit.target
        if joined and last is not None:
            self._past.pop()
            edit = Edit(last.before, edit.after, edit.target)
        self._open = merge
        self._past.append(edit)
        self._forget_oldest()
        return joined

    def close(self) -> None:
        """A row of edits ends: the next one is an entry of its own."""
        self._open = False

    def undo(self) -> State | None:
        """The state before the last edit; None where there is none."""
        self._open = False
        if not self._past:
            return None
        self._future.append(self._past.pop())
        return self._future[-1].before

    def redo(self) -> State | None:
        """The state after the edit that was taken back last; None where there is none."""
        self._open = False
        if not self._future:
            return None
        self._past.append(self._future.pop())
        return self._past[-1].after

    @property
    def undo_text(self) -> str:
        """Address of the number that `undo` changes back; "" where there is none."""
        return self._past[-1].target if self._past else ""

    @property
    def redo_text(self) -> str:
        """Address of the number that `redo` changes again; "" where there is none."""
        return self._future[-1].target if self._future else ""

    def __len__(self) -> int:
        return len(self._past)

    def _forget_oldest(self) -> None:
        total = sum(edit.n_bytes for edit in self._past)
        while total > self._most_bytes and len(self._past) > 1:
            total -= self._past.pop(0).n_bytes
