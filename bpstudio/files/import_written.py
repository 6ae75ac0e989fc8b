"""The options of an import as JSON has them, and read again."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec

from bpstudio.core.errors import InputError
from bpstudio.files.import_options import ColumnOptions, ImportOptions

_OPTIONS = (
    *("delimiter", "encoding", "header", "quote", "decimal", "comment", "skip"),
    *("sample_rows", "sample_seed"),
)


def options_written(options: ImportOptions) -> dict[str, Any]:
    """The options as plain values; a column by its number as a text."""
    columns = {str(n): msgspec.to_builtins(column) for n, column in options.columns.items()}
    kept = {name: getattr(options, name) for name in _OPTIONS}
    return {**kept, "columns": columns}


def options_read(found: Any) -> ImportOptions:
    """The options again. InputError where they are something else."""
    try:
        made = msgspec.convert(found, _Options, str_keys=True)
    except msgspec.ValidationError as error:
        raise InputError(f"the options of its import: {error}") from error
    return ImportOptions(**{name: getattr(made, name) for name in (*_OPTIONS, "columns")})


class _Options(msgspec.Struct, forbid_unknown_fields=True):
    delimiter: str | None
    encoding: str | None
    header: bool | None
    quote: str | None
    decimal: str | None
    comment: str | None
    skip: Annotated[int, msgspec.Meta(ge=0, le=2**31)]
    columns: dict[int, ColumnOptions]
    sample_rows: Annotated[int, msgspec.Meta(ge=0)] | None = None
    sample_seed: Annotated[int, msgspec.Meta(ge=0)] = 0
