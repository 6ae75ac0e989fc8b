"""The network: an immutable value. Editing gives a new one that shares what did not change."""

from __future__ import annotations

import math
import operator
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bpstudio.core.activations import find_activation
from bpstudio.core.errors import InputError
from bpstudio.core.html import network_html
from bpstudio.core.limits import require_memory

Array = NDArray[np.float64]

INITS = ("xavier", "he", "normal", "uniform", "zeros")


def frozen(values: Any) -> Array:
    """A read-only float64 array; a copy unless it is one already."""
    if isinstance(values, np.ndarray) and values.dtype == np.float64 and not values.flags.writeable:
        return values
    array = np.array(values, dtype=np.float64)
    array.flags.writeable = False
    return array


@dataclass(frozen=True, slots=True, eq=False)
class Layer:
    """Parameters of layer l: W (n_l, n_{l−1}) with W[j, k] = w_jk, b (n_l,) or None, g.

    >>> output = bp.Layer(W=[[0.5, -0.25]], b=None, activation="linear")
    >>> bp.Network([output]).sizes
    (2, 1)
    """

    W: Array  #: Weights w_jk, shape (n_l, n_{l−1}); read-only in a network.
    b: Array | None  #: Biases, shape (n_l,); None for a layer without.
    activation: str  #: The name of g, such as tanh.


class Network:
    """A fully connected network, l = 1 (input) … L (output); weights exist for l = 2 … L.

    Immutable: `with_weight` and `with_bias` give another one, which shares what is the same.

    >>> net = bp.Network.create([4, 5, 6, 3], "tanh", output_activation="softmax", seed=0)
    >>> net.L, net.n_weights, net.layer(3).W.shape
    (4, 68, (6, 5))
    >>> net.with_weight(3, 2, 1, 0.5).layer(3).W[2, 1].item()
    0.5
    """

    __slots__ = ("layers", "sizes")
    layers: tuple[Layer, ...]  #: Those with weights, l = 2 … L: L − 1 of them.
    sizes: tuple[int, ...]  #: The number of nodes n_l of layers l = 1 … L.

    def __init__(self, layers: Sequence[Layer]) -> None:
        """Takes layers 2 … L. InputError where shapes do not join."""
        checked = tuple(_checked(layer, l) for l, layer in enumerate(layers, start=2))
        if not checked:
            raise InputError("a network needs an input and an output layer, no layer was given")
        for l, (below, above) in enumerate(pairwise(checked), start=3):
            _require_joint(below, above, l)
        object.__setattr__(self, "layers", checked)
        sizes = (checked[0].W.shape[1], *(layer.W.shape[0] for layer in checked))
        object.__setattr__(self, "sizes", sizes)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"a Network is immutable; {name} cannot be set (see with_weight)")

    def __repr__(self) -> str:
        names = ", ".join(layer.activation for layer in self.layers)
        return f"Network({'–'.join(map(str, self.sizes))}, {names})"

    def _repr_html_(self) -> str:
        return network_html(self.sizes, [(g.activation, g.b is not None) for g in self.layers])

    @classmethod
    def create(
        cls,
        sizes: Sequence[int],
        activation: str | Sequence[str] = "sigmoid",
        output_activation: str = "sigmoid",
        seed: int = 0,
        init: str = "xavier",
        bias: bool = True,
    ) -> Network:
        """A network with weights drawn from the seed and biases 0 (none with ``bias=False``).

        ``sizes`` are n_1 … n_L. ``activation`` is one name for all hidden layers or one each.
        Xavier: X. Glorot, Y. Bengio, AISTATS 2010 (normal, variance 2/(n_{l−1} + n_l)); He:
        K. He et al., ICCV 2015 (variance 2/n_{l−1}); normal: variance 1; uniform: ±1/√n_{l−1}.
        """
        sizes = checked_sizes(sizes)
        names = (*hidden_names(activation, len(sizes) - 2), output_activation)
        for name in names:
            find_activation(name)
        _require_parameters(sizes)
        rng = np.random.default_rng([_checked_seed(seed), 0])
        draw = [_draw(rng, init, n, n_in) for n_in, n in pairwise(sizes)]
        biases = [frozen(np.zeros(n)) if bias else None for n in sizes[1:]]
        return cls([Layer(W, b, g) for W, b, g in zip(draw, biases, names, strict=True)])

    @property
    def L(self) -> int:
        """Number of the output layer."""
        return len(self.sizes)

    def layer(self, l: int) -> Layer:
        """Layer l = 2 … L."""
        if not 2 <= l <= self.L:
            raise InputError(f"layer {l} has no weights; weights exist for l = 2..{self.L}")
        return self.layers[l - 2]

    @property
    def n_weights(self) -> int:
        """Number of weights."""
        return sum(layer.W.size for layer in self.layers)

    @property
    def n_biases(self) -> int:
        """Number of biases."""
        return sum(layer.b.size for layer in self.layers if layer.b is not None)

    def with_layers(self, layers: Sequence[Layer]) -> Network:
        """The same network with other parameters."""
        return Network(layers)

    def with_weight(self, l: int, j: int, k: int, value: float) -> Network:
        """The same network with w_jk^(l) = value."""
        layer = self.layer(l)
        n, n_in = layer.W.shape
        name = f"weight w_{{{j},{k}}}^({l})"
        _require_index(name, j, n, f"layer {l} has {n} nodes", "j")
        _require_index(name, k, n_in, f"layer {l - 1} has {n_in} nodes", "k")
        W = layer.W.copy()
        W[j, k] = _finite(name, value)
        return self._replaced(l, Layer(frozen(W), layer.b, layer.activation))

    def with_bias(self, l: int, j: int, value: float) -> Network:
        """The same network with b_j^(l) = value."""
        layer = self.layer(l)
        if layer.b is None:
            raise InputError(f"layer {l} has no biases; create the network with bias=True")
        name = f"bias b_{j}^({l})"
        _require_index(name, j, len(layer.b), f"layer {l} has {len(layer.b)} nodes", "j")
        b = layer.b.copy()
        b[j] = _finite(name, value)
        return self._replaced(l, Layer(layer.W, frozen(b), layer.activation))

    def _replaced(self, l: int, layer: Layer) -> Network:
        return Network([*self.layers[: l - 2], layer, *self.layers[l - 1 :]])


