"""Formulas as MathML, which browsers draw by themselves: from the LaTeX that core writes.

Not LaTeX in general. A command that core does not use is a ValueError, so that none is lost.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from html import escape

_TOKEN = re.compile(
    r"\\(?:text|mathrm|mathbf|hspace|begin|end)\{[^{}]*\}|\\\\|\\[A-Za-z]+|\\[,|]"
    r"|\d+(?:(?:\.|\{,\})\d+)*|\S|\s+"
)
_SYMBOLS = {
    r"\alpha": "α", r"\beta": "β", r"\gamma": "γ", r"\delta": "δ", r"\varepsilon": "ε",
    r"\eta": "η", r"\lambda": "λ", r"\mu": "μ", r"\rho": "ρ", r"\sigma": "σ", r"\Phi": "Φ",
    r"\varphi": "φ", r"\pi": "π", r"\partial": "∂", r"\infty": "∞", r"\top": "⊤",
}  # fmt: skip
_OPERATORS = {
    r"\cdot": "·", r"\times": "×", r"\odot": "⊙", r"\le": "≤", r"\cdots": "⋯",
    r"\rightarrow": "→", "-": "−", "'": "′",
}  # fmt: skip
# behind these, and not first in its row, a minus is a sign and no operation
_BEFORE_A_SIGN = ("=", "(", "[", ",", "<", ">", r"\le", r"\cdot", r"\times", r"\odot")
_BEFORE_A_FACTOR = ("", "{", "+", "-", "&", r"\\", *_BEFORE_A_SIGN)
_THIN_SPACE = '<mspace width="0.17em"/>'
_FUNCTIONS = (r"\ln", r"\tanh", r"\max", r"\min")
_SPACES = {r"\,": "0.17em", r"\quad": "1em", r"\qquad": "2em"}
_DELIMITERS = {r"\|": "‖"}
_BOLD_DELTA = "\U0001d739"


def mathml(tex: str, display: bool = False) -> str:
    """A formula as one <math> element."""
    kind = ' display="block"' if display else ""
    return f"<math{kind}>{row(tex)}</math>"


def row(tex: str) -> str:
    """A formula as an <mrow>. ValueError where it has a command that is not known."""
    reader = _Reader(_TOKEN.findall(tex))
    found = reader.several()
    if reader.tokens:
        raise ValueError(f"{reader.tokens[0]!r} stands alone in {tex!r}")
    return _mrow(found)


def _mrow(parts: list[str]) -> str:
    return f"<mrow>{''.join(parts)}</mrow>"


def _mo(sign: str) -> str:
    return f"<mo>{escape(sign)}</mo>"


def _bold(letters: str) -> str:
    """Letters from the block of bold mathematical ones, as MathML Core has no bold variant."""
    return "".join(
        chr(0x1D41A + ord(x) - ord("a")) if x.islower() else chr(0x1D400 + ord(x) - ord("A"))
        for x in letters
    )


class _Reader:
    """Reads tokens from the left; every method gives elements as text."""

    def __init__(self, tokens: list[str]) -> None:
        self.tokens = tokens
        self._before = self._last = ""

    def _skip_space(self) -> None:
        while self.tokens and self.tokens[0].isspace():
            self.tokens.pop(0)

    def _next(self) -> str:
        self._skip_space()
        return self.tokens[0] if self.tokens else ""

    def _take(self, expected: str = "") -> str:
        token = self._next()
        if not token or expected not in ("", token):
            raise ValueError(f"{expected or 'something'} is missing before {self.tokens[:5]}")
        self._before, self._last = self._last, token
        return self.tokens.pop(0)

    def several(self, *stops: str) -> list[str]:
        """Elements up to one of the stops, or to what can only be one."""
        found = []
        while self._next() not in ("", "}", r"\right", *stops):
            found.append(self._with_scripts())
        return found

    def _with_scripts(self) -> str:
        is_sum = self._next() == r"\sum"
        is_function = self._next() in _FUNCTIONS
        behind_factor = is_function and self._last not in _BEFORE_A_FACTOR
        base = self._atom()
        below, above = self._scripts()
        written = _scripted(base, below, above, is_sum)
        if is_function and self._next() != r"\left":
            written += _THIN_SPACE
        return _THIN_SPACE + written if behind_factor else written

    def _scripts(self) -> tuple[str, str]:
        below = above = ""
        while self._next() in ("_", "^", "'"):
            sign = self._take()
            if sign == "'":
                above += _mo(_OPERATORS["'"])
            elif sign == "_":
                below = self._argument()
            else:
                above += self._argument()
        return below, above

    def _argument(self) -> str:
        if self._next() != "{":
            return self._atom()
        self._take("{")
        found = _mrow(self.several())
        self._take("}")
        return found

    def _atom(self) -> str:
        if self._next() == "{":
            return self._argument()
        token = self._take()
        if token in _RULES:
            return _RULES[token](self)
        name, brace, content = token.partition("{")
        if token.startswith("\\") and brace:
            return self._named(name, content[:-1])
        if token in "+-" and self._before in _BEFORE_A_SIGN:
            return f'<mo form="prefix">{_OPERATORS.get(token, token)}</mo>'
        return _single(token)

    def _named(self, name: str, content: str) -> str:
        if name == r"\begin" and content == "bmatrix":
            return self._matrix()
        if name == r"\text":
            return f"<mtext>{escape(content).replace(' ', chr(0xA0))}</mtext>"
        if name == r"\mathrm":
            return f'<mi mathvariant="normal">{escape(content)}</mi>'
        if name == r"\mathbf":
            return f"<mi>{_bold(content)}</mi>"
        raise ValueError(f"{name}{{{content}}} is not known here")

    def _matrix(self) -> str:
        rows = [[_mrow(self.several("&", r"\\", r"\end{bmatrix}"))]]
        while self._next() != r"\end{bmatrix}":
            if self._take() == "&":
                rows[-1].append(_mrow(self.several("&", r"\\", r"\end{bmatrix}")))
            else:
                rows.append([_mrow(self.several("&", r"\\", r"\end{bmatrix}"))])
        self._take()
        lines = ("".join(f"<mtd>{cell}</mtd>" for cell in cells) for cells in rows)
        body = "".join(f"<mtr>{line}</mtr>" for line in lines)
        large = ' displaystyle="true"' if "<mfrac>" in body else ""
        return f"<mrow>{_mo('[')}<mtable{large}>{body}</mtable>{_mo(']')}</mrow>"

    def fraction(self) -> str:
        """\\frac{above}{below}."""
        above, below = self._argument(), self._argument()
        return f"<mfrac>{above}{below}</mfrac>"

    def root(self) -> str:
        """\\sqrt{…}."""
        return f"<msqrt>{self._argument()}</msqrt>"

    def hat(self) -> str:
        """\\hat{m}."""
        return f'<mover accent="true">{self._argument()}<mo>^</mo></mover>'

    def bold(self) -> str:
        """\\boldsymbol{\\delta}."""
        self._take("{")
        self._take(r"\delta")
        self._take("}")
        return f"<mi>{_BOLD_DELTA}</mi>"

    def blank(self) -> str:
        """\\underline{\\hspace{4em}}, a place to write in: lines that every browser draws."""
        self._take("{")
        width = re.fullmatch(r"\\hspace\{(\d+)em\}", self._take())
        if width is None:
            raise ValueError("only an empty place is underlined; \\hspace is missing before it")
        self._take("}")
        return f"<mtext>{'_' * (2 * int(width[1]))}</mtext>"

    def bracketed(self) -> str:
        """\\left( … \\right)."""
        opening = self._take()
        self._last = "("  # whatever the delimiter is
        inside = self.several()
        self._take(r"\right")
        closing = self._take()
        self._last = ")"
        signs = (_DELIMITERS.get(sign, sign) for sign in (opening, closing))
        first, last = (f'<mo stretchy="true">{escape(sign)}</mo>' for sign in signs)
        return f"<mrow>{first}{''.join(inside)}{last}</mrow>"


_RULES: Mapping[str, Callable[[_Reader], str]] = {
    r"\frac": _Reader.fraction,
    r"\sqrt": _Reader.root,
    r"\hat": _Reader.hat,
    r"\boldsymbol": _Reader.bold,
    r"\underline": _Reader.blank,
    r"\left": _Reader.bracketed,
    r"\sum": lambda reader: _mo("∑"),
}


def _single(token: str) -> str:
    """A token that is an element by itself."""
    if token in _SYMBOLS:
        return f"<mi>{_SYMBOLS[token]}</mi>"
    if token in _FUNCTIONS:
        return f"<mi>{token[1:]}</mi>"
    if token in _SPACES:
        return f'<mspace width="{_SPACES[token]}"/>'
    if token[0].isdigit():
        return f"<mn>{token.replace('{,}', ',')}</mn>"
    if token.isalpha():
        return f"<mi>{token}</mi>"
    if token.isnumeric():  # ½
        return f"<mn>{token}</mn>"
    if token in "()":
        return f'<mo stretchy="false">{token}</mo>'
    if token in _OPERATORS or token in "+=[]|,;/<>−±":
        return _mo(_OPERATORS.get(token, token))
    raise ValueError(f"{token!r} is not known here")


def _scripted(base: str, below: str, above: str, is_sum: bool) -> str:
    """A base with what stands below and above it, to its right but for a sum."""
    if not below and not above:
        return base
    names = ("munder", "mover", "munderover") if is_sum else ("msub", "msup", "msubsup")
    name = names[0] if not above else names[1] if not below else names[2]
    above = _mrow([above]) if above else ""
    return f"<{name}>{base}{below}{above}</{name}>"
