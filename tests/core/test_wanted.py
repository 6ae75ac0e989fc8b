"""Work that is given up from outside."""

from __future__ import annotations

import threading

import pytest

from bpstudio.core.dataset import Dataset
from bpstudio.core.wanted import NoLongerWantedError, require_wanted, while_wanted


def test_scaling_is_given_up_between_two_blocks_and_may_be_done_later() -> None:
    data = Dataset.from_arrays([[0.0], [2.0]], [[1.0], [0.0]]).rescale("standard")
    with pytest.raises(NoLongerWantedError), while_wanted(lambda: False):
        _ = data.X
    assert "X" not in vars(data)
    assert data.X.tolist() == [[-1.0], [1.0]]


def test_what_is_wanted_holds_for_one_thread_and_inside_only() -> None:
    ended: list[str] = []
    with while_wanted(lambda: False):
        other = threading.Thread(target=lambda: require_wanted() or ended.append("other"))
        other.start()
        other.join()
    require_wanted()
    assert ended == ["other"]
