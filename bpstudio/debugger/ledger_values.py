"""The ledger of a parameter: every change of one weight or bias in a recorded run, in order.

w_T = w_0 − Σ of its updates. An entry holds the very numbers before and after.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from bpstudio.debugger.ledger_columns import MOST_LISTED, Columns, Digest, same_bits
from bpstudio.debugger.ledger_shares import largest_places
from bpstudio.debugger.recording import Recording

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Order = Literal["size", "newest", "oldest"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One change: by update ``T``, which is e/b, or before it by what ``why`` says ("" else)."""

    T: int
    epoch: int
    batch: int
    before: float
    after: float
    why: str = ""

    @property
    def change(self) -> float:
        """after − before."""
        return self.after - self.before


@dataclass(frozen=True, slots=True, eq=False)
class Ledger:
    """All changes of w_jk^(l) (of b_j^(l) where k is None) up to update ``until``, not included.

    ``whys``: the words of the entries that are no updates, by their place. ``start`` is the value
    that the run began with and ``now`` the one that it recorded at the end. ``known``: what the
    entries come to, where that was found while they were written.
    """

    recording: Recording
    l: int
    j: int
    k: int | None
    until: int
    start: float
    now: float
    columns: Columns
    whys: Mapping[int, str]
    known: Digest | None = None

    def __len__(self) -> int:
        return len(self.columns.T)

    @property
    def n_updates(self) -> int:
        """Entries that are updates."""
        return len(self) - len(self.whys)

    @property
    def change(self) -> Floats:
        """after − before of each entry."""
        return self.columns.after - self.columns.before

    def entry(self, n: int) -> Entry:
        """The n-th change, in the order in which they were made."""
        T, before, after = (column[n].item() for column in self.columns)
        place = self.recording.place(T)
        return Entry(T, *place, before, after, self.whys.get(n, ""))

    def address(self, T: int) -> str:
        """The step that is the new value by update T."""
        epoch, batch = self.recording.place(T)
        return f"e{epoch}/b{batch}/update/{self._place}/update_{self._letter}"

    def gradient_address(self, T: int, row: int) -> str:
        """The step that is the gradient of one sample in update T."""
        epoch, batch = self.recording.place(T)
        return f"e{epoch}/b{batch}/s{row}/back/{self._place}/dC_d{self._letter}"

    @property
    def _place(self) -> str:
        return f"l{self.l}/j{self.j}" + ("" if self.k is None else f"/k{self.k}")

    @property
    def _letter(self) -> str:
        return "b" if self.k is None else "w"

    # ---- whether it adds up ---------------------------------------------------------------------

    @property
    def is_exact(self) -> bool:
        """Whether the entries lead from the start to now without a gap, to the bit.

        Every entry begins with the number that the one before it ended with, the first with the
        start, and the last ends with the recorded number: so the exact differences add up exactly.
        """
        digest, now = self._digest, np.array([self.now])
        return digest.unbroken and same_bits(np.array([digest.end]), now)

    @property
    def float_sum(self) -> float:
        """Start + changes, added in order as floating-point numbers.

        It may be off from ``now`` in the last digits where a difference needs more digits than a
        number has.
        """
        return self._digest.float_sum

    @property
    def _digest(self) -> Digest:
        known = self.known
        if known is None or known.columns is not self.columns or known.start != self.start:
            return Digest.of(self.columns, self.start)
        return known

    # ---- in order, and in part ------------------------------------------------------------------

    def order(self, by: Order, most: int = MOST_LISTED) -> Integers:
        """Places of the ``most`` largest, newest or oldest entries, the most so first."""
        if by == "size":
            known = self.known
            if known is not None and known.columns is self.columns and most <= MOST_LISTED:
                return known.largest[:most]
            return largest_places(self.change, most)
        return in_turn(len(self), by, most)

    def up_to(self, T: int) -> Ledger:
        """What there was before update T ≤ ``until``."""
        if self.until == T:
            return self
        n = int(np.searchsorted(self.columns.T, T))
        n += n in self.whys  # a change before update T is part of the state that it starts from
        now = float(self.columns.after[n - 1]) if n else self.start
        whys = {at: why for at, why in self.whys.items() if at < n}
        return replace(self, until=T, now=now, whys=whys, columns=self.columns.first(n))

    def changed_to(self, value: float) -> Ledger:
        """With one more entry, a change by hand that no run has recorded; the same without one."""
        if value == self.now:
            return self
        columns = Columns.joined([self.columns, Columns.of(self.until, self.now, value)])
        whys = {**self.whys, len(self): "changed by hand"}
        return replace(self, now=value, whys=whys, columns=columns)


def in_turn(count: int, by: Order, most: int = MOST_LISTED) -> Integers:
    """Places of the last ``most`` of so many, the last one first; or of the first ones."""
    shown = np.arange(min(count, most))
    return count - 1 - shown if by == "newest" else shown
