"""Text of the command line becomes typed here, once; what it cannot be is said with its option."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import click

from bpstudio.core.errors import InputError

MOST = 10**18 - 1  # of whole numbers


@contextmanager
def naming(option: str) -> Iterator[None]:
    """Errors inside are told with the option's name."""
    try:
        yield
    except InputError as error:
        raise InputError(f"{option}: {error}") from error


class Typed(click.ParamType[Any]):
    """An option read by one function, whose InputError is told with the option's name."""

    def __init__(self, read: Callable[[str], Any], name: str) -> None:
        self.read = read
        self.name = name

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The typed value."""
        if not isinstance(value, str):
            return value
        with naming(param.opts[0] if param is not None else self.name):
            return self.read(value)


def whole(text: str, least: int = 0) -> int:
    """A whole number from least, of at most 18 digits."""
    if re.fullmatch(r"\s*\+?\d{19,}\s*", text, re.ASCII):
        given = text.strip() if len(text) < 40 else f"a number of {len(text.strip())} digits"
        raise InputError(f"{given} is too large; give a whole number from {least} to {MOST}")
    if re.fullmatch(r"\s*[+-]?\d{1,18}\s*", text, re.ASCII) is None or int(text) < least:
        raise InputError(f"{text!r} is no whole number from {least}")
    return int(text)


def natural(text: str) -> int:
    """A whole number ≥ 1."""
    return whole(text, least=1)


def sample(text: str) -> int:
    """A number of rows; 0 for all."""
    try:
        return 0 if text.strip() == "all" else natural(text)
    except InputError as error:
        raise InputError(f"{error}; or all, for all rows") from None


def number(text: str) -> float:
    """A finite number."""
    try:
        x = float(text)
    except ValueError:
        x = math.nan
    if not math.isfinite(x):
        raise InputError(f"{text!r} is no finite number")
    return x


def positive(text: str) -> float:
    """A finite number > 0."""
    x = number(text)
    if x <= 0:
        raise InputError(f"{text!r} is not above 0; give a positive number such as 0.1")
    return x


def not_negative(text: str) -> float:
    """A finite number ≥ 0."""
    x = number(text)
    if x < 0:
        raise InputError(f"{text!r} is below 0; give 0 or a positive number such as 0.001")
    return x


def fraction(text: str) -> float:
    """A number from 0 to below 1."""
    x = number(text)
    if not 0 <= x < 1:
        raise InputError(f"{text!r} is no fraction; give a number from 0 to below 1, such as 0.2")
    return x


def rows(text: str) -> tuple[int, int]:
    """A range A:B of rows."""
    match = re.fullmatch(r"\s*(\d{1,18}):(\d{1,18})\s*", text, re.ASCII)
    if match is None:
        raise InputError(f"{text!r} is no range of rows; write A:B, such as 0:10")
    return int(match[1]), int(match[2])


def sizes(text: str) -> tuple[int, ...]:
    """Sizes of hidden layers; "none" for none."""
    if text.strip() in ("", "none"):
        return ()
    return tuple(_size(part, l) for l, part in enumerate(text.split(","), start=2))


def _size(text: str, l: int) -> int:
    try:
        return natural(text)
    except InputError:
        raise InputError(
            f"layer {l} has {text.strip()!r} nodes; write a whole number from 1 for each hidden "
            f"layer, such as 5,6, or none"
        ) from None


def names(find: Callable[[str], Any]) -> Callable[[str], tuple[str, ...]]:
    """Names, separated by commas, that ``find`` knows."""

    def read(text: str) -> tuple[str, ...]:
        found = tuple(part.strip() for part in text.split(","))
        for name in found:
            find(name)
        return found

    return read


def name(find: Callable[[str], Any]) -> Callable[[str], str]:
    """A name that ``find`` knows."""

    def read(text: str) -> str:
        find(text)
        return text

    return read
