"""Lines that a table does not want: skipped ones at the start, and comments.

They become empty lines, which are no rows, so that every row keeps the line of the file it has.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from bpstudio.files.reading import tell
from bpstudio.files.source import Source

TOLD = 4096  # lines between two looks at whether they are wanted
SEPARATOR = re.compile(rb"(?i)sep=([,;\t|])\r?\n")  # as spreadsheets write it


def without_lines(source: Source, skip: int = 0, comment: str = "") -> Source:
    """The same text with its first ``skip`` lines, and those beginning with ``comment``, empty.

    Spaces before a comment do not matter; a line ends with a line feed.
    """
    if (not skip and not comment) or source.encoding is None:
        return source
    mark, path = comment.encode(), _other_path(source)
    skipped = comments = 0
    with open(source.plain, "rb") as text, open(path, "wb") as file:
        for number, line in enumerate(text):
            if number % TOLD == 0:
                tell("text", 1.0)
            early = number < skip
            unwanted = early or (mark and line.lstrip(b" \t").startswith(mark))
            skipped, comments = skipped + early, comments + (bool(unwanted) and not early)
            file.write(_line_end(line) if unwanted else line)
    return replace(source, plain=path, skipped=skipped, comments=comments)


def with_separator(source: Source, delimiter: str | None) -> tuple[Source, str | None]:
    """The text without a first line such as ``sep=;``, and the delimiter that it names.

    A delimiter that is given counts more.
    """
    with open(source.plain, "rb") as text:
        first = SEPARATOR.fullmatch(text.readline(16))
    if first is None or source.skipped:
        return source, delimiter
    blanked = without_lines(source, 1)
    return replace(blanked, separator=True, comments=source.comments), delimiter or first[
        1
    ].decode()


def _line_end(line: bytes) -> bytes:
    return line[len(line.rstrip(b"\r\n")) :]


def _other_path(source: Source) -> Path:
    """A place for the text that is not where it is now."""
    path = source.folder / "blanked.csv"
    return path if source.plain != path else source.folder / "blanked-again.csv"
