"""Optimisers: how a gradient becomes new parameters."""

import pytest

from bpstudio.core.errors import InputError
from bpstudio.core.optimisers import OPTIMISERS, find_optimiser


def test_every_optimiser_is_found_by_its_name():
    assert [find_optimiser(name).name for name in OPTIMISERS] == list(OPTIMISERS)


@pytest.mark.parametrize("name", ["lbfgs", "", None, ["sgd"]])
def test_an_unknown_optimiser_is_refused_with_those_there_are(name):
    with pytest.raises(InputError, match="it is one of sgd"):
        find_optimiser(name)
