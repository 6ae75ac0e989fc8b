"""bpstudio trace --out d.tex, .md or .html: worked derivations from the command line."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

import bpstudio as bp
from bpstudio.core.selection import Selection
from bpstudio.core.worked import work_out
from bpstudio.files.derivations import write_derivation
from tests.cli.conftest import Done, Run

WEIGHT = ("--row", 52, "--only", "l=3,j=2,k=2")


@pytest.fixture
def derive(run: Run, iris: Path, tmp_path: Path) -> Any:
    """derive("d.md", "--row", 52) → Done, with --out in the test's folder."""

    def call(name: str, *arguments: object) -> Done:
        return run("trace", iris, "--target", "species", *arguments, "--out", tmp_path / name)

    return call


@pytest.mark.parametrize("suffix", [".tex", ".md", ".html"])
@pytest.mark.parametrize("form", ["d", "delta", "matrix"])
def test_a_weight_is_derived_as_python_does_it(
    form: str, suffix: str, derive: Any, iris: Path, tmp_path: Path
) -> None:
    done = derive(f"d{suffix}", *WEIGHT, "--notation", form, "--digits", 6)
    data = bp.load(str(iris), target="species")
    net = bp.Network.create([4, 5, 6, 3], activation="sigmoid", output_activation="sigmoid", seed=0)
    trace = bp.trace(net, data, rows=[52], loss="sse")
    worked = work_out(trace, Selection(l=3, j=2, k=2), form, 6)
    write_derivation(worked, tmp_path / f"e{suffix}")
    assert (tmp_path / f"d{suffix}").read_bytes() == (tmp_path / f"e{suffix}").read_bytes()
    assert (done.code, done.err) == (0, "")
    expected = f"a derivation of {worked.n_steps:,} steps written to {tmp_path / f'd{suffix}'}\n"
    assert done.out == expected


def test_an_update_ends_the_derivation_where_there_is_a_rate(derive: Any, tmp_path: Path) -> None:
    assert derive("d.md", *WEIGHT, "--lr", 0.5).code == 0
    text = (tmp_path / "d.md").read_text(encoding="utf-8")
    assert r"$\eta = 0.5$" in text
    assert r"w_{22}^{(L-1)} \text{ after the update} &= " in text


def test_blanks_and_key_are_two_files(derive: Any, tmp_path: Path) -> None:
    done = derive("d.md", *WEIGHT, "--blanks", "--key", tmp_path / "k.tex", "--decimal-comma")
    assert done.out.endswith(f"its key written to {tmp_path / 'k.tex'}\n")
    blanks = (tmp_path / "d.md").read_text(encoding="utf-8")
    key = (tmp_path / "k.tex").read_text(encoding="utf-8")
    assert r"\underline" in blanks
    assert "Key. " not in blanks
    assert r"\underline" not in key
    assert "Key. " in key
    assert re.search(r"\d\{,\}\d", blanks)
    assert not re.search(r"\d\.\d", blanks)


def test_numbers_vary_by_the_seed_and_have_two_decimals(derive: Any, tmp_path: Path) -> None:
    texts = []
    for name, seed in (("a.md", 7), ("b.md", 7), ("c.md", 8)):
        assert derive(name, "--vary", seed, "--only", "l=3,j=2,k=2").code == 0
        texts.append((tmp_path / name).read_text(encoding="utf-8"))
    assert texts[0] == texts[1] != texts[2]
    assert "Numbers varied by seed 7" in texts[0]
    weights = re.findall(r"- \$w_\{\d+\}\^\{\([^)]*\)\} = (\S+)\$", texts[0])
    assert len(weights) > 20
    assert all(weight.endswith("00") for weight in weights)


def test_numbers_that_are_fractions_are_written_so_where_asked_for(
    derive: Any, tmp_path: Path
) -> None:
    options = ("--vary", 7, "--fractions", "--only", "l=2,j=0,k=0,kind=wa")
    assert derive("d.md", *options).code == 0
    text = (tmp_path / "d.md").read_text(encoding="utf-8")
    assert re.search(r"w_\{00\}\^\{\(2\)\} = -?\\frac\{\d+\}\{\d+\}\$", text)
    assert "written as fractions, all others rounded" in text


def test_an_update_of_a_recorded_run_is_derived_with_its_place(
    run: Run, iris: Path, tmp_path: Path
) -> None:
    recorded, out = tmp_path / "run.bps", tmp_path / "d.md"
    train = ("train", iris, "--target", "species", "--epochs", 1, "--batch-size", 2)
    assert run(*train, "--optimizer", "adam", "--out", recorded).code == 0
    only = ("--only", "l=4,j=1,k=2", "--digits", 5)
    done = run("trace", recorded, "--at", "e0/b1", *only, "--out", out)
    assert (done.code, done.err) == (0, "")
    text = out.read_text(encoding="utf-8")
    assert "Iteration e0/b1" in text
    assert "The update: Adam." in text
    assert r"\hat{m}" in text


@pytest.mark.parametrize(
    ("name", "arguments", "words"),
    [
        ("d.tex", ("--rows", "0:40"), "--only: this derivation takes more than 2,000 steps"),
        ("d.tex", ("--digits", 1), "--digits: 1 digits are not possible; give 2 to 12"),
        ("d.tex", ("--notation", "x"), "--notation: there is no notation 'x'"),
        ("d.tex", ("--key", "k.tex"), "--key: k.tex: a key goes with blanks only"),
        ("d.json", ("--digits", 3), "--digits goes with a derivation only"),
        ("d.csv", ("--blanks",), "--blanks goes with a derivation only"),
        ("d.json", ("--vary", 3), "--vary goes with a derivation only"),
        (
            "d.md",
            (*WEIGHT, "--hidden", "40,40", "--notation", "matrix"),
            "matrices fit on a page up to 16 nodes a layer",
        ),
        ("d.md", ("--steps", "5:99999"), "--steps: steps 5:99999 are no range"),
        ("d.md", ("--only", "l=9"), "--only: no step has l=9"),
    ],
)
def test_what_cannot_be_derived_is_refused_and_leaves_no_file(
    name: str, arguments: tuple[object, ...], words: str, derive: Any, tmp_path: Path
) -> None:
    assert words in derive(name, *arguments).complaint
    assert list(tmp_path.iterdir()) == []
