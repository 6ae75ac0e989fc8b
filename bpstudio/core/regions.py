"""Regions: the tables that the steps of a batch stand in, one after the other.

A region is a table with one line a node, all lines of equal width; a line is a short list of
*runs*, each a pattern of kinds repeated over k, i or m. What stands in which order is written here
and nowhere else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from bpstudio.core.updates import UpdateTerms

_ALONE = ("C", "clip")  # kinds that belong to no node


@dataclass(frozen=True, slots=True)
class Run:
    """``kinds`` repeated ``count`` times over the index ``letter`` (None: once, no index)."""

    kinds: tuple[str, ...]
    letter: str | None = None
    count: int = 1

    @property
    def width(self) -> int:
        """Number of steps."""
        return len(self.kinds) * self.count


@dataclass(frozen=True, slots=True)
class Region:
    """Steps of one phase in layer l: ``nodes`` lines of ``width`` steps.

    ``start`` counts from the beginning of the sample (or of the part after the last sample).
    """

    phase: str
    l: int | None
    nodes: int
    runs: tuple[Run, ...]
    start: int
    width: int
    has_j: bool = True

    @property
    def stop(self) -> int:
        """One past the last step."""
        return self.start + self.nodes * self.width

    def find(self, kind: str, indexed: bool | None = None) -> tuple[int, Run] | None:
        """Offset in a line, and run, of a kind.

        Weights and biases have the same kinds of terms before their updates. ``indexed``: with a
        k (or i, m), or without one; None: the first there is, of weights.
        """
        offset = 0
        for run in self.runs:
            if kind in run.kinds and indexed in (None, run.letter is not None):
                return offset, run
            offset += run.width
        return None


Table = tuple[str, int | None, int, tuple[Run, ...]]  # phase, l, nodes, runs


def sample_regions(
    sizes: Sequence[int], biases: Sequence[bool], softmax: Sequence[bool]
) -> tuple[Region, ...]:
    """Forward, loss and backward of one sample.

    ``biases`` and ``softmax`` say for l = 2 … L whether the layer has biases and is softmax.
    """
    n_L, layers = sizes[-1], range(2, len(sizes) + 1)
    tables: list[Table] = []
    for l in layers:
        tables += _forward_tables(sizes, softmax[l - 2], l)
    tables += [("loss", None, n_L, (Run(("C_j",)),)), ("loss", None, 1, (Run(("C",)),))]
    for l in reversed(layers):
        tables += _backward_tables(sizes, biases[l - 2], softmax[l - 2], l)
    return _placed(tables)


def batch_regions(
    sizes: Sequence[int], biases: Sequence[bool], means: bool, updates: UpdateTerms | None
) -> tuple[Region, ...]:
    """What comes after the last sample: the means and the updates, where there are any."""
    tables: list[Table] = []
    if means:
        tables += _parameter_tables(sizes, biases, "mean", ("mean_dC_dw",), ("mean_dC_db",))
    if updates is not None:
        kinds = updates.kinds(True), updates.kinds(False)
        tables += [("update", None, 1, (Run(("clip",)),))] if updates.clip else []
        tables += _parameter_tables(sizes, biases, "update", *kinds)
    return _placed(tables)


def _placed(tables: list[Table]) -> tuple[Region, ...]:
    """Regions, each starting where the one before ends."""
    widths = [sum(run.width for run in runs) for _, _, _, runs in tables]
    lengths = [nodes * width for (_, _, nodes, _), width in zip(tables, widths, strict=True)]
    starts = accumulate(lengths, initial=0)
    return tuple(
        Region(phase, l, nodes, runs, start, width, runs[0].kinds[0] not in _ALONE)
        for (phase, l, nodes, runs), start, width in zip(tables, starts, widths, strict=False)
    )


def _forward_tables(sizes: Sequence[int], softmax: bool, l: int) -> list[Table]:
    n, n_in = sizes[l - 1], sizes[l - 2]
    sums = (Run(("wa",), "k", n_in), Run(("z",)))
    if softmax:
        return [("fwd", l, n, sums), ("fwd", l, n, (Run(("a",)),))]
    return [("fwd", l, n, (*sums, Run(("a",))))]


def _backward_tables(sizes: Sequence[int], bias: bool, softmax: bool, l: int) -> list[Table]:
    n, n_in = sizes[l - 1], sizes[l - 2]
    incoming: tuple[Run, ...] = (Run(("dC_da",)),)
    if l < len(sizes):
        incoming = (Run(("dz_da", "addend"), "i", sizes[l]), *incoming)
    parameters: tuple[Run, ...] = (Run(("dz_dw", "dC_dw"), "k", n_in),)
    if bias:
        parameters = (*parameters, Run(("dz_db", "dC_db")))
    if softmax:
        through = (Run(("da_dz", "addend_z"), "m", n), Run(("dC_dz",)))
        return [("back", l, n, incoming), ("back", l, n, (*through, *parameters))]
    return [("back", l, n, (*incoming, Run(("da_dz", "dC_dz")), *parameters))]


def _parameter_tables(
    sizes: Sequence[int],
    biases: Sequence[bool],
    phase: str,
    weight: tuple[str, ...],
    bias: tuple[str, ...],
) -> list[Table]:
    tables: list[Table] = []
    for l in range(2, len(sizes) + 1):
        runs: tuple[Run, ...] = (Run(weight, "k", sizes[l - 2]),)
        if biases[l - 2]:
            runs = (*runs, Run(bias))
        tables.append((phase, l, sizes[l - 1], runs))
    return tables
