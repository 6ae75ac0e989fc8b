"""Reading some rows of a file that is too large, or of any other: the rule, and what is said."""

from __future__ import annotations

import gzip
import subprocess
import sys
from pathlib import Path

import duckdb
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bpstudio.core.drawing import Drawn, drawn_rows
from bpstudio.core.errors import InputError, TooLargeError
from bpstudio.files import extent, preview, thinning
from bpstudio.files.dataset import load
from bpstudio.files.extent import Extent, Sampling, suggested_rows
from bpstudio.files.import_options import ImportOptions
from bpstudio.files.importing import load as import_
from bpstudio.files.info import info, info_json, info_text
from bpstudio.files.opening import open_table
from bpstudio.files.reading import CalledOffError, Phase, Reading
from bpstudio.files.table import Table
from tests.files.tables import numbers, texts, write

ROWS = 300


def _csv(end: str = "\n", delimiter: str = ",") -> str:
    """A column that counts the rows, and its square."""
    lines = ["n,square,kind"] + [f"{n},{n * n},{'xy'[n % 2]}" for n in range(ROWS)]
    return "".join(line.replace(",", delimiter) + end for line in lines)


def _check(table: Table, rows: int, seed: int, first_line: int = 2) -> None:
    """It has the rows that the rule draws, named as in the file."""
    expected = drawn_rows(ROWS, rows, seed)
    assert table.drawn == Drawn(rows, ROWS, seed)
    assert table.rows.numbers.tolist() == expected.tolist()
    assert table.rows.lines.tolist() == (expected + first_line).tolist()
    assert numbers(table, 0) == [[float(n)] for n in expected.tolist()]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["lf", "crlf", "cr"])
@pytest.mark.parametrize("block", [7, 1 << 23])
def test_the_rows_drawn_keep_their_numbers_and_lines(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, end: str, block: int
) -> None:
    monkeypatch.setattr(thinning, "BLOCK", block)
    with open_table(write(tmp_path, _csv(end)), sampling=Sampling(40, 3)) as table:
        _check(table, 40, 3)
        assert table.notes[0] == "a sample of 40 of 300 rows, drawn from seed 3"


@pytest.mark.parametrize("as_text", [None, ()])
def test_numbers_kept_as_numbers_are_those_of_the_rows_drawn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, as_text: tuple[int, ...] | None
) -> None:
    monkeypatch.setattr("bpstudio.files.opening.LARGE", 0)
    path = write(tmp_path, _csv())
    with open_table(path, sampling=Sampling(40, 3), as_text=as_text) as table:
        _check(table, 40, 3)


def test_tabs_and_gzip_and_other_encodings_are_drawn_from_alike(tmp_path: Path) -> None:
    packed = write(tmp_path, gzip.compress(_csv("\n", "\t").encode("utf-16")), "data.tsv.gz")
    with open_table(packed, sampling=Sampling(25)) as table:
        _check(table, 25, 0)


def _parquet(path: Path, query: str) -> Path:
    with duckdb.connect() as connection:
        connection.execute(f"copy ({query}) to '{path}' (format parquet, row_group_size 2048)")
    return path


@pytest.mark.parametrize("as_text", [None, ()])
def test_a_parquet_file_is_drawn_from_alike(
    tmp_path: Path, as_text: tuple[int, ...] | None
) -> None:
    query = f"select i as n, i * i / 4 as quarter, 'k' || i % 3 as kind from range({ROWS}) t(i)"
    path = _parquet(tmp_path / "data.parquet", query)
    with open_table(path, sampling=Sampling(50, 9), as_text=as_text) as table:
        _check(table, 50, 9, first_line=1)
        expected = drawn_rows(ROWS, 50, 9).tolist()
        assert numbers(table, 1) == [[n * n / 4] for n in expected]
        assert texts(table, 2) == [f"k{n % 3}" for n in expected]


def test_rows_of_many_groups_of_a_parquet_file_come_in_order(tmp_path: Path) -> None:
    path = _parquet(tmp_path / "data.parquet", "select i as n, -i as m from range(20000) t(i)")
    with open_table(path, sampling=Sampling(5000, 1), as_text=()) as table:
        assert numbers(table, 0) == [[float(n)] for n in drawn_rows(20_000, 5000, 1).tolist()]


