"""Data made from a seed, on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import bpstudio as bp
from bpstudio.core.errors import InputError
from bpstudio.core.generated import RECIPES, generate, generated, is_generated
from bpstudio.files.run_file import load_run

from .conftest import Run

MOONS = "generate:moons,n=40,noise=0.2,seed=3"


@pytest.mark.parametrize("kind", RECIPES)
def test_a_text_names_the_data_that_the_generator_makes(kind: str) -> None:
    same, short = generate(kind, 24, 0.3, 5), generate(kind)
    named = generated(f"generate:{kind},seed=5,noise=0.3,n=24")
    assert named.X.tobytes() == same.X.tobytes()
    assert generated(f"generate:{kind}").X.tobytes() == short.X.tobytes()
    assert (named.name, named.target_names) == (same.name, same.target_names)
    assert is_generated(f"generate:{kind}")
    assert not is_generated(f"./generate:{kind}")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("generate:moon", "there is no generated data 'moon'; choose xor, moons"),
        ("generate:", "there is no generated data ''"),
        ("generate:moons,rows=3", "'rows=3' is none of n=ROWS, noise=X and seed=N"),
        ("generate:moons,n=", "'n=' has no number that n can be"),
        ("generate:moons,n=2.5", "'n=2.5' has no number that n can be"),
        ("generate:moons,n=3", "rows are from 4 to 100000, given: 3"),
        ("generate:moons,noise=nan", "the noise is from 0 to 10, given: nan"),
        ("generate:moons,seed=-1", "the seed is -1"),
        ("generate:moons,", "'' is none of n=ROWS"),
    ],
)
def test_what_is_wrong_with_it_is_said(run: Run, text: str, reason: str) -> None:
    with pytest.raises(InputError):
        generated(text)
    for command in ("train", "info", "open"):
        complaint = run(command, text).err
        assert reason in complaint
        assert "write it as generate:moons,n=200,noise=0.1,seed=3" in complaint
        assert complaint.count("\n") == 1


def test_training_on_it_is_training_on_that_data(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "run.bps"
    done = run("train", MOONS, "--epochs", 2, "--json", "--seed", 8, "--out", out)
    assert done.code == 0, done.err
    assert [json.loads(line).get("epoch") for line in done.out.splitlines()] == [0, 1, None]
    recorded = load_run(out)
    data = bp.generate("moons", 40, 0.2, 3)
    assert recorded.segments[0].data.features.tobytes() == data.features.tobytes()
    assert recorded.source is None
    assert run("trace", out, "--at", "e0/b1", "--out", tmp_path / "t.json").code == 0


def test_traces_checks_and_scripts_take_it_too(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "trace.json"
    assert run("trace", MOONS, "--row", 7, "--scale", "none", "--out", out).code == 0
    (sample,) = json.loads(out.read_text())["samples"]
    assert sample["x"] == generate("moons", 40, 0.2, 3).features[7].tolist()
    assert run("check", MOONS, "--rows", "0:2", "--hidden", "2").code == 0
    assert run("script", "generate:plane,n=8", "--out", tmp_path / "pass.py").code == 0


def test_it_brings_its_own_target(run: Run) -> None:
    complaint = run("train", MOONS, "--target", "class").complaint
    assert complaint == f"--target: {MOONS} brings its own target; leave out --target"
    assert "leave out --task" in run("train", MOONS, "--task", "regression").complaint


def test_info_says_what_it_holds(run: Run) -> None:
    found = json.loads(run("info", "generate:gaussians,n=30", "--json").out)
    assert (found["rows"], found["rejected"], found["suggested_target"]) == (30, 0, "class")
    assert [(c["name"], c["type"]) for c in found["columns"]] == [
        ("x0", "decimal"),
        ("x1", "decimal"),
        ("class", "text"),
    ]
    said = run("info", "generate:hill").out
    assert "generate:hill: 200 rows, 3 columns, made from a seed" in said
    assert "suggested target: height" in said
