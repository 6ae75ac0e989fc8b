"""Large data of a session: read from its own file again, to the bit, or refused by name."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bpstudio.core.dataset import Dataset
from bpstudio.core.drawing import Drawn
from bpstudio.core.errors import InputError
from bpstudio.core.network import Network
from bpstudio.files import dataset, extent, importing, session_data, session_source
from bpstudio.files.import_options import ColumnOptions, ImportOptions
from bpstudio.files.session_file import load_session, save_session
from bpstudio.files.session_source import DataFile, DataFileError
from bpstudio.files.session_values import SavedSession
from tests.files import runs
from tests.files.runs import npy, putting
from tests.files.saved import told

ROWS = ["x;y;kind", *(f"{n * 0.37 % 1:.3f};{n % 7};{'ab'[n % 3 > 0]}" for n in range(30)), ";1;a"]


@pytest.fixture(autouse=True)
def _all_data_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session_data, "LARGEST_EMBEDDED", 0)


@pytest.fixture
def csv(tmp_path: Path) -> Path:
    """A data file."""
    path = tmp_path / "data" / "d.csv"
    path.parent.mkdir()
    path.write_text("\n".join(ROWS) + "\n")
    return path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the session goes."""
    return tmp_path / "work.bps"


def source(csv: Path) -> DataFile:
    made = DataFile.of(csv, dataset.load(csv, "kind"), target=("kind",))
    assert made is not None
    return made


def changed(loaded: Dataset) -> Dataset:
    """Split, scaled otherwise, and changed by hand, before and after."""
    made = loaded.with_input(3, 0, 0.1 + 0.2).rescale("minmax").split(0.3, 1)
    return made.with_input(5, 1, 1 / 3).with_target(7, 0, 2.0).with_target(7, 1, 0.0)


def saved(data: Dataset, source: DataFile | None) -> SavedSession:
    network = Network.create([data.n_features, 2, data.n_targets])
    return SavedSession(data, network, network, source=source)


def of(csv: Path, change: Callable[[Dataset], Dataset] = lambda loaded: loaded) -> SavedSession:
    """A session on the data of the file."""
    source_ = source(csv)
    return saved(change(source_.loaded), source_)


def test_data_comes_back_from_its_file_with_what_was_changed(csv: Path, path: Path) -> None:
    source_ = source(csv)
    data = changed(source_.loaded)
    save_session(saved(data, source_), path)
    assert not any("features.npy" in name for name in runs.members(path))
    found = load_session(path)
    assert told(found) == told(saved(data, source_))
    assert found.data.labels is not None
    assert data.labels is not None
    assert found.data.labels.tolist() == data.labels.tolist()
    assert found.data.rejected == data.rejected
    whole = path.read_bytes()
    save_session(found, path)
    assert path.read_bytes() == whole


def test_it_is_imported_again_as_it_was(csv: Path, path: Path) -> None:
    columns = {0: ColumnOptions(missing="mean"), 1: ColumnOptions(kind="class")}
    options = ImportOptions(delimiter=";", columns={**columns, 2: ColumnOptions(role="target")})
    source_ = DataFile.of(csv, importing.load(csv, options), options=options)
    assert source_ is not None
    save_session(saved(source_.loaded, source_), path)
    found = load_session(path)
    assert told(found) == told(saved(source_.loaded, source_))
    assert found.source is not None
    assert found.source.options == options


def test_a_file_that_moved_is_found_by_the_session_or_where_one_says(
    csv: Path, path: Path, tmp_path: Path
) -> None:
    save_session(of(csv), path)
    csv.rename(tmp_path / "other.csv")
    with pytest.raises(DataFileError, match=r"work\.bps needs its data file of .* is not there"):
        load_session(path)
    assert load_session(path, tmp_path / "other.csv").data.path == str(tmp_path / "other.csv")
    (tmp_path / "other.csv").rename(tmp_path / "d.csv")
    assert len(load_session(path).data) == 30


def test_a_file_that_cannot_be_read_is_asked_for(
    csv: Path, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_path: str, _stamp: tuple[int, int]) -> str:
        raise PermissionError(errno.EACCES, "Permission denied", str(csv))

    save_session(of(csv), path)
    monkeypatch.setattr(session_source, "_digest", refuse)
    with pytest.raises(DataFileError, match=r"d\.csv cannot be read: Permission denied; choose"):
        load_session(path)


def test_another_file_is_refused(csv: Path, path: Path, tmp_path: Path) -> None:
    save_session(of(csv), path)
    whole = csv.read_bytes()
    csv.write_bytes(whole.replace(b"0.370", b"0.371"))
    with pytest.raises(DataFileError, match="is not the data file that work") as caught:
        load_session(path)
    assert caught.value.path == str(csv)
    (tmp_path / "d.csv").write_bytes(whole)  # the right one lies by the session
    assert len(load_session(path).data) == 30
    with pytest.raises(DataFileError, match=r"absent\.csv is not there"):
        load_session(path, tmp_path / "absent.csv")


