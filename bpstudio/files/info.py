"""What bpstudio understood of a data file, for `bpstudio info`."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from typing import Any

from bpstudio.core.drawing import Drawn
from bpstudio.core.errors import InputError
from bpstudio.core.generated import FEATURES, generated, is_generated
from bpstudio.files.columns import Column, ColumnType
from bpstudio.files.extent import AS_NEEDED, Sampling
from bpstudio.files.opening import open_table
from bpstudio.files.table import Table
from bpstudio.files.targets import suggest_target

MOST_LISTED = 3  # rejected lines
DELIMITER_NAMES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar", " ": "space"}


@dataclass(frozen=True, slots=True)
class FileInfo:
    """What was understood of a data file; or, where it cannot be read, only the error.

    `rows` counts the rows that can be used. `rejected` counts the others: lines with too few or
    too many fields, and rows with a cell that is no number in a column of numbers. A row with a
    missing value is not rejected: whether it is needed depends on the choice of columns.
    """

    file: str
    error: str | None = None
    rows: int = 0
    rejected: int = 0
    columns: tuple[Column, ...] = ()
    delimiter: str | None = None  # None: Parquet or made data, as is the encoding
    encoding: str | None = None
    header: bool = True
    suggested_target: str | None = None
    notes: tuple[str, ...] = ()
    drawn: Drawn | None = None  # what part of the file all this is said of; None: the whole


def info(path: str | os.PathLike[str], sampling: Sampling = AS_NEEDED) -> FileInfo:
    """Read a data file, or make data, and say what it holds; errors are in `FileInfo.error`."""
    try:
        if is_generated(os.fspath(path)):
            return _of_generated(os.fspath(path))
        with open_table(path, as_text=(), sampling=sampling) as table:
            return _of_table(os.fspath(path), table)
    except InputError as error:
        return FileInfo(os.fspath(path), str(error))


def info_json(found: FileInfo) -> str:
    """One line of JSON, the keys as the command line promises them."""
    if found.error is not None:
        return json.dumps({"file": found.file, "error": found.error})
    columns = [{"name": c.name, "type": c.type, "missing": c.missing} for c in found.columns]
    keys: dict[str, Any] = {
        "file": found.file,
        "rows": found.rows,
        "rejected": found.rejected,
        "columns": columns,
        "delimiter": found.delimiter,
        "encoding": found.encoding,
        "header": found.header,
        "suggested_target": found.suggested_target,
    }
    if found.drawn is not None:
        keys["sample"] = asdict(found.drawn)
    return json.dumps(keys)


def info_text(found: FileInfo) -> str:
    """The same for people, several lines."""
    if found.error is not None:
        return found.error
    width = max(len(column.name) for column in found.columns)
    lines = [_headline(found), *(_column_line(column, width) for column in found.columns)]
    if found.suggested_target is not None:
        lines.append(f"  suggested target: {found.suggested_target}")
    lines += [f"  note: {note}" for note in found.notes]
    return "\n".join(lines)


def _of_table(path: str, table: Table) -> FileInfo:
    unreadable = table.count_unreadable_rows()
    target = suggest_target(table)
    return FileInfo(
        file=path,
        rows=len(table) - unreadable,
        rejected=len(table.rows.rejected) + unreadable,
        columns=table.columns,
        delimiter=table.delimiter,
        encoding=table.encoding,
        header=table.header,
        suggested_target=target.name if target else None,
        drawn=table.drawn,
        notes=(*table.notes, *(str(rejected) for rejected in table.rows.rejected[:MOST_LISTED])),
    )


def _of_generated(text: str) -> FileInfo:
    data = generated(text)
    columns = [Column(name, k, "decimal", 0, 0, 2, 0, False) for k, name in enumerate(FEATURES)]
    (target,) = data.target_column_names
    kind: ColumnType = "decimal" if data.labels is None else "text"
    distinct = 2 if data.labels is None else data.n_targets
    columns.append(Column(target, len(columns), kind, 0, 0, distinct, 0, False))
    return FileInfo(text, None, len(data), columns=tuple(columns), suggested_target=target)


def _headline(found: FileInfo) -> str:
    parts = [_count(found.rows, "row"), _count(len(found.columns), "column")]
    if found.rejected:
        parts.append(f"{found.rejected} rejected")
    if found.delimiter is None:
        kind = "made from a seed" if is_generated(found.file) else "Parquet"
        return f"{found.file}: {', '.join([*parts, kind])}"
    delimiter = DELIMITER_NAMES.get(found.delimiter, found.delimiter)
    header = "with a header" if found.header else "without a header"
    return f"{found.file}: {', '.join([*parts, delimiter, str(found.encoding), header])}"


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _column_line(column: Column, width: int) -> str:
    remarks = [f"{column.missing} missing"] if column.missing else []
    if column.unreadable:
        remarks.append(f"{column.unreadable} not a number")
    if column.type == "text":
        remarks.append(_count(column.distinct, "distinct value"))
    return f"  {column.name:<{width}}  {column.type:<8} {', '.join(remarks)}".rstrip()
