"""Derivations opened by what they are read with: pdflatex, and a browser without a screen."""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bpstudio.core.worked import DIGITS, work_out
from bpstudio.files.derivation_style import PartOfDocument, Style
from bpstudio.files.derivations import FORMATS
from tests.files.exercises import every, small_trace

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "chrome"))), None)
pytestmark = pytest.mark.slow


def long_titles() -> str:
    """An exercise with its key, whose title takes more than a line."""
    trace = small_trace()
    worked = work_out(trace, "update/l3/j0/k1/update_w", "delta", 4)
    key = PartOfDocument("Key. ", worked, Style())
    weight = "$w_{00}^{(3)} \\text{ after the update}$"
    title = f"Derivation: Update, Layer $L-1$, Node 0, Weight 0, {weight}"
    long = PartOfDocument("Key. ", replace(worked, title=title), Style(blanks=True))
    return FORMATS[".tex"]([long, key])


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="there is no pdflatex here")
@pytest.mark.parametrize("digits", [4, DIGITS[-1]])
def test_the_latex_compiles_as_it_is_and_no_line_is_wider_than_the_page(
    digits: int, tmp_path: Path
) -> None:
    for name, text in {**every(".tex", digits), "long titles": long_titles()}.items():
        (tmp_path / "d.tex").write_text(text, encoding="utf-8")
        command = ["pdflatex", "-halt-on-error", "-interaction=nonstopmode", "d.tex"]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False)
        said = done.stdout.decode("latin-1")
        assert done.returncode == 0, (name, said[-2000:])
        assert "Overfull" not in said, name
        assert "Warning" not in said, name


# what the page may load: nothing but what stands in it
ALONE = (
    '<meta http-equiv="Content-Security-Policy" '
    """content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">"""
)
PROBE = """<script>
const box = element => element.getBoundingClientRect();
const all = selector => [...document.querySelectorAll(selector)];
document.title = JSON.stringify({
  formulas: all("math").length,
  unseen: all("math").filter(x => !box(x).width || !box(x).height).length,
  fractions: all("mfrac").length,
  flat: all("mfrac").filter(x => box(x.children[0]).bottom > box(x.children[1]).top).length,
  roots: all("msqrt").length,
  too_wide: all(".formula").filter(x => x.scrollWidth > x.clientWidth).length,
  loaded: performance.getEntriesByType("resource").length,
});
</script>"""


def opened(path: Path, text: str) -> dict[str, Any]:
    """What a browser says of a page, which may load nothing and complain of nothing."""
    assert CHROMIUM is not None
    probed = text.replace("<head>", f"<head>{ALONE}").replace("</body>", f"{PROBE}</body>")
    page = path / "page.html"
    page.write_text(probed, encoding="utf-8")
    options = ["--headless", "--no-sandbox", "--disable-gpu", "--enable-logging=stderr"]
    own = [f"--user-data-dir={path / 'profile'}", "--window-size=1000,900", "--dump-dom"]
    done = subprocess.run(
        [CHROMIUM, *options, *own, page.as_uri()],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    assert "CONSOLE" not in done.stderr, done.stderr
    title = re.search("<title>(.*?)</title>", done.stdout)
    assert title is not None
    return dict(json.loads(html.unescape(title[1])))


@pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium here")
@pytest.mark.parametrize(
    "name", ["page, d", "softmax, delta", "adam, d", "batch, matrix", "fractions, matrix"]
)
def test_a_browser_draws_every_formula_and_loads_nothing(name: str, tmp_path: Path) -> None:
    text = every(".html")[name]
    said = opened(tmp_path, text)
    assert said["formulas"] == text.count("<math")
    assert said["fractions"] == text.count("<mfrac") > 0
    assert {key: said[key] for key in ("unseen", "flat", "too_wide", "loaded")} == {
        "unseen": 0,
        "flat": 0,
        "too_wide": 0,
        "loaded": 0,
    }
