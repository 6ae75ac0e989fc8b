"""Work in pieces."""

from bpstudio.core.pieces import result_of, told_as


def work():
    yield 1
    yield 2
    return "made"


def test_work_can_be_done_at_once():
    assert result_of(work()) == "made"


def test_how_far_it_is_can_be_told_in_another_way():
    steps = told_as(work(), lambda far: far / 4)
    assert (next(steps), next(steps)) == (0.25, 0.5)
    assert result_of(steps) == "made"
