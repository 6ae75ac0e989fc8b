"""bpstudio trace: what it computes is what Python computes, and what it refuses."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pytest
from safetensors.numpy import save_file

import bpstudio as bp
from bpstudio.cli import trace as trace_module
from bpstudio.core import limits
from bpstudio.files.weights import save_weights
from tests.cli.conftest import Run


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """Where the trace goes."""
    return tmp_path / "t.json"


@pytest.fixture
def traced(run: Run, iris: Path, out: Path) -> Any:
    """traced("--row", 3) → the JSON of a trace of iris."""

    def call(*arguments: object) -> dict[str, Any]:
        done = run("trace", iris, "--target", "species", *arguments, "--out", out)
        assert (done.code, done.err) == (0, "")
        found: dict[str, Any] = json.loads(out.read_bytes())
        return found

    return call


# ---- what it computes --------------------------------------------------------------------------


def test_the_default_is_the_first_row_of_the_page_s_network(traced: Any, iris: Path) -> None:
    found = traced()
    data = bp.load(str(iris), target="species")
    net = bp.Network.create([4, 5, 6, 3], activation="sigmoid", output_activation="sigmoid", seed=0)
    expected = bp.trace(net, data, rows=[0], loss="sse")
    assert found["network"]["sizes"] == [4, 5, 6, 3]
    assert [s["row"] for s in found["samples"]] == [0]
    assert [step["value"] for step in found["steps"]] == [term.value for term in expected]
    assert [step["address"] for step in found["steps"]] == [term.address for term in expected]


def test_every_option_of_the_model_is_in_force(traced: Any, iris: Path) -> None:
    found = traced(
        *("--hidden", "4,3,2", "--activation", "relu,tanh,silu", "--output-activation", "softmax"),
        *("--loss", "bce", "--init", "he", "--no-bias", "--scale", "minmax", "--seed", 7),
        *("--row", 52),
    )
    data = bp.load(str(iris), target="species", scale="minmax")
    net = bp.Network.create(
        [4, 4, 3, 2, 3], ["relu", "tanh", "silu"], "softmax", seed=7, init="he", bias=False
    )
    expected = bp.trace(net, data, rows=[52], loss="bce")
    assert found["loss"] == "bce"
    assert [layer["activation"] for layer in found["network"]["layers"]] == [
        *("relu", "tanh", "silu", "softmax")
    ]
    assert [step["value"] for step in found["steps"]] == [term.value for term in expected]


def test_one_activation_holds_for_all_hidden_layers(traced: Any) -> None:
    layers = traced("--activation", "tanh", "--hidden", "3,3,3")["network"]["layers"]
    assert [layer["activation"] for layer in layers] == ["tanh"] * 3 + ["sigmoid"]


def test_there_may_be_no_hidden_layer(traced: Any) -> None:
    assert traced("--hidden", "none")["network"]["sizes"] == [4, 3]


def test_cross_entropy_brings_softmax(traced: Any) -> None:
    assert traced("--loss", "cross_entropy")["network"]["layers"][-1]["activation"] == "softmax"


def test_a_regression_has_a_linear_output(run: Run, iris: Path, out: Path) -> None:
    targets = ("--target", "petal_width_cm", "--target", "sepal_width_cm")
    assert run("trace", iris, *targets, "--out", out).code == 0
    network = json.loads(out.read_bytes())["network"]
    assert (network["sizes"][-1], network["layers"][-1]["activation"]) == (2, "linear")


def test_numbers_may_be_classes(run: Run, tmp_path: Path, out: Path) -> None:
    (tmp_path / "d.csv").write_text("a,y\n1,7\n2,8\n3,9\n")
    arguments = ("trace", tmp_path / "d.csv", "--target", "y", "--task", "classification")
    assert run(*arguments, "--out", out).code == 0
    assert json.loads(out.read_bytes())["samples"][0]["y"] == [1, 0, 0]


def test_rows_are_one_batch_with_means(traced: Any) -> None:
    found = traced("--rows", "3:6")
    assert [s["row"] for s in found["samples"]] == [3, 4, 5]
    assert found["steps"][-1]["kind"] == "mean_dC_db"


def test_a_learning_rate_brings_the_updates(traced: Any) -> None:
    found = traced("--lr", "0.5")
    steps = {step["address"]: step["value"] for step in found["steps"]}
    w = found["network"]["layers"][1]["weights"][2][3]
    gradient = steps["s0/back/l3/j2/k3/dC_dw"]
    assert steps["update/l3/j2/k3/update_w"] == w - 0.5 * gradient


def test_steps_and_only_choose(traced: Any) -> None:
    assert [step["index"] for step in traced("--steps", "7:11")["steps"]] == [7, 8, 9, 10]
    found = traced("--only", "l=3,j=2,k=2", "--rows", "0:2")["steps"]
    assert [step["address"] for step in found] == [
        *("s0/fwd/l3/j2/k2/wa", "s0/back/l3/j2/k2/dz_dw", "s0/back/l3/j2/k2/dC_dw"),
        *("s1/fwd/l3/j2/k2/wa", "s1/back/l3/j2/k2/dz_dw", "s1/back/l3/j2/k2/dC_dw"),
        "mean/l3/j2/k2/mean_dC_dw",
    ]


@pytest.mark.parametrize("suffix", [".jsonl", ".csv"])
def test_the_suffix_picks_the_format(suffix: str, run: Run, iris: Path, tmp_path: Path) -> None:
    path = tmp_path / f"t{suffix}"
    done = run("trace", iris, "--target", "species", "--out", path)
    assert (done.code, done.out) == (0, f"402 of 402 steps written to {path}\n")
    with open(path, encoding="utf-8", newline="") as file:
        count = len(file.readlines()) if suffix == ".jsonl" else len(list(csv.DictReader(file)))
    assert count == 402


def test_parquet_and_npz_hold_the_chosen_steps(run: Run, iris: Path, tmp_path: Path) -> None:
    chosen = ("--rows", "0:2", "--only", "l=3,j=2,k=2")
    for suffix in (".parquet", ".npz"):
        path = tmp_path / f"t{suffix}"
        done = run("trace", iris, "--target", "species", *chosen, "--out", path)
        assert (done.code, done.out) == (0, f"7 of 886 steps written to {path}\n")
    with duckdb.connect() as connection:
        query = "SELECT address, kind, value FROM read_parquet(?)"
        found = connection.execute(query, [str(tmp_path / "t.parquet")]).fetchall()
    assert found[0][0] == "s0/fwd/l3/j2/k2/wa"
    with np.load(tmp_path / "t.npz", allow_pickle=False) as arrays:
        names = arrays["kinds"][arrays["kind"]].tolist()
        assert [*zip(names, arrays["values"].tolist(), strict=True)] == [row[1:] for row in found]


@pytest.mark.parametrize("suffix", [".json", ".npz", ".safetensors"])
def test_weights_of_a_file_are_taken_up(
    suffix: str, traced: Any, iris: Path, tmp_path: Path
) -> None:
    net = bp.Network.create([4, 2, 3], "tanh", "softmax", seed=9)
    save_weights(net, tmp_path / f"w{suffix}")
    found = traced("--weights", tmp_path / f"w{suffix}", "--loss", "cross_entropy")
    layers = found["network"]["layers"]
    assert [np.array(layer["weights"]).tobytes() for layer in layers] == [
        layer.W.tobytes() for layer in net.layers
    ]


def state_dict(path: Path) -> Path:
    """A PyTorch state dict of 4–5–6–3."""
    sizes = ((5, 4), (6, 5), (3, 6))
    tensors = {f"fc{n}.weight": np.ones(shape, "f4") for n, shape in enumerate(sizes, start=1)}
    save_file(tensors, path)
    return path


def test_a_state_dict_takes_the_activations_that_are_given(traced: Any, tmp_path: Path) -> None:
    names = ("--activation", "relu,tanh", "--output-activation", "softmax")
    found = traced("--weights", state_dict(tmp_path / "w.safetensors"), *names)
    layers = found["network"]["layers"]
    assert [layer["activation"] for layer in layers] == ["relu", "tanh", "softmax"]


def test_a_state_dict_without_activations_says_which_options_are_missing(
    run: Run, iris: Path, tmp_path: Path, out: Path
) -> None:
    weights = ("--weights", state_dict(tmp_path / "w.safetensors"))
    said = run("trace", iris, "--target", "species", *weights, "--out", out).complaint
    assert said.startswith("--weights: w.safetensors does not name its activations; give those of")
    assert "2 hidden layers (--activation) and that of its output layer" in said


@pytest.mark.parametrize("option", ["--activation", "--output-activation"])
def test_a_file_that_names_its_activations_keeps_them(
    option: str, run: Run, iris: Path, tmp_path: Path, out: Path
) -> None:
    save_weights(bp.Network.create([4, 2, 3]), tmp_path / "w.safetensors")
    arguments = ("--target", "species", "--weights", tmp_path / "w.safetensors", "--out", out)
    said = run("trace", iris, *arguments, option, "relu").complaint
    assert "names its own activations (sigmoid, sigmoid)" in said
    assert said.endswith(f"leave out {option}")
    assert run("trace", iris, *arguments, option, "sigmoid").code == 0


def test_rows_that_are_left_out_are_told(run: Run, tmp_path: Path, out: Path) -> None:
    (tmp_path / "d.csv").write_text("a,y\n1,x\n,y\n3,y\n")
    done = run("trace", tmp_path / "d.csv", "--target", "y", "--out", out)
    assert done.code == 0
    assert "d.csv: 1 row was left out; the first: line 3 (row 1)" in done.err


@pytest.mark.parametrize("options", ["--row 1", "--rows 1:2", "--steps 0:9999", "--only l=9"])
def test_a_refusal_is_one_line_also_where_rows_are_left_out(
    options: str, run: Run, tmp_path: Path, out: Path
) -> None:
    (tmp_path / "d.csv").write_text("a,y\n1,u\n,v\n2,v\n")
    assert run(
        "trace", tmp_path / "d.csv", "--target", "y", *options.split(), "--out", out
    ).complaint


def test_the_first_row_is_the_first_that_is_kept(run: Run, tmp_path: Path, out: Path) -> None:
    (tmp_path / "d.csv").write_text("a,y\n,x\n2,y\n3,x\n")
    assert run("trace", tmp_path / "d.csv", "--target", "y", "--out", out).code == 0
    assert json.loads(out.read_bytes())["samples"][0]["row"] == 1


def test_a_large_network_in_json_is_announced(
    run: Run, iris: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trace_module, "_LARGE", 1000)
    done = run("trace", iris, "--target", "species", "--steps", "0:1", "--out", out)
    assert done.code == 0
    assert f"{out} will hold the 68 weights of the network, about 1.72 kB" in done.err


# ---- what it refuses ---------------------------------------------------------------------------

REFUSED = {
    "--row -1": "--row: '-1' is no whole number from 0",
    "--row x": "--row: 'x' is no whole number",
    "--row 150": "--row: iris.csv has no row 150; its rows are 0..149",
    "--row 1 --rows 0:2": "--row and --rows are both given",
    "--rows 5": "--rows: '5' is no range of rows; write A:B",
    "--rows 5:2": "--rows: rows 5:2 is no range of iris.csv",
    "--rows 0:151": "--rows: rows 0:151 is no range of iris.csv; A:B needs 0 ≤ A < B ≤ 150",
    "--steps 9:3": "--steps: steps 9:3 are no range",
    "--steps 0:403": "--steps: steps 0:403 are no range of this trace, which has 402 steps",
    "--steps 7": "--steps: '7' is no range of steps",
    "--only l=9": "--only: no step has l=9; layers with terms are l = 2..4",
    "--only l": "--only: 'l' is no condition",
    "--only l=2,l=3": "--only: l is given twice",
    "--lr 0": "--lr: '0' is not above 0",
    "--lr nan": "--lr: 'nan' is no finite number",
    "--lr inf": "--lr: 'inf' is no finite number",
    "--lr ten": "--lr: 'ten' is no finite number",
    "--hidden 5,x": "--hidden: layer 3 has 'x' nodes",
    "--hidden 5,,6": "--hidden: layer 3 has '' nodes",
    "--hidden 0": "--hidden: layer 2 has '0' nodes",
    "--hidden -5": "--hidden: layer 2 has '-5' nodes",
    "--hidden 5.5": "--hidden: layer 2 has '5.5' nodes",
    "--hidden 1000000,1000000": "--hidden: a network 4–1000000–1000000–3 needs 8 TB of memory",
    "--hidden 99999999999999999999": "--hidden: layer 2 has '99999999999999999999' nodes",
    "--activation cube": "--activation: there is no activation 'cube'; it is one of sigmoid, tanh",
    "--activation tanh,": "--activation: there is no activation ''",
    "--activation tanh,relu,relu": "--activation: 3 names were given for 2 hidden layers",
    "--output-activation cube": "--output-activation: there is no activation 'cube'",
    "--loss l2": "--loss: there is no loss 'l2'; it is one of sse, half_sse",
    "--loss bce --output-activation tanh": "--loss: loss bce takes the logarithm of outputs",
    "--init ones": "--init: there is no initialisation 'ones'",
    "--scale log": "--scale: there is no scaling 'log'",
    "--seed 1000000000000000000": "from 0 to 999999999999999999",
    "--seed -1": "--seed: '-1' is no whole number from 0",
    "--seed 1.5": "--seed: '1.5' is no whole number",
    "--task clustering": "--task: there is no task 'clustering'",
    "--task regression": "regression needs numbers",
    "--target specis": "did you mean 'species'?",
    "--weights absent.json": "--weights: absent.json cannot be read",
    "--weights w.csv": "--weights: 'w.csv' holds no weights; give a .json, .npz, .saf",
    "--weights w.json --hidden 5": "brings its own layers; leave out --hidden",
    "--weights w.json --no-bias": "brings its own layers; leave out --bias",
    "--at e3/b4": "iris.csv is no recorded run; give a RUN.bps, or leave it out",
}


@pytest.mark.parametrize(("options", "words"), REFUSED.items(), ids=REFUSED)
def test_what_cannot_be_is_refused_with_the_option(
    options: str, words: str, run: Run, iris: Path, out: Path
) -> None:
    arguments = [iris, *options.split(), "--out", out]
    if "--target" not in options:
        arguments += ["--target", "species"]
    assert words in run("trace", *arguments).complaint
    assert not out.exists()


def test_a_missing_target_is_told_with_how_to_find_it(run: Run, iris: Path, out: Path) -> None:
    said = run("trace", iris, "--out", out).complaint
    assert said.startswith("--target is missing")
    assert f"bpstudio info {iris}" in said


def test_a_missing_output_is_told_with_the_formats(run: Run, iris: Path) -> None:
    said = run("trace", iris, "--target", "species").complaint
    assert said.startswith("--out is missing")
    assert ".json, .jsonl, .csv, .parquet, .npz, .tex, .md, .html" in said


@pytest.mark.parametrize("suffix", [".xyz", ""])
def test_formats_that_are_not_there_are_refused_with_those_that_are(
    suffix: str, run: Run, iris: Path, tmp_path: Path
) -> None:
    said = run("trace", iris, "--target", "species", "--out", tmp_path / f"t{suffix}").complaint
    assert said.startswith("--out: ")
    assert said.endswith("use .json, .jsonl, .csv, .parquet, .npz, .tex, .md, .html")
    assert list(tmp_path.iterdir()) == []


def test_a_place_where_nothing_can_be_written_is_refused_before_the_work(
    run: Run, iris: Path, tmp_path: Path
) -> None:
    (tmp_path / "folder.csv").mkdir()
    for name, words in (
        ("absent/t.csv", "there is no folder"),
        ("folder.csv", "is a folder"),
        (".", "is a folder"),  # and not: it has no suffix
    ):
        said = run("trace", "absent.csv", "--target", "y", "--out", tmp_path / name).complaint
        assert said.startswith("--out: ")
        assert words in said


def test_an_older_file_stays_when_the_command_is_refused(run: Run, iris: Path, out: Path) -> None:
    out.write_text("as it was")
    run("trace", iris, "--target", "species", "--only", "l=9", "--out", out)
    assert out.read_text() == "as it was"
    assert [path.name for path in out.parent.iterdir()] == ["t.json"]


def test_weights_that_do_not_fit_the_data_name_the_layer(
    run: Run, iris: Path, tmp_path: Path, out: Path
) -> None:
    for sizes, words in (
        ([5, 2, 3], "its input layer (l = 1) has 5 nodes, iris.csv has 4 features"),
        ([4, 2, 2], "its output layer (l = 3) has 2 nodes, iris.csv has 3 targets"),
    ):
        save_weights(bp.Network.create(sizes), tmp_path / "w.npz")
        arguments = ("--target", "species", "--weights", tmp_path / "w.npz", "--out", out)
        assert f"--weights: {words}" in run("trace", iris, *arguments).complaint


def test_a_pass_that_does_not_fit_into_memory_is_refused(
    run: Run, iris: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "memory_limit", lambda: 100_000)
    said = run("trace", iris, "--target", "species", "--rows", "0:150", "--out", out).complaint
    assert "a pass over 150 rows needs 130 kB of memory" in said


def test_a_file_that_is_read_is_not_written_over(run: Run, iris: Path, tmp_path: Path) -> None:
    data, weights, link = tmp_path / "a.csv", tmp_path / "w.json", tmp_path / "link.md"
    data.write_bytes(iris.read_bytes())
    save_weights(bp.Network.create([4, 5, 6, 3], seed=0), weights)
    link.symlink_to(data)
    before = data.read_bytes(), weights.read_bytes()
    asked = ("trace", data, "--target", "species", "--weights", weights)
    for option, path, read in (("--out", data, data), ("--out", weights, weights)):
        assert run(*asked, option, path).complaint == (
            f"{option}: {path} is {read}, which is read here; name another file to write"
        )
    key = ("--out", tmp_path / "t.md", "--blanks", "--key", link)
    assert run(*asked, *key).complaint.startswith(f"--key: {link} is {data}, which is read here")
    assert (data.read_bytes(), weights.read_bytes()) == before