def test_empty_and_comment_lines_are_no_rows_and_are_counted(tmp_path: Path) -> None:
    lines = _csv().splitlines()
    text = "# made up\n\n" + "\n\n   \n".join(lines[:5]) + "\n" + "\n".join(lines[5:]) + "\n\n"
    with open_table(write(tmp_path, text), comment="#") as whole:
        pass
    with open_table(write(tmp_path, text), comment="#", sampling=Sampling(100)) as table:
        expected = drawn_rows(ROWS, 100)
        assert table.rows.numbers.tolist() == expected.tolist()
        assert table.rows.lines.tolist() == whole.rows.lines[expected].tolist()
        assert table.notes[1:] == whole.notes


def test_rows_that_run_over_lines_are_drawn_whole(tmp_path: Path) -> None:
    text = "n,said\n" + "".join(f'{n},"one\n\n{n}"\n{n + 1},plain\n\n' for n in range(0, ROWS, 2))
    with open_table(write(tmp_path, text)) as whole:
        said = texts(whole, 1)
    with open_table(write(tmp_path, text), sampling=Sampling(60, 2)) as table:
        expected = drawn_rows(ROWS, 60, 2)
        assert table.rows.numbers.tolist() == expected.tolist()
        assert table.rows.lines.tolist() == whole.rows.lines[expected].tolist()
        assert texts(table, 1) == [said[n] for n in expected.tolist()]
        assert table.notes[1:] == whole.notes


@pytest.mark.parametrize("more", ["", ",7", '"5 inch", 2'], ids=["few", "many", "quote"])
def test_broken_rows_are_named_by_their_place_in_the_file(tmp_path: Path, more: str) -> None:
    lines = _csv().splitlines()
    lines[1::3] = ["1" if not more else lines[1] + more for _ in lines[1::3]]
    path = write(tmp_path, "\n".join(lines))
    with open_table(path) as whole:
        pass
    with open_table(path, sampling=Sampling(90, 4)) as table:
        drawn = set(drawn_rows(ROWS, 90, 4).tolist())
        assert table.rows.rejected == tuple(r for r in whole.rows.rejected if r.row in drawn)
        assert table.rows.numbers.tolist() == [n for n in whole.rows.numbers.tolist() if n in drawn]


def test_a_sample_of_more_rows_than_there_are_is_the_whole(tmp_path: Path) -> None:
    with open_table(write(tmp_path, _csv()), sampling=Sampling(ROWS)) as table:
        assert table.drawn is None
        assert len(table) == ROWS
        assert table.notes == ()


def test_a_file_without_a_line_end_at_its_end_is_read_to_the_end(tmp_path: Path) -> None:
    with open_table(write(tmp_path, _csv().rstrip()), sampling=Sampling(ROWS - 1)) as table:
        _check(table, ROWS - 1, 0)


PIECES = (
    "1,x",
    "2.5,",
    ",",
    "3",
    "4,y,z",
    '"a,b",c',
    '"one\ntwo",3',
    '"no ""and"" yes",4',
    '5,"6"',
)


@given(
    lines=st.lists(st.sampled_from((*PIECES, "", "  ")), min_size=6, max_size=40),
    end=st.sampled_from(["\n", "\r\n"]),
    rows=st.integers(1, 12),
    seed=st.integers(0, 99),
)
@settings(max_examples=8)
def test_a_sample_is_what_the_whole_has_in_the_rows_drawn(
    tmp_path_factory: pytest.TempPathFactory,
    lines: list[str],
    end: str,
    rows: int,
    seed: int,
) -> None:
    text = "".join(line.replace("\n", end) + end for line in ["n,said", "1,w", *lines])
    path = write(tmp_path_factory.mktemp("any"), text)
    format_ = {"delimiter": ",", "header": True}
    with open_table(path, **format_) as table:
        whole, cells = table.rows, table.cells(99)
    of = len(cells) + len(whole.rejected)
    drawn = set(drawn_rows(of, rows, seed).tolist())
    kept = [at for at, row in enumerate(whole.numbers.tolist()) if row in drawn]
    if not kept:
        return
    with open_table(path, **format_, sampling=Sampling(rows, seed)) as table:
        assert table.drawn == (Drawn(rows, of, seed) if rows < of else None)
        assert table.rows.numbers.tolist() == whole.numbers[kept].tolist()
        assert table.rows.lines.tolist() == whole.lines[kept].tolist()
        assert table.rows.rejected == tuple(r for r in whole.rejected if r.row in drawn)
        assert table.cells(99) == [cells[at] for at in kept]


