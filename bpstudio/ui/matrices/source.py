"""The numbers of a matrix: any block of it, how many are computed, and what a cell stands for."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from bpstudio.core import operands
from bpstudio.core.address import BATCH_PHASES, KINDS, Address
from bpstudio.core.notation import Notation, partial
from bpstudio.core.trace import Trace
from bpstudio.core.update_values import terms_at
from bpstudio.core.values import RULES
from bpstudio.ui.canvas.progress import Grid, grid, moment
from bpstudio.ui.canvas.state import Scales, Thing
from bpstudio.ui.matrices.quantities import Over, Quantity, over
from bpstudio.ui.ramps import nice_max

Floats = NDArray[np.float64]
Cell = tuple[int, int]
"""Row and column; the bias is one column beyond the last."""
Ends = tuple[float, float]

MOST_KEPT = 1 << 22  # numbers of a mean that are worth keeping; larger ones are computed by block

_PHASE_OF = {kind: phase for phase, kinds in KINDS.items() for kind in kinds}


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """A quantity of layer l in a trace; ``s`` is the position of the sample, where it has one."""

    trace: Trace
    quantity: Quantity
    l: int
    s: int

    @property
    def over(self) -> Over:
        """What rows and columns count."""
        return over(self.quantity, self.l, self.trace.sequence)

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns, the biases left out."""
        n, n_in = self.trace.network.sizes[self.l - 1], self.trace.network.sizes[self.l - 2]
        shapes = {"weights": (n, n_in), "samples": (len(self.trace.rows), n), "nodes": (n, n)}
        return shapes[self.over]

    @property
    def has_bias(self) -> bool:
        """Whether a column of biases stands apart."""
        return self.over == "weights" and self.trace.sequence.has_bias(self.l)

    @property
    def editable(self) -> bool:
        """Whether its numbers are given and can be changed by hand."""
        return self.quantity.key == "w"

    def key(self) -> tuple[object, ...]:
        """What the numbers follow from: equal keys, equal numbers."""
        of_sample = self.quantity.kind == "dC_dw" or self.over == "nodes"
        given = self.trace.network if self.editable else self.trace
        return given, self.quantity.key, self.l, self.s if of_sample else -1

    # ---- numbers --------------------------------------------------------------------------------

    def block(self, rows: slice, columns: slice) -> Floats:
        """A part of the matrix; memory grows with that part only."""
        t, l, kind = self.trace, self.l, self.quantity.kind
        if self.editable:
            return t.network.layer(l).W[rows, columns]
        with np.errstate(over="ignore", invalid="ignore"):
            if self.over == "samples":
                return np.asarray(RULES[kind](t, rows, l, columns, slice(0, 1))[:, :, 0])
            if self._is_too_large_to_keep:
                return self._by_block(rows, columns)
            return np.asarray(RULES[kind](t, slice(self.s, self.s + 1), l, rows, columns)[0])

    @property
    def _is_too_large_to_keep(self) -> bool:
        """Whether a trace asked for a mean, which it keeps whole, would take too much memory."""
        return self.quantity.kind in ("mean_dC_dw", "update_w") and self.size > MOST_KEPT

    def _by_block(self, rows: slice, columns: slice) -> Floats:
        t, l = self.trace, self.l
        mean = t.dC_dz(l)[:, rows].T @ t.a(l - 1)[:, columns] / len(t.rows)
        return self._updated((rows, columns), mean)

    def _biases_by_block(self, rows: slice) -> Floats:
        t, l = self.trace, self.l
        mean = t.dC_dz(l)[:, rows].sum(axis=0) / len(t.rows)
        return self._updated((rows,), mean)[:, None]

    def _updated(self, place: tuple[slice, ...], mean: Floats) -> Floats:
        if self.quantity.kind == "mean_dC_dw":
            return np.asarray(mean)
        return terms_at(self.trace, self.l, place, mean)["update"]

    def biases(self, rows: slice) -> Floats:
        """The column of biases, (rows, 1)."""
        t, l = self.trace, self.l
        if self.editable:
            b = t.network.layer(l).b
            assert b is not None, "asked for where there are biases"
            return b[rows, None]
        with np.errstate(over="ignore", invalid="ignore"):
            if self._is_too_large_to_keep:
                return self._biases_by_block(rows)
            kind, s = self.quantity.bias_kind, slice(self.s, self.s + 1)
            return np.asarray(RULES[kind](t, s, l, rows, slice(0, 1))[0])

    @property
    def size(self) -> int:
        """How many numbers it has, without biases."""
        return self.shape[0] * self.shape[1]

    def value(self, cell: Cell) -> float:
        """The number in a cell, computed or not."""
        row, column = cell
        rows = slice(row, row + 1)
        if column == self.shape[1]:
            return float(self.biases(rows)[0, 0])
        return float(self.block(rows, slice(column, column + 1))[0, 0])

    def before(self, trace: Trace | None) -> Source | None:
        """The same numbers before an edit; None where they cannot be compared."""
        if trace is None or trace.network.sizes != self.trace.network.sizes:
            return None
        return replace(self, trace=trace) if trace.rows == self.trace.rows else None

    # ---- computed or pending --------------------------------------------------------------------

    def done(self, n: int) -> int:
        """How many cells, row after row, are computed at step n."""
        if self.editable:
            return self.size
        places = grid(self.trace.sequence, self.quantity.kind, self.l)
        if places is None:
            return 0
        rows, columns = self.shape
        if self.over == "samples":
            length = self.trace.sequence.sample_length
            return _count(n - places.start, Grid(0, length, places.line), rows, columns)
        last = moment(self.trace.sequence, n, self.s).last(self.quantity.kind)
        return _count(last - places.start, places, rows, columns)

    def biases_done(self, n: int) -> int:
        """How many biases are computed at step n."""
        if self.editable:
            return self.shape[0]
        kind = self.quantity.bias_kind
        places = grid(self.trace.sequence, kind, self.l)
        if places is None:
            return 0
        last = moment(self.trace.sequence, n, self.s).last(kind)
        return places.done_nodes(last, self.shape[0])

    def is_done(self, cell: Cell, n: int) -> bool:
        """Whether the number in a cell is computed at step n."""
        row, column = cell
        columns = self.shape[1]
        if column == columns:
            return row < self.biases_done(n)
        return row * columns + column < self.done(n)

    # ---- what a cell stands for -----------------------------------------------------------------

    def thing(self, cell: Cell) -> Thing:
        """The edge, bias or node that a cell belongs to."""
        row, column = cell
        if self.over == "weights":
            is_bias = column == self.shape[1]
            return ("bias", self.l, row) if is_bias else ("edge", self.l, row, column)
        return ("node", self.l, column if self.over == "samples" else row)

    def cell(self, thing: Thing) -> Cell | None:
        """The cell of a thing; for a node that of the shown sample."""
        match thing:
            case ("edge", self.l, j, k) if self.over == "weights":
                return (j, k)
            case ("bias", self.l, j) if self.has_bias:
                return (j, self.shape[1])
            case ("node", self.l, j) if self.over == "samples":
                return (self.s, j)
        return None

    def step_address(self, cell: Cell) -> str:
        """Where "run to here" goes: the step of the number, or the first that uses a weight."""
        row, column = cell
        is_bias = self.over == "weights" and column == self.shape[1]
        if self.editable:
            letter, kind = (None, "z") if is_bias else ("k", "wa")
        else:
            letter = {"weights": None if is_bias else "k", "samples": None, "nodes": "m"}[self.over]
            kind = self.quantity.bias_kind if is_bias else self.quantity.kind
        s, j = (row, column) if self.over == "samples" else (self.s, row)
        phase = _PHASE_OF[kind]
        sample = None if phase in BATCH_PHASES else self.trace.rows[s]
        index = column if letter else None
        return str(Address(None, None, sample, phase, self.l, j, letter, index, kind))

    def address(self, cell: Cell) -> str:
        """The address of the number itself: a weight as it stands is a leaf."""
        row, column = cell
        if not self.editable:
            return self.step_address(cell)
        if column == self.shape[1]:
            return operands.b(self.l, row)
        return operands.w(self.l, row, column)

    def symbol(self, n: Notation, cell: Cell) -> str:
        """The symbol of the number in a cell, in LaTeX."""
        row, column = cell
        above = self.quantity.above
        if self.over == "weights":
            is_bias = column == self.shape[1]
            name = n.b(self.l, row) if is_bias else n.w(self.l, row, column)
            return partial(above, name) if above else name
        j = column if self.over == "samples" else row
        name = (n.a if self.quantity.letter == "a" else n.z)(self.l, j)
        if self.quantity.key == "da_dz":
            return partial(n.a(self.l, j if self.over == "samples" else column), name)
        return partial(above, name) if above else name


def _count(since: int, places: Grid, rows: int, columns: int) -> int:
    """Cells done when ``since`` is the number of the last step, counted from the first cell's."""
    if since < 0:
        return 0
    row, rest = divmod(since, places.line)
    if row >= rows:
        return rows * columns
    return int(row * columns + min(rest // places.stride + 1, columns))


def ramp_ends(source: Source, scales: Scales) -> tuple[str, Ends]:
    """The ramp, "activation" or "diverging", and what its ends stand for: those of the canvas."""
    scale = source.quantity.scale
    if scale == "activation":
        return "activation", scales.activation(source.l)
    largest = _own_largest(source) if scale == "own" else getattr(scales, scale)
    return "diverging", (-largest, largest)


def _own_largest(source: Source) -> float:
    """The end of a ramp that the canvas has none for: slopes, and ∂C_0/∂z."""
    if source.over == "nodes":
        return 1.0  # no slope of softmax exceeds a quarter
    return nice_max(source.block(slice(None), slice(None)))
