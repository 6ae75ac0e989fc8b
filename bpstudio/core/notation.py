"""Symbols and numbers: the only place that decides how one is written.

TeX is plain LaTeX mathematics. Layers are written (L), (L−1) and, further down, by number;
indices count from 0 and take a comma where one has two digits: w_{108,213}^{(2)}.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from fractions import Fraction

from bpstudio.core.rational import as_fraction

MINUS = "\u2212"
_THIN = "\u2009"
_SUPERSCRIPTS = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
LARGEST_COUNT = 1e9  # whole numbers below this may be counts
SMALL, LARGE = 1e-3, 1e4  # outside these, numbers are written with a power of ten


def _decimal(x: float, digits: int) -> str | None:
    """x with fixed decimals, "" for a special value, None where a power of ten is better."""
    if not math.isfinite(x):
        return ""
    if x == 0 or (x == int(x) and abs(x) < LARGE):
        return str(int(x))
    if not SMALL <= abs(x) < LARGE:
        return None
    return f"{x:.{digits}f}"


def _scientific(x: float, digits: int, most: int = 2) -> tuple[str, int]:
    mantissa, exponent = f"{x:.{min(digits, most)}e}".split("e")
    return mantissa, int(exponent)


def _special(x: float) -> str:
    return "nan" if math.isnan(x) else "∞" if x > 0 else "-∞"


def format_number(x: float, digits: int = 4, most: int = 2) -> str:
    """x as text on screen: 0.5916, −0.8071, 1.23 × 10⁻⁵, 1, nan, ∞.

    ``most``: decimals that a number with a power of ten has at most.
    """
    text = _decimal(x, digits)
    if text == "":
        text = _special(x)
    elif text is None:
        mantissa, exponent = _scientific(x, digits, most)
        text = f"{mantissa}{_THIN}×{_THIN}10" + str(exponent).translate(_SUPERSCRIPTS)
    return text.replace("-", MINUS)


def format_signed(x: float) -> str:
    """x as an addend: with its sign, also where it is positive."""
    return "+" + format_number(x) if x > 0 else format_number(x)


def format_reading(x: float) -> str:
    """A number that may be a count: a whole one is written in full, 11 888."""
    if abs(x) < LARGEST_COUNT and x == int(x):
        return format_count(int(x)).replace("-", MINUS)
    return format_number(x)


def format_typed(x: float) -> str:
    """x as one types it, in as many digits as it needs: 250, 0.0025, −3, 1e−5, 1e60."""
    return f"{x:.12g}".replace("e-0", "e-").replace("e+", "e").replace("-", MINUS)


def format_count(n: int) -> str:
    """A whole number with thin spaces between thousands: 41 850."""
    return f"{n:,}".replace(",", _THIN)


def counted(n: int, thing: str) -> str:
    """How many of a thing there are: "1 row", "120 rows"."""
    return f"{format_count(n)} {thing}{'' if n == 1 else 's'}"


def tex_number(x: float, digits: int = 4, most: int = 2) -> str:
    """x in LaTeX: 0.5916, -0.8071, 1.23 \\times 10^{-5}, \\infty.

    ``most``: decimals that a number with a power of ten has at most.
    """
    text = _decimal(x, digits)
    if text == "":
        return r"\mathrm{nan}" if math.isnan(x) else r"\infty" if x > 0 else r"-\infty"
    if text is None:
        mantissa, exponent = _scientific(x, digits, most)
        return rf"{mantissa} \times 10^{{{exponent}}}"
    return text


def tex_rate(x: float) -> str:
    """A learning rate in LaTeX, as short as it was given: 0.5, 1 \\times 10^{-5}."""
    mantissa, _, exponent = f"{x:g}".partition("e")
    return rf"{mantissa} \times 10^{{{int(exponent)}}}" if exponent else mantissa


def tex_factor(x: float, digits: int = 4, most: int = 2) -> str:
    """x in LaTeX as a factor: in parentheses where it is negative."""
    text = tex_number(x, digits, most)
    return f"({text})" if text.startswith("-") else text


def tex_sum(numbers: list[str]) -> str:
    """Addends joined, a negative one by its own sign."""
    joined = numbers[0] if numbers else "0"
    for number in numbers[1:]:
        joined += f" - {number[1:]}" if number.startswith("-") else f" + {number}"
    return joined


def partial(above: str, below: str) -> str:
    """∂above/∂below."""
    return rf"\frac{{\partial {above}}}{{\partial {below}}}"


def on_one_line(tex: str) -> str:
    """The same formula with fractions by a slash, for where a line has no room for two."""
    start = tex.find(r"\frac{")
    if start < 0:
        return tex
    above, rest = _group(tex[start + len(r"\frac") :])
    below, rest = _group(rest)
    return f"{tex[:start]}{above} / {below}{on_one_line(rest)}"


def _group(tex: str) -> tuple[str, str]:
    """The contents of the braces that tex starts with, and what follows them."""
    depth = 0
    for position, character in enumerate(tex):
        depth += (character == "{") - (character == "}")
        if depth == 0:
            return tex[1:position], tex[position + 1 :]
    return tex, ""


@dataclass(frozen=True, slots=True)
class Notation:
    """How symbols are written for a network of L layers.

    ``relative``: (L) and (L−1) for the last two layers, else every layer by its number.
    ``delta``: δ_j^(l) for ∂C_0/∂z_j^(l), which then stands for its factors in all that follows.
    ``power_digits``: decimals that a number with a power of ten has at most.
    ``fractions``: numbers that are fractions (`rational.as_fraction`) are written as such.
    """

    L: int
    digits: int = 4
    relative: bool = True
    delta: bool = False
    power_digits: int = 2
    fractions: bool = False

    def layer(self, l: int) -> str:
        """Name of layer l: L, L-1 or its number."""
        if self.relative and l == self.L:
            return "L"
        if self.relative and l == self.L - 1:
            return "L-1"
        return str(l)

    def indices(self, *numbers: int) -> str:
        """12, or 108,213 where one has two digits."""
        separator = "," if any(n > 9 for n in numbers) else ""
        return separator.join(map(str, numbers))

    def _node(self, letter: str, l: int, j: int | str) -> str:
        return f"{letter}_{{{j}}}^{{({self.layer(l)})}}"

    def w(self, l: int, j: int, k: int | str) -> str:
        """w_jk^(l)."""
        index = self.indices(j, k) if isinstance(k, int) else f"{j}{k}" if j < 10 else f"{j},{k}"
        return self._node("w", l, index)

    def weights(self, l: int, j: int, ks: range) -> list[str]:
        """w_jk^(l) for many k."""
        tail = f"}}^{{({self.layer(l)})}}"
        close, apart = f"w_{{{j}", f"w_{{{j},"
        close = close if j < 10 else apart
        return [f"{close if k < 10 else apart}{k}{tail}" for k in ks]

    def b(self, l: int, j: int) -> str:
        """b_j^(l)."""
        return self._node("b", l, j)

    def z(self, l: int, j: int | str) -> str:
        """z_j^(l)."""
        return self._node("z", l, j)

    def a(self, l: int, j: int | str) -> str:
        """a_j^(l); layer 1 is the input."""
        return self._node("a", l, j)

    def y(self, j: int) -> str:
        """y_j, the target of output node j."""
        return f"y_{{{j}}}"

    def C_j(self, j: int | str) -> str:
        """The part of C_0 that belongs to output node j, written C_{0,j}."""
        return f"C_{{0,{j}}}"

    def dC_da(self, l: int, j: int | str) -> str:
        """∂C_0/∂a_j^(l)."""
        return partial("C_0", self.a(l, j))

    def dC_dz(self, l: int, j: int | str) -> str:
        """∂C_0/∂z_j^(l), or δ_j^(l)."""
        if self.delta:
            return self._node(r"\delta", l, j)
        return partial("C_0", self.z(l, j))

    def da_dz(self, l: int, m: int | str, j: int | str) -> str:
        """∂a_m^(l)/∂z_j^(l)."""
        return partial(self.a(l, m), self.z(l, j))

    def dz_da(self, l: int, i: int | str, j: int) -> str:
        """∂z_i^(l+1)/∂a_j^(l)."""
        return partial(self.z(l + 1, i), self.a(l, j))

    def parameter(self, l: int, j: int, k: int) -> str:
        """w_jk^(l); b_j^(l) where k is −1."""
        return self.b(l, j) if k < 0 else self.w(l, j, k)

    def update_term(self, kind: str, l: int, j: int, k: int, old: bool = False) -> str:
        """A number on the way to a new weight, or bias (k = −1): v_{w,22}^{(L-1)}.

        ``old``: as the optimiser remembers it from the update before.
        """
        place = f"b,{j}" if k < 0 else f"w,{self.indices(j, k)}"
        before = r",\mathrm{old}" if old else ""
        return f"{UPDATE_LETTERS[kind]}_{{{place}{before}}}^{{({self.layer(l)})}}"

    def constant(self, x: float) -> str:
        """A rate or another constant of an update in LaTeX, as short as it was given."""
        if self._fraction(x) is None and float(f"{x:g}") == x:
            return tex_rate(x)
        return self.number(x)

    def anywhere(self, kind: str) -> str:
        """A kind of term without its place: w a, \\partial C_0 / \\partial w; an addend's sum."""
        return _ANYWHERE[kind]

    def number(self, x: float) -> str:
        """x in LaTeX."""
        fraction = self._fraction(x)
        if fraction is None:
            return tex_number(x, self.digits, self.power_digits)
        sign = "-" if x < 0 else ""
        return rf"{sign}\frac{{{abs(fraction.numerator)}}}{{{fraction.denominator}}}"

    def factor(self, x: float) -> str:
        """x in LaTeX as a factor."""
        if self._fraction(x) is None:
            return tex_factor(x, self.digits, self.power_digits)
        return rf"\left({self.number(x)}\right)" if x < 0 else self.number(x)

    def text(self, x: float) -> str:
        """x in a sentence: −0.8071, or −3/4."""
        fraction = self._fraction(x)
        if fraction is None:
            return format_number(x, self.digits, self.power_digits)
        return str(fraction).replace("-", MINUS)

    def _fraction(self, x: float) -> Fraction | None:
        return as_fraction(x) if self.fractions else None


