"""What the scripts of a pass are put together from: functions as source, by their names."""

from __future__ import annotations

from collections.abc import Mapping

# g and g′ of numpy scripts; z and a are (n, n_l)
NUMPY_ACTIVATIONS: Mapping[str, str] = {
    "sigmoid": """
def sigmoid(z):
    return 1.0 / (1.0 + np.exp(-z))


def sigmoid_prime(z, a):
    return a * (1.0 - a)
""",
    "tanh": """
def tanh(z):
    return np.tanh(z)


def tanh_prime(z, a):
    return 1.0 - a * a
""",
    "relu": """
def relu(z):
    return np.maximum(z, 0.0)


def relu_prime(z, a):
    return np.where(z > 0, 1.0, 0.0)
""",
    "leaky_relu": """
def leaky_relu(z):
    return np.where(z > 0, z, 0.01 * z)


def leaky_relu_prime(z, a):
    return np.where(z > 0, 1.0, 0.01)
""",
    "elu": """
def elu(z):
    return np.where(z > 0, z, np.expm1(np.minimum(z, 0.0)))


def elu_prime(z, a):
    return np.where(z > 0, 1.0, a + 1.0)
""",
    "softplus": """
def softplus(z):
    return np.logaddexp(0.0, z)


def softplus_prime(z, a):
    return 1.0 / (1.0 + np.exp(-z))
""",
    "silu": """
def silu(z):
    return z / (1.0 + np.exp(-z))


def silu_prime(z, a):
    s = 1.0 / (1.0 + np.exp(-z))
    return s * (1.0 + z * (1.0 - s))
""",
    "gelu": """
def normal_cdf(z):
    return 0.5 * (1.0 + np.vectorize(math.erf, otypes=[float])(z / math.sqrt(2.0)))


def gelu(z):
    return z * normal_cdf(z)


def gelu_prime(z, a):
    return normal_cdf(z) + z * np.exp(-0.5 * z * z) / math.sqrt(2.0 * math.pi)
""",
    "linear": """
def linear(z):
    return z


def linear_prime(z, a):
    return np.ones_like(z)
""",
    "softmax": """
def softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def softmax_prime(z, a):
    # da_m/dz_j, indexed [sample, m, j]
    return a[:, :, None] * (np.eye(a.shape[1]) - a[:, None, :])
""",
}

_TIMES_LN = """
def times_ln(factor, x):
    # factor ln x, and 0 where the factor is 0
    return np.where(factor == 0, 0.0, factor * np.log(np.where(factor == 0, 1.0, x)))


def over(factor, x):
    return np.where(factor == 0, 0.0, factor / np.where(factor == 0, 1.0, x))

"""

# C_0 = sum_j C_j, each sample by itself: (n, n_L) -> (n, n_L)
NUMPY_LOSSES: Mapping[str, str] = {
    "sse": """
def C_j(a, y):
    return (a - y) ** 2


def loss_prime(a, y):
    return 2.0 * (a - y)
""",
    "half_sse": """
def C_j(a, y):
    return 0.5 * (a - y) ** 2


def loss_prime(a, y):
    return a - y
""",
    "mse": """
def C_j(a, y):
    return (a - y) ** 2 / a.shape[1]


def loss_prime(a, y):
    return 2.0 * (a - y) / a.shape[1]
""",
    "mae": """
def C_j(a, y):
    return np.abs(a - y) / a.shape[1]


def loss_prime(a, y):
    return np.sign(a - y) / a.shape[1]
""",
    "huber": """
def C_j(a, y):
    d = np.abs(a - y)
    return np.where(d <= 1.0, 0.5 * d * d, d - 0.5) / a.shape[1]


def loss_prime(a, y):
    return np.clip(a - y, -1.0, 1.0) / a.shape[1]
""",
    "bce": _TIMES_LN
    + """
def C_j(a, y):
    return -(times_ln(y, a) + times_ln(1.0 - y, 1.0 - a))


def loss_prime(a, y):
    return -over(y, a) + over(1.0 - y, 1.0 - a)
""",
    "cross_entropy": _TIMES_LN
    + """
def C_j(a, y):
    return -times_ln(y, a)


def loss_prime(a, y):
    return -over(y, a)
""",
}

