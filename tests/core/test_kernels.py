"""The compiled loop against plain numpy, the choice between them, and getting ready."""

import os
import subprocess
import sys
import threading
from dataclasses import replace
from itertools import cycle, islice

import numpy as np
import pytest

from bpstudio.core import activations, compiled, kernels, loop, losses, passes
from bpstudio.core.activations import ACTIVATIONS
from bpstudio.core.losses import LOSSES
from bpstudio.core.network import Layer, Network
from bpstudio.core.training import Training, TrainingSettings, advance
from tests.core import cases
from tests.core.training_cases import ENGINES, distance, training

PAIRS = [(g, loss) for g in ACTIVATIONS for loss in cases.losses_for(g)]


# Compiled = numpy ------------------------------------------------------------------------


def _both(net, updates, **options):
    runs = [training(net, engine=engine, **options) for engine in ("compiled", "numpy")]
    return [advance(run, run.start(), updates) for run in runs]


def _assert_equal(one, other):
    assert distance(one.state.parameters, other.state.parameters) < 1e-12
    assert distance(one.batch_losses, other.batch_losses) < 1e-12
    assert distance(one.epochs, other.epochs) < 1e-12
    assert (one.state.epoch, one.state.batch) == (other.state.epoch, other.state.batch)


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize(("output", "loss"), PAIRS)
def test_the_compiled_loop_computes_what_numpy_does(output, loss, bias):
    turn = islice(cycle(ACTIVATIONS), 3 * PAIRS.index((output, loss)), None)
    for seed, depth in enumerate((0, 1, 2, 3)):
        names = (*islice(turn, depth), output)
        sizes = (3, *(2 + i for i in range(depth)), 3)
        net = cases.network(sizes, names, bias, seed=seed)
        one, other = _both(net, 7, loss=loss, lr=0.01, n_validation=4)
        _assert_equal(one, other)
        assert len(one.batch_losses) == 7


@pytest.mark.parametrize("g", ACTIVATIONS)
@pytest.mark.parametrize("loss", LOSSES)
def test_every_hidden_activation_computes_what_numpy_does(g, loss):
    net = cases.network((3, 4, 2), (g, "sigmoid"), (True, False))
    _assert_equal(*_both(net, 6, loss=loss, lr=0.05))


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(("output", "loss"), [("softmax", "cross_entropy"), ("sigmoid", "bce")])
def test_a_saturated_output_takes_the_combined_form(engine, output, loss):
    # z = (−715, 30, −50), x = 1, y = (1, 0, 0): a_0 is about e^−715 = 3e−311 (softmax has z_1 = 0,
    # or it would be e^−745, which is 0), and ∂C_0/∂a_0 = −1/a_0 overflows. By the product of the
    # factors ∂C_0/∂z_0 would be −∞ and, for softmax, ∂C_0/∂z_2 = −∞ · (a_0 a_2 = 0) no number.
    # The combined form is a − y: −1, a_1 (nearly 1) and a_2 (e^−50, too small to show).
    z = [-715.0, 0.0 if output == "softmax" else 30.0, -50.0]
    net = Network([Layer(np.array([[w] for w in z]), None, output)])
    settings = TrainingSettings(loss=loss, lr=0.5)
    run = Training.from_arrays(net, np.array([[1.0]]), np.array([[1.0, 0.0, 0.0]]), settings)
    stretch = advance(replace(run, engine=engine), run.start(), 1)
    expected = [z[0] + 0.5, z[1] - 0.5, z[2]]
    assert stretch.state.parameters.tolist() == pytest.approx(expected, rel=1e-12)
    assert stretch.batch_losses[0] == pytest.approx(715 if output == "softmax" else 745, abs=0.01)


def test_one_output_and_one_sample_will_do():
    _assert_equal(*_both(cases.network((1, 1), ("linear",)), 3, n=1))


