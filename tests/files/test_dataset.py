"""From data files to data sets: targets, features, rows left out."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bpstudio.core.errors import BadRowsError, InputError
from bpstudio.files.dataset import load
from bpstudio.resources import resource

SAMPLES = resource("data")


def write(folder: Path, text: str, name: str = "data.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


# --- the sample files --------------------------------------------------------------------------


def test_iris_is_a_classification_of_150_flowers() -> None:
    data = load(SAMPLES / "iris.csv", target="species")
    assert data.task == "classification"
    assert data.name == "iris.csv"
    assert data.feature_names[0] == "sepal_length_cm"
    assert data.target_names == ("setosa", "versicolor", "virginica")
    assert data.target_column_names == ("species",)
    assert data.features.shape == (150, 4)
    assert data.features[52].tolist() == [6.9, 3.1, 4.9, 1.5]
    assert data.Y[52].tolist() == [0, 1, 0]
    assert data.lines[[0, 52, 149]].tolist() == [2, 54, 151]
    assert data.rows.tolist() == list(range(150))
    assert (data.rejected, data.notes) == ((), ())
    assert data.feature_columns == (0, 1, 2, 3)
    assert data.target_columns == (4,)


def test_features_are_standardised_unless_said_otherwise() -> None:
    data = load(SAMPLES / "iris.csv")
    assert data.X.mean(axis=0) == pytest.approx(0, abs=1e-12)
    assert data.X.std(axis=0) == pytest.approx(1)
    assert load(SAMPLES / "iris.csv", scale="none").X.max() == 7.9
    assert load(SAMPLES / "iris.csv", scale="minmax").X.max() == 1.0


@pytest.mark.parametrize(
    ("name", "target", "shape", "outputs", "task"),
    [
        ("iris.csv", "species", (150, 4), 3, "classification"),
        ("wine.csv", "cultivar", (178, 13), 3, "classification"),
        ("breast_cancer.csv", "diagnosis", (569, 30), 2, "classification"),
        ("diabetes.csv", "progression", (442, 10), 1, "regression"),
        ("penguins.csv", "species", (333, 10), 3, "classification"),
        ("digits.csv.gz", "digit", (1797, 64), 1, "regression"),
    ],
)
def test_each_sample_suggests_its_target(
    name: str, target: str, shape: tuple[int, int], outputs: int, task: str
) -> None:
    data = load(SAMPLES / name)
    assert data.target_column_names == (target,)
    assert data.features.shape == shape
    assert data.Y.shape == (shape[0], outputs)
    assert data.task == task


def test_penguins_with_missing_values_are_left_out_and_their_rows_keep_their_numbers() -> None:
    data = load(SAMPLES / "penguins.csv", target="species")
    assert len(data) == 333
    assert len(data.rejected) == 11
    assert str(data.rejected[0]) == "line 5 (row 3), column bill_length_mm: the value is missing"
    assert data.rows[:5].tolist() == [0, 1, 2, 4, 5]
    assert data.lines[:5].tolist() == [2, 3, 4, 6, 7]
    with pytest.raises(InputError, match=r"line 5 \(row 3\), column bill_length_mm"):
        data.batch([3])
    assert data.feature_names == (
        "island=Biscoe",
        "island=Dream",
        "island=Torgersen",
        "bill_length_mm",
        "bill_depth_mm",
        "flipper_length_mm",
        "body_mass_g",
        "sex=female",
        "sex=male",
        "year",
    )
    assert data.features[0].tolist() == [0, 0, 1, 39.1, 18.7, 181, 3750, 0, 1, 2007]
    assert data.feature_columns == (1, 1, 1, 2, 3, 4, 5, 6, 6, 7)


def test_digits_are_classes_when_asked_for() -> None:
    data = load(SAMPLES / "digits.csv.gz", target="digit", task="classification")
    assert data.target_names == tuple("0123456789")
    assert data.labels is not None
    assert (data.Y.argmax(axis=1) == data.labels).all()
    assert data.notes == ("columns p0_0, p4_0, p4_7 are constant",)
    assert np.isfinite(data.X).all()


def test_all_shipped_samples_are_named_with_their_source() -> None:
    sources = (SAMPLES / "SOURCES.md").read_text(encoding="utf-8")
    shipped = [path.name for path in SAMPLES.iterdir() if path.suffix != ".md"]
    assert len(shipped) == 6
    assert [name for name in shipped if f"`{name}`" not in sources] == []


# --- targets -----------------------------------------------------------------------------------


def test_several_targets_make_a_regression_in_the_order_given(tmp_path: Path) -> None:
    path = write(tmp_path, "a,b,c\n1,2,3\n4,5,7\n")
    data = load(path, target=["c", "a"], scale="none")
    assert data.task == "regression"
    assert data.target_names == ("c", "a")
    assert data.target.tolist() == [[3, 1], [7, 4]]
    assert data.feature_names == ("b",)
    assert data.target_columns == (2, 0)


def test_true_and_false_are_numbers_as_a_feature_and_classes_as_a_target(tmp_path: Path) -> None:
    path = write(tmp_path, "a,b,c\ntrue,1,yes\nfalse,2,no\ntrue,3,yes\n")
    assert load(path, target="c", scale="none").features.tolist() == [[1, 1], [0, 2], [1, 3]]
    flags = load(path, target="a")
    assert flags.task == "classification"
    assert flags.target_names == ("false", "true")


def test_numeric_classes_are_sorted_as_numbers(tmp_path: Path) -> None:
    path = write(tmp_path, "a,b\n1,10\n2,9\n3,0.5\n4,-1\n")
    data = load(path, target="b", task="classification")
    assert data.target_names == ("-1", "0.5", "9", "10")
    assert data.labels is not None
    assert data.labels.tolist() == [3, 2, 1, 0]


def test_a_class_of_left_out_rows_only_is_no_output(tmp_path: Path) -> None:
    path = write(tmp_path, "a,b\n1,x\n2,y\n,z\n3,x\n")
    assert load(path, target="b").target_names == ("x", "y")


@pytest.mark.parametrize(
    ("columns", "suggested"),
    [
        ("a,target,b", "target"),
        ("a,Class,b", "Class"),
        ("class,a,label", "label"),
        ("class,x,y", "class"),
        ("y,a,word", "y"),
        ("a,b,word", "word"),
        ("word,b,c", "c"),
        ("b,word,const", "word"),
        ("a,b,const", "b"),
        ("id,a,unique", "unique"),
    ],
)
def test_a_target_is_suggested_by_name_then_by_place(
    tmp_path: Path, columns: str, suggested: str
) -> None:
    values = {"word": "pqr", "const": "111", "unique": "xyz"}
    rows = [",".join(values.get(name, "123")[n] for name in columns.split(",")) for n in range(3)]
    path = write(tmp_path, "\n".join([columns, *rows]))
    assert load(path, header=True).target_column_names == (suggested,)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"target": "Specie"}, "no column 'Specie'; did you mean 'species'?"),
        ({"target": "zzz"}, "no column 'zzz'; its columns are sepal_length_cm, sepal_width_cm"),
        ({"target": ["species", "petal_width_cm"]}, "column species is no numbers; several"),
        ({"target": ["petal_width_cm", "petal_width_cm"]}, "name each column once"),
        ({"target": []}, "at least one"),
        ({"target": "species", "task": "regression"}, "column species: regression needs numbers"),
        ({"target": "species", "task": "clustering"}, "choose classification or regression"),
        ({"target": "species", "scale": "robust"}, "choose standard, minmax, none"),
        (
            {"target": ["petal_width_cm", "petal_length_cm"], "task": "classification"},
            "classification has one target",
        ),
    ],
)
def test_an_impossible_choice_is_refused_with_the_possible_ones(
    options: dict[str, object], message: str
) -> None:
    with pytest.raises(InputError) as caught:
        load(SAMPLES / "iris.csv", **options)  # type: ignore[arg-type]
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("text", "target", "message"),
    [
        ("a,b\n1,x\n2,x\n", "b", "column b has one class only, 'x'"),
        (
            "a,b\n1,x\n,y\n2,x\n3,x\n1e999,y\n",
            "b",
            "column b has one class only, 'x', in the rows that can be used (2 rows were left out; "
            "the first: line 3 (row 1), column a: the value is missing); classification",
        ),
        ("a\n1\n2\n", "a", "has one column only, 'a'"),
        ("a,b\n1,\n2,\n", "b", "column b has no values, so it is no target"),
        ("a,b\n,1\n,2\n", "b", "no column for the input besides the target (column a left out"),
        (
            "a,b\n1,\n,2\n",
            "b",
            "none of its 2 rows is complete; the first, line 2 (row 0), column b",
        ),
        ("a;b\n1,5;x\n2,5;y\n", "b", "column a: its numbers are written with a comma"),
        ("a,b\nx,u\nx,u\n", None, "no column with two values or more"),
    ],
)
def test_a_file_that_makes_no_data_set_is_refused(
    tmp_path: Path, text: str, target: str | None, message: str
) -> None:
    with pytest.raises(InputError) as caught:
        load(write(tmp_path, text), target)
    assert message in str(caught.value)
    assert "data.csv" in str(caught.value)


def test_too_many_classes_are_refused(tmp_path: Path) -> None:
    path = write(tmp_path, "a,b\n" + "".join(f"{k},name{k}\n" for k in range(1001)))
    with pytest.raises(InputError, match="column b is text with 1001 distinct values"):
        load(path, target="b")
    path = write(tmp_path, "a,b\n" + "".join(f"{k},{k % 2}\n" for k in range(1001)))
    with pytest.raises(InputError, match="column a has 1001 classes, at most 1000"):
        load(path, target="a", task="classification")


# --- features and rows -------------------------------------------------------------------------


def test_text_with_many_values_is_left_out_with_a_note(tmp_path: Path) -> None:
    rows = "".join(f"id{k},{k % 7},{'xy'[k % 2]}\n" for k in range(21))
    data = load(write(tmp_path, "id,a,b\n" + rows), target="b")
    assert data.feature_names == ("a",)
    assert data.notes == ("column id left out: text with 21 distinct values",)


def test_an_empty_column_is_left_out_and_rejects_no_row(tmp_path: Path) -> None:
    data = load(write(tmp_path, "a,none,b\n1,NA,x\n2,,y\n"), target="b")
    assert len(data) == 2
    assert data.notes == ("column none left out: it has no values",)


def test_a_constant_column_is_noted_and_becomes_0(tmp_path: Path) -> None:
    data = load(write(tmp_path, "a,c3,b\n1,0.1,x\n2,0.1,y\n3,0.1,x\n"), target="b")
    assert data.notes == ("column c3 is constant",)
    assert data.X[:, 1].tolist() == [0, 0, 0]


def test_text_that_is_partly_numbers_is_noted(tmp_path: Path) -> None:
    text = "a,b\n1,1\nlow,2\n3,3\nhigh,4\n"
    assert (
        "column a is text, though 2 of its cells are numbers"
        in load(write(tmp_path, text), target="b").notes
    )


def test_a_word_in_a_column_of_numbers_rejects_its_row_with_line_and_column(
    tmp_path: Path,
) -> None:
    lines = (SAMPLES / "iris.csv").read_text().splitlines()
    lines[18] = lines[18].replace(lines[18].split(",")[1], "abc", 1)
    path = write(tmp_path, "\n".join(lines))
    data = load(path, target="species", bad_rows="leave out")
    assert len(data) == 149
    assert [str(rejected) for rejected in data.rejected] == [
        "line 19 (row 17), column sepal_width_cm: 'abc' is not a number"
    ]
    assert data.rows[16:18].tolist() == [16, 18]


@pytest.mark.parametrize("cell", ["inf", "-inf", "1e999", "1e301", "-nan"])
def test_an_infinite_or_absurd_number_rejects_its_row(tmp_path: Path, cell: str) -> None:
    path = write(tmp_path, f"a,b\n1,x\n{cell},y\n3,y\n")
    data = load(path, target="b", bad_rows="leave out")
    assert data.rows.tolist() == [0, 2]
    assert data.rejected[0].line == 3
    assert f"'{cell}' is not a number to compute with, it must be within" in str(data.rejected[0])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a,b\n1,x\n2\n3,y\n", "line 3 (row 1): 1 field instead of 2; correct the file"),
        ("a,b\n1,x\ninf,y\n3,y\n", "line 3 (row 1), column a: 'inf' is not a number"),
        ("a,b\n1,x\n1e999,y\n2,y,z\n4,y\n", "2 rows are like this; correct the file"),
    ],
)
def test_bad_rows_are_refused_with_their_place_unless_the_user_leaves_them_out(
    tmp_path: Path, text: str, said: str
) -> None:
    path = write(tmp_path, text)
    with pytest.raises(BadRowsError) as refused:
        load(path, target="b")
    assert said in str(refused.value)
    assert len(load(path, target="b", bad_rows="leave out")) == 2


def test_a_missing_value_alone_is_no_reason_to_refuse_the_file(tmp_path: Path) -> None:
    data = load(write(tmp_path, "a,b\n1,x\n,y\n3,y\n"), target="b")
    assert [rejected.missing for rejected in data.rejected] == [True]


def test_one_row_of_numbers_is_a_data_set(tmp_path: Path) -> None:
    """The sample of a homework."""
    data = load(write(tmp_path, "a,b,y\n0.05,0.1,0.01\n"), scale="none")
    assert data.target_column_names == ("y",)
    assert data.X.tolist() == [[0.05, 0.1]]


def test_rejected_rows_of_all_kinds_stand_in_order(tmp_path: Path) -> None:
    text = 'a,b\n1,x\n2\n"3\n",y\n,x\n5,y,z\n6,\n7,x\n'
    data = load(write(tmp_path, text), target="b", bad_rows="leave out")
    assert data.rows.tolist() == [0, 2, 6]
    assert data.lines.tolist() == [2, 4, 9]
    assert [(r.row, r.line, r.column) for r in data.rejected] == [
        (1, 3, None),
        (3, 6, "a"),
        (4, 7, None),
        (5, 8, "b"),
    ]


def test_a_file_without_a_header_is_addressed_by_column_number(tmp_path: Path) -> None:
    lines = (SAMPLES / "iris.csv").read_text().splitlines()[1:]
    data = load(write(tmp_path, "\n".join(lines)), target="c4")
    assert data.feature_names == ("c0", "c1", "c2", "c3")
    assert data.lines[0] == 1
    assert data.features.tolist() == load(SAMPLES / "iris.csv").features.tolist()


def test_options_of_the_file_are_passed_on(tmp_path: Path) -> None:
    path = tmp_path / "data.txt"
    path.write_bytes("1~é\n2~ü\n".encode("latin-1"))
    data = load(path, header=False, delimiter="~", encoding="latin-1")
    assert data.target_names == ("é", "ü")


def test_what_does_not_fit_into_memory_is_refused_before_it_is_allocated(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("bpstudio.core.limits.memory_limit", lambda: 10_000)
    with pytest.raises(InputError, match=r"iris\.csv with 150 rows .* take fewer rows"):
        load(SAMPLES / "iris.csv")


PLOTS = "plot,a,y,set\n" + "".join(
    f"{n // 4},{n},{'uv'[n % 2]},{('train', 'Val', 'train', 'test')[n % 4]}\n" for n in range(24)
)


def test_groups_and_a_split_are_columns_and_no_features(tmp_path: Path) -> None:
    path = tmp_path / "plots.csv"
    path.write_text(PLOTS, encoding="utf-8")
    data = load(path, target="y", group="plot", split="set")
    assert data.feature_names == ("a",)
    assert data.validation.tolist() == [n for n in range(24) if n % 4 in (1, 3)]
    made = data.split(0.3, 5)
    assert {n // 4 for n in made.training} & {n // 4 for n in made.validation} == set()
    assert data.scaling.shift[0] == data.features[data.training].mean()
    for wrong, reason in (
        ({"group": "y"}, "group: column y has another role"),
        ({"group": "set", "split": "set"}, "group: column set has another role"),
        ({"split": "none"}, "has no column 'none'"),
        ({"split": "a"}, "column a has 24 values, a split has at most 12"),
    ):
        with pytest.raises(InputError, match=reason):
            load(path, target="y", **wrong)
