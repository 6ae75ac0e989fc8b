from PySide6.QtGui import QGuiApplication

from bpstudio.ui.derivation.latex import derivation_tex
from bpstudio.ui.derivation.panel import DerivationPanel
from tests.ui.derivation.scenes import ADDEND, FACTOR_3, at, trace


def test_the_derivation_is_copied_as_latex(panel: DerivationPanel) -> None:
    panel.show_derivation(at(ADDEND), None)
    panel.header.copy.click()
    copied = QGuiApplication.clipboard().text()
    assert copied.count(r"\begin{aligned}") == 3
    assert (
        r"\underbrace{\frac{\partial z_{1}^{(L)}}{\partial a_{2}^{(L-1)}}}_{w_{12}^{(L)}}" in copied
    )


def test_address_value_and_sentence_are_copied(panel: DerivationPanel) -> None:
    derivation = at(FACTOR_3)
    panel.show_derivation(derivation, None)
    clipboard = QGuiApplication.clipboard()
    panel.copy_address()
    assert clipboard.text() == FACTOR_3
    panel.copy_value()
    assert float(clipboard.text()) == derivation.value
    panel.copy_sentence()
    assert clipboard.text().startswith("If a_2 in layer L−1 rises a little")


def test_latex_opens_and_closes_every_brace_at_every_step() -> None:
    passed = trace((4, 5, 3, 3), "relu", "softmax", "cross_entropy", (4, 17), 0.1)
    for n in range(0, len(passed), 3):
        tex = derivation_tex(at(passed[n].address, passed))
        assert tex.count("{") == tex.count("}")
        assert tex.count(r"\left(") == tex.count(r"\right)")
        assert "None" not in tex


def test_pending_parts_are_copied_as_symbols_only() -> None:
    derivation = at("s52/back/l3/j2/da_dz")
    tex = derivation_tex(derivation)
    assert derivation.blocks[-1].parts[2].symbol in tex
    assert tex.count("&=") == 1
