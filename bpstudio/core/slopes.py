"""How the derivative of each activation comes about, as (text, LaTeX) lines."""

from __future__ import annotations

from collections.abc import Mapping

Lines = tuple[tuple[str, str], ...]

_SMOOTH: Mapping[str, Lines] = {
    "sigmoid": (
        ("The sigmoid function:", r"g(z) = \frac{1}{1 + e^{-z}}"),
        (
            "By the quotient rule, and the exponent brings its own −1:",
            r"g'(z) = \frac{e^{-z}}{\left(1 + e^{-z}\right)^2} = "
            r"\frac{1}{1 + e^{-z}} \cdot \frac{e^{-z}}{1 + e^{-z}}",
        ),
        (
            "The first fraction is $a$, the second is $1 - a$. It is at most ¼, at $a = ½$, and "
            "nearly 0 where $a$ is close to 0 or 1 (saturated):",
            r"g'(z) = a \left(1 - a\right)",
        ),
    ),
    "tanh": (
        (
            "The hyperbolic tangent:",
            r"g(z) = \tanh\left(z\right) = \frac{e^{z} - e^{-z}}{e^{z} + e^{-z}}",
        ),
        (
            "By the quotient rule. It is 1 at $z = 0$ and nearly 0 where $a$ is close to ±1 "
            "(saturated):",
            r"g'(z) = 1 - \tanh^2\left(z\right) = 1 - a^2",
        ),
    ),
    "softplus": (
        ("The softplus function:", r"g(z) = \ln\left(1 + e^{z}\right)"),
        (
            "By the chain rule; this is the sigmoid function:",
            r"g'(z) = \frac{e^{z}}{1 + e^{z}} = \frac{1}{1 + e^{-z}}",
        ),
    ),
    "silu": (
        (
            "$z$ times the sigmoid of $z$:",
            r"g(z) = z \, \sigma\left(z\right), \quad "
            r"\sigma\left(z\right) = \frac{1}{1 + e^{-z}}",
        ),
        (
            "By the product rule, with $\\sigma' = \\sigma (1 - \\sigma)$:",
            r"g'(z) = \sigma\left(z\right) + z \, \sigma\left(z\right) "
            r"\left(1 - \sigma\left(z\right)\right)",
        ),
    ),
    "gelu": (
        (
            "$z$ times the share of the normal distribution below $z$:",
            r"g(z) = z \, \Phi\left(z\right)",
        ),
        (
            "By the product rule; the derivative of $\\Phi$ is the bell curve $\\varphi$:",
            r"g'(z) = \Phi\left(z\right) + z \, \varphi\left(z\right), \quad "
            r"\varphi\left(z\right) = \frac{e^{-z^2 / 2}}{\sqrt{2 \pi}}",
        ),
    ),
    "linear": (
        ("This layer passes $z$ on as it is:", r"g(z) = z"),
        ("So a change of $z$ is a change of $a$, one to one:", r"g'(z) = 1"),
    ),
}

_BRANCHED: Mapping[str, tuple[str, str, str, str]] = {
    # formula, g′ above 0, g′ below 0, what happens exactly at 0
    "relu": (
        r"g(z) = \max\left(0, z\right)",
        "g'(z) = 1",
        "g'(z) = 0",
        "At $z = 0$ there is a kink without a derivative; 0 is used, as frameworks do.",
    ),
    "leaky_relu": (
        r"g(z) = \max\left(0.01 \, z, z\right)",
        "g'(z) = 1",
        "g'(z) = 0.01",
        "At $z = 0$ there is a kink without a derivative; 0.01 is used, as frameworks do.",
    ),
    "elu": (
        r"g(z) = z \text{ for } z > 0, \quad e^{z} - 1 \text{ otherwise}",
        "g'(z) = 1",
        "g'(z) = e^{z}",
        "At $z = 0$ both branches have the derivative 1.",
    ),
}


def slope_lines(activation: str, positive: bool, own: bool) -> Lines:
    """How g′ comes about. ``positive``: z > 0 here. ``own``: softmax with m = j."""
    if activation == "softmax":
        return _softmax_lines(own)
    if activation in _SMOOTH:
        return _SMOOTH[activation]
    formula, above, below, kink = _BRANCHED[activation]
    side = "positive" if positive else "not positive"
    return (
        ("The activation has two branches:", formula),
        (f"Here $z$ is {side}, so this branch holds:", above if positive else below),
        (kink, ""),
    )


def _softmax_lines(own: bool) -> Lines:
    start = (
        "Every output divides by the same sum, so every $z$ moves every output:",
        r"a_{m} = \frac{e^{z_{m}}}{\sum_{j} e^{z_{j}}}",
    )
    if own:
        return (
            start,
            (
                "Its own $z$ stands above and below the line; the quotient rule gives:",
                r"\frac{\partial a_{j}}{\partial z_{j}} = a_{j} \left(1 - a_{j}\right)",
            ),
        )
    return (
        start,
        (
            "Another $z$ stands only below the line: if it grows, this share shrinks:",
            r"\frac{\partial a_{m}}{\partial z_{j}} = -a_{m} a_{j}",
        ),
    )
