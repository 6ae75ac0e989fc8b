import pytest
from pytestqt.qtbot import QtBot

from bpstudio.ui.canvas.band import between
from bpstudio.ui.canvas.motion import BandMotion
from bpstudio.ui.canvas.widget import NetworkCanvas
from tests.ui.canvas.scenes import iris

HERE, THERE = (0.0, 0.0, 10.0, 0.0), (0.0, 100.0, 10.0, 100.0)


@pytest.fixture
def motion(canvas: NetworkCanvas) -> BandMotion:
    return BandMotion(canvas)


def running(motion: BandMotion) -> bool:
    return motion.state() == BandMotion.State.Running


def test_after_a_slow_step_the_band_is_on_its_way(motion: BandMotion) -> None:
    motion.leave((HERE,), iris(3), iris(4))
    assert running(motion)
    motion.setCurrentTime(60)
    ((_, y, _, _),) = motion.on_the_way((THERE,))
    assert 50 < y < 100  # ease-out: more than half way at half time
    motion.stop()
    assert motion.on_the_way((THERE,)) == (THERE,)


def test_fast_steps_jump(motion: BandMotion) -> None:
    motion.leave((HERE,), iris(3), iris(4))
    motion.leave((HERE,), iris(4), iris(5))
    assert not running(motion)


def test_with_reduced_motion_nothing_moves(motion: BandMotion) -> None:
    motion.reduced = True
    motion.leave((HERE,), iris(3), iris(4))
    assert not running(motion)


def test_without_a_band_nothing_moves(motion: BandMotion) -> None:
    motion.leave((), iris(3), iris(4))
    assert not running(motion)


def test_a_band_of_another_shape_is_there_at_once(motion: BandMotion) -> None:
    motion.leave((HERE,), iris(3), iris(4))
    assert motion.on_the_way((HERE, THERE)) == (HERE, THERE)
    motion.stop()


def test_the_motion_ends_by_itself(motion: BandMotion, qtbot: QtBot) -> None:
    with qtbot.waitSignal(motion.finished):
        motion.leave((HERE,), iris(3), iris(4))


def test_between_two_segments_lies_the_share() -> None:
    assert between(HERE, THERE, 0.25) == (0, 25, 10, 25)
