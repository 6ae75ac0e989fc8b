"""A pass as a script that runs by itself and reproduces its numbers: numpy alone, or PyTorch.

The script has the weights, the samples and the numbers that should come out; it goes forward,
takes the loss, goes back, makes one update where the pass has one, prints C, the gradients and
the new weights, and ends with an error where one differs.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bpstudio.core.errors import InputError
from bpstudio.core.losses import is_fusable
from bpstudio.core.parameters import views
from bpstudio.core.trace import Trace
from bpstudio.files import script_parts as parts
from bpstudio.files.atomic import writing

Array = NDArray[np.float64]

MOST_NUMBERS = 1_000_000  # of weights and samples in one script

_SETTINGS = ("momentum", "beta1", "beta2", "rho", "epsilon", "weight_decay")
_CHECK = """

def check(name, found, expected):
    found, expected = np.asarray(found), np.asarray(expected)
    near = 1e-7 * np.abs(expected) + 1e-9 * np.abs(expected).max()
    assert found.shape == expected.shape and np.all(np.abs(found - expected) <= near), name
    print(f"{name} =\\n{found}")

"""


def numpy_script(trace: Trace) -> str:
    """A pass as a script that needs numpy alone. InputError where its numbers are not finite."""
    _require_finite(trace)
    names = dict.fromkeys(layer.activation for layer in trace.network.layers)
    functions = "\n".join(parts.NUMPY_ACTIVATIONS[name] for name in names)
    functions += "\n" + parts.NUMPY_LOSSES[trace.loss]
    if trace.update is not None:
        functions += "\n" + parts.NUMPY_OPTIMISERS[trace.update.settings.optimizer]
    imports = "import math\n\n" if "gelu" in names else ""
    return "".join(
        (
            _title(trace, "numpy"),
            f'\n{imports}import numpy as np\n\nnp.seterr(all="ignore")\n',
            _given(trace),
            "\n" + functions.replace("\n\n\n\n", "\n\n\n"),
            _CHECK,
            _NUMPY_PASS.replace("{through}", _through_output(trace)),
            _numpy_update(trace),
        )
    )


_NUMPY_PASS = """
# forward
a, z = [X], []
for (W, b), g in zip(parameters, activations):
    z.append(a[-1] @ W.T + (0.0 if b is None else b))
    a.append(globals()[g](z[-1]))
C = C_j(a[-1], Y).sum(axis=1).mean()
check("C", C, expected_C)

# backward, from the output layer down to layer 2
n, gradients = len(X), []
dC_da = loss_prime(a[-1], Y)
for l in range(len(a), 1, -1):
    (W, b), g = parameters[l - 2], activations[l - 2]
    slope = globals()[g + "_prime"](z[l - 2], a[l - 1])
    if g == "softmax":
        dC_dz = np.einsum("nm,nmj->nj", dC_da, slope)
    else:
        dC_dz = dC_da * slope
{through}    gradients.insert(0, (dC_dz.T @ a[l - 2] / n, dC_dz.sum(axis=0) / n))
    dC_da = dC_dz @ W
for l, ((dC_dW, dC_db), (W, b)) in enumerate(zip(expected_gradients, parameters), start=2):
    check(f"dC/dW of layer {l}", gradients[l - 2][0], dC_dW)
    if b is not None:
        check(f"dC/db of layer {l}", gradients[l - 2][1], dC_db)
"""


def _through_output(trace: Trace) -> str:
    """The combined form of a saturated output, whose factors by themselves break down."""
    if not trace.saturated.any():
        return ""
    form = "a[-1] - Y" if trace.loss == "bce" else "a[-1] * Y.sum(axis=1, keepdims=True) - Y"
    return (
        "    if l == len(a):\n"
        "        # the output is saturated: the product of the factors broke down\n"
        f"        dC_dz = {form}\n"
    )


def torch_script(trace: Trace) -> str:
    """A pass as a script for PyTorch. InputError where its numbers are not finite."""
    _require_finite(trace)
    return "".join(
        (
            _title(trace, "PyTorch"),
            "\nimport numpy as np\nimport torch\nimport torch.nn.functional as F\n"
            "from torch import nn\n\ntorch.set_default_dtype(torch.float64)\n",
            _given(trace),
            _CHECK,
            _torch_model(trace),
            _TORCH_PASS.replace("{loss}", _torch_loss(trace)),
            _torch_update(trace),
        )
    )


_TORCH_PASS = """
linear = [module for module in model if isinstance(module, nn.Linear)]
with torch.no_grad():
    for module, (W, b) in zip(linear, parameters):
        module.weight.copy_(torch.tensor(W))
        if b is not None:
            module.bias.copy_(torch.tensor(b))