def test_constants_and_codes_are_those_of_the_rules():
    assert compiled.LEAK == activations.LEAK
    assert compiled.HUBER_DELTA == losses.HUBER_DELTA
    assert compiled.SATURATION == passes.SATURATION
    for code, name in enumerate(ACTIVATIONS):
        assert getattr(compiled, name.upper()) == code
    for code, name in enumerate(LOSSES):
        assert getattr(compiled, name.upper()) == code
    for end in ("DONE", "INTERRUPTED", "LOSS", "GRADIENT", "UPDATE"):
        assert getattr(compiled, end) == getattr(loop, end)


def test_nothing_is_compiled_again_for_other_arrays():
    run = training(cases.network((2, 1), ("sigmoid",)), engine="compiled")
    advance(run, run.start(), 1)
    assert len(compiled.train.signatures) == 1


# Which of the two ------------------------------------------------------------------------


def test_small_networks_train_compiled_and_wide_layers_in_numpy():
    assert kernels.choose_engine(82, 3, 10) == "compiled"
    assert kernels.choose_engine(82, 3, 150) == "compiled"
    assert kernels.choose_engine(109_386, 3, 32) == "numpy"
    assert kernels.choose_engine(2410, 2, 32) == "compiled"
    assert kernels.choose_engine(2410, 2, 128) == "numpy"


def test_without_numba_everything_trains_in_numpy(monkeypatch):
    monkeypatch.setattr(kernels, "has_compiler", lambda: False)
    assert kernels.choose_engine(82, 3, 10) == "numpy"


def test_the_choice_belongs_to_the_training():
    assert training(cases.network((4, 5, 3), ("sigmoid",) * 2)).engine == "numpy"  # as it asks


# Getting ready ---------------------------------------------------------------------------


def test_importing_training_does_not_import_numba():
    code = "import sys, bpstudio.debugger.run; sys.exit('numba' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_numba_that_cannot_be_imported_means_numpy(monkeypatch):
    def fail():
        raise ImportError("Numba needs NumPy 2.1 or less")

    monkeypatch.setattr(kernels, "_ready", [])
    monkeypatch.setattr(kernels, "_import_compiled", fail)
    assert kernels.prepare("compiled") == "numpy"
    with pytest.raises(RuntimeError, match="numba does not work here"):
        kernels.compiled_loop()


def test_preparing_gives_way_when_it_is_cancelled(monkeypatch):
    monkeypatch.setattr(kernels, "_ready", [])
    with kernels._lock:  # another thread is at it
        assert kernels.prepare("compiled", cancelled=lambda: True) == "compiled"
    assert kernels._ready == []


def test_a_first_compilation_is_another_process_s_and_can_be_cancelled(monkeypatch, tmp_path):
    asked = []

    def cancelled():
        asked.append(threading.current_thread())
        return len(asked) > 2

    monkeypatch.setattr(kernels, "_ready", [])
    monkeypatch.setattr(kernels, "_is_cached", lambda signed: False)
    monkeypatch.setattr("numba.config.CACHE_DIR", str(tmp_path))
    assert kernels.prepare("compiled", cancelled) == "compiled"
    assert len(asked) > 2
    assert kernels._ready == []


@pytest.mark.slow
def test_without_a_folder_to_write_to_the_cache_is_this_process_s_own():
    code = """
from bpstudio.core import kernels
kernels.prepare("compiled")
folder = kernels._temporary_cache().name
for function in kernels._ready[0]:
    assert function.stats.cache_path.startswith(folder)
    assert sum(function.stats.cache_hits.values()) == 1  # it came from the other process
print(folder)
"""
    nowhere = {**os.environ, "NUMBA_CACHE_LOCATOR_CLASSES": "UserProvidedCacheLocator"}
    done = subprocess.run(
        [sys.executable, "-c", code], env=nowhere, capture_output=True, text=True, check=True
    )
    assert not os.path.exists(done.stdout.strip())
