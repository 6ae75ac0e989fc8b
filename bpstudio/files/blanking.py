"""Lines that a table does not want: skipped ones at the start, and comments.

They become empty lines, which are no rows, so that every row keeps the line of the file it has.
"""

from __future__ import annotations

from dataclasses import replace

from bpstudio.files.reading import tell
from bpstudio.files.source import Source

TOLD = 4096  # lines between two looks at whether they are wanted


def without_lines(source: Source, skip: int = 0, comment: str = "") -> Source:
    """The same text with its first ``skip`` lines, and those beginning with ``comment``, empty.

    Spaces before a comment do not matter; a line ends with a line feed.
    """
    if (not skip and not comment) or source.encoding is None:
        return source
    mark, path = comment.encode(), source.folder / "blanked.csv"
    with open(source.plain, "rb") as text, open(path, "wb") as file:
        for number, line in enumerate(text):
            if number % TOLD == 0:
                tell("text", 1.0)
            unwanted = number < skip or (mark and line.lstrip(b" \t").startswith(mark))
            file.write(_line_end(line) if unwanted else line)
    return replace(source, plain=path)


def _line_end(line: bytes) -> bytes:
    return line[len(line.rstrip(b"\r\n")) :]