# forward, loss and backward
X, Y = torch.tensor(X), torch.tensor(Y)
{loss}
C = C_0.mean()
C.backward()
check("C", C.item(), expected_C)
for l, (module, (dC_dW, dC_db)) in enumerate(zip(linear, expected_gradients), start=2):
    check(f"dC/dW of layer {l}", module.weight.grad, dC_dW)
    if module.bias is not None:
        check(f"dC/db of layer {l}", module.bias.grad, dC_db)
"""


def _torch_model(trace: Trace) -> str:
    lines = []
    for layer in trace.network.layers:
        n, n_in = layer.W.shape
        bias = ", bias=False" if layer.b is None else ""
        lines += [f"nn.Linear({n_in}, {n}{bias})", parts.TORCH_ACTIVATIONS[layer.activation]]
    inner = "".join(f"    {line},\n" for line in lines)
    return f"\nmodel = nn.Sequential(\n{inner})\n"


def _torch_loss(trace: Trace) -> str:
    output = trace.network.layers[-1].activation
    if is_fusable(trace.loss, output):
        return f"z = model[:-1](X)\nC_0 = {parts.TORCH_FUSED[trace.loss, output]}"
    return f"a = model(X)\nC_0 = {parts.TORCH_LOSSES[trace.loss]}"


def _title(trace: Trace, library: str) -> str:
    sizes = "–".join(map(str, trace.network.sizes))
    names = ", ".join(layer.activation for layer in trace.network.layers)
    shown = ", ".join(map(str, trace.rows[:5])) + (", …" if len(trace.rows) > 5 else "")
    rows = f"row {shown}" if len(trace.rows) == 1 else f"rows {shown}"
    return (
        f'"""{sizes} ({names}), loss {trace.loss}, {rows}: one pass with {library}.\n\n'
        f"Written by bpstudio. Prints C, the gradients and, where there is an update, the new\n"
        f'weights, and fails where a number is not the one that bpstudio has.\n"""\n'
    )


def _given(trace: Trace) -> str:
    """The numbers that go in, and those that should come out."""
    layers = trace.network.layers
    gradients = [
        (trace.mean_dC_dw(l), None if layer.b is None else trace.mean_dC_db(l))
        for l, layer in enumerate(layers, start=2)
    ]
    text = (
        f"\n# the samples, scaled, a row each; the targets\nX = {_source(trace.X)}\n"
        f"Y = {_source(trace.Y)}\n\n"
        f"# W[j, k] is the weight from node k to node j; (W, b) of the layers 2 to {trace.L}\n"
        f"parameters = {_pairs([(layer.W, layer.b) for layer in layers])}\n"
        f"activations = {[layer.activation for layer in layers]!r}\n\n"
        f"# what should come out; C and the gradients are means over the samples\n"
        f"expected_C = {float(trace.C.mean())!r}\nexpected_gradients = {_pairs(gradients)}\n"
    )
    return text if trace.update is None else text + _given_update(trace)


def _given_update(trace: Trace) -> str:
    assert trace.update is not None
    settings, state = trace.update.settings, trace.update.state
    new = [
        (_update(trace, l, 2), None if layer.b is None else _update(trace, l, 1))
        for l, layer in enumerate(trace.network.layers, start=2)
    ]
    lines = [f"lr = {trace.update.rate!r}", f"t = {state.t}  # updates before this one"]
    lines += [f"{name} = {float(getattr(settings, name))!r}" for name in _SETTINGS]
    remembered = "".join(
        f"    {name!r}: {_pairs(list(views(trace.network, row)))},\n"
        for name, row in zip(settings.slots, state.slots, strict=True)
    )
    return (
        f"expected_parameters = {_pairs(new)}\n\n# the optimiser, and what it remembers\n"
        + "\n".join(lines)
        + f"\nremembered = {{\n{remembered}}}\n"
    )


def _update(trace: Trace, l: int, n_indices: int) -> Array:
    return trace.update_terms(l, (slice(None),) * n_indices)["update"]


def _numpy_update(trace: Trace) -> str:
    if trace.update is None:
        return ""
    s = trace.update.settings
    text = "\n# one update\n"
    if s.has_penalty:
        text += (
            "gradients = [\n"
            f"    (dC_dW + {s.l1!r} * np.sign(W) + {s.l2!r} * W, dC_db)\n"
            "    for (dC_dW, dC_db), (W, b) in zip(gradients, parameters)\n]\n"
        )
    if s.clip is not None:
        text += (
            "squares = [(dC_dW**2).sum() for dC_dW, _ in gradients]\n"
            "squares += [\n    (dC_db**2).sum() for (_, dC_db), (_, b) in "
            "zip(gradients, parameters) if b is not None\n]\n"
            f"scale = min(1.0, {s.clip!r} / (np.sqrt(sum(squares)) + 1e-6))\n"
            "gradients = [(scale * dC_dW, scale * dC_db) for dC_dW, dC_db in gradients]\n"
        )
    return text + (
        "for at, ((W, b), (dC_dW, dC_db)) in enumerate(zip(parameters, gradients)):\n"
        "    new_W, new_b = expected_parameters[at]\n"
        "    state = {name: pairs[at][0] for name, pairs in remembered.items()}\n"
        '    check(f"new W of layer {at + 2}", updated(W, dC_dW, state), new_W)\n'
        "    if b is not None:\n"
        "        state = {name: pairs[at][1] for name, pairs in remembered.items()}\n"
        '        check(f"new b of layer {at + 2}", updated(b, dC_db, state), new_b)\n'
    )


