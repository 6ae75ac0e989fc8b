"""What a matrix can show: its name, its steps, and what its rows and columns count."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from bpstudio.core.notation import Notation, on_one_line, partial
from bpstudio.core.sequence import StepSequence

Over = Literal["weights", "samples", "nodes"]
"""Rows and columns: nodes j and k below; samples of the batch and nodes j; nodes j and m."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """One choice. ``kind`` and ``bias_kind`` are its steps' ("" where it is given, not computed).

    ``above`` and ``letter`` make its symbol: the numerator of a derivative ("" where it is none),
    and W, z or a. ``scale`` names the ends of its colour ramp in the canvas' scales, "own" those
    of its own numbers.
    """

    key: str
    title: str
    kind: str
    bias_kind: str
    letter: str
    above: str
    scale: str

    @property
    def of_weights(self) -> bool:
        """Whether there is a number for every weight."""
        return self.letter == "W"

    def tex(self, n: Notation, l: int) -> str:
        """The symbol of the whole matrix in layer l, on one line."""
        name = f"{self.letter}^{{({n.layer(l)})}}"
        if self.key == "da_dz":
            return on_one_line(partial(f"a^{{({n.layer(l)})}}", name))
        return on_one_line(partial(self.above, name)) if self.above else name


_ALL = (
    Quantity("w", "Weights", "", "", "W", "", "weights"),
    Quantity("dC_dw", "Gradient of one row", "dC_dw", "dC_db", "W", "C_0", "gradients"),
    Quantity(
        "mean_dC_dw",
        "Mean gradient of the batch",
        "mean_dC_dw",
        "mean_dC_db",
        "W",
        "C",
        "gradients",
    ),
    Quantity("update_w", "Weights after the update", "update_w", "update_b", "W", "", "weights"),
    Quantity("z", "Weighted sums of all rows", "z", "", "z", "", "z"),
    Quantity("a", "Activations of all rows", "a", "", "a", "", "activation"),
    Quantity("dC_da", "Derivatives by a of all rows", "dC_da", "", "a", "C_0", "dC_da"),
    Quantity("da_dz", "Slopes of the activation", "da_dz", "", "z", "a", "own"),
    Quantity("dC_dz", "Derivatives by z of all rows", "dC_dz", "", "z", "C_0", "own"),
)

QUANTITIES: Mapping[str, Quantity] = MappingProxyType({each.key: each for each in _ALL})


def available(sequence: StepSequence) -> tuple[Quantity, ...]:
    """What can be shown: means need a batch of more rows than one, updates a learning rate."""
    missing = set()
    if len(sequence.rows) < 2:
        missing.add("mean_dC_dw")
    if not sequence.updates:
        missing.add("update_w")
    return tuple(each for each in _ALL if each.key not in missing)


def over(quantity: Quantity, l: int, sequence: StepSequence) -> Over:
    """What rows and columns count: the slopes of a softmax layer are a matrix of their own."""
    if quantity.of_weights:
        return "weights"
    return "nodes" if quantity.key == "da_dz" and sequence.is_softmax(l) else "samples"
