"""Derivations to hand in: what the files say, and that they are well made."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from html.parser import HTMLParser
from pathlib import Path

import pytest

from bpstudio.core.errors import InputError
from bpstudio.core.worked import FORMS, work_out
from bpstudio.files.derivations import FORMATS, write_derivation
from tests.files.exercises import VARIED, every, small_trace

GOLDEN = Path(__file__).parent / "data"
WEIGHT = "update/l2/j1/k0"
SUFFIXES = tuple(FORMATS)

# what plain LaTeX with amsmath knows, of all that it knows
KNOWN = set(
    re.findall(
        r"\w+",
        """
        documentclass usepackage setlength setcounter allowdisplaybreaks begin end section
        subsection hoffset oddsidemargin textwidth topmargin textheight parindent parskip newpage
        IfFileExists emergencystretch lineskiplimit lineskip makeatletter makeatother newcommand
        newsavebox sbox
        usebox resizebox linewidth ifdim wd if else fi par vskip penalty addvspace raggedright
        mbox displaystyle step maybreak fit fitbox
        textbf texttt text mathrm mathbf boldsymbol hat underline hspace quad left right
        frac sqrt partial sum cdot cdots times odot top rightarrow le infty ln tanh max min pm
        beta delta eta gamma lambda mu rho sigma varepsilon varphi Phi pi
        """,
    )
)


def written(path: Path, form: str = "d", fractions: bool = False, **options: bool) -> str:
    """The derivation of the small network, as it is in a file."""
    worked = work_out(small_trace(), WEIGHT, form, fractions=fractions)
    write_derivation(worked, path, **options)
    return path.read_text(encoding="utf-8")


# ---- golden files ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("form", "suffix"),
    [("d", ".tex"), ("d", ".md"), ("d", ".html"), ("delta", ".md"), ("matrix", ".tex")],
)
def test_a_derivation_is_written_as_it_always_was(form, suffix, tmp_path):
    expected = (GOLDEN / f"derivation-{form}{suffix}").read_text(encoding="utf-8")
    assert written(tmp_path / f"d{suffix}", form) == expected


def test_blanks_and_their_key_are_written_as_they_always_were(tmp_path):
    expected = (GOLDEN / "derivation-blanks.md").read_text(encoding="utf-8")
    assert written(tmp_path / "d.md", blanks=True, decimal_comma=True) == expected


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_fractions_are_written_as_they_always_were(suffix, tmp_path):
    expected = (GOLDEN / f"derivation-fractions{suffix}").read_text(encoding="utf-8")
    assert written(tmp_path / f"d{suffix}", fractions=True) == expected


# ---- LaTeX -------------------------------------------------------------------------------------


def test_every_command_of_the_latex_is_one_of_latex_or_amsmath():
    for name, text in every(".tex").items():
        assert set(re.findall(r"\\([A-Za-z]+)", text)) <= KNOWN, name


def test_braces_and_environments_of_the_latex_are_balanced():
    for name, text in every(".tex").items():
        depth = 0
        for brace in re.findall(r"(?<!\\)[{}]", text):
            depth += 1 if brace == "{" else -1
            assert depth >= 0, name
        assert depth == 0, name
        stack: list[str] = []
        for verb, environment in re.findall(r"\\(begin|end)\{([a-z*]+)\}", text):
            if verb == "begin":
                stack.append(environment)
            else:
                assert stack.pop() == environment, name
        assert stack == [], name
        assert text.count(r"\left") - text.count(r"\leftarrow") == len(
            re.findall(r"\\right(?!arrow)", text)
        )


def test_the_latex_is_plain_ascii_with_no_empty_line_inside_a_formula():
    for name, text in every(".tex").items():
        assert text.isascii(), name
        text = text.partition(r"\begin{document}")[2]
        for formula in re.findall(r"\\begin\{align\*\}(.*?)\\end\{align\*\}", text, re.DOTALL):
            assert "\n\n" not in formula, name
        outside = re.sub(r"\\begin\{align\*\}.*?\\end\{align\*\}", "", text, flags=re.DOTALL)
        for line in outside.splitlines():
            assert re.sub(r"\\\$", "", line).count("$") % 2 == 0, (name, line)
            words = re.sub(r"\$[^$]*\$", "", line)
            assert re.search(r"(?<!\\)[_^&#%]", words) is None, (name, line)


# ---- Markdown ----------------------------------------------------------------------------------


def test_dollar_signs_of_the_markdown_are_in_pairs():
    for name, text in every(".md").items():
        assert text.count("$$") % 2 == 0, name
        outside = re.sub(r"\$\$.*?\$\$", "", text, flags=re.DOTALL)
        for line in outside.splitlines():
            assert line.count("$") % 2 == 0, (name, line)


# ---- HTML --------------------------------------------------------------------------------------


class _Page(HTMLParser):
    """Tags in their order, and what would be loaded from elsewhere."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.loaded: list[tuple[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.loaded += [pair for pair in attrs if pair[0] in ("src", "href", "data", "action")]
        assert tag not in ("script", "link", "img", "iframe", "object")
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag == "mspace"

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_html_is_well_formed_and_loads_nothing():
    for name, text in every(".html").items():
        page = _Page()
        page.feed(text)
        page.close()
        assert page.open == [], name
        assert page.loaded == [], name
        assert "url(" not in text
        assert "http" not in text
        ElementTree.fromstring(text[text.index("<body>") : text.index("</html>")])


