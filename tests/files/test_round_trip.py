"""Whatever is written as CSV comes back, with its lines."""

from __future__ import annotations

import csv
import io
import struct
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bpstudio.files import staging
from bpstudio.files.opening import open_table
from tests.files.tables import texts, write

# The temporary folder may serve all examples: each writes its file anew.
ONE_FOLDER = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=50
)


CELLS = st.text(alphabet='abé",;\n\r xyz', min_size=1, max_size=6).filter(lambda cell: cell.strip())
TABLES = st.integers(2, 4).flatmap(
    lambda width: st.lists(st.lists(CELLS, min_size=width, max_size=width), min_size=1, max_size=12)
)


@ONE_FOLDER
@given(rows=TABLES, end=st.sampled_from(["\n", "\r\n"]), quoting=st.sampled_from([0, 1]))
@example(rows=[["a", "b"], ['"', "\n\n"], ["\r", "x"]], end="\n", quoting=0).via("line ends")
def test_any_text_written_as_csv_comes_back_with_its_lines(
    tmp_path: Path, rows: list[list[str]], end: str, quoting: int
) -> None:
    rows = [[cell.strip() or "q" for cell in row] for row in rows]
    if any("\r" in cell for row in rows for cell in row):
        quoting = csv.QUOTE_ALL  # the writer does not quote a lone carriage return by itself
    file = io.StringIO(newline="")
    starts, width = [], len(rows[0])
    writer = csv.writer(file, lineterminator=end, quoting=quoting)  # type: ignore[arg-type]
    writer.writerow([f"name{k}" for k in range(width)])
    for row in rows:
        starts.append(len(file.getvalue().replace("\r\n", "\n").replace("\r", "\n").split("\n")))
        writer.writerow(row)
    path = write(tmp_path, file.getvalue())
    with open_table(path, delimiter=",", header=True) as table:
        assert [[texts(table, k)[n] for k in range(width)] for n in range(len(rows))] == rows
        assert table.rows.lines.tolist() == starts


@ONE_FOLDER
@given(
    rows=st.lists(
        st.tuples(st.floats(-1e300, 1e300), st.floats(-1e300, 1e300)), min_size=1, max_size=20
    )
)
def test_numbers_come_back_to_the_last_bit(tmp_path: Path, rows: list[tuple[float, float]]) -> None:
    text = "a,b\n" + "".join(f"{x!r},{y!r}\n" for x, y in rows)
    with open_table(write(tmp_path, text)) as table:
        read = table.numbers(table.columns)
    expected = b"".join(struct.pack("dd", *row) for row in rows)
    assert np.ascontiguousarray(read).tobytes() == expected


RAGGED = st.lists(
    st.lists(
        st.sampled_from(["1", "x", "", " ", "NA", '"p, q"', '""', '5" w']), min_size=0, max_size=5
    ),
    max_size=12,
)


@ONE_FOLDER
@given(rows=RAGGED, ends=st.lists(st.sampled_from(["\n", "\r\n"]), min_size=1, max_size=2))
def test_reading_line_by_line_and_record_by_record_agree(
    tmp_path: Path, rows: list[list[str]], ends: list[str]
) -> None:
    lines = ["a,b,c", "1,2,3", *(",".join(row) for row in rows), "1,x,y"]
    path = write(tmp_path, "".join(line + ends[n % len(ends)] for n, line in enumerate(lines)))
    found = []
    for forced in (False, True):
        with pytest.MonkeyPatch.context() as patch:
            if forced:
                patch.setattr(staging, "_stage_lines", _refuse)
            with open_table(path, delimiter=",", header=True) as table:
                rows_read = table.rows
                cells = table._connection.execute("select * from cells").fetchall()
        found.append(
            (cells, rows_read.numbers.tolist(), rows_read.lines.tolist(), rows_read.rejected)
        )
    assert found[0] == found[1]


def _refuse(*_: object) -> None:
    raise staging._NotLineByLineError
