"""What the rows of a ledger say: its changes one by one, or summed by sample or class."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np

from bpstudio.core.notation import counted, format_count, format_number, format_signed
from bpstudio.debugger.ledger_columns import MOST_LISTED
from bpstudio.debugger.ledger_shares import Doing, Shares, largest_places
from bpstudio.debugger.ledger_split import Split
from bpstudio.debugger.ledger_values import Floats, Integers, Ledger, Order, in_turn
from bpstudio.ui.ledger.numbers import LEAST_OF_CLASS, widest

View = Literal["iteration", "sample", "class"]
MOST_CLASSES = 6  # that have a column each


class LedgerRow(NamedTuple):
    """One row: ``place`` is its link to ``address``, ``words`` what else names it.

    ``before``: the value before the change; ``updates``: in how many. ``of_largest``: its
    size by that of the largest change. ``classes``: what the samples of each class did, NaN for
    none. ``current``: the pass that is shown is that of this update.
    """

    place: str
    words: str
    change: float
    of_largest: float
    address: str
    before: float = math.nan
    updates: int = 1
    classes: tuple[float, ...] = ()
    current: bool = False


class Widest(NamedTuple):
    """For each column of numbers texts of which one is at least as wide as all of its own."""

    numbers: tuple[str, ...] = ()
    changes: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()  # of classes


_NO_NUMBERS = Widest()


@dataclass(frozen=True, slots=True)
class Page:
    """Rows that are worked out when they are shown, in a view of the ledger."""

    view: View
    count: int
    at: Callable[[int], LedgerRow]
    classes: tuple[str, ...] = ()
    rest: str = ""  # what is said of rows that are not on it
    longest: str = ""  # the longest place
    widest: Widest = _NO_NUMBERS


EMPTY = Page("iteration", 0, lambda n: LedgerRow("", "", 0.0, 0.0, ""))


def iterations(ledger: Ledger, split: Split | None, by: Order, current: int | None) -> Page:
    """Every change, with columns of few classes once they are known."""
    order = ledger.order(by)
    largest = abs(ledger.entry(int(ledger.order("size")[0])).change) if len(ledger) else 0.0
    parts = Parts.of_split(split)

    def row(n: int) -> LedgerRow:
        entry = ledger.entry(int(order[n]))
        known = [] if entry.why or parts is None else parts.of(np.array([entry.T])).tolist()
        return LedgerRow(
            f"e{entry.epoch}/b{entry.batch}",
            entry.why,
            entry.change,
            share(entry.change, largest),
            ledger.address(entry.T),
            entry.before,
            classes=tuple(known[0]) if known else (),
            current=current == entry.T and not entry.why,
        )

    left = len(ledger) - len(order)
    more = f"{format_count(left)} more, sum {format_number(_rest(ledger, order))}" if left else ""
    names = split.classes if split is not None and few_classes(split) else ()
    epoch, batch = ledger.recording.place(ledger.until)
    longest = f"e{epoch}/b{max(batch, _last_batch(ledger))}"
    wide = _widest_of(ledger, order, parts)
    return Page("iteration", len(order), row, names, more, longest, wide)


def _widest_of(ledger: Ledger, order: Integers, parts: Parts | None) -> Widest:
    T, before, after = ledger.columns.at(order)
    listed = () if parts is None else widest(parts.of(T), LEAST_OF_CLASS, 0)
    return Widest(widest(before), widest(after - before), listed)


def _rest(ledger: Ledger, order: Integers) -> float:
    """The sum of the changes that are not listed, without a look at each: there are millions."""
    listed = math.fsum(ledger.columns.after[order] - ledger.columns.before[order])
    whole = ledger.now - ledger.start if ledger.is_exact else math.fsum(ledger.change)
    return whole - listed


def _last_batch(ledger: Ledger) -> int:
    return max(s.training.batches_per_epoch for s in ledger.recording.segments) - 1


def few_classes(split: Split) -> bool:
    """Whether each class can have a column."""
    return 0 < len(split.classes) <= MOST_CLASSES


class Parts(NamedTuple):
    """What each class did in updates ``first`` …: (updates, classes)."""

    first: int
    columns: Floats

    @classmethod
    def of_split(cls, split: Split | None) -> Parts | None:
        """Where each class can have a column."""
        if split is None or not few_classes(split):
            return None
        return cls(split.first, split.class_columns())

    def of(self, T: Integers) -> Floats:
        """Those of these updates; none of one that was not looked at."""
        at = T - self.first
        return self.columns[at[(at >= 0) & (at < len(self.columns))]]


def samples(split: Split, words: Callable[[int], str], by: Order) -> Page:
    """What each sample did, and what none of them did. ``words``: of a row of the data."""
    ledger = split.ledger

    def row(shares: Shares, n: int, largest: float) -> LedgerRow:
        sample, T = int(shares.keys[n]), int(shares.T[n])
        change, address = float(shares.change[n]), ledger.gradient_address(T, sample)
        place, of_largest = f"s{sample}", share(change, largest)
        return LedgerRow(
            place, words(sample), change, of_largest, address, updates=int(shares.count[n])
        )

    shares = split.by_sample()
    last = f"s{int(shares.keys.max(initial=0))}"
    return _summed("sample", split, shares, row, by, last)


def classes(split: Split, by: Order) -> Page:
    """What the samples of each class did, and what none of them did."""
    ledger = split.ledger

    def row(shares: Shares, n: int, largest: float) -> LedgerRow:
        name, T = split.classes[int(shares.keys[n])], int(shares.T[n])
        change = float(shares.change[n])
        of_largest, address = share(change, largest), ledger.address(T)
        return LedgerRow(name, "", change, of_largest, address, updates=int(shares.count[n]))

    return _summed("class", split, split.by_class(), row, by)


Row = Callable[[Shares, int, float], LedgerRow]


def _summed(
    view: View, split: Split, shares: Shares, row: Row, by: Order, longest: str = ""
) -> Page:
    """Sums of samples or classes among those that no sample made. ``longest``: place of a row."""
    rest = split.rest()
    sums = np.concatenate([shares.change, [doing.change for doing in rest]])
    by_size = by == "size"
    order = largest_places(sums, MOST_LISTED) if by_size else in_turn(len(sums), by)
    largest = float(np.abs(sums).max()) if len(sums) else 0.0

    def at(n: int) -> LedgerRow:
        place = int(order[n])
        if place < len(shares):
            return row(shares, place, largest)
        return _rest_row(view, split.ledger, rest[place - len(shares)], largest)

    left = len(sums) - len(order)
    rest_sum = math.fsum(sums) - math.fsum(sums[order]) if left else 0.0
    more = f"{format_count(left)} more, sum {format_number(rest_sum)}" if left else ""
    if view == "sample":
        places = [_rest_row(view, split.ledger, doing, largest).place for doing in rest]
        longest = max((longest, *places), key=len)
    most = max([int(shares.count.max(initial=0)), *(doing.count for doing in rest)])
    wide = Widest((format_count(most),), widest(sums[order]))
    return Page(view, len(order), at, rest=more, longest=longest, widest=wide)


def _rest_row(view: View, ledger: Ledger, doing: Doing, largest: float) -> LedgerRow:
    epoch, batch = ledger.recording.place(doing.T)
    place, words = f"e{epoch}/b{batch}", doing.name
    if view == "class":
        place, words = doing.name, ""
    of_largest, address = share(doing.change, largest), ledger.address(doing.T)
    return LedgerRow(place, words, doing.change, of_largest, address, updates=doing.count)


def share(change: float, largest: float) -> float:
    """The size of a change by that of the largest one."""
    return abs(change) / largest if largest > 0 else 0.0


def spoken(row: LedgerRow, page: Page) -> str:
    """A row in one line."""
    said = [row.place, row.words, f"change {format_signed(row.change)}"]
    if page.view == "iteration":
        said.insert(2, f"before {format_number(row.before)}")
        pairs = zip(page.classes, row.classes, strict=bool(row.classes))
        said += [f"{name} {format_signed(x)}" for name, x in pairs if not math.isnan(x)]
    else:
        said.insert(2, counted(row.updates, "update"))
    return ", ".join(part for part in said if part)


def titles(page: Page, by: Order) -> Sequence[str]:
    """Of the columns before those of classes; an arrow at the one they are in order of."""
    first = {"iteration": "Iteration", "sample": "Sample", "class": "Class"}[page.view]
    second = "Before" if page.view == "iteration" else "Updates"
    if by == "size":
        return first, second, "Change ↓"
    return f"{first} {'↓' if by == 'newest' else '↑'}", second, "Change"
