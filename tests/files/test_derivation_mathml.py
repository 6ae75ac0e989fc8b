"""Formulas as MathML: every symbol that core writes, and nothing lost."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree

import pytest

from bpstudio.core.explain import explain
from bpstudio.core.formulas import loss_tex
from bpstudio.core.losses import LOSSES
from bpstudio.core.notation import CONSTANTS, Notation
from bpstudio.files.derivation_mathml import mathml
from tests.core.cases import varied


def inside(tex: str) -> str:
    """MathML without the element around it."""
    return mathml(tex).removeprefix("<math><mrow>").removesuffix("</mrow></math>")


@pytest.mark.parametrize(
    ("tex", "expected"),
    [
        ("0.5", "<mn>0.5</mn>"),
        ("0{,}5", "<mn>0,5</mn>"),
        ("-1", "<mo>−</mo><mn>1</mn>"),
        ("C_0", "<msub><mi>C</mi><mn>0</mn></msub>"),
        (
            "a_{2}^{(L)}",
            '<msubsup><mi>a</mi><mrow><mn>2</mn></mrow><mrow><mrow><mo stretchy="false">(</mo>'
            '<mi>L</mi><mo stretchy="false">)</mo></mrow></mrow></msubsup>',
        ),
        ("g'", "<msup><mi>g</mi><mrow><mo>′</mo></mrow></msup>"),
        (
            r"\frac{1}{2}",
            "<mfrac><mrow><mn>1</mn></mrow><mrow><mn>2</mn></mrow></mfrac>",
        ),
        (r"\sqrt{v}", "<msqrt><mrow><mi>v</mi></mrow></msqrt>"),
        ("a - 1", "<mi>a</mi><mo>−</mo><mn>1</mn>"),
        ("a = -1", '<mi>a</mi><mo>=</mo><mo form="prefix">−</mo><mn>1</mn>'),
        (
            r"\left|-1\right| - 1",
            '<mrow><mo stretchy="true">|</mo><mo form="prefix">−</mo><mn>1</mn>'
            '<mo stretchy="true">|</mo></mrow><mo>−</mo><mn>1</mn>',
        ),
        (r"a \cdot b", "<mi>a</mi><mo>·</mo><mi>b</mi>"),
        (
            r"\left|a\right|",
            '<mrow><mo stretchy="true">|</mo><mi>a</mi><mo stretchy="true">|</mo></mrow>',
        ),
        (
            r"\left\|g\right\|",
            '<mrow><mo stretchy="true">‖</mo><mi>g</mi><mo stretchy="true">‖</mo></mrow>',
        ),
        (r"\ln a", '<mi>ln</mi><mspace width="0.17em"/><mi>a</mi>'),
        (
            r"y \ln a",
            '<mi>y</mi><mspace width="0.17em"/><mi>ln</mi><mspace width="0.17em"/><mi>a</mi>',
        ),
        (r"\hat{m}", '<mover accent="true"><mrow><mi>m</mi></mrow><mo>^</mo></mover>'),
        (
            r"\sum_{k=0}^{3}",
            "<munderover><mo>∑</mo><mrow><mi>k</mi><mo>=</mo><mn>0</mn></mrow>"
            "<mrow><mrow><mn>3</mn></mrow></mrow></munderover>",
        ),
        (r"\text{, as } z > 0", "<mtext>,\xa0as\xa0</mtext><mi>z</mi><mo>&gt;</mo><mn>0</mn>"),
        (r"\underline{\hspace{4em}}", "<mtext>________</mtext>"),
        (r"\mathbf{z}", "<mi>𝐳</mi>"),
        (r"\boldsymbol{\delta}", "<mi>𝜹</mi>"),
        (
            r"\begin{bmatrix} 1 & 2 \\ 3 & 4 \end{bmatrix}",
            "<mrow><mo>[</mo><mtable><mtr><mtd><mrow><mn>1</mn></mrow></mtd><mtd><mrow>"
            "<mn>2</mn></mrow></mtd></mtr><mtr><mtd><mrow><mn>3</mn></mrow></mtd><mtd><mrow>"
            "<mn>4</mn></mrow></mtd></mtr></mtable><mo>]</mo></mrow>",
        ),
    ],
)
def test_each_construction_has_its_element(tex, expected):
    assert inside(tex) == expected


def formulas():
    """Every formula that core writes for every kind of step."""
    found = {*map(loss_tex, LOSSES), *CONSTANTS.values()}
    for trace in varied().values():
        for notation in (Notation(trace.L), Notation(trace.L, 9, delta=True)):
            seen = set()
            for term in trace:
                key = (term.kind, term.l)
                if key in seen:
                    continue
                seen.add(key)
                found |= set(term.statement(notation))
                for line in explain(trace, term.index, notation).lines:
                    found |= {line.tex, *re.findall(r"\$([^$]*)\$", line.text)}
    return sorted(found - {""})


def test_every_symbol_that_core_writes_is_drawn():
    for tex in formulas():
        text = mathml(tex, display=True)
        assert "\\" not in text, tex
        root = ElementTree.fromstring(text)
        assert root.get("display") == "block"
        shown = "".join(root.itertext())
        for number in re.findall(r"\d+\.\d+", tex):
            assert number in shown, tex


@pytest.mark.parametrize(
    "tex",
    [
        r"\alephnull",
        r"\frac{1",
        "a}",
        r"\left(a",
        r"\mathbb{R}",
        r"\underline{a}",
        r"\begin{cases}",
        "a ~ b",
    ],
)
def test_what_core_does_not_write_is_refused_and_never_lost(tex):
    with pytest.raises(ValueError, match=r"is not known here|is missing before|stands alone"):
        mathml(tex)
