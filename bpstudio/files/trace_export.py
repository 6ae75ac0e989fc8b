"""What is to be written of a trace: the chosen steps, their names, and who hears of progress."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from bpstudio.core.selection import Selection, selected
from bpstudio.core.trace import Trace
from bpstudio.files.trace_columns import Columns, Integers, columns


def ignore(more: int) -> None:
    """Nobody wants to know how far it is."""


@dataclass(frozen=True, slots=True)
class Export:
    """The chosen steps of a trace on their way into a file.

    ``prefix``: what addresses of steps begin with, the iteration e3/b4/ of a recorded run.
    ``among``: of the selection only these steps, ascending numbers, each of which it has.
    ``advanced`` is told, now and then, how many more steps are written; it may raise to call the
    writing off.
    """

    trace: Trace
    selection: Selection = field(default_factory=Selection)
    prefix: str = ""
    among: Integers | None = None
    advanced: Callable[[int], None] = ignore

    def require_any(self) -> None:
        """InputError where no step is chosen; takes no time."""
        selected(self.trace.sequence, self.selection)

    def count(self) -> int:
        """Number of chosen steps. InputError where there is none."""
        ranges = selected(self.trace.sequence, self.selection)
        return sum(map(len, ranges)) if self.among is None else len(self.among)

    def columns(self, texts: bool = True) -> Iterator[Columns]:
        """The chosen steps, thousands at a time; each portion is reported once it is taken."""
        for found in columns(self.trace, self.selection, self.prefix, texts, self.among):
            yield found
            self.advanced(len(found))