def checked_sizes(sizes: Sequence[int]) -> tuple[int, ...]:
    """Layer sizes n_1 … n_L as integers. InputError where one is impossible."""
    try:
        numbers = tuple(operator.index(n) for n in sizes)
    except TypeError:
        raise InputError(f"layer sizes are whole numbers, given: {sizes!r}") from None
    if len(numbers) < 2:
        raise InputError(f"a network needs at least an input and an output layer, given: {sizes}")
    for l, n in enumerate(numbers, start=1):
        if n < 1:
            raise InputError(f"layer {l} has {n} nodes; a layer needs at least 1")
    return numbers


def parameter_bytes(sizes: Sequence[int]) -> int:
    """Memory of all weights and biases, in bytes, before anything is allocated."""
    return 8 * sum(n * (n_in + 1) for n_in, n in pairwise(sizes))


def _require_parameters(sizes: Sequence[int]) -> None:
    what = f"a network {'–'.join(map(str, sizes))}"
    require_memory(parameter_bytes(sizes), what, "make a layer smaller")


def hidden_names(activation: str | Sequence[str], n_hidden: int) -> tuple[str, ...]:
    """One name for each hidden layer, of one for all or one each. InputError where they differ."""
    if isinstance(activation, str):
        return (activation,) * n_hidden
    names = tuple(activation)
    if len(names) == 1:
        return names * n_hidden
    if len(names) != n_hidden:
        raise InputError(
            f"{len(names)} activations were given for {n_hidden} hidden layers; "
            f"give one for all or one for each"
        )
    return names


def _checked_seed(seed: int) -> int:
    try:
        number = operator.index(seed)
    except TypeError:
        raise InputError(f"a seed is a whole number from 0, given: {seed!r}") from None
    if number < 0:
        raise InputError(f"a seed is a whole number from 0, given: {number}")
    return number


def find_init(name: str) -> str:
    """The name of an initialisation. InputError lists those there are."""
    if name not in INITS:
        raise InputError(f"there is no initialisation {name!r}; it is one of {', '.join(INITS)}")
    return name


def _spread(init: str, n: int, n_in: int) -> float:
    """Standard deviation (normal kinds) or half width (uniform) of the draw."""
    spreads = {
        "xavier": math.sqrt(2.0 / (n_in + n)),
        "he": math.sqrt(2.0 / n_in),
        "normal": 1.0,
        "uniform": 1.0 / math.sqrt(n_in),
        "zeros": 0.0,
    }
    return spreads[find_init(init)]


def _draw(rng: np.random.Generator, init: str, n: int, n_in: int) -> Array:
    """W (n, n_in), drawn in place: a layer of 8000 × 8000 is held once."""
    spread = _spread(init, n, n_in)
    if init == "zeros":
        W = np.zeros((n, n_in))
    elif init == "uniform":
        W = rng.random((n, n_in))
        W *= 2.0
        W -= 1.0
    else:
        W = rng.standard_normal((n, n_in))
    W *= spread
    W.flags.writeable = False
    return W


def _checked(layer: Layer, l: int) -> Layer:
    W = frozen(layer.W)
    b = None if layer.b is None else frozen(layer.b)
    find_activation(layer.activation)
    if W.ndim != 2 or 0 in W.shape:
        raise InputError(f"W of layer {l} has the shape {W.shape}; it is (nodes, nodes below)")
    if b is not None and b.shape != (W.shape[0],):
        raise InputError(f"b of layer {l} has the shape {b.shape}; W has {W.shape[0]} rows")
    return layer if W is layer.W and b is layer.b else Layer(W, b, layer.activation)


def _require_joint(below: Layer, above: Layer, l: int) -> None:
    if above.W.shape[1] != below.W.shape[0]:
        raise InputError(
            f"W of layer {l} has {above.W.shape[1]} columns, but layer {l - 1} has "
            f"{below.W.shape[0]} nodes; the two must be equal"
        )


def _require_index(name: str, index: int, n: int, fact: str, letter: str) -> None:
    whole = hasattr(index, "__index__")
    if not whole or not 0 <= index < n:
        raise InputError(f"{name} does not exist: {fact} ({letter} = 0..{n - 1})")


def _finite(name: str, value: float) -> float:
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = math.nan
    if not math.isfinite(number):
        raise InputError(f"{name} cannot be {value!r}; give a finite number")
    return number
