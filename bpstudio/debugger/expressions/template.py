"""Lines that a breakpoint logs: ``row {row}: C = {value:.3f}``.

Between braces stands an expression, and after a colon how its number is written: ``.3f`` (fixed),
``.3e`` (with a power of ten), ``.3g`` (whichever is shorter). ``{{`` and ``}}`` are braces.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bpstudio.core.notation import MINUS, format_number
from bpstudio.debugger.expressions.errors import ExpressionError
from bpstudio.debugger.expressions.parser import parse
from bpstudio.debugger.expressions.tokens import MAX_TEXT
from bpstudio.debugger.expressions.tree import Expression

MAX_INSERTS = 20
_PART = re.compile(r"(?P<brace>\{\{|\}\})|(?P<insert>\{[^{}]*\})|(?P<stray>[{}])|(?P<words>[^{}]+)")
_FORMAT = re.compile(r"(\.(0|[1-9]|1[0-9]|20))?[feg]")


@dataclass(frozen=True, slots=True)
class Insert:
    """A number in the line. ``format`` is "" for the way numbers are written on screen."""

    expression: Expression
    format: str = ""

    def written(self, value: float | bool | None) -> str:
        """The value as it stands in the line; None reads "pending"."""
        if value is None:
            return "pending"
        if isinstance(value, bool):
            return "yes" if value else "no"
        if not self.format:
            return format_number(float(value))
        return format(float(value), self.format).replace("-", MINUS)


@dataclass(frozen=True, slots=True)
class Template:
    """A line to log: words and numbers in turn."""

    text: str
    parts: tuple[str | Insert, ...]

    @property
    def expressions(self) -> tuple[Expression, ...]:
        """What is to be evaluated for a line, in order."""
        return tuple(part.expression for part in self.parts if isinstance(part, Insert))

    def filled(self, value_of: Callable[[Expression], float | bool | None]) -> str:
        """The line with the values of its expressions; None is one that is not computed yet."""
        return "".join(
            part if isinstance(part, str) else part.written(value_of(part.expression))
            for part in self.parts
        )


def parse_template(text: str) -> Template:
    """The line that a text says. ExpressionError (an InputError) says where it is wrong."""
    _require_text(text)
    parts = tuple(_joined(_parts(text)))
    count = sum(isinstance(part, Insert) for part in parts)
    if count > MAX_INSERTS:
        raise ExpressionError(f"a line has at most {MAX_INSERTS} expressions, given: {count}", 0)
    return Template(text, parts)


def _require_text(text: str) -> None:
    if len(text) > MAX_TEXT:
        raise ExpressionError(
            f"a line has at most {MAX_TEXT} characters, this one has {len(text)}", MAX_TEXT
        )
    if not text.strip():
        raise ExpressionError("a line is missing, such as row {row}: C = {value}", 0)
    for position, character in enumerate(text):
        if not character.isprintable():
            raise ExpressionError(f"{character!a} cannot stand in a line", position)


def _parts(text: str) -> Iterator[str | Insert]:
    for found in _PART.finditer(text):
        if found["brace"] is not None:
            yield found[0][0]
        elif found["insert"] is not None:
            yield _insert(found["insert"][1:-1], found.start() + 1)
        elif found["stray"] is not None:
            raise _stray(found["stray"], found.start())
        else:
            yield found[0]


def _stray(brace: str, position: int) -> ExpressionError:
    if brace == "{":
        return ExpressionError("'{' is never closed; a brace itself is written {{", position)
    return ExpressionError("'}' closes nothing; a brace itself is written }}", position)


def _insert(inner: str, start: int) -> Insert:
    text, colon, written = inner.partition(":")
    try:
        expression = parse(text)
    except ExpressionError as error:
        raise error.moved(start) from None
    if colon and _FORMAT.fullmatch(written) is None:
        at = start + len(text) + 1
        raise ExpressionError(
            f"{written[:20]!a} is no way to write a number; .3f, .3e or .3g is",
            at,
            at + max(1, len(written)),
        )
    return Insert(expression, written)


def _joined(parts: Iterator[str | Insert]) -> Iterator[str | Insert]:
    """Neighbouring words as one part."""
    words = ""
    for part in parts:
        if isinstance(part, str):
            words += part
            continue
        if words:
            yield words
        words = ""
        yield part
    if words:
        yield words
