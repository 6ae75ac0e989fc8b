"""The lines that log points write."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection
from dataclasses import dataclass

from bpstudio.debugger.breakpoints import Breakpoint
from bpstudio.debugger.expressions.template import Insert, parse_template
from bpstudio.debugger.matching import value_at
from bpstudio.debugger.scope import Facts

MOST_LINES = 10_000


@dataclass(frozen=True, slots=True)
class LogLine:
    """What a log point wrote at a step, with the numbers as they were then."""

    index: int
    address: str
    text: str
    value: float


class Log:
    """The newest lines, and how many older ones were let go."""

    def __init__(self, most: int = MOST_LINES) -> None:
        self._lines: deque[LogLine] = deque(maxlen=most)
        self.left_out = 0

    @property
    def lines(self) -> tuple[LogLine, ...]:
        """From the oldest that is kept to the newest."""
        return tuple(self._lines)

    def write(self, lines: Collection[LogLine], left_out: int = 0) -> bool:
        """Write the lines of log points that were passed; whether there was any."""
        room = (self._lines.maxlen or 0) - len(self._lines)
        self.left_out += left_out + max(0, len(lines) - room)
        self._lines.extend(lines)
        return bool(lines)

    def recall(self, lines: Collection[LogLine], left_out: int) -> None:
        """Have these lines."""
        self.clear()
        self.write(lines, left_out)

    def clear(self) -> None:
        """Forget all lines."""
        self._lines.clear()
        self.left_out = 0


def log_line(facts: Facts, index: int, point: Breakpoint) -> LogLine:
    """The line of a log point at a step; a number that is not computed yet reads "pending"."""
    term = facts.trace[index]
    parts = parse_template(point.log).parts
    text = "".join(
        part if isinstance(part, str) else _written(facts, index, part) for part in parts
    )
    return LogLine(index, term.address, text, term.value)


def _written(facts: Facts, index: int, part: Insert) -> str:
    value = value_at(facts, part.expression, index)
    return "pending" if value is None else part.written(value)
