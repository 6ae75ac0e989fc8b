"""One notification a verb: who listens, and what kind of thing changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

Change = Literal[
    "cursor",
    "trace",
    "network",
    "data",
    "experiment",
    "run",
    "breakpoints",
    "watches",
    "log",
    "bookmarks",
]
Changes = frozenset[Change]
Listener = Callable[[Changes], None]


class Notices:
    """Listeners, in the order in which they came."""

    def __init__(self) -> None:
        self._listeners: list[Listener] = []

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Call ``listener(changes)`` after every verb, until the returned function is called."""
        self._listeners.append(listener)

        def unsubscribe() -> None:
            if listener in self._listeners:
                self._listeners.remove(listener)

        return unsubscribe

    def send(self, *changes: Change) -> None:
        """Tell every listener what changed."""
        for listener in tuple(self._listeners):
            listener(frozenset(changes))