# η, μ … of an update, by the names of `optimisers.UpdateSettings`
CONSTANTS = {
    "lr": r"\eta",
    "momentum": r"\mu",
    "beta1": r"\beta_{1}",
    "beta2": r"\beta_{2}",
    "rho": r"\rho",
    "epsilon": r"\varepsilon",
    "weight_decay": r"\lambda",
    "l1": r"\lambda_{1}",
    "l2": r"\lambda_{2}",
    "clip": "c",
}
CLIP_SCALE = r"\gamma"
CLIP_NORM = r"\left\|g\right\|"
PENALTY = "R"
UPDATE_LETTERS = {
    "clipped": "g",
    "velocity": "v",
    "m": "m",
    "v": "v",
    "m_hat": r"\hat{m}",
    "v_hat": r"\hat{v}",
}

_ANYWHERE = {
    "wa": "w a",
    "z": "z",
    "a": "a",
    "C_j": "C_{0,j}",
    "C": "C_0",
    "dz_da": partial("z", "a"),
    "addend": partial("C_0", "a"),
    "dC_da": partial("C_0", "a"),
    "da_dz": partial("a", "z"),
    "addend_z": partial("C_0", "z"),
    "dC_dz": partial("C_0", "z"),
    "dz_dw": partial("z", "w"),
    "dC_dw": partial("C_0", "w"),
    "dz_db": partial("z", "b"),
    "dC_db": partial("C_0", "b"),
    "mean_dC_dw": partial("C", "w"),
    "mean_dC_db": partial("C", "b"),
    "clip": CLIP_SCALE,
    "penalty_w": partial(PENALTY, "w"),
    "penalised": partial(f"(C + {PENALTY})", "w"),
    **UPDATE_LETTERS,
    "update_w": "w",
    "update_b": "b",
}

