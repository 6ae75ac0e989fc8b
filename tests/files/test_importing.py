"""Importing as the user says: every option, every problem with its place, nothing in silence."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bpstudio.core.errors import InputError
from bpstudio.core.scaling import SCALINGS
from bpstudio.files import dataset, importing
from bpstudio.files.import_options import (
    FILLINGS,
    ROLES,
    ColumnOptions,
    ImportOptions,
)
from bpstudio.files.preview import Preview, preview, settled
from bpstudio.resources import resource

FIELD = """# measured in the field
# in May
sample;length;width;species
S0;1,5;2,0;oak
S1;2,5;;elm
S2;3.5;4,0;oak
S3;4,5;5,0
S4;0,5;6,0;elm
"""
LENGTH, WIDTH, SPECIES = 1, 2, 3


def write(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "data.csv"
    path.write_bytes(text.encode(encoding))
    return path


@pytest.fixture
def field(tmp_path: Path) -> Path:
    return write(tmp_path, FIELD, "utf-8-sig")


def imported(path: Path, options: ImportOptions):
    return importing.load(path, settled(preview(path, options)))


def said(shown: Preview) -> list[tuple[int, int, int | None, str]]:
    return [(p.line, p.row, p.column, p.what) for p in shown.problems]


def test_the_format_of_a_file_is_found(field: Path) -> None:
    found = preview(field, ImportOptions()).options
    assert (found.delimiter, found.encoding, found.header) == (";", "utf-8-sig", True)
    assert (found.decimal, found.comment, found.quote) == (",", "#", '"')


def test_every_problem_has_its_line_row_and_column(field: Path) -> None:
    assert said(preview(field, ImportOptions())) == [
        (5, 1, WIDTH, "empty"),
        (6, 2, LENGTH, "'3.5' has a decimal point, not a comma"),
        (7, 3, None, "3 fields instead of 4"),
    ]


def test_rows_with_problems_are_left_out_and_kept_rows_have_their_lines(field: Path) -> None:
    data = imported(field, ImportOptions().with_column(0, role="ignore"))
    assert data.rows.tolist() == [0, 4]
    assert data.lines.tolist() == [4, 8]
    assert data.features.tolist() == [[1.5, 2.0], [0.5, 6.0]]
    assert [rejected.row for rejected in data.rejected] == [1, 2, 3]


def test_a_missing_value_gets_the_mean_or_the_median_of_the_others(tmp_path: Path) -> None:
    path = write(tmp_path, "a,b,y\n1,1,p\n,2,q\n2,3,p\n6,4,q\n")
    for policy, value in (("mean", 3.0), ("median", 2.0)):
        data = imported(path, ImportOptions().with_column(0, missing=policy))
        assert data.features[:, 0].tolist() == [1.0, value, 2.0, 6.0]
        assert data.notes == (f"1 missing value of column a got its {policy}, {value:g}",)


def test_a_flag_is_a_feature_of_its_own(tmp_path: Path) -> None:
    path = write(tmp_path, "a,b,y\n1,1,p\n,2,q\n3,3,p\n")
    data = imported(path, ImportOptions().with_column(0, missing="flag"))
    assert data.feature_names == ("a", "b", "a missing")
    assert data.features.tolist() == [[1, 1, 0], [2, 2, 1], [3, 3, 0]]


def test_a_class_without_value_can_be_one_of_its_own(tmp_path: Path) -> None:
    path = write(tmp_path, "a,b,y\nred,1,p\n,2,q\nblue,3,p\n")
    data = imported(path, ImportOptions().with_column(0, missing="flag"))
    assert data.feature_names == ("a=blue", "a=red", "a=missing", "b")
    assert data.features[:, :3].tolist() == [[0, 1, 0], [0, 0, 1], [1, 0, 0]]


def test_an_unreadable_cell_leaves_its_row_out_until_it_counts_as_missing(tmp_path: Path) -> None:
    path = write(tmp_path, "a,b,y\n1,1,p\nlow,2,q\n3,3,q\n")
    options = ImportOptions().with_column(0, missing="mean")
    assert imported(path, options).rows.tolist() == [0, 2]
    options = options.with_column(0, unreadable="missing")
    assert imported(path, options).features[:, 0].tolist() == [1.0, 2.0, 3.0]


def test_a_number_with_the_other_decimal_mark_is_read_where_the_user_wants_it(field: Path) -> None:
    options = ImportOptions().with_column(0, role="ignore")
    data = imported(field, options.with_column(LENGTH, unreadable="read"))
    assert data.features.tolist() == [[1.5, 2.0], [3.5, 4.0], [0.5, 6.0]]
    assert "1 cell of column length was read with the other decimal mark" in data.notes
    shown = preview(field, options.with_column(LENGTH, unreadable="read"))
    assert [(p.leaves_out, p.readable) for p in shown.problems] == [
        (True, False),
        (False, True),
        (True, False),
    ]


def test_with_decimal_points_a_comma_can_be_read_in_a_target_too(tmp_path: Path) -> None:
    path = write(tmp_path, "a;y\n1;1.5\n2;2,5\n3;1e9,5\n4;3.5\n" + "5;4.5\n" * 20)
    options = ImportOptions().with_column(1, role="target", unreadable="read")
    assert imported(path, options).target[:3, 0].tolist() == [1.5, 2.5, 3.5]


def test_the_target_is_never_filled(tmp_path: Path) -> None:
    path = write(tmp_path, "a,y\n1,1.5\n2,\n3,2.5\n")
    data = imported(path, ImportOptions().with_column(1, role="target", missing="mean"))
    assert data.rows.tolist() == [0, 2]


def test_columns_are_what_the_user_says(tmp_path: Path) -> None:
    path = write(tmp_path, "a,b,c\n1,5,0.1\n2,6,0.2\n1,7,0.3\n")
    options = ImportOptions().with_column(0, role="target", kind="class")
    data = imported(options=options.with_column(1, role="ignore"), path=path)
    assert (data.feature_names, data.target_names) == (("c",), ("1", "2"))
    several = ImportOptions().with_column(1, role="target").with_column(2, role="target")
    assert imported(path, several).target_names == ("b", "c")
    one_hot = ImportOptions().with_column(0, kind="class")
    assert imported(path, one_hot).feature_names == ("a=1", "a=2", "b")


def test_another_target_takes_the_place_of_the_first(tmp_path: Path) -> None:
    path = write(tmp_path, "a,b,c\n1,5,0.1\n2,6,0.2\n1,7,0.3\n")
    options = ImportOptions().with_target(0, others=[2])
    assert [each.role for each in preview(path, options).columns] == [
        "target",
        "feature",
        "feature",
    ]


def test_text_read_as_numbers_names_every_cell_that_is_none(tmp_path: Path) -> None:
    path = write(tmp_path, "a,y\n1,p\nx,q\nz,p\n4,q\n")
    shown = preview(path, ImportOptions().with_column(0, kind="number"))
    assert said(shown) == [(3, 1, 0, "'x' is not a number"), (4, 2, 0, "'z' is not a number")]
    assert (shown.kept, shown.left_out) == (2, 2)


def test_skipped_lines_and_comments_keep_the_lines_of_the_others(tmp_path: Path) -> None:
    path = write(tmp_path, "a title, by me\na,y\n1,p\n% a remark\n2,q\n")
    data = imported(path, ImportOptions(skip=1, comment="%"))
    assert data.lines.tolist() == [3, 5]
    assert data.feature_names == ("a",)


def test_without_a_header_the_first_line_is_a_row_even_after_skipped_ones(tmp_path: Path) -> None:
    path = write(tmp_path, "title\n1,p\n2,q\n")
    data = imported(path, ImportOptions(skip=1, header=False))
    assert data.features[:, 0].tolist() == [1.0, 2.0]
    assert data.lines.tolist() == [2, 3]


def test_an_impossible_choice_is_said_and_the_rows_are_shown_all_the_same(field: Path) -> None:
    shown = preview(field, ImportOptions().with_column(SPECIES, role="target", kind="number"))
    assert shown.data is None
    assert "none of its 4 rows is complete" in shown.refused
    assert len(shown.lines) == 5
    without = preview(field, ImportOptions().with_column(SPECIES, role="ignore"))
    assert without.refused == "data.csv needs a target; choose a column for it"


def test_only_ignored_columns_are_no_data(tmp_path: Path) -> None:
    path = write(tmp_path, "a,y\n1,p\n2,q\n")
    shown = preview(path, ImportOptions().with_column(0, role="ignore"))
    assert shown.refused == "data.csv needs a feature for the input; choose a column for it"


def test_a_column_of_numbers_has_a_range_and_a_histogram(tmp_path: Path) -> None:
    path = write(tmp_path, "a,y\n" + "".join(f"{n},p\n{n},q\n" for n in range(16)))
    column = preview(path, ImportOptions()).columns[0]
    assert (column.low, column.high, column.counts) == (0.0, 15.0, (2,) * 16)


def test_a_large_file_is_judged_by_its_first_lines_and_read_whole(tmp_path: Path) -> None:
    text = "a,y\n" + "".join(f"{n},{'pq'[n % 2]}\n" for n in range(60_000))
    path = tmp_path / "data.csv.gz"
    path.write_bytes(gzip.compress(text.encode()))
    shown = preview(path, ImportOptions())
    assert not shown.is_whole
    assert shown.kept < 60_000
    assert len(importing.load(path, settled(shown))) == 60_000


def test_the_first_lines_end_with_a_whole_row_even_where_cells_run_over_lines(
    tmp_path: Path,
) -> None:
    row = '{n},"' + "one\n" * 50 + '",{y}\n'
    text = "a,remark,y\n" + "".join(row.format(n=n, y="pq"[n % 2]) for n in range(3000))
    shown = preview(write(tmp_path, text), ImportOptions())
    assert not shown.is_whole
    assert (shown.refused, shown.left_out) == ("", 0)
    assert shown.kept > 500


def test_what_the_first_lines_do_not_show_is_not_coerced(tmp_path: Path) -> None:
    lines = [f"{n},{'pq'[n % 2]}\n" for n in range(60_000)]
    lines[59_000:] = [f"none{n},p\n" for n in range(1000)]
    path = write(tmp_path, "a,y\n" + "".join(lines))
    data = imported(path, ImportOptions())
    assert len(data) == 59_000
    assert str(data.rejected[0]) == ("line 59002 (row 59000), column a: 'none0' is not a number")


@pytest.mark.parametrize(
    "name", ["iris.csv", "wine.csv", "breast_cancer.csv", "diabetes.csv", "penguins.csv"]
)
def test_with_nothing_said_it_is_what_opening_gives(name: str) -> None:
    path = resource(f"data/{name}")
    opened, made = dataset.load(str(path)), imported(path, ImportOptions())
    assert np.array_equal(opened.X, made.X)
    assert np.array_equal(opened.Y, made.Y)
    assert opened.feature_names == made.feature_names
    assert opened.rejected == made.rejected


def test_a_file_that_is_no_table_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="does not exist"):
        preview(tmp_path / "none.csv", ImportOptions())
    with pytest.raises(InputError, match="is empty"):
        preview(write(tmp_path, ""), ImportOptions())
    with pytest.raises(InputError, match="the decimal mark is ';'"):
        preview(write(tmp_path, "a,b\n1,2\n"), ImportOptions(decimal=";"))


def test_a_column_has_the_scaling_that_was_said_of_it(tmp_path: Path) -> None:
    path = write(tmp_path, "a,b,y\n1,1,5\n2,9,7\n3,5,9\n")
    options = ImportOptions().with_column(1, scale="minmax").with_column(2, scale="none")
    data = imported(path, options)
    assert data.X[:, 1].tolist() == [0.0, 1.0, 0.5]
    assert data.X[:, 0].mean() == pytest.approx(0)
    assert data.Y[:, 0].tolist() == [5, 7, 9]


def test_classes_truth_values_and_flags_stay_0_and_1_unless_they_are_to_be_scaled(
    tmp_path: Path,
) -> None:
    path = write(tmp_path, "a,b,c,y\nred,true,1,p\nblue,false,,q\nred,true,3,q\n")
    options = ImportOptions().with_column(2, missing="flag")
    data = imported(path, options)
    assert data.feature_names == ("a=blue", "a=red", "b", "c", "c missing")
    assert data.X[:, [0, 1, 2, 4]].tolist() == [[0, 1, 1, 0], [1, 0, 0, 1], [0, 1, 1, 0]]
    assert data.rescale("minmax").X[:, 3].tolist() == [0.0, 0.5, 1.0]
    scaled = imported(path, options.with_column(0, scale="standard"))
    assert scaled.X[:, :2].mean(axis=0) == pytest.approx([0, 0])


PLOTS = "plot,a,y,set\n" + "".join(
    f"p{n // 4},{n},{'uv'[n % 2]},{('train', 'Val', 'train', 'test')[n % 4]}\n" for n in range(24)
)


def test_a_group_is_no_feature_and_stays_whole_in_every_split(tmp_path: Path) -> None:
    path = write(tmp_path, PLOTS)
    data = imported(
        path, ImportOptions().with_column(0, role="group").with_column(3, role="ignore")
    )
    assert (data.feature_names, data.groups.column, len(data.groups.names)) == (("a",), "plot", 6)
    for seed in range(5):
        made = data.split(0.3, seed)
        assert {n // 4 for n in made.training} & {n // 4 for n in made.validation} == set()


def test_a_column_of_words_for_both_sides_is_found_and_can_be_corrected(tmp_path: Path) -> None:
    path = write(tmp_path, PLOTS)
    shown = preview(path, ImportOptions())
    assert [each.role for each in shown.columns] == ["feature", "feature", "target", "split"]
    assert shown.data.sides.validation == ("Val", "test")
    made = imported(path, ImportOptions()).split(0.2, 0, "by column")
    assert made.validation.tolist() == [n for n in range(24) if n % 4 in (1, 3)]
    said = ImportOptions().with_column(3, role="split", validation=("test",))
    made = imported(path, said).split(0.2, 0, "by column")
    assert made.validation.tolist() == [n for n in range(24) if n % 4 == 3]
    as_feature = imported(path, ImportOptions().with_column(3, role="feature"))
    assert as_feature.sides is None
    assert "set=test" in as_feature.feature_names


def test_of_values_that_say_nothing_the_rarest_is_for_validation(tmp_path: Path) -> None:
    path = write(tmp_path, "k,a,y\n" + "0,1,u\n0,2,v\n1,3,u\n0,4,v\n")
    assert imported(path, ImportOptions().with_column(0, role="split")).sides.validation == ("1",)
    many = write(tmp_path, "k,a,y\n" + "".join(f"{n},1,{'uv'[n % 2]}\n" for n in range(20)))
    refused = preview(many, ImportOptions().with_column(0, role="split")).refused
    assert "column k has 20 values, a split has at most 12" in refused


def test_a_row_without_group_is_left_out_with_its_place(tmp_path: Path) -> None:
    path = write(tmp_path, "plot,a,y\np,1,u\n,2,v\nq,3,u\nq,4,v\n")
    shown = preview(path, ImportOptions().with_column(0, role="group"))
    assert said(shown) == [(3, 1, 0, "empty")]
    assert imported(path, shown.options).rows.tolist() == [0, 2, 3]


def test_there_is_one_column_of_groups(tmp_path: Path) -> None:
    options = ImportOptions().with_column(0, role="group").with_column(1, role="group")
    path = write(tmp_path, "a,b,c,y\n1,2,3,u\n2,3,4,v\n")
    shown = preview(path, options)
    assert shown.refused == "data.csv: columns a, b are all group; choose one"
    roles = [each.role for each in preview(path, options.with_only("group", 1, [0])).columns]
    assert roles == ["feature", "group", "feature", "target"]


def test_opening_says_that_a_column_looks_like_a_split(tmp_path: Path) -> None:
    notes = dataset.load(write(tmp_path, PLOTS), target="y").notes
    assert "column set seems to say what rows are for; it is a feature here" in notes


COLUMNS = st.builds(
    ColumnOptions,
    role=st.sampled_from([None, *ROLES]),
    kind=st.sampled_from([None, "number", "class"]),
    missing=st.sampled_from(FILLINGS),
    unreadable=st.sampled_from(["leave out", "missing", "read"]),
    scale=st.sampled_from([None, *SCALINGS]),
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(columns=st.dictionaries(st.integers(0, 3), COLUMNS))
def test_whatever_is_said_the_import_gives_what_the_preview_shows(
    tmp_path: Path, columns: dict[int, ColumnOptions]
) -> None:
    path = write(
        tmp_path, "plot,a,b,set\n" + "p,1,2.5,train\nq,,x,test\np,3,1.5,train\nr,4,,test\n" * 6
    )
    shown = preview(path, ImportOptions(columns=columns))
    if shown.data is None:
        assert shown.refused
        return
    said_again = preview(path, settled(shown))
    made = importing.load(path, settled(shown))
    for other in (said_again.data, made):
        assert other.features.tolist() == shown.data.features.tolist()
        assert other.feature_names == shown.data.feature_names
        assert other.scaling.own == shown.data.scaling.own
        assert other.rejected == shown.data.rejected
        assert (other.groups is None) == (shown.data.groups is None)
        if shown.data.sides is not None:
            assert other.sides.validation == shown.data.sides.validation
    assert said_again.problems == shown.problems
    assert made.X.tolist() == shown.data.rescale("standard").X.tolist()
