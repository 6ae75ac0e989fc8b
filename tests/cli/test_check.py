"""bpstudio check."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import bpstudio as bp
from bpstudio.core import passes
from bpstudio.core.activations import find_activation
from tests.cli.conftest import Run

NET = bp.Network.create([4, 5, 6, 3])


def test_all_rows_are_checked_by_default(run: Run, iris: Path) -> None:
    done = run("check", iris, "--target", "species")
    assert (done.code, done.err) == (0, "")
    first, second, third = done.out.splitlines()
    assert first == "4–5–6–3 (sigmoid, sigmoid, sigmoid), loss sse, 150 rows"
    assert second.startswith("45,382 derivatives compared with complex steps, 82 parameters")
    assert third.startswith("all agree; the largest difference is ")


def test_rows_choose_the_batch(run: Run, iris: Path) -> None:
    done = run("check", iris, "--target", "species", "--rows", "3:4")
    assert done.code == 0
    assert "loss sse, 1 row\n" in done.out


def test_gelu_is_checked_with_differences(run: Run, iris: Path) -> None:
    done = run("check", iris, "--target", "species", "--activation", "gelu", "--rows", "0:5")
    assert done.code == 0
    assert "central differences" in done.out


def test_the_first_wrong_factor_is_named_and_the_exit_code_is_1(
    run: Run, iris: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def find(name: str) -> Any:
        rule = find_activation(name)
        return replace(rule, g_prime=lambda z, a: 1.0 - a) if name == "tanh" else rule

    monkeypatch.setattr(passes, "find_activation", find)
    done = run("check", iris, "--target", "species", "--activation", "tanh", "--rows", "7:9")
    assert (done.code, done.err) == (1, "")
    assert "wrong: s7/back/l3/j0/da_dz is " in done.out
    assert "independently" in done.out


def test_a_kink_is_told_and_is_no_mistake(run: Run, tmp_path: Path) -> None:
    """All weights 0: every z of relu is 0."""
    (tmp_path / "d.csv").write_text("a,y\n1,x\n2,z\n")
    done = run(
        *("check", tmp_path / "d.csv", "--target", "y", "--hidden", "2"),
        *("--activation", "relu", "--init", "zeros"),
    )
    assert done.code == 0
    assert "kink: 4 terms lie where a function bends, the first s0/back/l2/j0/da_dz" in done.out
    assert "any slope from 0 to 1 is right there, it is 0" in done.out


def test_numbers_that_are_not_finite_are_told_and_end_with_1(run: Run, tmp_path: Path) -> None:
    (tmp_path / "d.csv").write_text("a,y\n1e200,1e200\n-1e200,3\n")
    done = run("check", tmp_path / "d.csv", "--target", "y", "--scale", "none", "--hidden", "none")
    assert done.code == 1
    assert "not finite: s0/" in done.out
    assert "Warning" not in done.err


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ("--rows 9:3", "--rows: rows 9:3 is no range"),
        ("--hidden 5,x", "--hidden: layer 3"),
        ("--loss bce --output-activation relu", "--loss: loss bce takes the logarithm"),
    ],
)
def test_what_cannot_be_is_refused(options: str, words: str, run: Run, iris: Path) -> None:
    assert words in run("check", iris, "--target", "species", *options.split()).complaint


def test_no_warning_of_numpy_reaches_the_terminal(run: Run, tmp_path: Path) -> None:
    x = np.linspace(-1e150, 1e150, 6)
    (tmp_path / "d.csv").write_text("a,y\n" + "\n".join(f"{v!r},{v!r}" for v in x.tolist()))
    done = run("check", tmp_path / "d.csv", "--target", "y", "--scale", "none")
    assert done.err == ""


def test_numbers_of_ones_own_are_compared_on_the_rows_they_name(
    run: Run, iris: Path, tmp_path: Path
) -> None:
    path = tmp_path / "mine.jsonl"
    run("trace", iris, "--target", "species", "--rows", "50:52", "--out", path)
    done = run("check", iris, "--target", "species", "--numbers", path)
    assert done.code == 0
    assert done.out.splitlines()[0] == "4–5–6–3 (sigmoid, sigmoid, sigmoid), loss sse"
    assert done.out.endswith(" numbers compared, all agree\n")


def test_a_wrong_number_of_ones_own_is_named_with_what_was_forgotten(
    run: Run, iris: Path, tmp_path: Path
) -> None:
    trace = bp.trace(NET, bp.load(iris, target="species"), [52])
    address = "s52/back/l4/j1/dC_dz"
    value = trace["s52/back/l4/j1/dC_da"].value
    path = tmp_path / "mine.jsonl"
    path.write_text(json.dumps({"address": address, "value": value}))
    done = run("check", iris, "--target", "species", "--numbers", path)
    assert done.code == 1
    assert f"1 number compared, 1 is wrong; the first: {address} is {value!r}" in done.out
    assert "the g′ of layer 4 is missing" in done.out


def test_a_gradient_that_was_not_zeroed_is_told_by_the_batch_before(
    run: Run, iris: Path, tmp_path: Path
) -> None:
    data = bp.load(iris, target="species")
    trace, before = bp.trace(NET, data, [50, 51]), bp.trace(NET, data, [0, 1, 2])
    both = trace.mean_dC_dw(4) + before.mean_dC_dw(4)
    lines = (
        json.dumps({"address": f"mean/l4/j1/k{k}/mean_dC_dw", "value": both[1, k].item()})
        for k in range(6)
    )
    path = tmp_path / "mine.jsonl"
    path.write_text("\n".join(lines))
    asked = ("--target", "species", "--rows", "50:52", "--previous-rows", "0:3")
    done = run("check", iris, *asked, "--numbers", path)
    assert done.code == 1
    words = "the gradient of the batch before is still in it: it was not zeroed"
    assert done.out.endswith(f": {words}\n")
    alone = run("check", iris, *asked)
    assert "--previous-rows goes with --numbers only" in alone.complaint


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("{}", "--numbers: mine.jsonl, line 1: "),
        ('{"address": "s900/loss/C", "value": 1}', "--numbers: "),
        ('{"address": "over there", "value": 1}', "--numbers: 'over there' is no address"),
    ],
    ids=["no number", "no row", "no address"],
)
def test_numbers_that_cannot_be_are_refused(
    line: str, words: str, run: Run, iris: Path, tmp_path: Path
) -> None:
    (tmp_path / "mine.jsonl").write_text(line)
    arguments = ("--target", "species", "--numbers", tmp_path / "mine.jsonl")
    assert words in run("check", iris, *arguments).complaint


CAPTURED = Path(__file__).resolve().parents[1] / "data" / "captured.json"


def test_every_number_of_a_captured_iteration_is_computed_again(run: Run) -> None:
    done = run("check", CAPTURED)
    assert done.code == 0
    first, second = done.out.splitlines()
    assert first.startswith("3–4–3–2 (tanh, relu, softmax), loss cross_entropy, by PyTorch 2")
    assert first.endswith("float32")
    assert second == "204 numbers compared, all agree"


def test_the_first_disagreement_of_a_capture_is_named(run: Run, tmp_path: Path) -> None:
    found = json.loads(CAPTURED.read_text())
    (step,) = [s for s in found["steps"] if s["address"] == "s3/back/l4/j0/dC_dz"]
    step["value"] *= -1
    (tmp_path / "c.json").write_text(json.dumps(found))
    done = run("check", tmp_path / "c.json")
    assert done.code == 1
    assert "204 numbers compared, 1 is wrong; the first: s3/back/l4/j0/dC_dz is" in done.out


def test_options_do_not_go_with_a_trace(run: Run) -> None:
    said = run("check", CAPTURED, "--target", "species").complaint
    assert said.startswith("--target does not go with a trace")
