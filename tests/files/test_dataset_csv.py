"""A data set written as CSV reads back as the same numbers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bpstudio.core.errors import InputError
from bpstudio.core.generated import RECIPES, generate
from bpstudio.files.dataset import load
from bpstudio.files.dataset_csv import save_csv
from bpstudio.resources import resource


@pytest.mark.parametrize("kind", RECIPES)
def test_generated_data_come_back_to_the_bit(kind: str, tmp_path: Path) -> None:
    data = generate(kind, rows=40, seed=7)
    save_csv(data, tmp_path / "d.csv")
    again = load(tmp_path / "d.csv")
    assert again.features.tobytes() == data.features.tobytes()
    assert again.target.tobytes() == data.target.tobytes()
    assert (again.target_names, again.column_names) == (data.target_names, data.column_names)


def test_a_name_with_a_comma_and_a_quote_comes_back(tmp_path: Path) -> None:
    data = generate("moons", rows=4)
    object.__setattr__(data, "target_names", ('a, "b"', "c"))
    save_csv(data, tmp_path / "d.csv")
    assert load(tmp_path / "d.csv").target_names == ('a, "b"', "c")


@pytest.mark.parametrize(
    "names", [("0", "1"), ("a", "NA"), ("1,5", "b"), ("inf", "?"), ("-", "b"), ("1e3", "b")]
)
def test_classes_that_would_be_read_as_no_text_are_called_so_that_they_are(names, tmp_path: Path):
    data = generate("moons", rows=40)
    object.__setattr__(data, "target_names", names)
    save_csv(data, tmp_path / "d.csv")
    again = load(tmp_path / "d.csv")
    assert again.task == "classification"
    assert sorted(again.target_names) == sorted(f"class {name}" for name in names)
    assert [again.target_names[n] for n in again.labels] == [
        f"class {names[n]}" for n in data.labels
    ]


@pytest.mark.parametrize("names", [("true", "false"), ("red", "1a"), ("1 2", "b")])
def test_other_names_of_classes_stay(names, tmp_path: Path):
    data = generate("moons", rows=40)
    object.__setattr__(data, "target_names", names)
    save_csv(data, tmp_path / "d.csv")
    assert sorted(load(tmp_path / "d.csv").target_names) == sorted(names)


@pytest.mark.parametrize(("feature", "target"), [("class", "label"), ("y", "class")])
def test_a_feature_with_the_name_of_a_target_stays_one(
    feature: str, target: str, tmp_path: Path
) -> None:
    data = generate("moons", rows=40)
    object.__setattr__(data, "feature_names", (feature, "x"))
    object.__setattr__(data, "target_column_names", (target,))
    save_csv(data, tmp_path / "d.csv")
    assert load(tmp_path / "d.csv").target_column_names == (target,)


def test_a_file_of_the_samples_comes_back(tmp_path: Path) -> None:
    data = load(str(resource("data/iris.csv")))
    save_csv(data, tmp_path / "d.csv")
    assert np.array_equal(load(tmp_path / "d.csv").X, data.X)


def test_where_no_file_can_be_written_is_said(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no folder"):
        save_csv(generate("xor"), tmp_path / "none" / "d.csv")
