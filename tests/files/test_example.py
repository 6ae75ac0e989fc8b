"""The embedded example is what the general reader makes of its file."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest

from bpstudio.files.dataset import load
from bpstudio.files.example import EXAMPLE, load_example
from bpstudio.resources import resource

GENERAL = load(str(resource(EXAMPLE)), target="species")
NAMES = [field.name for field in fields(GENERAL) if "scaling" not in field.name]


@pytest.mark.parametrize("name", NAMES)
def test_both_readers_agree(name):
    ours, theirs = getattr(load_example(), name), getattr(GENERAL, name)
    if isinstance(theirs, np.ndarray):
        assert ours.dtype == theirs.dtype
        assert np.array_equal(ours, theirs)
    else:
        assert ours == theirs


def test_both_readers_scale_to_the_same_bits():
    assert np.array_equal(load_example().X, GENERAL.X)
    assert np.array_equal(load_example().Y, GENERAL.Y)
