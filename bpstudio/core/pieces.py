"""Work in pieces: a generator that yields how far it is, and returns what it has made."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any, TypeVar

Far = TypeVar("Far")
Told = TypeVar("Told")
Made = TypeVar("Made")


def result_of(work: Generator[Any, None, Made]) -> Made:
    """What it makes, done at once."""
    while True:
        try:
            next(work)
        except StopIteration as done:
            made: Made = done.value
            return made


def told_as(
    work: Generator[Far, None, Made], tell: Callable[[Far], Told]
) -> Generator[Told, None, Made]:
    """The same work; how far it is, is told in another way."""
    while True:
        try:
            far = next(work)
        except StopIteration as done:
            made: Made = done.value
            return made
        yield tell(far)
