"""Derivations that tests read: a short one of round numbers, and those of every kind of step."""

from __future__ import annotations

from functools import cache

import numpy as np

from bpstudio.core.dataset import Batch
from bpstudio.core.network import Layer, Network
from bpstudio.core.trace import Trace, compute_trace
from bpstudio.core.worked import FORMS, work_out
from bpstudio.files.derivation_style import PartOfDocument, Style
from bpstudio.files.derivations import FORMATS
from tests.core.cases import varied

VARIED = varied()


def small_trace(hidden: str = "tanh", output: str = "sigmoid") -> Trace:
    """1 input, 2 hidden nodes, 1 output; row 5, with an update."""
    network = Network(
        [
            Layer(np.array([[0.5], [-0.25]]), np.array([0.1, 0.0]), hidden),
            Layer(np.array([[0.75, -0.5]]), np.array([0.2]), output),
        ]
    )
    batch = Batch((5,), np.array([[0.8]]), np.array([[1.0]]))
    return compute_trace(network, batch, "sse", 0.5)


@cache
def every(suffix: str, digits: int = 4) -> dict[str, str]:
    """Derivations of every kind of step, activation, loss and optimiser, in every form."""
    found = {}
    for name, trace in VARIED.items():
        for form in FORMS:
            worked = work_out(trace, trace[len(trace) - 1].address, form, digits)
            full = PartOfDocument("", worked, Style(decimal_comma=form == "delta"))
            blanks = PartOfDocument("", worked, Style(blanks=True))
            parts = [full, blanks] if form == "matrix" else [full]
            found[f"{name}, {form}"] = FORMATS[suffix](parts)
    for form in FORMS:
        exact = small_trace("relu")
        worked = work_out(exact, exact[len(exact) - 1].address, form, digits, fractions=True)
        found[f"fractions, {form}"] = FORMATS[suffix]([PartOfDocument("", worked, Style())])
    return found
