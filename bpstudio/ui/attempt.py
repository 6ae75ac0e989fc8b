"""How a panel calls a verb."""

from __future__ import annotations

from collections.abc import Callable

Attempt = Callable[[Callable[[], object]], bool]
"""Runs a verb; what it refuses is said in the message bar. Whether it was done."""