_GREEK = {
    "eta": "η", "mu": "μ", "rho": "ρ", "beta": "β", "lambda": "λ", "varepsilon": "ε", "gamma": "γ"
}  # fmt: skip
_HAT = re.compile(r"\\hat\{(\w)\}")
_LETTER = re.compile(rf"\\({'|'.join(_GREEK)})(?![a-z])")
_MATH = re.compile(r"\$([^$]*)\$")
_SIMPLE_TEX = (
    (
        re.compile(
            r"\\frac\{\\partial ([^{}]*(?:\{[^{}]*\}[^{}]*)*)\}\{\\partial "
            r"([^{}]*(?:\{[^{}]*\}[^{}]*)*)\}"
        ),
        r"∂\1/∂\2",
    ),
    (re.compile(r"\\(?:mathrm|text)\{([^{}]*)\}"), r"\1"),
    (re.compile(r"\\times"), "×"),
    (re.compile(r"\\cdot"), "·"),
    (re.compile(r"\\infty"), "∞"),
    (re.compile(r"\\sum"), "Σ"),
    (re.compile(r"\\partial "), "∂"),
    (re.compile(r"[{}]"), ""),
)


def greek(tex: str) -> str:
    """LaTeX with its Greek letters and hats as characters: η, m̂."""
    return _LETTER.sub(lambda found: _GREEK[found[1]], _HAT.sub("\\1\u0302", tex))


def plain(markup: str) -> str:
    """A sentence without its markup ($…$ for TeX, **…** for weight), for reading as it is."""
    text = _MATH.sub(lambda found: found[1].replace("-", MINUS), markup.replace("**", ""))
    text = greek(text)
    for pattern, replacement in _SIMPLE_TEX:
        text = pattern.sub(replacement, text)
    return text