@pytest.mark.parametrize("loss", ["changed", "gone"])
def test_data_whose_file_is_no_longer_as_it_was_is_embedded(
    loss: str, csv: Path, path: Path
) -> None:
    source_ = source(csv)
    if loss == "gone":
        csv.unlink()
    else:
        csv.write_text("\n".join(ROWS[:9]) + "\n")
    save_session(saved(changed(source_.loaded), source_), path)
    found = load_session(path)
    assert told(found) == told(saved(changed(source_.loaded), source_))
    assert found.source is None


def test_data_whose_file_changed_while_it_was_read_is_embedded(csv: Path, path: Path) -> None:
    before = DataFile.stamp_of(csv)
    loaded = dataset.load(csv, "kind")
    csv.write_text("\n".join(ROWS[:9]) + "\n")
    source_ = DataFile.of(csv, loaded, before, target=("kind",))
    save_session(saved(loaded, source_), path)
    assert (len(load_session(path).data), load_session(path).source) == (30, None)


def test_small_data_is_embedded(csv: Path, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session_data, "LARGEST_EMBEDDED", 10**6)
    save_session(of(csv), path)
    csv.unlink()
    assert len(load_session(path).data) == 30


def test_data_of_another_file_is_embedded(csv: Path, path: Path) -> None:
    save_session(saved(runs.data(), source(csv)), path)
    csv.unlink()
    assert len(load_session(path).data) == 12


# ---- files that are made up ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "place", ["/dev/zero", "//host/share/d.csv", "\\\\host\\share\\d.csv", "", "\0", "."]
)
def test_no_device_and_no_other_machine_is_asked(
    place: str, csv: Path, path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save_session(of(csv), path)
    runs.tampered(path, tmp_path / "bad.bps", putting(("source", "path"), place))
    asked: list[str] = []
    stat = os.stat
    monkeypatch.setattr(
        os, "stat", lambda p, **how: (asked.append(os.fspath(p)), stat(p, **how))[1]
    )
    with pytest.raises(DataFileError):
        load_session(tmp_path / "bad.bps")
    assert not any("host" in each for each in asked)


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("sha256", "0" * 64, "is not the data file"),
        ("size", 1, "is not the data file"),
        ("target", ["absent"], "absent"),
        ("bad_rows", "take", "Invalid enum value"),
        ("options", {"skip": -1}, "the options of its import"),
        ("options", {"__class__": "x"}, "the options of its import"),
    ],
)
def test_what_does_not_fit_the_file_is_named(
    key: str, value: Any, words: str, csv: Path, path: Path, tmp_path: Path
) -> None:
    save_session(of(csv), path)
    runs.tampered(path, tmp_path / "bad.bps", putting(("source", key), value))
    with pytest.raises(InputError) as caught:
        load_session(tmp_path / "bad.bps")
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("member", "array"),
    [
        ("features_places", np.array([[99, 0]])),
        ("features_places", np.array([[0, -1]])),
        ("features_places", np.zeros((2, 2), dtype=np.int64)),
        ("features_raw", np.array([np.nan])),
    ],
)
def test_cells_that_are_none_are_refused(
    member: str, array: Any, csv: Path, path: Path, tmp_path: Path
) -> None:
    save_session(of(csv, lambda loaded: loaded.with_input(3, 0, 0.5)), path)
    contents = runs.members(path)
    contents[f"cells/0/{member}.npy"] = npy(array)
    runs.write(tmp_path / "bad.bps", runs.signed(contents))
    with pytest.raises(InputError, match=r"bad\.bps"):
        load_session(tmp_path / "bad.bps")


@pytest.mark.parametrize("imported", [False, True])
def test_a_sample_is_drawn_again_as_it_was(csv: Path, path: Path, imported: bool) -> None:
    if imported:
        options = ImportOptions(sample_rows=12, sample_seed=3)
        source_ = DataFile.of(csv, importing.load(csv, options), options=options)
    else:
        data = dataset.load(csv, "kind", sample=12, sample_seed=3)
        source_ = DataFile.of(csv, data, target=("kind",))
    assert source_ is not None
    save_session(saved(source_.loaded, source_), path)
    assert not any("features.npy" in name for name in runs.members(path))
    found = load_session(path)
    assert found.data.drawn == Drawn(12, 31, 3)
    assert told(found) == told(saved(source_.loaded, source_))
    assert found.source is not None
    assert found.source.options == (options if imported else None)


def test_all_rows_are_read_again_however_little_memory_is_free(
    csv: Path, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save_session(of(csv), path)
    monkeypatch.setattr(extent, "reading_limit", lambda: 1)
    assert load_session(path).data.drawn is None


def test_a_sample_in_the_session_itself_says_so(
    csv: Path, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session_data, "LARGEST_EMBEDDED", 10**6)
    save_session(saved(dataset.load(csv, "kind", sample=12), None), path)
    assert load_session(path).data.drawn == Drawn(12, 31)
