"""Training as one compiled loop over batches that holds no interpreter lock.

Arithmetic and order of the factors are those of `passes`; sums run in ascending index. Rows of the
scratch arrays are nodes, columns are the samples of the batch, so that the inner loops run over
samples. Importing this module needs numba and takes a third of a second: see `kernels`.

Numba notices changes of this file alone, so whatever the compiled code depends on stands here;
tests compare the constants and every result with `activations`, `losses` and `passes`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba
import numpy as np
from numba import types
from numpy.typing import NDArray

Function = TypeVar("Function", bound=Callable[..., Any])
Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

LEAK = 0.01
HUBER_DELTA = 1.0
SATURATION = 1e-9

# the order of activations.ACTIVATIONS and losses.LOSSES
SIGMOID, TANH, RELU, LEAKY_RELU, ELU, SOFTPLUS, SILU, GELU, LINEAR, SOFTMAX = range(10)
SSE, HALF_SSE, MSE, MAE, HUBER, BCE, CROSS_ENTROPY = range(7)

# the order of optimisers.OPTIMISERS, of kernels.update_numbers, and of records.LAYER
SGD, MOMENTUM, NESTEROV, RMSPROP, ADAM, ADAMW = range(6)
MU, BETA_1, BETA_2, RHO, EPSILON, DECAY, L1, L2, CLIP = range(9)
GRAD_NORM, BIAS_GRAD_NORM, UPDATE_NORM, WEIGHT_NORM, DEAD, SATURATED = range(6)
LAYER_COLUMNS = 6
WATCHED_COLUMNS = 3

CLIP_EPSILON = 1e-6
FLAT = 0.04  # of the largest slope, as in activations.flat_below

N_IN, N, G, W_AT, B_AT, ROW = range(6)  # columns of `layers`; ROW is the first scratch row

# how a call ended
DONE, INTERRUPTED, LOSS, GRADIENT, UPDATE = range(5)


# no fast maths: a sum keeps its order, and with it its bits, whatever the processor
OPTIONS: dict[str, Any] = {"nogil": True, "error_model": "numpy", "no_cfunc_wrapper": True}
_INSIDE = {**OPTIONS, "no_cpython_wrapper": True}


def compiled(function: Function) -> Function:
    """The function as machine code, for the functions of this file to call."""
    return cast(Function, numba.njit(**_INSIDE)(function))


@compiled
def sigmoid(z: float) -> float:
    if z >= 0.0:
        return 1.0 / (1.0 + math.exp(-z))
    e = math.exp(z)
    return e / (1.0 + e)


@compiled
def normal_cdf(z: float) -> float:
    return 0.5 * (1.0 + math.erf(z / math.sqrt(2.0)))


@compiled
def softplus(z: float) -> float:
    if z > 0.0:
        return z + math.log1p(math.exp(-z))
    return math.log1p(math.exp(z))


@compiled
def activate(g: int, z: float) -> float:
    """g(z) of an elementwise activation."""
    if g == SIGMOID:
        return sigmoid(z)
    if g == TANH:
        return math.tanh(z)
    if g == RELU:
        return 0.0 if z <= 0.0 else z
    if g == LEAKY_RELU:
        return z if z > 0.0 else LEAK * z
    if g == ELU:
        return z if z > 0.0 else math.expm1(z)
    if g == SOFTPLUS:
        return softplus(z)
    if g == SILU:
        return z * sigmoid(z)
    if g == GELU:
        return z * normal_cdf(z)
    return z + 0.0


@compiled
def slope(g: int, z: float, a: float) -> float:
    """g′(z) of an elementwise activation."""
    if g == SIGMOID:
        return a * (1.0 - a)
    if g == TANH:
        return 1.0 - a * a
    if g == RELU:
        return 1.0 if z > 0.0 else 0.0
    if g == LEAKY_RELU:
        return 1.0 if z > 0.0 else LEAK
    if g == ELU:
        return 1.0 if z > 0.0 else a + 1.0
    if g == SOFTPLUS:
        return sigmoid(z)
    if g == SILU:
        s = sigmoid(z)
        return s * (1.0 + z * (1.0 - s))
    if g == GELU:
        return normal_cdf(z) + z * (math.exp(-0.5 * z * z) / math.sqrt(2.0 * math.pi))
    return 1.0


@compiled
def times_ln(factor: float, x: float) -> float:
    return 0.0 if factor == 0.0 else factor * math.log(x)


@compiled
def over(factor: float, x: float) -> float:
    return 0.0 if factor == 0.0 else factor / x


@compiled
def node_loss(loss: int, a: float, y: float, n_L: int) -> float:
    """C_j."""
    d = a - y
    if loss == SSE:
        return d * d
    if loss == HALF_SSE:
        return 0.5 * (d * d)
    if loss == MSE:
        return d * d / n_L
    if loss == MAE:
        return abs(d) / n_L
    if loss == HUBER:
        if abs(d) <= HUBER_DELTA:
            return 0.5 * d * d / n_L
        return HUBER_DELTA * (abs(d) - 0.5 * HUBER_DELTA) / n_L
    if loss == BCE:
        return -(times_ln(y, a) + times_ln(1.0 - y, 1.0 - a))
    return -times_ln(y, a)


@compiled
def node_loss_slope(loss: int, a: float, y: float, n_L: int) -> float:
    """∂C_0/∂a_j."""
    d = a - y
    if loss == SSE:
        return 2.0 * d
    if loss == HALF_SSE:
        return d
    if loss == MSE:
        return 2.0 * d / n_L
    if loss == MAE:
        return float(np.sign(d)) / n_L
    if loss == HUBER:
        return min(max(d, -HUBER_DELTA), HUBER_DELTA) / n_L
    if loss == BCE:
        return -over(y, a) + over(1.0 - y, 1.0 - a)
    return -over(y, a)


@compiled
def softmax(z: Floats, a: Floats, n: int) -> None:
    """a = softmax(z), column by column. z, a (n_l, ≥ n)."""
    for s in range(n):
        largest = z[0, s]
        for j in range(1, len(z)):
            largest = max(largest, z[j, s])
        total = 0.0
        for j in range(len(z)):
            a[j, s] = math.exp(z[j, s] - largest)
            total += a[j, s]
        for j in range(len(z)):
            a[j, s] /= total


@compiled
def softmax_back(a: Floats, d: Floats, n: int) -> None:
    """∂C_0/∂a in d becomes ∂C_0/∂z_j = Σ_m ∂C_0/∂a_m · a_m (δ_mj − a_j), m ascending."""
    total = np.empty(len(a))
    for s in range(n):
        total[:] = 0.0
        for m in range(len(a)):
            for j in range(len(a)):
                own = 1.0 if j == m else 0.0
                total[j] += d[m, s] * (a[m, s] * (own - a[j, s]))
        for j in range(len(a)):
            d[j, s] = total[j]


@compiled
def weighted_sums(layer: Integers, parameters: Floats, below: Floats, z: Floats, n: int) -> None:
    """z = W a + b. below (n_{l−1}, ≥ n) is a of the layer below, z (n_l, ≥ n)."""
    w_at, b_at = layer[W_AT], layer[B_AT]
    for j in range(len(z)):
        row = z[j]
        for s in range(n):
            row[s] = 0.0
        for k in range(len(below)):
            w, a = parameters[w_at], below[k]
            w_at += 1
            for s in range(n):
                row[s] += w * a[s]
        if b_at >= 0:
            b = parameters[b_at + j]
            for s in range(n):
                row[s] += b


@compiled
def forward(layers: Integers, parameters: Floats, z: Floats, a: Floats, n: int) -> None:
    """z and a of layers 2 … L for the n samples whose x stand in the first rows of a."""
    for layer in layers:
        row, end = layer[ROW], layer[ROW] + layer[N]
        weighted_sums(layer, parameters, a[row - layer[N_IN] : row], z[row:end], n)
        if layer[G] == SOFTMAX:
            softmax(z[row:end], a[row:end], n)
        else:
            for j in range(row, end):
                z_j, a_j = z[j], a[j]
                for s in range(n):
                    a_j[s] = activate(layer[G], z_j[s])


@compiled
def load(X: Floats, rows: Integers, a: Floats) -> None:
    """The samples of these rows as columns of a."""
    for s in range(len(rows)):
        for k in range(X.shape[1]):
            a[k, s] = X[rows[s], k]


@compiled
def is_right(a: Floats, Y: Floats, s: int, row: int) -> bool:
    """Whether output and target are largest at the same j (one output: on the same side of ½)."""
    n_L = len(a)
    if n_L == 1:
        return bool((a[0, s] >= 0.5) == (Y[row, 0] >= 0.5))
    j_a, j_y = 0, 0
    for j in range(1, n_L):
        if a[j, s] > a[j_a, s]:
            j_a = j
        if Y[row, j] > Y[row, j_y]:
            j_y = j
    return j_a == j_y


@compiled
def judge(loss: int, a: Floats, Y: Floats, rows: Integers) -> tuple[float, int]:
    """Σ C_0 over the samples and how many are classified rightly. a (n_L, ≥ n)."""
    total, right = 0.0, 0
    for s in range(len(rows)):
        C_0 = 0.0
        for j in range(len(a)):
            C_0 += node_loss(loss, a[j, s], Y[rows[s], j], len(a))
        total += C_0
        right += is_right(a, Y, s, rows[s])
    return total, right


@compiled
def combined(loss: int, a: Floats, Y: Floats, s: int, row: int, j: int) -> float:
    """∂C_0/∂z_j of softmax with cross_entropy and of sigmoid with bce in one piece."""
    if loss == BCE:
        return float(a[j, s] - Y[row, j])
    total = 0.0
    for m in range(len(a)):
        total += Y[row, m]
    return float(a[j, s] * total - Y[row, j])


@compiled
def guard(loss: int, a: Floats, Y: Floats, rows: Integers, d: Floats) -> None:
    """Where the product of the factors broke down, the combined form stands in for it."""
    for s in range(len(rows)):
        for j in range(len(a)):
            stable = combined(loss, a, Y, s, rows[s], j)
            off = abs(d[j, s] - stable) > SATURATION * abs(stable)
            if (off or not math.isfinite(d[j, s])) and math.isfinite(stable):
                d[j, s] = stable


@compiled
def output_slopes(loss: int, a: Floats, Y: Floats, rows: Integers, d: Floats) -> None:
    """∂C_0/∂a^(L) into d."""
    for s in range(len(rows)):
        for j in range(len(a)):
            d[j, s] = node_loss_slope(loss, a[j, s], Y[rows[s], j], len(a))


@compiled
def through_activation(g: int, z: Floats, a: Floats, d: Floats, n: int) -> None:
    """∂C_0/∂a in d becomes ∂C_0/∂z."""
    if g == SOFTMAX:
        softmax_back(a, d, n)
        return
    for j in range(len(a)):
        z_j, a_j, d_j = z[j], a[j], d[j]
        for s in range(n):
            d_j[s] *= slope(g, z_j[s], a_j[s])


@compiled
def layer_gradient(layer: Integers, d: Floats, below: Floats, gradient: Floats, n: int) -> None:
    """Means over the samples of ∂C_0/∂w_jk = ∂C_0/∂z_j · a_k and of ∂C_0/∂b_j = ∂C_0/∂z_j."""
    w_at, b_at = layer[W_AT], layer[B_AT]
    for j in range(len(d)):
        row = d[j]
        for k in range(len(below)):
            a, total = below[k], 0.0
            for s in range(n):
                total += row[s] * a[s]
            gradient[w_at] = total / n
            w_at += 1
        if b_at >= 0:
            total = 0.0
            for s in range(n):
                total += row[s]
            gradient[b_at + j] = total / n


@compiled
def through_weights(layer: Integers, parameters: Floats, d: Floats, below: Floats, n: int) -> None:
    """∂C_0/∂a_k = Σ_j ∂C_0/∂z_j · w_jk into below (n_{l−1}, ≥ n), j ascending."""
    for k in range(len(below)):
        row = below[k]
        for s in range(n):
            row[s] = 0.0
        for j in range(len(d)):
            w, d_j = parameters[layer[W_AT] + j * len(below) + k], d[j]
            for s in range(n):
                row[s] += d_j[s] * w


@compiled
def backward(
    layers: Integers,
    parameters: Floats,
    loss: int,
    Y: Floats,
    rows: Integers,
    z: Floats,
    a: Floats,
    d: Floats,
    gradient: Floats,
) -> None:
    """The mean gradient over the batch, from the activations that `forward` left in a."""
    n, top = len(rows), len(layers) - 1
    fusable = (loss == CROSS_ENTROPY and layers[top, G] == SOFTMAX) or (
        loss == BCE and layers[top, G] == SIGMOID
    )
    output_slopes(loss, a[layers[top, ROW] :], Y, rows, d[layers[top, ROW] :])
    for i in range(top, -1, -1):
        layer = layers[i]
        row, end = layer[ROW], layer[ROW] + layer[N]
        below = row - layer[N_IN]
        through_activation(layer[G], z[row:end], a[row:end], d[row:end], n)
        if i == top and fusable:
            guard(loss, a[row:end], Y, rows, d[row:end])
        layer_gradient(layer, d[row:end], a[below:row], gradient, n)
        if i > 0:
            through_weights(layer, parameters, d[row:end], d[below:row], n)


@compiled
def first_not_finite(values: Floats) -> int:
    """Index of the first infinite or NaN value, −1 where there is none."""
    for i in range(len(values)):
        if not math.isfinite(values[i]):
            return i
    return -1


@compiled
def descend(parameters: Floats, gradient: Floats, lr: float) -> int:
    """w − lr · gradient in place; −1, or untouched and the index of a result not finite."""
    for i in range(len(parameters)):
        if not math.isfinite(parameters[i] - lr * gradient[i]):
            return i
    for i in range(len(parameters)):
        parameters[i] -= lr * gradient[i]
    return -1


@compiled
def penalise(layers: Integers, numbers: Floats, parameters: Floats, gradient: Floats) -> None:
    """gradient + λ₁ sign(w) + λ₂ w in place, weights only."""
    for l in range(len(layers)):
        layer = layers[l]
        for i in range(layer[W_AT], layer[W_AT] + layer[N] * layer[N_IN]):
            w = parameters[i]
            gradient[i] += numbers[L1] * np.sign(w) + numbers[L2] * w


@compiled
def norm(values: Floats) -> float:
    """√(Σ values²), also where a square is above the largest number."""
    total = 0.0
    for i in range(len(values)):
        total += values[i] * values[i]
    if not math.isinf(total):
        return math.sqrt(total)
    largest = 0.0
    for i in range(len(values)):
        largest = max(largest, abs(values[i]))
    if math.isinf(largest):
        return largest
    total = 0.0
    for i in range(len(values)):
        total += (values[i] / largest) * (values[i] / largest)
    return largest * math.sqrt(total)


@compiled
def clip(numbers: Floats, gradient: Floats) -> None:
    """gradient · min(1, clip/(‖gradient‖ + 10⁻⁶)) in place."""
    scale = min(1.0, numbers[CLIP] / (norm(gradient) + CLIP_EPSILON))
    for i in range(len(gradient)):
        gradient[i] *= scale


@compiled
def copy(source: Floats, target: Floats) -> None:
    """What `target[:] = source` does, compiled in a fraction of the time."""
    for i in range(len(source)):
        target[i] = source[i]


@compiled
def by_velocity(
    rule: int, mu: float, lr: float, w: Floats, g: Floats, slots: Floats, new: Floats, kept: Floats
) -> None:
    """New parameters into new, new slots into kept."""
    for i in range(len(w)):
        velocity = mu * slots[0, i] + g[i]
        kept[0, i] = velocity
        new[i] = w[i] - lr * (g[i] + mu * velocity if rule == NESTEROV else velocity)


@compiled
def by_rmsprop(
    numbers: Floats, lr: float, w: Floats, g: Floats, slots: Floats, new: Floats, kept: Floats
) -> None:
    """New parameters into new, new slots into kept."""
    rho, epsilon = numbers[RHO], numbers[EPSILON]
    for i in range(len(w)):
        v = rho * slots[0, i] + (1.0 - rho) * (g[i] * g[i])
        kept[0, i] = v
        new[i] = w[i] - lr * g[i] / (math.sqrt(v) + epsilon)


@compiled
def by_moments(
    numbers: Floats,
    decay: float,
    t: int,
    lr: float,
    w: Floats,
    g: Floats,
    slots: Floats,
    new: Floats,
    kept: Floats,
) -> None:
    """Adam, and AdamW with a decay: new parameters into new, new slots into kept."""
    beta_1, beta_2, epsilon = numbers[BETA_1], numbers[BETA_2], numbers[EPSILON]
    part_1, part_2 = 1.0 - math.pow(beta_1, t + 1.0), 1.0 - math.pow(beta_2, t + 1.0)
    for i in range(len(w)):
        m = beta_1 * slots[0, i] + (1.0 - beta_1) * g[i]
        v = beta_2 * slots[1, i] + (1.0 - beta_2) * (g[i] * g[i])
        kept[0, i], kept[1, i] = m, v
        step = lr * (m / part_1) / (math.sqrt(v / part_2) + epsilon)
        new[i] = w[i] - lr * decay * w[i] - step


@compiled
def remember(
    rule: int,
    numbers: Floats,
    t: int,
    lr: float,
    parameters: Floats,
    gradient: Floats,
    slots: Floats,
    new: Floats,
    kept: Floats,
) -> int:
    """Update t of an optimiser with slots; −1, or all untouched and the index not finite."""
    if rule == RMSPROP:
        by_rmsprop(numbers, lr, parameters, gradient, slots, new, kept)
    elif rule in (MOMENTUM, NESTEROV):
        by_velocity(rule, numbers[MU], lr, parameters, gradient, slots, new, kept)
    else:
        decay = numbers[DECAY] if rule == ADAMW else 0.0
        by_moments(numbers, decay, t, lr, parameters, gradient, slots, new, kept)
    for i in range(len(new)):
        finite = math.isfinite(new[i])
        for slot in range(len(kept)):
            finite &= math.isfinite(kept[slot, i])
        if not finite:
            return i
    copy(new, parameters)
    for slot in range(len(kept)):
        copy(kept[slot], slots[slot])
    return -1


@compiled
def update(
    layers: Integers,
    rule: int,
    numbers: Floats,
    t: int,
    lr: float,
    parameters: Floats,
    gradient: Floats,
    slots: Floats,
    new: Floats,
    kept: Floats,
) -> int:
    """Update t in place; −1, or all untouched and the index of a number not finite."""
    if numbers[L1] > 0.0 or numbers[L2] > 0.0:
        penalise(layers, numbers, parameters, gradient)
    if numbers[CLIP] > 0.0:
        clip(numbers, gradient)
    if rule == SGD:
        return descend(parameters, gradient, lr)
    return remember(rule, numbers, t, lr, parameters, gradient, slots, new, kept)


@compiled
def record_slopes(layer: Integers, z: Floats, a: Floats, n: int, values: Floats) -> None:
    """Shares of dead and of saturated nodes among those of a layer. z, a (n_l, ≥ n)."""
    dead, saturated = 0, 0
    steep = 0.25 if layer[G] == SIGMOID or layer[G] == SOFTMAX else 1.0
    for j in range(len(a)):
        total, z_j, a_j = 0.0, z[j], a[j]
        for s in range(n):
            if layer[G] == SOFTMAX:
                total += abs(a_j[s] * (1.0 - a_j[s]))
            else:
                total += abs(slope(layer[G], z_j[s], a_j[s]))
        dead += total == 0.0
        saturated += total / n < FLAT * steep
    values[DEAD], values[SATURATED] = dead / len(a), saturated / len(a)


@compiled
def record_before(
    layers: Integers,
    parameters: Floats,
    gradient: Floats,
    z: Floats,
    a: Floats,
    n: int,
    watched: Integers,
    values: Floats,
) -> None:
    """All columns of a record that are known before the update, but for the accuracy."""
    start = len(values) - WATCHED_COLUMNS * len(watched)
    for l in range((start - 1) // LAYER_COLUMNS):
        layer = layers[l]
        columns = values[1 + l * LAYER_COLUMNS :]
        w_at, b_at, end = layer[W_AT], layer[B_AT], layer[W_AT] + layer[N] * layer[N_IN]
        columns[GRAD_NORM] = norm(gradient[w_at:end])
        columns[BIAS_GRAD_NORM] = norm(gradient[b_at : b_at + layer[N]]) if b_at >= 0 else 0.0
        columns[WEIGHT_NORM] = norm(parameters[w_at:end])
        row, last = layer[ROW], layer[ROW] + layer[N]
        record_slopes(layer, z[row:last], a[row:last], n, columns)
    for p in range(len(watched)):
        values[start + WATCHED_COLUMNS * p] = parameters[watched[p]]
        values[start + WATCHED_COLUMNS * p + 1] = gradient[watched[p]]


@compiled
def record_after(
    layers: Integers, before: Floats, parameters: Floats, watched: Integers, values: Floats
) -> None:
    """The columns that say what the update came to; ``before`` is spoilt."""
    start = len(values) - WATCHED_COLUMNS * len(watched)
    for i in range(len(before)):
        before[i] = parameters[i] - before[i]
    for l in range((start - 1) // LAYER_COLUMNS):
        w_at, end = layers[l, W_AT], layers[l, W_AT] + layers[l, N] * layers[l, N_IN]
        values[1 + l * LAYER_COLUMNS + UPDATE_NORM] = norm(before[w_at:end])
    for p in range(len(watched)):
        values[start + WATCHED_COLUMNS * p + 2] = parameters[watched[p]]


@compiled
def evaluate(
    layers: Integers, parameters: Floats, loss: int, X: Floats, Y: Floats, z: Floats, a: Floats
) -> tuple[float, float]:
    """Mean C_0 over all rows and the share classified rightly, as many at once as scratch holds."""
    total, right, width = 0.0, 0, z.shape[1]
    top = layers[len(layers) - 1]
    for start in range(0, len(X), width):
        rows = np.arange(start, min(start + width, len(X)))
        load(X, rows, a)
        forward(layers, parameters, z, a, len(rows))
        part, hits = judge(loss, a[top[ROW] :], Y, rows)
        total += part
        right += hits
    return total / len(X), right / len(X)


def _train(
    layers: Integers,
    parameters: Floats,
    slots: Floats,
    t: int,
    rule: int,
    numbers: Floats,
    rates: Floats,
    loss: int,
    batch_size: int,
    X: Floats,
    Y: Floats,
    X_validation: Floats,
    Y_validation: Floats,
    orders: Integers,
    first: int,
    last: int,
    stop: NDArray[np.uint8],
    sums: Floats,
    losses: Floats,
    epochs: Floats,
    watched: Integers,
    recorded: Floats,
) -> tuple[int, int, int]:
    """The twin of `loop.train`: the same arguments, but for `layers` (see `layer_table`).

    ``rule``, ``numbers`` and ``rates`` (η of each update) are its ``update``: see `kernels`.
    """
    top = layers[len(layers) - 1, ROW]
    n_nodes, width = top + layers[len(layers) - 1, N], min(batch_size, len(X))
    z, a, d = np.empty((n_nodes, width)), np.empty((n_nodes, width)), np.empty((n_nodes, width))
    gradient, new, kept = np.empty(len(parameters)), np.empty(len(parameters)), np.empty_like(slots)
    before = np.empty(len(parameters) if len(recorded) > 0 else 0)
    per_epoch = (len(X) + batch_size - 1) // batch_size
    for done in range(last - first):
        if stop[0] != 0:
            return done, INTERRUPTED, 0
        epoch, batch = (first + done) // per_epoch, (first + done) % per_epoch
        rows = orders[epoch, batch * batch_size : (batch + 1) * batch_size]
        load(X, rows, a)
        forward(layers, parameters, z, a, len(rows))
        total, right = judge(loss, a[top:], Y, rows)
        losses[done] = total / len(rows)
        if not math.isfinite(losses[done]):
            return done, LOSS, 0
        backward(layers, parameters, loss, Y, rows, z, a, d, gradient)
        where = first_not_finite(gradient)
        if where >= 0:
            return done, GRADIENT, where
        if len(recorded) > 0:
            copy(parameters, before)
            recorded[done, 0] = right / len(rows)
            record_before(layers, parameters, gradient, z, a, len(rows), watched, recorded[done])
        lr = rates[done]
        where = update(layers, rule, numbers, t + done, lr, parameters, gradient, slots, new, kept)
        if where >= 0:
            return done, UPDATE, where
        if len(recorded) > 0:
            record_after(layers, before, parameters, watched, recorded[done])
        sums[0] += total
        sums[1] += right
        if batch == per_epoch - 1:
            epochs[epoch, 0] = sums[0] / len(X)
            epochs[epoch, 1] = sums[1] / len(X)
            sums[:] = 0.0
            if len(X_validation) > 0:
                mean, share = evaluate(layers, parameters, loss, X_validation, Y_validation, z, a)
                epochs[epoch, 2] = mean
                epochs[epoch, 3] = share
    return last - first, DONE, 0


def _array(dtype: Any, ndim: int, readonly: bool = False) -> Any:
    return types.Array(dtype, ndim, "C", readonly=readonly)


_DATA = _array(types.float64, 2, readonly=True)
_VECTOR = _array(types.float64, 1)
_INTEGERS = _array(types.int64, 2)
_COUNTS: Any = types.UniTuple(types.int64, 3)  # type: ignore[no-untyped-call]
_TABLE = _array(types.float64, 2)
SIGNATURE = _COUNTS(
    *(_INTEGERS, _VECTOR, _TABLE, types.int64, types.int64, _VECTOR, _VECTOR),
    *(types.int64, types.int64, _DATA, _DATA, _DATA, _DATA),
    *(_array(types.int64, 2, readonly=True), types.int64, types.int64, _array(types.uint8, 1)),
    *(_VECTOR, _VECTOR, _TABLE, _array(types.int64, 1), _TABLE),
)

train = numba.njit(cache=True, **OPTIONS)(_train)