@pytest.mark.parametrize("end", ["\n", "\r"], ids=["by lines", "by rows"])
def test_drawing_says_how_far_it_is_and_can_be_called_off(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, end: str
) -> None:
    monkeypatch.setattr(thinning, "BLOCK", 64)
    monkeypatch.setattr(thinning, "TOLD", 16)
    path, told, reading = write(tmp_path, _csv(end)), [], Reading()

    def tell(phase: Phase, done: float) -> None:
        told.append((phase, done))
        if done > 0.9:
            reading.call_off()
        reading.tell(phase, done)

    monkeypatch.setattr(thinning, "tell", tell)
    with pytest.raises(CalledOffError), reading, open_table(path, sampling=Sampling(50)):
        pass
    assert [phase for phase, _ in told] == ["sample"] * len(told)
    assert told == sorted(told)
    assert len(told) > 10


# What is too large -------------------------------------------------------------------------


def test_all_rows_are_read_where_there_is_room(tmp_path: Path) -> None:
    sampling = Sampling(memory=extent.PER_CELL * 3 * ROWS)
    with open_table(write(tmp_path, _csv()), sampling=sampling) as table:
        assert table.drawn is None


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_where_there_is_no_room_rows_that_fit_are_drawn(tmp_path: Path, suffix: str) -> None:
    path = write(tmp_path, _csv())
    if suffix == "parquet":
        path = _parquet(tmp_path / "data.parquet", f"select * from '{path}'")
    sampling = Sampling(memory=extent.PER_CELL * 3 * 120)
    with open_table(path, sampling=sampling) as table:
        assert table.drawn == Drawn(100, ROWS)


def test_or_it_is_refused_with_a_number_that_fits(tmp_path: Path) -> None:
    sampling = Sampling(too_large="refuse", memory=extent.PER_CELL * 3 * 120)
    path, message = write(tmp_path, _csv()), "sample of it, such as 100 rows"
    with (
        pytest.raises(TooLargeError, match=message) as caught,
        open_table(path, sampling=sampling),
    ):
        pass
    assert caught.value.rows == 100


def test_all_rows_are_read_where_that_is_said(tmp_path: Path) -> None:
    with open_table(write(tmp_path, _csv()), sampling=Sampling(0, memory=1)) as table:
        assert len(table) == ROWS


@pytest.mark.parametrize(
    ("rows", "expected"), [(10**6, 500_000), (420_000, 200_000), (99, 50), (1, 1), (0, 1)]
)
def test_the_rows_of_a_sample_are_round_and_fit(rows: int, expected: int) -> None:
    assert suggested_rows(Extent(10**8, 3), rows * 3 * extent.PER_CELL) == expected


# What is said ------------------------------------------------------------------------------


def test_a_data_set_says_what_part_of_its_file_it_is(tmp_path: Path) -> None:
    data = load(write(tmp_path, _csv()), "kind", sample=40, sample_seed=3)
    assert data.rows.tolist() == drawn_rows(ROWS, 40, 3).tolist()
    assert data.drawn == Drawn(40, ROWS, 3)
    assert data.notes[0] == "a sample of 40 of 300 rows, drawn from seed 3"
    assert data.n_rows == ROWS
    row = int(data.rows[7])
    assert data.features[data.position(row)].tolist() == [row, row * row]


def test_a_row_that_was_not_drawn_is_refused_with_its_neighbours(tmp_path: Path) -> None:
    data = load(write(tmp_path, _csv()), "kind", sample=10)
    rows = data.rows.tolist()
    gap = next(row for row in range(rows[0], ROWS) if row not in rows)
    with pytest.raises(InputError, match=r"is not in a sample of 10 of 300 rows.*nearest"):
        data.batch([gap])


def test_an_import_reads_the_same_rows_as_opening(tmp_path: Path) -> None:
    path = write(tmp_path, _csv())
    opened, imported = (
        load(path, "kind", sample=40, sample_seed=3),
        import_(path, ImportOptions().with_sample(40, 3)),
    )
    assert imported.rows.tolist() == opened.rows.tolist()
    assert np.array_equal(imported.features, opened.features)
    assert imported.drawn == opened.drawn


def test_info_says_that_it_is_of_a_sample(tmp_path: Path) -> None:
    found = info(write(tmp_path, _csv()), Sampling(40, 3))
    assert "  note: a sample of 40 of 300 rows, drawn from seed 3" in info_text(found)
    assert '"sample": {"rows": 40, "of": 300, "seed": 3}' in info_json(found)
    assert "sample" not in info_json(info(write(tmp_path, _csv())))


