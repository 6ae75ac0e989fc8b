"""The documentation: its examples run, and its pages are built without a warning."""

from __future__ import annotations

import doctest
import importlib
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bpstudio.resources import resource

ROOT = Path(__file__).resolve().parents[1]
TOUR = (ROOT / "docs" / "tour.md").read_text(encoding="utf-8")


def test_the_tour_in_python_shows_what_it_gives(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copy(resource("data/iris.csv"), tmp_path)
    monkeypatch.chdir(tmp_path)
    text = re.sub("^```.*$", "", TOUR, flags=re.MULTILINE)
    test = doctest.DocTestParser().get_doctest(text, {}, "tour", None, None)
    assert len(test.examples) > 30
    said: list[str] = []
    doctest.DocTestRunner().run(test, out=said.append, clear_globs=False)
    assert not said, "".join(said)
    step = test.globs["step"]
    assert f"$$\n{step.symbol} = {step.substitution}\n$$" in TOUR


@pytest.mark.parametrize("page", sorted((ROOT / "docs").glob("*.md")), ids=lambda page: page.stem)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([\w./-]+)\)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).is_file(), target


@pytest.mark.slow
def test_the_pages_are_built_without_a_warning_and_load_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("sphinx")
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    command = importlib.import_module("docs").command(sys.executable, str(tmp_path / "html"))
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    pages = {page.stem: page.read_text(encoding="utf-8") for page in tmp_path.glob("html/*.html")}
    assert {path.stem for path in (ROOT / "docs").glob("*.md")} <= set(pages)
    for name, text in pages.items():
        assert not re.findall(r'<(?:script|link|img)[^>]*(?:src|href)="(?:https?:)?//', text), name
    assert "bpstudio.train" in pages["api"]
    for field in ("UpdateSettings.clip", "Schedule.warm_up", "Layer.W", "Dataset.groups"):
        described = pages["api"].partition(f'id="bpstudio.{field}"')[2].partition("</dd>")[0]
        assert "<p>" in described, field
    assert "--optimizer NAME" in pages["command-line"]
    assert "<mfrac>" in pages["notation"]
