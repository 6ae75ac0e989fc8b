"""Passes as scripts: they run by themselves and reproduce the numbers."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from bpstudio.core.dataset import Batch
from bpstudio.core.errors import InputError
from bpstudio.core.network import Layer, Network
from bpstudio.core.trace import Trace, compute_trace
from bpstudio.files import scripts
from bpstudio.files.scripts import numpy_script, torch_script, write_script
from tests.core.cases import losses_for, traced, varied

CASES = varied()


def run_script(path: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-I", "-W", "error", str(path)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def executed(text: str) -> None:
    """Run a script in this process."""
    exec(compile(text, "script", "exec"), {"__name__": "__main__"})


@pytest.fixture(autouse=True)
def _as_it_was():
    """A script of its own process may set what it likes."""
    with np.errstate():
        yield


def test_a_numpy_script_runs_by_itself_and_prints_the_numbers(tmp_path: Path) -> None:
    trace = CASES["page"]
    write_script(trace, tmp_path / "pass.py")
    done = run_script(tmp_path / "pass.py")
    assert (done.returncode, done.stderr) == (0, "")
    assert f"C =\n{trace.C[0]!r}\n".replace("np.float64(", "").replace(")", "") in done.stdout
    assert done.stdout.count("dC/dW of layer") == done.stdout.count("new W of layer") == 3
    text = (tmp_path / "pass.py").read_text()
    assert "import bpstudio" not in text
    assert [line for line in text.splitlines() if line.startswith(("import", "from"))] == [
        "import numpy as np"
    ]


@pytest.mark.parametrize("name", CASES)
def test_every_kind_of_network_and_update_is_reproduced(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    executed(numpy_script(CASES[name]))
    assert "dC/dW of layer 2" in capsys.readouterr().out


@pytest.mark.parametrize("loss", losses_for("sigmoid"))
def test_every_loss_is_reproduced(loss: str) -> None:
    executed(numpy_script(traced(loss=loss, rows=(3, 4))))


def saturated() -> Trace:
    """A softmax so sure of the wrong class that 1/a of the right one is no number."""
    net = Network([Layer(np.array([[712.0], [0.0]]), np.zeros(2), "softmax")])
    one_hot = Batch((0,), np.array([[1.0]]), np.array([[0.0, 1.0]]))
    trace = compute_trace(net, one_hot, "cross_entropy")
    assert trace.saturated.any()
    return trace


def test_a_saturated_output_is_reproduced_by_the_combined_form() -> None:
    text = numpy_script(saturated())
    assert "the output is saturated" in text
    executed(text)


def changed(text: str, start: str) -> str:
    """The script with one expected number changed."""
    before, line, after = text.partition(start)
    number, end, rest = after.partition("\n")
    return before + line + repr(float(number) * 1.001) + end + rest


def test_a_number_that_differs_ends_the_script_with_an_error() -> None:
    with pytest.raises(AssertionError, match="C"):
        executed(changed(numpy_script(CASES["page"]), "expected_C = "))


def test_weights_read_back_to_the_bit() -> None:
    trace = CASES["two digits"]
    scope: dict[str, object] = {}
    exec(numpy_script(trace), scope)
    parameters = scope["parameters"]
    assert isinstance(parameters, list)
    for (W, _), layer in zip(parameters, trace.network.layers, strict=True):
        assert W.tobytes() == layer.W.tobytes()


def test_numbers_that_are_not_finite_are_refused(tmp_path: Path) -> None:
    net = Network([Layer(np.array([[1e200]]), None, "linear")])
    trace = compute_trace(net, Batch((0,), np.array([[1e200]]), np.array([[0.0]])))
    with pytest.raises(InputError, match="not finite"):
        write_script(trace, tmp_path / "pass.py")
    assert list(tmp_path.iterdir()) == []


def test_a_script_does_not_grow_without_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scripts, "MOST_NUMBERS", 50)
    with pytest.raises(InputError, match="would hold 89 weights and inputs, at most 50"):
        numpy_script(traced())


@pytest.mark.parametrize(
    ("name", "library", "words"),
    [("p.txt", "numpy", "ends in .py"), ("p.py", "jax", "it is numpy or torch")],
    ids=["suffix", "library"],
)
def test_what_is_no_script_is_refused(name: str, library: str, words: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=words):
        write_script(traced(), tmp_path / name, library)


Write = Callable[[Trace], str]


@pytest.mark.parametrize("write", [numpy_script, torch_script], ids=["numpy", "torch"])
@pytest.mark.parametrize("name", CASES)
def test_every_script_is_python_of_its_own(write: Write, name: str) -> None:
    compile(write(CASES[name]), name, "exec")


@pytest.mark.slow
@pytest.mark.parametrize("name", [*CASES, "saturated"])
def test_torch_reproduces_every_kind_of_network_and_update(name: str, tmp_path: Path) -> None:
    pytest.importorskip("torch")
    trace = saturated() if name == "saturated" else CASES[name]
    write_script(trace, tmp_path / "pass.py", "torch")
    command = [sys.executable, str(tmp_path / "pass.py")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "dC/dW of layer 2" in done.stdout
