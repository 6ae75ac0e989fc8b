"""Diagnoses: what is wrong with a network in training, in words, with one remedy each.

A rule is a function from a `Situation` to what it finds; where a part of the situation is not
known, the rules that need it say nothing.
"""

from bpstudio.core.diagnoses.judging import diagnose
from bpstudio.core.diagnoses.situation import (
    FEWEST_ROWS,
    DataSummary,
    Diagnosis,
    LayerNorms,
    Level,
    Situation,
)

__all__ = [
    "FEWEST_ROWS",
    "DataSummary",
    "Diagnosis",
    "LayerNorms",
    "Level",
    "Situation",
    "diagnose",
]
