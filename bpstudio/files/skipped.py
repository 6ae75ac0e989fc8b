"""What of a data file is no cell of its table: counted, and said in a note."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bpstudio.files.columns import Column
from bpstudio.files.dialect import no_name_note
from bpstudio.files.rows import Rows
from bpstudio.files.source import Source
from bpstudio.files.table import Table

_MARKED = ("utf-8-sig", "utf-16", "utf-32")  # encodings that are found by their mark


def skipped_notes(source: Source, rows: Rows) -> tuple[str, ...]:
    """One sentence on the lines and marks that no row is made of; none where there are none."""
    empty = rows.empty - source.skipped - source.comments
    parts = ["a byte order mark"] if source.encoding in _MARKED else []
    parts += [_lines(source.skipped, "") for _ in range(source.skipped > 0) if not source.separator]
    parts += ["the line that names the delimiter"] if source.separator else []
    parts += [_lines(source.comments, "comment ")] if source.comments else []
    parts += [_lines(empty, "empty ")] if empty > 0 else []
    return (f"skipped {_and(parts)}",) if parts else ()


def trimmed_notes(columns: Sequence[Column]) -> tuple[str, ...]:
    """How many cells lost spaces at their ends, and in which columns."""
    found = [column for column in columns if column.trimmed]
    if not found:
        return ()
    count = sum(column.trimmed for column in found)
    cells = "1 cell" if count == 1 else f"{count} cells"
    names = _and([column.name for column in found[:4]] + ["others"] * (len(found) > 4))
    return (f"spaces round {cells} were cut off, in {names}",)


def without_last_empty(table: Table) -> Table:
    """Where every line ends in a delimiter, the empty nameless column after it is none."""
    last = table.columns[-1]
    k = last.index
    if k == 0 or last.type != "empty" or last.name != f"c{k}":
        return table
    notes = [note for note in table.notes if note != no_name_note(k, last.name)]
    notes.append("lines end with a delimiter; the empty column after it is left out")
    return replace(table, columns=table.columns[:-1], notes=tuple(notes))


def _lines(count: int, kind: str) -> str:
    return f"1 {kind}line" if count == 1 else f"{count} {kind}lines"


def _and(parts: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(parts[:-1]), parts[-1])))
