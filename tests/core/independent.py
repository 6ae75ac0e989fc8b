"""The forward pass and the loss once more, scalar by scalar with plain Python, real or complex.

Written from interface.md, sharing nothing with bpstudio: what derivatives are compared with.
"""

from __future__ import annotations

import cmath
import math
from collections.abc import Callable, Sequence

from bpstudio.core.network import Network

Number = complex | float
Parameters = list[tuple[list[list[Number]], list[Number] | None, str]]


def _erf(x: Number) -> Number:
    """2/√π e^{−x²} Σ 2ⁿ x^{2n+1} / (2n+1)!!, without cancellation, for complex x as well."""
    term, total, n = x, x, 0
    while abs(term) > 1e-18 * abs(total):
        n += 1
        term = term * 2 * x * x / (2 * n + 1)
        total = total + term
    return 2 / math.sqrt(math.pi) * cmath.exp(-x * x) * total


_G: dict[str, Callable[[Number], Number]] = {
    "sigmoid": lambda z: 1 / (1 + cmath.exp(-z)),
    "tanh": cmath.tanh,
    "relu": lambda z: z if z.real > 0 else 0.0,
    "leaky_relu": lambda z: z if z.real > 0 else 0.01 * z,
    "elu": lambda z: z if z.real > 0 else cmath.exp(z) - 1,
    "softplus": lambda z: cmath.log(1 + cmath.exp(z)),
    "silu": lambda z: z / (1 + cmath.exp(-z)),
    "gelu": lambda z: z * (1 + _erf(z / math.sqrt(2))) / 2,
    "linear": lambda z: z,
}


def parameters(net: Network) -> Parameters:
    """W, b and the activation of every layer, as lists."""
    return [
        (layer.W.tolist(), None if layer.b is None else layer.b.tolist(), layer.activation)
        for layer in net.layers
    ]


def activate(name: str, z: Sequence[Number]) -> list[Number]:
    """a of one layer."""
    if name == "softmax":
        e = [cmath.exp(number) for number in z]
        return [number / sum(e) for number in e]
    return [_G[name](number) for number in z]


def layers(net: Parameters, x: Sequence[Number]) -> list[tuple[list[Number], list[Number]]]:
    """z and a of layers 2 … L."""
    found = []
    a = list(x)
    for W, b, name in net:
        biases = b if b is not None else [0.0] * len(W)
        z = [
            sum(w * a_k for w, a_k in zip(row, a, strict=True)) + b_j
            for row, b_j in zip(W, biases, strict=True)
        ]
        a = activate(name, z)
        found.append((z, a))
    return found


def _size(d: Number) -> Number:
    return d if d.real > 0 else -d


_C_J: dict[str, Callable[[Number, float, int], Number]] = {
    "sse": lambda a, y, n: (a - y) ** 2,
    "half_sse": lambda a, y, n: (a - y) ** 2 / 2,
    "mse": lambda a, y, n: (a - y) ** 2 / n,
    "mae": lambda a, y, n: _size(a - y) / n,
    "huber": lambda a, y, n: (
        ((a - y) ** 2 / 2 if abs((a - y).real) <= 1 else _size(a - y) - 0.5) / n
    ),
    "bce": lambda a, y, n: -(y * cmath.log(a) + (1 - y) * cmath.log(1 - a)),
    "cross_entropy": lambda a, y, n: -y * cmath.log(a),
}


def C_j(loss: str, a: Number, y: float, n_L: int) -> Number:
    """The loss of one output node."""
    return _C_J[loss](a, y, n_L)


def C_0(net: Parameters, x: Sequence[Number], y: Sequence[float], loss: str) -> Number:
    """The loss of one sample."""
    a = layers(net, x)[-1][1]
    return sum(C_j(loss, a_j, y_j, len(y)) for a_j, y_j in zip(a, y, strict=True))


def derivative(values: list[Number], index: int, f: Callable[[], Number]) -> float:
    """∂f/∂values[index], by a complex step."""
    start = values[index]
    values[index] = complex(start, 1e-200)
    result = f().imag / 1e-200
    values[index] = start
    return result


def gradient(
    net: Network, x: Sequence[float], y: Sequence[float], loss: str
) -> list[tuple[list[list[float]], list[float] | None]]:
    """∂C_0/∂W and ∂C_0/∂b of layers 2 … L, one parameter at a time."""
    found = parameters(net)

    def row(values: list[Number]) -> list[float]:
        return [derivative(values, n, lambda: C_0(found, x, y, loss)) for n in range(len(values))]

    return [([row(w) for w in W], None if b is None else row(b)) for W, b, _ in found]