def _torch_update(trace: Trace) -> str:
    if trace.update is None:
        return ""
    s = trace.update.settings
    text = "\n# one update\nparameters = list(model.parameters())\n"
    if s.has_penalty:
        text += (
            "for module in linear:\n    w = module.weight.detach()\n"
            f"    module.weight.grad += {s.l1!r} * w.sign() + {s.l2!r} * w\n"
        )
    if s.clip is not None:
        text += f"nn.utils.clip_grad_norm_(parameters, {s.clip!r})\n"
    text += f"optimizer = {parts.TORCH_OPTIMISERS[s.optimizer]}\n"
    if s.slots:
        text += _torch_state(s.optimizer)
    return text + (
        "optimizer.step()\n"
        "for l, (module, (new_W, new_b)) in enumerate(zip(linear, expected_parameters), start=2):\n"
        '    check(f"new W of layer {l}", module.weight.detach(), new_W)\n'
        "    if module.bias is not None:\n"
        '        check(f"new b of layer {l}", module.bias.detach(), new_b)\n'
    )


def _torch_state(optimizer: str) -> str:
    names = dict(parts.TORCH_STATE[optimizer])
    return (
        f"names = {names!r}\n"
        "for at, module in enumerate(linear):\n"
        "    for which, parameter in enumerate((module.weight, module.bias)):\n"
        "        if parameter is not None:\n"
        '            state = {"step": torch.tensor(float(t))}\n'
        "            for name, pairs in remembered.items():\n"
        "                state[names[name]] = torch.tensor(pairs[at][which])\n"
        "            optimizer.state[parameter] = state\n"
    )


def _pairs(pairs: list[tuple[Array, Array | None]]) -> str:
    inner = "".join(
        f"    ({_source(W)},\n     {'None' if b is None else _source(b)}),\n" for W, b in pairs
    )
    return f"[\n{inner}]"


def _source(array: Array) -> str:
    """An array as source, a row of a matrix a line; reading it gives the same bits."""
    if array.ndim == 1:
        return f"np.array({array.tolist()!r})"
    return f"np.array([\n        {_joined(array)},\n    ])"


def _joined(array: Array) -> str:
    return ",\n        ".join(repr(row) for row in array.tolist())


def _require_finite(trace: Trace) -> None:
    _require_size(trace)
    for array in _numbers(trace):
        if not np.isfinite(array).all():
            raise InputError(
                "this pass has numbers that are not finite, which no script can compare; "
                "take another row, or an earlier update"
            )


def _numbers(trace: Trace) -> Iterator[Any]:
    yield trace.C
    for l in range(2, trace.L + 1):
        yield trace.mean_dC_dw(l)
        yield trace.mean_dC_db(l)
        if trace.update is not None:
            yield _update(trace, l, 2)


def _require_size(trace: Trace) -> None:
    count = trace.network.n_weights + trace.network.n_biases + trace.X.size + trace.Y.size
    if count > MOST_NUMBERS:
        raise InputError(
            f"a script would hold {count:,} weights and inputs, at most {MOST_NUMBERS:,} are "
            f"written out; take fewer rows or a smaller network"
        )


SCRIPTS: Mapping[str, Callable[[Trace], str]] = MappingProxyType(
    {"numpy": numpy_script, "torch": torch_script}
)


def find_library(library: str) -> Callable[[Trace], str]:
    """What writes scripts for a library. InputError names those there are."""
    try:
        return SCRIPTS[library]
    except KeyError:
        known = " or ".join(SCRIPTS)
        raise InputError(f"there is no script for {library!r}; it is {known}") from None


def write_script(trace: Trace, path: str | os.PathLike[str], library: str = "numpy") -> None:
    """Write a pass as a script (.py) for numpy or torch; the file appears when it is complete.

    It computes the pass again, with the update where the trace has one, and fails where a number
    is not bpstudio's.

    >>> data = bp.generate("xor", rows=8, seed=0)
    >>> trace = bp.trace(bp.Network.create([2, 3, 2], seed=0), data, rows=[3], lr=0.5)
    >>> bp.write_script(trace, "pass.py")
    """
    write = find_library(library)
    if Path(path).suffix != ".py":
        raise InputError(f"{os.fspath(path)!r} is no script; give a name that ends in .py")
    text = write(trace)
    with writing(path) as file:
        file.write(text)
