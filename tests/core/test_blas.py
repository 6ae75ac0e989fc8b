"""Products of matrices on one thread."""

import threading
from functools import partial

import numpy as np
import pytest
from threadpoolctl import threadpool_limits

from bpstudio.core import blas
from bpstudio.core.blas import one_blas_thread
from bpstudio.core.training import advance
from tests.core import cases
from tests.core.training_cases import training


@pytest.fixture(autouse=True)
def _two_threads(monkeypatch):
    """Nobody holds products to one thread, as a window in this process does for good."""
    monkeypatch.setattr(blas, "_limit", blas._Limit())
    if not _blas_threads():
        pytest.skip("the products of this numpy have no threads that are counted")
    blas._take_control()
    with threadpool_limits(2, user_api="blas"):
        yield
        blas._take_control()


def _blas_threads():
    return [info["num_threads"] for info in blas._controller().info() if info["user_api"] == "blas"]


def test_the_limit_of_blas_threads_lasts_until_the_last_has_left():
    before = _blas_threads()
    assert set(before) == {2}
    with one_blas_thread():
        with one_blas_thread():
            pass
        assert set(_blas_threads()) == {1}
    assert _blas_threads() == before


def test_matrix_products_have_the_same_bits_whatever_the_threads_outside():
    net = cases.network((300, 200, 10), ("relu", "softmax"), spread=0.05)
    run = training(net, n=96, batch_size=32, loss="cross_entropy", engine="numpy")
    once = advance(run, run.start(), 3).state.parameters
    with one_blas_thread():
        again = advance(run, run.start(), 3).state.parameters
    assert np.array_equal(once, again)


@pytest.mark.parametrize("first", ["this thread", "another thread"])
def test_the_limit_holds_whichever_thread_asked_for_it_first(first):
    found = []

    def elsewhere():
        with one_blas_thread():
            found.append(_blas_threads())

    def here():
        with one_blas_thread():
            found.append(_blas_threads())

    def in_a_thread(call):
        thread = threading.Thread(target=call)
        thread.start()
        thread.join()

    before = _blas_threads()
    calls = [here, partial(in_a_thread, elsewhere)]
    for call in calls if first == "this thread" else reversed(calls):
        call()
    assert [set(each) for each in found] == [{1}, {1}]
    assert _blas_threads() == before


def test_the_one_that_leaves_last_lifts_the_limit_whichever_thread_it_is():
    before = _blas_threads()
    inside, may_leave = threading.Event(), threading.Event()

    def stay():
        with one_blas_thread():
            inside.set()
            may_leave.wait()

    thread = threading.Thread(target=stay, daemon=True)
    with one_blas_thread():
        thread.start()
        inside.wait()
    assert set(_blas_threads()) == {1}
    may_leave.set()
    thread.join()
    assert _blas_threads() == before
    with threadpool_limits(1):  # others can limit it after that
        assert set(_blas_threads()) == {1}


@pytest.mark.parametrize(("multiplications", "threads"), [(blas.LARGE - 1, 1), (blas.LARGE, 2)])
def test_a_pass_is_on_one_thread_unless_it_is_large(multiplications, threads):
    with blas.threads_for(multiplications):
        assert set(_blas_threads()) == {threads}


def test_a_large_pass_is_on_one_thread_where_all_products_are():
    with one_blas_thread(), blas.threads_for(blas.LARGE):
        assert set(_blas_threads()) == {1}
