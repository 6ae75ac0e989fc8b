"""The error of an expression, with its place in the text."""

from __future__ import annotations

from bpstudio.core.errors import InputError


class ExpressionError(InputError):
    """An expression cannot be used. The message names the column, counted from 1.

    ``start`` and ``stop`` are the characters at fault, counted from 0, for marking them.
    """

    def __init__(self, message: str, start: int, stop: int | None = None) -> None:
        super().__init__(f"column {start + 1}: {message}")
        self.message = message
        self.start = start
        self.stop = start + 1 if stop is None else stop

    def moved(self, offset: int) -> ExpressionError:
        """The same error in a longer text, in which the expression starts at ``offset``."""
        return ExpressionError(self.message, self.start + offset, self.stop + offset)
