"""What `import bpstudio` gives: every name described with an example that runs, no Qt, typed."""

from __future__ import annotations

import doctest
import inspect
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import bpstudio as bp
from bpstudio.resources import resource

ROOT = Path(__file__).resolve().parents[1]
FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder of an example, with the data that it loads."""
    shutil.copy(resource("data/iris.csv"), tmp_path / "iris.csv")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("name", ["bpstudio", *bp.__all__])
def test_every_name_has_an_example_that_runs(name: str, folder: Path) -> None:
    thing = bp if name == "bpstudio" else getattr(bp, name)
    text = inspect.getdoc(thing) or ""
    examples = doctest.DocTestParser().get_examples(text)
    if name != "InputError":
        assert examples, f"{name} has no example"
    test = doctest.DocTest(examples, {"bp": bp, "np": np}, name, None, None, text)
    said: list[str] = []
    doctest.DocTestRunner(optionflags=FLAGS).run(test, out=said.append)
    assert not said, "".join(said)


def test_each_name_is_listed_once() -> None:
    _ = bp.load  # from now on it is there without being looked for
    names = dir(bp)
    assert set(bp.__all__) <= set(names)
    assert len(names) == len(set(names))


def test_everything_that_is_public_is_described() -> None:
    for name in bp.__all__:
        thing = getattr(bp, name)
        members = vars(thing).items() if inspect.isclass(thing) else ()
        for member, value in members:
            if member.startswith("_") or not (
                inspect.isroutine(value) or isinstance(value, property)
            ):
                continue
            assert inspect.getdoc(value), f"{name}.{member}"


def test_nothing_heavy_is_loaded_before_it_is_used_and_qt_never() -> None:
    code = (
        "import sys, bpstudio as bp; heavy = ('numpy', 'duckdb', 'numba', 'PySide6', 'torch');"
        "assert not set(heavy) & set(sys.modules), 'import';"
        "bp.train(bp.Network.create([2, 3, 2]), bp.generate('xor', rows=20), epochs=1);"
        "assert not {'PySide6', 'pyqtgraph', 'shiboken6'} & set(sys.modules), 'training'"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


SCRIPT = """
import numpy as np

import bpstudio as bp

data = bp.load("iris.csv", target="species").split(0.2, seed=0)
net: bp.Network = bp.Network.create([4, 5, 3], "tanh", "softmax", seed=0)
trace = bp.trace(net, data, rows=[52], loss="cross_entropy")
value: float = trace["s52/loss/C"].value
run: bp.Run = bp.train(net, data, loss="cross_entropy", epochs=3, optimizer="adam")
losses: list[float] = run.losses.tolist()
debugger: bp.Debugger = run.debugger("e1/b2")
debugger.step_into()
count: int = bp.export(run.trace(3), "pass.md", only="l=2,j=1,k=0", fractions=True)
bp.save_weights(run.network, "net.npz")
again = bp.load_run("run.bps")
verdict = bp.verify({"W2": np.zeros((5, 4))}, net, data, rows=[0])
print(verdict.passed, bp.load_weights("net.npz").L)
bp.write_script(trace, "pass.py", library="torch")
"""


@pytest.mark.slow
def test_a_script_of_a_user_s_own_is_typed_strictly(tmp_path: Path) -> None:
    script = tmp_path / "user.py"
    script.write_text(SCRIPT, encoding="utf-8")
    command = [sys.executable, "-m", "mypy", "--strict", "--config-file=", str(script)]
    options = ["--follow-imports=silent", f"--cache-dir={tmp_path / 'cache'}"]
    environment = {**os.environ, "MYPYPATH": str(ROOT)}  # this tree, whatever is installed
    done = subprocess.run(
        [*command, *options], cwd=tmp_path, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
