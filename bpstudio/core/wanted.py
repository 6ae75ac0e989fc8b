"""Giving up work on many rows from outside: it asks between two blocks of them.

with while_wanted(lambda: not closing):      # in the thread that works
    data.parts                               # leaves by NoLongerWantedError
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar


class NoLongerWantedError(Exception):
    """Work was given up from outside."""


_wanted: ContextVar[Callable[[], bool] | None] = ContextVar("wanted", default=None)


@contextmanager
def while_wanted(is_wanted: Callable[[], bool]) -> Iterator[None]:
    """What this thread does inside ends soon, by NoLongerWantedError, where it is not wanted."""
    token = _wanted.set(is_wanted)
    try:
        yield
    finally:
        _wanted.reset(token)


def require_wanted() -> None:
    """NoLongerWantedError where what this thread does is no longer wanted."""
    is_wanted = _wanted.get()
    if is_wanted is not None and not is_wanted():
        raise NoLongerWantedError
