"""Words about cells: tooltips, what a screen reader says, and the text that is copied."""

from __future__ import annotations

from bpstudio.core.errors import InputError
from bpstudio.core.notation import Notation, format_count, format_number
from bpstudio.ui.canvas.describe import PENDING
from bpstudio.ui.matrices.plan import CellSize
from bpstudio.ui.matrices.source import Cell, Source
from bpstudio.ui.symbols import as_html, as_text

DIGITS = 10
MOST_COPIED = 1_000_000


def number_in(source: Source, cell: Cell, n: int) -> str:
    """A cell's number in many digits, or that it is pending at step n."""
    return format_number(source.value(cell), DIGITS) if source.is_done(cell, n) else PENDING


def was(source: Source, before: Source | None, cell: Cell, n: int) -> str:
    """What a number was before the last edit; "" where that changed nothing."""
    if before is None or not source.is_done(cell, n):
        return ""
    now, then = source.value(cell), before.value(cell)
    if now == then or (now != now and then != then):
        return ""
    return f"changed by your edit: was {format_number(then, DIGITS)}"


def tooltip(source: Source, before: Source | None, cell: Cell, n: int, size: CellSize) -> str:
    """Name, number, address and what an edit changed, as rich text."""
    if size.is_reduced and cell[1] < source.shape[1]:
        return _shared(source, cell, size)
    symbol = as_html(source.symbol(notation(source), cell))
    lines = [f"<b>{symbol}</b> = {number_in(source, cell, n)}", source.address(cell)]
    changed = was(source, before, cell, n)
    if changed:
        lines.append(changed)
    if source.editable:
        lines.append("Type a number, or press F2, to change it")
    return "<br>".join(lines)


def _shared(source: Source, cell: Cell, size: CellSize) -> str:
    (rows, columns), (row, column) = source.shape, cell
    low, right = min(row + size.y, rows) - 1, min(column + size.x, columns) - 1
    where = f"Rows {row} to {low}, columns {column} to {right}"
    return f"{where}: they share this pixel.<br>Zoom in (Ctrl and the wheel) for single numbers"


def spoken(source: Source, before: Source | None, cell: Cell, n: int) -> str:
    """A cell as plain text: what it is, its number, its place."""
    row, column = cell
    place = "bias" if column == source.shape[1] else f"column {column}"
    symbol = as_text(source.symbol(notation(source), cell))
    parts = [f"{symbol} = {number_in(source, cell, n)}", f"row {row_label(source, row)}, {place}"]
    changed = was(source, before, cell, n)
    return "; ".join([*parts, changed] if changed else parts)


def notation(source: Source) -> Notation:
    """Layers by their numbers, as the choice of the layer has them."""
    return Notation(source.trace.L, relative=False)


def row_label(source: Source, row: int) -> int:
    """What a row is called: a node, or the row of the data that a sample is."""
    return source.trace.rows[row] if source.over == "samples" else row


def counted(source: Source, n: int) -> str:
    """How many numbers are there: "13 of 30" while some are pending, else "all 30"."""
    done, size = source.done(n), format_count(source.size)
    return f"all {size}" if done == source.size else f"{format_count(done)} of {size}"


def about(source: Source, n: int) -> str:
    """What stands beside the symbol of a matrix."""
    if source.editable:
        return "before this update" if source.trace.lr is not None else "as they stand"
    t = source.trace
    if source.over == "samples":
        return f"{_rows(t.rows)}, {counted(source, n)}"
    by_kind = {"mean_dC_dw": f"mean of {_rows(t.rows)}", "update_w": "after this update"}
    what = by_kind.get(source.quantity.kind, f"row {t.rows[source.s]}")
    return f"{what}, {counted(source, n)}"


def _rows(rows: tuple[int, ...]) -> str:
    return f"row {rows[0]}" if len(rows) == 1 else f"{len(rows)} rows"


def reduced(source: Source, size: CellSize, sampled: bool) -> str:
    """How a matrix is shown that has more numbers than pixels; "" where it has not."""
    if not size.is_reduced:
        return ""
    rows, columns = source.shape
    shape = f"{format_count(rows)} × {format_count(columns)}"
    if sampled:
        return f"{shape}, every {_ordinal(size.y)} row and {_ordinal(size.x)} column"
    return f"{shape}, a pixel is the largest of {size.y} × {size.x}"


def _ordinal(n: int) -> str:
    ending = {1: "st", 2: "nd", 3: "rd"}.get(n % 10, "th") if n % 100 // 10 != 1 else "th"
    return "single" if n == 1 else f"{n}{ending}"


def as_tsv(source: Source, n: int) -> str:
    """The matrix with its indices, tab-separated, in full precision; pending numbers are empty.

    InputError where it is too large for a clipboard.
    """
    if source.size > MOST_COPIED:
        raise InputError(
            f"this matrix has {format_count(source.size)} numbers, at most "
            f"{format_count(MOST_COPIED)} can be copied; save the weights to a file instead"
        )
    rows, columns = source.shape
    table, done = source.block(slice(None), slice(None)).tolist(), source.done(n)
    head = ["", *map(str, range(columns)), *(["b"] if source.has_bias else [])]
    biases = source.biases(slice(None))[:, 0].tolist() if source.has_bias else []
    lines = ["\t".join(head)]
    for row in range(rows):
        known = min(max(done - row * columns, 0), columns)
        cells = [*map(repr, table[row][:known]), *[""] * (columns - known)]
        if biases:
            cells.append(repr(biases[row]) if row < source.biases_done(n) else "")
        lines.append("\t".join([str(row_label(source, row)), *cells]))
    return "\n".join(lines) + "\n"
