"""What the canvas is told of a row."""

from __future__ import annotations

import numpy as np

from bpstudio.core.dataset import Dataset
from bpstudio.files.example import load_example
from bpstudio.ui.scene import raw_inputs, raw_targets


def test_inputs_are_as_in_the_file_with_a_true_minus() -> None:
    X = np.array([[-0.448, 6.9], [1.0, -2.0]])
    data = Dataset.from_arrays(X, np.array([[0.0], [1.0]]), ("u", "v"), ("y",), scale="standard")
    assert raw_inputs(data, 0) == ("\u22120.448", "6.9")


def test_targets_that_are_numbers_are_as_in_the_file_too() -> None:
    X = np.array([[-0.448, 6.9], [1.0, -2.0]])
    data = Dataset.from_arrays(X, np.array([[-60.5], [1.0]]), ("u", "v"), ("y",), scale="standard")
    assert raw_targets(data, 0) == ("\u221260.5",)
    assert raw_targets(load_example(), 0) == ()
