"""bpstudio train."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import bpstudio as bp
from bpstudio.core.drawing import Drawn, drawn_rows
from bpstudio.core.optimisers import OPTIMISERS, UpdateSettings
from bpstudio.core.training import Training, TrainingSettings, train_lines
from bpstudio.files.run_file import load_run
from tests.cli.conftest import Run


@pytest.fixture
def trained(run: Run, iris: Path) -> Any:
    """trained("--epochs", 3) → the objects that --json prints."""

    def call(*arguments: object) -> list[dict[str, Any]]:
        done = run("train", iris, "--target", "species", *arguments, "--json")
        assert (done.code, done.err) == (0, "")
        return [json.loads(line) for line in done.out.splitlines()]

    return call


def test_json_is_an_object_for_each_epoch_and_one_for_the_end(trained: Any) -> None:
    *epochs, end = trained("--epochs", 3)
    assert [line["epoch"] for line in epochs] == [0, 1, 2]
    assert list(epochs[0])[:2] == ["epoch", "loss"]
    assert "validation_loss" in epochs[0]
    assert list(end) == ["done", "why", "steps", "seconds"]
    assert (end["done"], end["steps"], end["why"]) == (True, 3 * 12, "all 3 epochs are done")
    assert end["seconds"] > 0


def test_the_numbers_are_those_of_python_bit_by_bit(trained: Any, iris: Path) -> None:
    arguments = ("--epochs", 4, "--lr", 0.3, "--batch-size", 7, "--seed", 5, "--no-shuffle")
    *epochs, _ = trained(*arguments, "--validation", 0.3, "--hidden", "4", "--loss", "mse")
    data = bp.load(str(iris), target="species").split(0.3, 5)
    net = bp.Network.create([4, 4, 3], seed=5)
    settings = TrainingSettings(loss="mse", lr=0.3, batch_size=7, seed=5, shuffle=False)
    expected = list(train_lines(Training.of(net, data, settings), 4, lambda: 0.0))
    assert epochs == expected[:-1]


@pytest.mark.parametrize("optimizer", OPTIMISERS)
def test_every_optimiser_trains_as_in_python(trained: Any, iris: Path, optimizer: str) -> None:
    arguments = ("--optimizer", optimizer, "--l1", 0.001, "--l2", 0.01, "--lr", 0.02)
    *epochs, _ = trained("--epochs", 3, *arguments)
    data = bp.load(str(iris), target="species").split(0.2, 0)
    update = UpdateSettings(optimizer, lr=0.02, l1=0.001, l2=0.01)
    run = Training.of(bp.Network.create([4, 5, 6, 3]), data, TrainingSettings(update=update))
    assert epochs == list(train_lines(run, 3, lambda: 0.0))[:-1]


@pytest.mark.parametrize("optimizer", OPTIMISERS)
def test_every_optimiser_learns_without_further_settings(trained: Any, optimizer: str) -> None:
    *epochs, _ = trained("--optimizer", optimizer)
    assert epochs[-1]["loss"] < epochs[0]["loss"] / 3


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ("", "learning rate 0.5, batches"),
        ("--optimizer adam --l2 0.01", "adam, learning rate 0.01, l2 0.01, batches"),
        ("--optimizer momentum --l1 0.1 --lr 0.2", "momentum, learning rate 0.2, l1 0.1, batches"),
    ],
)
def test_the_headline_says_how_updates_are_made(
    options: str, words: str, run: Run, iris: Path
) -> None:
    done = run("train", iris, "--target", "species", "--epochs", 1, *options.split())
    assert words in done.out.splitlines()[0]


def test_without_validation_nothing_is_said_of_it(trained: Any) -> None:
    assert list(trained("--epochs", 1, "--validation", 0)[0]) == ["epoch", "loss", "accuracy"]


def test_the_same_seed_gives_the_same_run(trained: Any) -> None:
    one, other = trained("--epochs", 2, "--seed", 3), trained("--epochs", 2, "--seed", 3)
    assert one[:-1] == other[:-1]
    assert one[:-1] != trained("--epochs", 2, "--seed", 4)[:-1]


def test_people_read_some_epochs_and_a_summary(run: Run, iris: Path) -> None:
    done = run("train", iris, "--target", "species", "--epochs", 200)
    assert (done.code, done.err) == (0, "")
    lines = done.out.splitlines()
    assert lines[0].startswith("4–5–6–3 (sigmoid, sigmoid, sigmoid), loss sse, learning rate 0.5")
    assert lines[0].endswith("batches of 10 from 120 rows, 30 others for validation")
    assert [line.split(":")[0] for line in lines[1:4]] == ["epoch 0", "epoch 10", "epoch 20"]
    assert lines[-3].startswith("from epoch 0: loss ")
    assert lines[-2].startswith("to   epoch 199: loss ")
    assert lines[-1].startswith("2,400 updates in ")
    assert lines[-1].endswith("all 200 epochs are done")


def test_a_run_of_one_epoch_has_a_summary_too(run: Run, iris: Path) -> None:
    done = run("train", iris, "--target", "species", "--epochs", 1)
    assert done.code == 0
    assert [line.split(" ")[0] for line in done.out.splitlines()[1:]] == ["epoch", "12"]


def diverging(tmp_path: Path) -> list[object]:
    (tmp_path / "d.csv").write_text("a,y\n1,1\n2,2\n3,30\n4,4\n")
    return [
        *("train", tmp_path / "d.csv", "--target", "y", "--hidden", "none", "--lr", 1e150),
        *("--validation", 0, "--epochs", 50, "--scale", "none", "--batch-size", 1),
    ]


def test_a_run_that_diverges_says_where_and_ends_with_1(run: Run, tmp_path: Path) -> None:
    done = run(*diverging(tmp_path))
    assert done.code == 1
    assert "is not a finite number; stopped before that update" in done.out.splitlines()[-1]
    assert done.err == ""


def test_json_of_a_run_that_diverges_is_json(run: Run, tmp_path: Path) -> None:
    def refuse(word: str) -> None:
        raise AssertionError(f"{word} is no JSON")

    done = run(*diverging(tmp_path), "--json")
    assert done.code == 1
    lines = [json.loads(line, parse_constant=refuse) for line in done.out.splitlines()]
    assert lines[-1]["done"] is True
    assert "not a finite number" in lines[-1]["why"]


@pytest.mark.skipif(os.name == "nt", reason="signals of another kind")
@pytest.mark.parametrize("as_json", [True, False])
def test_ctrl_c_ends_with_a_summary(as_json: bool, iris: Path) -> None:
    command = [sys.executable, "-m", "bpstudio", "train", str(iris), "--target", "species"]
    command += ["--epochs", "100000000", *(["--json"] if as_json else [])]
    with subprocess.Popen(command, stdout=-1, stderr=-1, text=True, encoding="utf-8") as running:
        assert running.stdout is not None
        assert running.stderr is not None
        for _ in range(2):  # the headline and the first epoch: training is on its way
            running.stdout.readline()
        running.send_signal(signal.SIGINT)
        last = running.stdout.read().splitlines()[-1]
        err = running.stderr.read()
    assert (running.returncode, err) == (130, "")
    if as_json:
        assert json.loads(last)["why"].startswith("stopped before e")
    else:
        assert " updates in " in last
        assert ": stopped before e" in last


REFUSED = {
    "--optimizer lbfgs": "--optimizer: there is no optimizer 'lbfgs'; it is one of sgd, momentum",
    "--l1 -0.1": "--l1: '-0.1' is below 0",
    "--l2 much": "--l2: 'much' is no finite number",
    "--stop-when loss<": "--stop-when: column 6: something is missing at the end",
    "--stop-when los<1": "--stop-when: column 1: there is no name 'los'",
    "--stop-when dead(5)>0": "--stop-when: dead(5): layer 5 has no dead",
    "--stop-when z[2][0]>0": "--stop-when: z[2][0] is not recorded of every update",
    "--out run.zip": "--out: 'run.zip' does not end in .bps",
    "--out absent/run.bps": "--out: absent/run.bps: there is no folder",
    "--lr 0": "--lr: '0' is not above 0",
    "--lr 1e999": "--lr: '1e999' is no finite number",
    "--batch-size 0": "--batch-size: '0' is no whole number from 1",
    "--epochs 99999999999999999999999": "--epochs: 99999999999999999999999 is too large; give a "
    "whole number from 1 to 999999999999999999",
    "--epochs 0": "--epochs: '0' is no whole number from 1",
    "--epochs 1.5": "--epochs: '1.5' is no whole number",
    "--validation 1": "--validation: '1' is no fraction",
    "--validation -0.1": "--validation: '-0.1' is no fraction",
    "--validation 0.001": "--validation: a validation fraction of 0.001 leaves no row",
    "--hidden 100000,100000": "--hidden: a network 4–100000–100000–3 needs 80 GB of memory",
}


@pytest.mark.parametrize(("options", "words"), REFUSED.items(), ids=REFUSED)
def test_what_cannot_be_is_refused_with_the_option(
    options: str, words: str, run: Run, iris: Path, tmp_path: Path
) -> None:
    assert words in run("train", iris, "--target", "species", *options.split()).complaint


def test_no_penalty_may_be_written_out(trained: Any) -> None:
    assert len(trained("--epochs", 1, "--l1", 0, "--l2", "0.0", "--optimizer", "sgd")) == 2


def test_recorded_runs_are_no_data(run: Run) -> None:
    said = run("train", "a.bps", "--target", "y").complaint
    assert "a.bps is a recorded run, which bpstudio trace a.bps --at e3/b4 reads" in said


def test_groups_stay_whole_and_a_column_says_the_split(run: Run, tmp_path: Path) -> None:
    path, out = tmp_path / "d.csv", tmp_path / "run.bps"
    kinds = ("train", "val", "train", "train")
    rows = (f"p{n // 4},{n},{'uv'[n % 2]},{kinds[n % 4]}" for n in range(40))
    path.write_text("plot,a,y,set\n" + "\n".join(rows) + "\n", encoding="utf-8")
    common = ("train", path, "--target", "y", "--epochs", 1, "--out", out)
    assert run(*common, "--group", "plot", "--validation", 0.25).code == 0
    recorded = load_run(out)
    data = recorded.segments[0].data
    assert {n // 4 for n in data.training} & {n // 4 for n in data.validation} == set()
    assert recorded.source.group == "plot"
    assert run(*common, "--split-by", "set").code == 0
    assert load_run(out).segments[0].data.validation.tolist() == list(range(1, 40, 4))
    complaint = run(*common, "--split-by", "set", "--validation", 0.3).complaint
    assert complaint == "--validation does not go with --split-by, which says the rows itself"


def test_a_sample_is_said_and_is_what_the_run_is_of(run: Run, iris: Path, tmp_path: Path) -> None:
    options = ("--target", "species", "--epochs", 1, "--sample", 60, "--sample-seed", 3)
    out = tmp_path / "run.bps"
    done = run("train", iris, *options, "--out", out)
    assert (done.code, done.err) == (
        0,
        "bpstudio: iris.csv: a sample of 60 of 150 rows, drawn from seed 3\n",
    )
    data = load_run(out).segments[0].data
    assert data.drawn == Drawn(60, 150, 3)
    assert data.rows.tolist() == drawn_rows(150, 60, 3).tolist()


def test_made_data_has_no_sample(run: Run) -> None:
    complaint = run("train", "generate:moons", "--sample", 10).complaint
    assert complaint.startswith("--sample: generate:moons says its rows itself")
