"""Shipped files are found wherever bpstudio is started from."""

from pathlib import Path

import pytest

from bpstudio.resources import resource


@pytest.mark.parametrize("name", ["data/iris.csv", "fonts/Inter-Regular.otf"])
def test_a_shipped_file_is_found_from_any_folder(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert resource(name).is_file()
    assert resource(name).is_absolute()


def test_a_shipped_folder_is_found() -> None:
    assert resource("fonts").is_dir()


def test_a_missing_file_is_named_with_the_remedy() -> None:
    with pytest.raises(FileNotFoundError, match=r"resources/data/none\.csv is missing .* again"):
        resource("data/none.csv")