# Before it is read -------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["csv", "gz", "parquet"])
def test_a_preview_of_a_large_file_counts_its_rows_about_and_suggests_a_sample(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.setattr(preview, "reading_limit", lambda: extent.PER_CELL * 4 * 25_000)
    path = _large(tmp_path, kind)
    shown = preview.preview(path, ImportOptions())
    assert not shown.is_whole
    assert shown.rows == pytest.approx(40_000, rel=0.3)
    assert shown.suggested == 20_000
    assert preview.settled(shown).sample_rows == 20_000
    assert preview.settled(preview.preview(path, ImportOptions(sample_rows=0))).sample_rows == 0
    monkeypatch.setattr(preview, "reading_limit", lambda: 10**9)
    shown = preview.preview(path, ImportOptions())
    assert (shown.suggested, preview.settled(shown).sample_rows) == (None, None)


def _large(folder: Path, kind: str) -> Path:
    """40,000 rows of four columns."""
    draw = np.random.default_rng(0).integers(100_000, 1_000_000, (40_000, 3)).tolist()
    rows = "".join(f"{a},{b},{c},{'xy'[a % 2]}\n" for a, b, c in draw)
    path = write(folder, "a,b,c,kind\n" + rows)
    if kind == "gz":
        return write(folder, gzip.compress(path.read_bytes()), "data.csv.gz")
    if kind == "parquet":
        return _parquet(folder / "data.parquet", f"select * from '{path}'")
    return path


def test_a_preview_of_a_small_file_shows_the_sample_itself(tmp_path: Path) -> None:
    shown = preview.preview(write(tmp_path, _csv()), ImportOptions(sample_rows=40, sample_seed=3))
    assert (shown.is_whole, shown.rows, shown.kept) == (True, ROWS, 40)
    assert [line.row for line in shown.lines] == drawn_rows(ROWS, 40, 3).tolist()


# Parquet -----------------------------------------------------------------------------------

TYPES = (
    "select i::utinyint as tiny, i::bigint as big, i / 4 as fraction, i * 1.5::decimal(9, 2) as "
    "decimal, case when i % 7 > 0 then i end as holes, (i % 2 = 0) as even, 'k' || i % 3 as kind, "
    "case when i = 3 then 'nan'::float when i = 5 then 'infinity' else i end as odd, "
    "case when i % 2 = 0 then 'infinity'::double else i end as half, [i] as list "
    "from range(100) t(i)"
)


def test_numbers_of_a_parquet_file_are_the_same_by_their_types_as_by_their_texts(
    tmp_path: Path,
) -> None:
    path = _parquet(tmp_path / "data.parquet", TYPES)
    with open_table(path) as by_text, open_table(path, as_text=()) as by_type:
        assert by_type.columns == by_text.columns
        assert [c.type for c in by_type.columns[:5]] == ["integer"] * 2 + ["decimal"] * 2 + [
            "integer"
        ]
        both = (by_type, by_text)
        for column in by_type.columns:
            if column.type in ("integer", "decimal", "boolean"):
                one, other = (table.numbers([column]).tolist() for table in both)
                assert str(one) == str(other), column
                assert by_type.unreadable(column) == by_text.unreadable(column)
            else:
                one, other = (texts(table, column.index) for table in both)
                assert one == other
        assert by_type.columns[7].unreadable == 1


# Large -------------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_file_of_100_mb_is_sampled_within_bounded_memory(tmp_path: Path) -> None:
    block = "".join(f"{n % 977 / 7:.6f},{n % 31},{'xyz'[n % 3]}\n" for n in range(100_000))
    path = tmp_path / "large.csv"
    with open(path, "w", encoding="ascii") as file:
        file.write("a,b,kind\n")
        for _ in range(70):
            file.write(block)
    assert path.stat().st_size > 100 * 10**6
    script = (
        "import resource, sys; from bpstudio.files.dataset import load;"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss;"
        f"data = load({str(path)!r}, 'kind', sample=20_000, sample_seed=5);"
        "print(len(data), data.drawn.of, int(data.rows[-1]));"
        "print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)
    said, grown = done.stdout.decode().splitlines()
    rows = drawn_rows(7_000_000, 20_000, 5)
    assert said == f"20000 7000000 {rows[-1]}"
    assert int(grown) < 250  # MB, the reader itself among them