# w is a parameter as it stands, g its gradient, state what is remembered of it, t from 0
NUMPY_OPTIMISERS: Mapping[str, str] = {
    "sgd": """
def updated(w, g, state):
    return w - lr * g
""",
    "momentum": """
def updated(w, g, state):
    velocity = momentum * state["velocity"] + g
    return w - lr * velocity
""",
    "nesterov": """
def updated(w, g, state):
    velocity = momentum * state["velocity"] + g
    return w - lr * (g + momentum * velocity)
""",
    "rmsprop": """
def updated(w, g, state):
    v = rho * state["v"] + (1.0 - rho) * g * g
    return w - lr * g / (np.sqrt(v) + epsilon)
""",
    "adam": """
def updated(w, g, state):
    m = beta1 * state["m"] + (1.0 - beta1) * g
    v = beta2 * state["v"] + (1.0 - beta2) * g * g
    m_hat, v_hat = m / (1.0 - beta1 ** (t + 1)), v / (1.0 - beta2 ** (t + 1))
    return w - lr * m_hat / (np.sqrt(v_hat) + epsilon)
""",
    "adamw": """
def updated(w, g, state):
    m = beta1 * state["m"] + (1.0 - beta1) * g
    v = beta2 * state["v"] + (1.0 - beta2) * g * g
    m_hat, v_hat = m / (1.0 - beta1 ** (t + 1)), v / (1.0 - beta2 ** (t + 1))
    return w - lr * weight_decay * w - lr * m_hat / (np.sqrt(v_hat) + epsilon)
""",
}

TORCH_ACTIVATIONS: Mapping[str, str] = {
    "sigmoid": "nn.Sigmoid()",
    "tanh": "nn.Tanh()",
    "relu": "nn.ReLU()",
    "leaky_relu": "nn.LeakyReLU(0.01)",
    "elu": "nn.ELU()",
    "softplus": "nn.Softplus()",
    "silu": "nn.SiLU()",
    "gelu": "nn.GELU()",
    "linear": "nn.Identity()",
    "softmax": "nn.Softmax(dim=1)",
}

# C_0 of each sample: (n,), from the outputs a
TORCH_LOSSES: Mapping[str, str] = {
    "sse": "((a - Y) ** 2).sum(dim=1)",
    "half_sse": "0.5 * ((a - Y) ** 2).sum(dim=1)",
    "mse": "((a - Y) ** 2).mean(dim=1)",
    "mae": "(a - Y).abs().mean(dim=1)",
    "huber": 'F.huber_loss(a, Y, reduction="none").mean(dim=1)',
    "bce": "-(torch.xlogy(Y, a) + torch.xlogy(1 - Y, 1 - a)).sum(dim=1)",
    "cross_entropy": "-torch.xlogy(Y, a).sum(dim=1)",
}

# from z of the output layer: what frameworks fuse, because the factors by themselves overflow
TORCH_FUSED: Mapping[tuple[str, str], str] = {
    ("bce", "sigmoid"): 'F.binary_cross_entropy_with_logits(z, Y, reduction="none").sum(dim=1)',
    ("cross_entropy", "softmax"): "-(Y * F.log_softmax(z, dim=1)).sum(dim=1)",
}

TORCH_OPTIMISERS: Mapping[str, str] = {
    "sgd": "torch.optim.SGD(parameters, lr=lr)",
    "momentum": "torch.optim.SGD(parameters, lr=lr, momentum=momentum)",
    "nesterov": "torch.optim.SGD(parameters, lr=lr, momentum=momentum, nesterov=True)",
    "rmsprop": "torch.optim.RMSprop(parameters, lr=lr, alpha=rho, eps=epsilon)",
    "adam": "torch.optim.Adam(parameters, lr=lr, betas=(beta1, beta2), eps=epsilon)",
    "adamw": (
        "torch.optim.AdamW(\n"
        "    parameters, lr=lr, betas=(beta1, beta2), eps=epsilon, weight_decay=weight_decay\n)"
    ),
}

# what PyTorch calls the things that an optimiser remembers
TORCH_STATE: Mapping[str, Mapping[str, str]] = {
    "momentum": {"velocity": "momentum_buffer"},
    "nesterov": {"velocity": "momentum_buffer"},
    "rmsprop": {"v": "square_avg"},
    "adam": {"m": "exp_avg", "v": "exp_avg_sq"},
    "adamw": {"m": "exp_avg", "v": "exp_avg_sq"},
}
