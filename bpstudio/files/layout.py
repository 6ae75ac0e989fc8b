"""How the numbers and texts of a large file are laid out in the table `cells`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from bpstudio.files.columns import LARGEST, trimmed
from bpstudio.files.staging import Value, cell_name


@dataclass(frozen=True, slots=True)
class Layout:
    """How the table `cells` is laid out: columns of numbers as n0, n1, …, the others as text.

    For each of the ``whole`` ones, without a fraction in the first rows, p0, p1, … say whether
    a number was written with a decimal mark; s0, s1, … whether a text had spaces round it.
    """

    width: int = 0
    numbers: tuple[int, ...] = ()
    whole: tuple[int, ...] = ()

    @property
    def texts(self) -> list[int]:
        """The columns of text."""
        numbers = set(self.numbers)
        return [k for k in range(self.width) if k not in numbers]

    def without(self, columns: Iterable[int]) -> Layout:
        """The same with these columns as text."""
        wrong = set(columns)
        numbers = tuple(k for k in self.numbers if k not in wrong)
        return replace(self, numbers=numbers, whole=tuple(k for k in self.whole if k not in wrong))

    def select(self, table: str, value: Value) -> str:
        """The query for `cells`, and the texts of odd rows, from a table of texts c0, c1, …"""
        cells = [cell_name(k) for k in range(self.width)]
        texts = [f"{value(cell)} as {cell}" for cell in cells]
        read = [f"number_of({value(cell_name(k))}) as {number_name(k)}" for k in self.numbers]
        odd = " or ".join(map(_is_odd, self.numbers))
        return (
            f"select {', '.join(self._kept())} from (select *, {odd} as odd "
            f"from (select {', '.join([*texts, *read])} from {table}))"
        )

    def _kept(self) -> Iterator[str]:
        for k in self.numbers:
            yield number_name(k)
        for k in self.whole:
            yield f"contains({cell_name(k)}, decimal_mark()) as {mark_name(k)}"
        for k in self.texts:
            yield from kept_text(k)
        yield f"case when odd then [{', '.join(map(cell_name, self.numbers))}] end as texts"


def kept_text(k: int) -> Iterator[str]:
    """The SQL of what `cells` keeps of a text."""
    yield f"clean({cell_name(k)}) as {cell_name(k)}"
    yield f"{cell_name(k)} <> {trimmed(cell_name(k))} as {space_name(k)}"


def number_name(k: int) -> str:
    """The name of the k-th column in `cells` where it is kept as numbers."""
    return f"n{k}"


def mark_name(k: int) -> str:
    """The name of what says whether a number of the k-th column has a decimal mark."""
    return f"p{k}"


def space_name(k: int) -> str:
    """The name of what says whether a text of the k-th column had spaces round it."""
    return f"s{k}"


def _is_odd(k: int) -> str:
    usable = f"coalesce(abs({number_name(k)}) <= {LARGEST}, false)"
    return f"({cell_name(k)} <> '' and not {usable})"
