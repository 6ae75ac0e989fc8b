"""The one error type that is meant for the user."""


class InputError(ValueError):
    """Something the user gave cannot be used.

    The message is one line: what was wrong, what was given and what would be right, with its
    place (file, line, column, option). It is shown as it is, at the boundary only: the command
    line prints it and exits with 2, the window shows it in its message bar.
    """


class TooLargeError(InputError):
    """All rows of a data file would take too much memory; ``rows`` is how many can be drawn."""

    def __init__(self, message: str, rows: int) -> None:
        super().__init__(message)
        self.rows = rows


class BadRowsError(InputError):
    """Rows of a data file cannot be used as they are: ragged, or with a cell that is no number.

    They are never left out in silence: the user corrects them, or says so.
    """


class NewerFileError(InputError):
    """A file is of a later version than this program reads: it may be right in all else."""


class MemoryLimitError(InputError):
    """Something would take more memory than there is, and may be right in all else."""
