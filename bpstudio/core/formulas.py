"""The formulas of activations and losses as LaTeX, from given symbols or numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bpstudio.core.losses import HUBER_DELTA

# g(z): takes how z is written, symbol or number, and whether z > 0 where the branch matters.
_G: Mapping[str, Callable[[str, bool], str]] = {
    "sigmoid": lambda z, up: rf"\frac{{1}}{{1 + e^{{-{z}}}}}",
    "tanh": lambda z, up: rf"\tanh\left({_bare(z)}\right)",
    "relu": lambda z, up: rf"\max\left(0, {_bare(z)}\right)",
    "leaky_relu": lambda z, up: rf"\max\left(0.01 \cdot {z}, {_bare(z)}\right)",
    "elu": lambda z, up: z if up else rf"e^{{{_bare(z)}}} - 1",
    "softplus": lambda z, up: rf"\ln\left(1 + e^{{{_bare(z)}}}\right)",
    "silu": lambda z, up: rf"\frac{{{_bare(z)}}}{{1 + e^{{-{z}}}}}",
    "gelu": lambda z, up: rf"{z} \, \Phi\left({_bare(z)}\right)",
    "linear": lambda z, up: _bare(z),
}

# g′(z): takes how z and a are written, and whether z > 0.
_G_PRIME: Mapping[str, Callable[[str, str, bool], str]] = {
    "sigmoid": lambda z, a, up: rf"{a} \left(1 - {a}\right)",
    "tanh": lambda z, a, up: rf"1 - {squared_tex(a)}",
    "relu": lambda z, a, up: "1" if up else "0",
    "leaky_relu": lambda z, a, up: "1" if up else "0.01",
    "elu": lambda z, a, up: "1" if up else rf"e^{{{_bare(z)}}}",
    "softplus": lambda z, a, up: rf"\frac{{1}}{{1 + e^{{-{z}}}}}",
    "silu": lambda z, a, up: (
        rf"\sigma\left({_bare(z)}\right) "
        rf"\left(1 + {z} \left(1 - \sigma\left({_bare(z)}\right)\right)\right)"
    ),
    "gelu": lambda z, a, up: (
        rf"\Phi\left({_bare(z)}\right) + {z} \, \varphi\left({_bare(z)}\right)"
    ),
    "linear": lambda z, a, up: "1",
}

_BRANCHED = ("relu", "leaky_relu", "elu")


def _bare(number: str) -> str:
    """A number without the parentheses that it needs as a factor only."""
    for opening, closing in (("(", ")"), (r"\left(", r"\right)")):
        if number.startswith(opening) and number.endswith(closing):
            return number[len(opening) : -len(closing)]
    return number


def _argument(number: str) -> str:
    """A number as the argument of a function: a power of ten belongs to it."""
    return rf"\left({number}\right)" if r"\times" in number else number


def squared_tex(a: str) -> str:
    """The square of a symbol or number."""
    plain_number = a.replace(".", "").isdigit() or a.startswith(("(", r"\left("))
    return f"{a}^2" if plain_number else rf"\left({a}\right)^2"


def g_tex(name: str, z: str, positive: bool) -> str:
    """g(z) of an elementwise activation; ``positive``: whether z > 0 (which branch holds)."""
    return _G[name](z, positive)


def g_prime_tex(name: str, z: str, a: str, positive: bool) -> str:
    """g′(z) of an elementwise activation."""
    return _G_PRIME[name](z, a, positive)


def branch_tex(name: str, z: str, positive: bool) -> str:
    """The condition under which that branch of g′ holds: ", as z > 0"; empty if there is one."""
    if name not in _BRANCHED:
        return ""
    relation = ">" if positive else r"\le"
    return rf" \text{{, as }} {z} {relation} 0"


def softmax_tex(own: str, others: str) -> str:
    """e^{z_j} / Σ_m e^{z_m}."""
    return rf"\frac{{e^{{{own}}}}}{{{others}}}"


def C_j_tex(loss: str, a: str, y: str, n_L: str, small: bool = True) -> str:
    """C_{0,j} from how a and y are written; ``small``: huber's square branch holds."""
    a = _bare(a)
    share = rf"\frac{{1}}{{{n_L}}}"
    return {
        "sse": rf"\left({a} - {y}\right)^2",
        "half_sse": rf"\frac{{1}}{{2}} \left({a} - {y}\right)^2",
        "mse": rf"{share} \left({a} - {y}\right)^2",
        "mae": rf"{share} \left|{a} - {y}\right|",
        "huber": (
            rf"{share} \cdot \frac{{1}}{{2}} \left({a} - {y}\right)^2"
            if small
            else rf"{share} \left(\left|{a} - {y}\right| - \frac{{1}}{{2}}\right)"
        ),
        "bce": (
            rf"-\left[{y} \ln {_argument(a)} + "
            rf"\left(1 - {y}\right) \ln\left(1 - {a}\right)\right]"
        ),
        "cross_entropy": rf"-{y} \ln {_argument(a)}",
    }[loss]


def dC_da_tex(loss: str, a: str, y: str, n_L: str, small: bool = True) -> str:
    """∂C_0/∂a_j of the output layer, likewise."""
    sign = rf"\mathrm{{sign}}\left({a} - {y}\right)"
    return {
        "sse": rf"2 \left({a} - {y}\right)",
        "half_sse": f"{a} - {y}",
        "mse": rf"\frac{{2}}{{{n_L}}} \left({a} - {y}\right)",
        "mae": rf"\frac{{1}}{{{n_L}}} \, {sign}",
        "huber": rf"\frac{{1}}{{{n_L}}} " + (rf"\left({a} - {y}\right)" if small else sign),
        "bce": rf"-\frac{{{y}}}{{{a}}} + \frac{{1 - {y}}}{{1 - {a}}}",
        "cross_entropy": rf"-\frac{{{y}}}{{{a}}}",
    }[loss]


def loss_tex(loss: str) -> str:
    """C_0 as a sum over the output nodes: the convention in force."""
    a, y = "a_{j}^{(L)}", "y_{j}"
    body = {
        "mse": rf"\frac{{1}}{{n_L}} \sum_{{j}} \left({a} - {y}\right)^2",
        "mae": rf"\frac{{1}}{{n_L}} \sum_{{j}} \left|{a} - {y}\right|",
        "huber": rf"\frac{{1}}{{n_L}} \sum_{{j}} h\left({a} - {y}\right)",
        "half_sse": rf"\frac{{1}}{{2}} \sum_{{j}} \left({a} - {y}\right)^2",
        "sse": rf"\sum_{{j}} \left({a} - {y}\right)^2",
        "bce": (
            rf"-\sum_{{j}} \left[{y} \ln {a} + "
            rf"\left(1 - {y}\right) \ln\left(1 - {a}\right)\right]"
        ),
        "cross_entropy": rf"-\sum_{{j}} {y} \ln {a}",
    }[loss]
    return f"C_0 = {body}"


def is_small(difference: float) -> bool:
    """Whether huber's square branch holds at a − y."""
    return abs(difference) <= HUBER_DELTA