def test_no_latex_is_left_in_the_html():
    for name, text in every(".html").items():
        assert "\\" not in text, name
        assert "$" not in text, name


# ---- numbers, blanks and keys ------------------------------------------------------------------


def decimals(text: str) -> set[str]:
    """Numbers with decimals, without their sign, that a text shows."""
    return set(re.findall(r"\d+(?:\.|\{,\}|,)\d{2,}", text))


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("suffix", SUFFIXES)
def test_the_blanks_show_no_number_that_is_not_given(suffix, form, tmp_path):
    worked = work_out(VARIED["page"], "s52/back/l3/j2/k2", form)
    path, key = tmp_path / f"d{suffix}", tmp_path / f"key{suffix}"
    write_derivation(worked, path, blanks=True, key=key)
    given = {
        number for group in worked.givens for one in group.givens for number in decimals(one.result)
    }
    shown = path.read_text(encoding="utf-8").partition("</style>")
    assert decimals(shown[2] or shown[0]) - _OF_THE_PAGE == given
    answers = key.read_text(encoding="utf-8")
    for section in worked.sections:
        for step in section.steps:
            assert decimals(step.result) <= decimals(answers)


_OF_THE_PAGE = {"0.17"}  # a space of MathML


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_without_a_file_of_its_own_the_key_comes_behind_the_blanks(suffix, tmp_path):
    text = written(tmp_path / f"d{suffix}", blanks=True)
    blanks, _, answers = text.partition("Key. Derivation")
    result = work_out(small_trace(), WEIGHT).sections[-1].steps[-1].result
    assert result not in blanks
    assert result.lstrip("-") in answers


def test_a_formula_that_is_the_result_itself_is_left_out_of_the_blanks(tmp_path):
    worked = work_out(VARIED["wide"], "s0/back/l2/j0/da_dz")
    write_derivation(worked, tmp_path / "d.md", blanks=True, key=tmp_path / "key.md")
    assert r"\text{, as }" not in (tmp_path / "d.md").read_text(encoding="utf-8")
    assert r"\text{, as }" in (tmp_path / "key.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_with_a_decimal_comma_no_decimal_point_is_left(suffix, tmp_path):
    text = written(tmp_path / f"d{suffix}", decimal_comma=True)
    text = text.partition("</style>")[2] or text.partition(r"\begin{document}")[2] or text
    assert re.findall(r"\d\.\d", text.replace("0.17em", "").replace("0.2em 0.3em", "")) == []


def test_with_a_decimal_comma_a_semicolon_parts_two_numbers(tmp_path):
    worked = work_out(small_trace("relu"), "s5/fwd/l2/j0/a")
    for suffix, expected in ((".tex", r"\max\left(0; 0{,}5000\right)"), (".html", "<mo>;</mo>")):
        write_derivation(worked, tmp_path / f"d{suffix}", decimal_comma=True)
        assert expected in (tmp_path / f"d{suffix}").read_text(encoding="utf-8")


# ---- what is refused ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "options", "words"),
    [
        ("d.pdf", {}, "ends in .pdf, which picks the format; use .tex, .md, .html"),
        ("d", {}, "has no suffix"),
        ("d.md", {"key": "key.md"}, "goes with blanks only"),
        ("d.md", {"blanks": True, "key": "d.md"}, "name another file as key"),
        ("d.md", {"blanks": True, "key": "key.doc"}, "ends in .doc"),
        ("d.md", {"blanks": True, "key": "nowhere/key.md"}, "there is no folder"),
    ],
)
def test_what_cannot_be_written_is_refused_and_leaves_no_file(
    name, options, words, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    worked = work_out(small_trace(), WEIGHT)
    with pytest.raises(InputError, match=re.escape(words)):
        write_derivation(worked, name, **options)
    assert list(tmp_path.iterdir()) == []


def test_the_same_derivation_gives_the_same_file(tmp_path):
    first, again = (written(tmp_path / f"{name}.tex") for name in "ab")
    assert first == again
