"""Capturing an iteration in a training script with PyTorch."""

from __future__ import annotations

import importlib
import math
import os
import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import Any

import pytest

import bpstudio as bp
from bpstudio.core.errors import InputError
from bpstudio.files.captures import Capture, read_capture

ROOT = Path(__file__).resolve().parents[1]
GOLDEN = ROOT / "tests" / "data" / "captured.json"


def test_nothing_of_pytorch_is_loaded_before_it_is_used() -> None:
    code = "import sys, bpstudio.torch; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False, cwd=ROOT).returncode == 0
    assert bp.torch.capture is not None


@pytest.fixture
def torch() -> Any:
    found = pytest.importorskip("torch")
    found.manual_seed(3)
    return found


def captured(path: Path, *arguments: Any) -> Capture:
    assert bp.torch.capture(*arguments, path / "c.json") == path / "c.json"
    return read_capture(path / "c.json")


def assert_agrees(capture: Capture) -> None:
    verdict = capture.compared()
    assert verdict.passed, str(verdict)


def model(torch: Any, activation: Any, *last: Any) -> Any:
    nn = torch.nn
    return nn.Sequential(nn.Linear(3, 4), activation, nn.Linear(4, 2), *last)


ACTIVATIONS = (
    "Sigmoid",
    "Tanh",
    "ReLU",
    "LeakyReLU",
    "ELU",
    "Softplus",
    "SiLU",
    "GELU",
    "Identity",
)


@pytest.mark.slow
@pytest.mark.parametrize("rows", [1, 5])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("name", ACTIVATIONS)
def test_every_activation_agrees(
    name: str, dtype: str, rows: int, torch: Any, tmp_path: Path
) -> None:
    kind = getattr(torch, dtype)
    net = model(torch, getattr(torch.nn, name)()).to(kind)
    x, y = torch.randn(rows, 3, dtype=kind), torch.randn(rows, 2, dtype=kind)
    capture = captured(tmp_path, net, torch.nn.MSELoss(), x, y)
    assert_agrees(capture)
    assert (capture.origin.dtype, capture.loss) == (dtype, "mse")
    kinds = {address.rpartition("/")[2] for address in capture.values}
    of_parameters = {"mean_dC_dw", "mean_dC_db"} if rows > 1 else {"dC_dw", "dC_db"}
    assert kinds == {"z", "a", "C", "dC_da", "dC_dz"} | of_parameters


@pytest.mark.slow
@pytest.mark.parametrize("reduction", ["mean", "sum"])
@pytest.mark.parametrize(
    ("kind", "last", "name"),
    [
        ("MSELoss", "", "mse"),
        ("L1Loss", "", "mae"),
        ("HuberLoss", "", "huber"),
        ("SmoothL1Loss", "", "huber"),
        ("BCELoss", "Sigmoid", "bce"),
        ("BCEWithLogitsLoss", "", "bce"),
        ("CrossEntropyLoss", "", "cross_entropy"),
    ],
    ids=lambda part: part or "none",
)
def test_every_loss_agrees(
    kind: str, last: str, name: str, reduction: str, torch: Any, tmp_path: Path
) -> None:
    net = model(torch, torch.nn.Tanh(), *([getattr(torch.nn, last)()] if last else []))
    loss = getattr(torch.nn, kind)(reduction=reduction)
    y = torch.randn(5, 2)
    if name == "bce":
        y = torch.rand(5, 2)
    if name == "cross_entropy":
        y = torch.tensor([0, 1, 1, 0, 1])
    capture = captured(tmp_path, net, loss, torch.randn(5, 3), y)
    assert_agrees(capture)
    assert capture.loss == ("sse" if (kind, reduction) == ("MSELoss", "sum") else name)
    fused = kind in ("BCEWithLogitsLoss", "CrossEntropyLoss")
    assert ("s0/fwd/l3/j0/a" in capture.values) == (not fused)


@pytest.mark.slow
def test_a_softmax_without_biases_inside_another_sequential_agrees(
    torch: Any, tmp_path: Path
) -> None:
    nn = torch.nn
    inner = nn.Sequential(nn.Linear(3, 4, bias=False), nn.Softmax(dim=1))
    net = nn.Sequential(nn.Flatten(), inner, nn.Dropout(0.5), nn.Linear(4, 2)).eval()
    capture = captured(tmp_path, net, nn.MSELoss(), torch.randn(2, 3), torch.randn(2, 2))
    assert_agrees(capture)
    assert capture.network.n_biases == 2


@pytest.mark.slow
def test_gradients_and_weights_of_the_training_stay_as_they_are(torch: Any, tmp_path: Path) -> None:
    net, loss = model(torch, torch.nn.ReLU(inplace=True)), torch.nn.MSELoss()
    x, y = torch.randn(4, 3), torch.randn(4, 2)
    loss(net(x), y).backward()
    before = [(p.clone(), p.grad.clone()) for p in net.parameters()]
    with torch.no_grad():
        assert_agrees(captured(tmp_path, net, loss, x, y))
    for p, (weights, gradient) in zip(net.parameters(), before, strict=True):
        assert torch.equal(p, weights)
        assert torch.equal(p.grad, gradient)


@pytest.mark.slow
def test_a_wrong_backward_of_ones_own_is_named(torch: Any, tmp_path: Path) -> None:
    """A sigmoid that forgot its derivative."""

    class Forgetful(torch.autograd.Function):  # type: ignore[misc,name-defined]
        @staticmethod
        def forward(ctx: Any, z: Any) -> Any:
            return torch.sigmoid(z)

        @staticmethod
        def backward(ctx: Any, gradient: Any) -> Any:
            return gradient

    class Own(torch.nn.Sigmoid):  # type: ignore[misc,name-defined]
        def forward(self, z: Any) -> Any:
            return Forgetful.apply(z)

    net = model(torch, Own())
    capture = captured(tmp_path, net, torch.nn.MSELoss(), torch.randn(3, 3), torch.randn(3, 2))
    first = capture.compared().first
    assert first is not None
    assert first.address == "s0/back/l2/j0/dC_dz"
    assert "the g′ of layer 2 is missing (∂a/∂z)" in first.causes


@pytest.mark.slow
def test_under_a_launcher_the_first_rank_alone_writes(
    torch: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = (model(torch, torch.nn.Tanh()), torch.nn.MSELoss(), torch.ones(1, 3), torch.ones(1, 2))
    monkeypatch.setenv("RANK", "1")
    assert bp.torch.capture(*given, tmp_path / "c.json") is None
    assert list(tmp_path.iterdir()) == []
    monkeypatch.setenv("RANK", "0")
    assert_agrees(captured(tmp_path, *given))


@pytest.mark.slow
def test_what_bpstudio_does_not_have_is_refused(torch: Any, tmp_path: Path) -> None:
    nn = torch.nn
    x, y, loss = torch.ones(2, 3), torch.ones(2, 2), nn.MSELoss()
    good = model(torch, nn.Tanh())
    frozen = model(torch, nn.Tanh()).requires_grad_(False)
    lost = model(torch, nn.Tanh())
    lost[0].weight.data[1, 2] = math.inf
    cases = (
        ((model(torch, nn.PReLU()), loss, x, y), r"model\[1\] is PReLU"),
        ((model(torch, nn.LeakyReLU(0.2)), loss, x, y), "negative_slope=0.2; bpstudio has it with"),
        ((model(torch, nn.Dropout(0.5)), loss, x, y), r"model\[1\] is Dropout"),
        ((nn.Sequential(nn.Tanh()), loss, x, y), "does not follow a Linear"),
        ((nn.Sequential(), loss, x, y), "has no Linear"),
        ((frozen, loss, x, y), "no parameter of the model requires a gradient"),
        ((good, nn.KLDivLoss(), x, y), "the loss is KLDivLoss"),
        ((good, lambda a, y: a.sum(), x, y), "bpstudio has those of nn: MSELoss"),
        ((good, nn.MSELoss(reduction="none"), x, y), "reduction='none'; give mean or sum"),
        ((good, nn.HuberLoss(delta=2.0), x, y), "delta=2.0; bpstudio has it with delta=1.0"),
        ((model(torch, nn.Tanh(), nn.Softmax(1)), nn.CrossEntropyLoss(), x, y), "applies the soft"),
        ((good, loss, x, torch.ones(2)), "PyTorch would stretch one over the other"),
        ((good, loss, torch.ones(3), y), "it is .rows, inputs."),
        ((good, loss, torch.ones(2, 4), y), "x has 4 columns"),
        ((good, nn.CrossEntropyLoss(), x, torch.tensor([0, -100])), "class -100 is left out"),
        ((good, loss, x * math.nan, y), r"x: \[0, 0\] is nan; capture an iteration"),
        ((lost, loss, x, y), r"the weights W\^\(2\): \[1, 2\] is inf"),
    )
    for arguments, words in cases:
        with pytest.raises(InputError, match=words):
            bp.torch.capture(*arguments, tmp_path / "c.json")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_a_name_that_check_and_open_do_not_know_is_refused(torch: Any, tmp_path: Path) -> None:
    given = (model(torch, torch.nn.Tanh()), torch.nn.MSELoss(), torch.ones(1, 3), torch.ones(1, 2))
    with pytest.raises(InputError, match=r"x\.txt' does not end in \.json"):
        bp.torch.capture(*given, tmp_path / "x.txt")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_inference_mode_is_named(torch: Any, tmp_path: Path) -> None:
    given = (model(torch, torch.nn.Tanh()), torch.nn.MSELoss(), torch.ones(1, 3), torch.ones(1, 2))
    with torch.inference_mode(), pytest.raises(InputError, match="inference_mode is on"):
        bp.torch.capture(*given, tmp_path / "c.json")


@pytest.mark.slow
def test_the_recorded_capture_is_what_torch_gives(
    torch: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    script = importlib.import_module("golden_capture")
    capture, golden = captured(tmp_path, *script.iteration()), read_capture(GOLDEN)
    assert capture.values == pytest.approx(golden.values, rel=1e-4, abs=1e-6)


# ---- models of any class -----------------------------------------------------------------------


def classes(torch: Any) -> dict[str, Any]:
    """Models that are no Sequential, 3–4–4–2 or less, by what they show."""
    nn, functional = torch.nn, torch.nn.functional

    class Named(nn.Module):  # type: ignore[misc,name-defined]
        """Layers by name, called in another order than they were made."""

        def __init__(self) -> None:
            super().__init__()
            self.last, self.act = nn.Linear(4, 2), nn.Tanh()
            self.drop, self.first = nn.Dropout(0.5), nn.Linear(3, 4)

        def forward(self, x: Any) -> Any:
            return self.last(self.drop(self.act(self.first(x))))

    class Functional(nn.Module):  # type: ignore[misc,name-defined]
        """Activations as functions, methods and in place."""

        def __init__(self) -> None:
            super().__init__()
            self.fc = nn.ModuleList([nn.Linear(3, 4), nn.Linear(4, 4), nn.Linear(4, 2)])

        def forward(self, x: Any) -> Any:
            x = functional.leaky_relu(self.fc[0](x), 0.01)
            x = functional.dropout(torch.tanh(self.fc[1](x)), 0.5, self.training)
            return self.fc[2](x).sigmoid()

    class InPlace(Functional):
        def forward(self, x: Any) -> Any:
            x = functional.relu(self.fc[0](x), inplace=True)
            return functional.softmax(self.fc[2](self.fc[1](x).relu_()), dim=-1)

    class Nested(nn.Module):  # type: ignore[misc,name-defined]
        """A block within a block, and an image for input."""

        def __init__(self) -> None:
            super().__init__()
            block = nn.Sequential(nn.Linear(3, 4, bias=False), nn.Identity(), nn.GELU())
            self.body = nn.Sequential(nn.Flatten(), nn.Sequential(block))
            self.head = Own()

        def forward(self, x: Any) -> Any:
            return self.head(self.body(x.reshape(len(x), 1, 3)))

    class Own(nn.Module):  # type: ignore[misc,name-defined]
        """A layer with parameters of its own."""

        def __init__(self) -> None:
            super().__init__()
            self.W = nn.Parameter(torch.randn(2, 4))
            self.b = nn.Parameter(torch.randn(2))

        def forward(self, x: Any) -> Any:
            return functional.silu(functional.linear(x, self.W, bias=self.b))

    made = {"named": Named(), "functional": Functional(), "in place": InPlace(), "nested": Nested()}
    return {name: net.eval() for name, net in made.items()}


@pytest.mark.slow
@pytest.mark.parametrize("name", ["named", "functional", "in place", "nested"])
def test_a_model_of_any_class_is_captured_by_what_goes_through_it(
    name: str, torch: Any, tmp_path: Path
) -> None:
    net = classes(torch)[name]
    x, y = torch.randn(3, 3), torch.rand(3, 2)
    capture = captured(tmp_path, net, torch.nn.MSELoss(), x, y)
    assert_agrees(capture)
    layers = {
        "named": ["tanh", "linear"],
        "functional": ["leaky_relu", "tanh", "sigmoid"],
        "in place": ["relu", "relu", "softmax"],
        "nested": ["gelu", "silu"],
    }
    assert [layer.activation for layer in capture.network.layers] == layers[name]
    C_0 = ((net(x) - y) ** 2).mean(dim=1)[0].item()
    assert capture.values["s0/loss/C"] == pytest.approx(C_0, rel=1e-5)
    assert not any(module._forward_hooks for module in net.modules())


@pytest.mark.slow
def test_a_loss_that_is_a_function_reads_as_its_module(torch: Any, tmp_path: Path) -> None:
    functional, net = torch.nn.functional, model(torch, torch.nn.Tanh())
    x, y, labels = torch.randn(4, 3), torch.rand(4, 2), torch.tensor([0, 1, 1, 0])
    for loss, target, name in (
        (functional.mse_loss, y, "mse"),
        (partial(functional.mse_loss, reduction="sum"), y, "sse"),
        (functional.huber_loss, y, "huber"),
        (functional.binary_cross_entropy_with_logits, y, "bce"),
        (functional.cross_entropy, labels, "cross_entropy"),
    ):
        capture = captured(tmp_path, net, loss, x, target)
        assert_agrees(capture)
        assert capture.loss == name
    smooth = partial(functional.cross_entropy, label_smoothing=0.1)
    with pytest.raises(InputError, match=r"label_smoothing=0.1; bpstudio has it with"):
        bp.torch.capture(net, smooth, x, labels, tmp_path / "c.json")


@pytest.mark.slow
def test_a_model_that_is_no_chain_is_refused_with_the_place(torch: Any, tmp_path: Path) -> None:
    nn, functional = torch.nn, torch.nn.functional

    class Model(nn.Module):  # type: ignore[misc,name-defined]
        def __init__(self, forward: Any) -> None:
            super().__init__()
            self.fc1, self.fc2, self.norm = nn.Linear(3, 3), nn.Linear(3, 2), nn.BatchNorm1d(3)
            self.way = forward

        def forward(self, x: Any) -> Any:
            return self.way(self, x)

    class Double(torch.autograd.Function):  # type: ignore[misc,name-defined]
        @staticmethod
        def forward(ctx: Any, z: Any) -> Any:
            return 2 * z

    cases = (
        (lambda m, x: m.fc2(m.fc1(x) + x), "add in model is add; bpstudio has Linear"),
        (lambda m, x: m.fc2(torch.cat([m.fc1(x)[:, :1], x[:, :2]], 1)), "getitem.* in model is"),
        (lambda m, x: m.fc2(m.norm(m.fc1(x))), r"model\.norm is BatchNorm1d"),
        (lambda m, x: m.fc2(torch.exp(m.fc1(x))), "exp in model is exp"),
        (lambda m, x: m.fc2(m.fc1(m.fc1(x))), r"model\.fc1 has the weights of model\.fc1"),
        (lambda m, x: m.fc2(torch.relu(torch.tanh(m.fc1(x)))), "relu in model is relu, which does"),
        (lambda m, x: m.fc2(functional.elu(m.fc1(x), 0.5)), "elu in model has alpha=0.5"),
        (lambda m, x: m.fc2(functional.dropout(m.fc1(x))), "dropout in model is dropout"),
        (lambda m, x: m.fc2(functional.softmax(m.fc1(x), 0)), r"is softmax\(dim=0\); .* dim=1"),
        (lambda m, x: (m.fc1(x), m.fc2(x))[1], r"model\.fc2 does not take what model\.fc1 gave"),
        (lambda m, x: (m.fc2(x), 1), "the model gives tuple that is not what model.fc2 gave"),
        (lambda m, x: m.fc2(Double.apply(m.fc1(x))), "mul in model is mul"),
        (lambda m, x: m.fc2(m.fc1(x)[None])[0], "getitem.* in model is"),
        (lambda m, x: m.fc2(m.fc1(x.reshape(4, 1, 3))), "given the shape .4, 1, 3.; it is .rows"),
    )
    x, y = torch.randn(4, 3), torch.randn(4, 2)
    for forward, words in cases:
        net = Model(forward).train()
        with pytest.raises(InputError, match=words):
            bp.torch.capture(net, nn.MSELoss(), x, y, tmp_path / "c.json")
        assert int(net.norm.num_batches_tracked) == 0
        assert not any(module._forward_pre_hooks for module in net.modules())
    assert list(tmp_path.iterdir()) == []


LAUNCHED = """
import sys

import torch
from torch.distributed import all_gather, destroy_process_group, get_rank, init_process_group
from torch.nn.parallel import DistributedDataParallel

import bpstudio.torch

init_process_group("gloo")
torch.manual_seed(0)
net = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.Tanh(), torch.nn.Linear(4, 2))
model = DistributedDataParallel(net)
optimizer, loss = torch.optim.SGD(model.parameters(), 0.1), torch.nn.MSELoss()
torch.manual_seed(get_rank())  # each process has rows of its own
for step in range(3):
    x, y = torch.randn(4, 3), torch.randn(4, 2)
    optimizer.zero_grad()
    loss(model(x), y).backward()
    if step == 1:
        path = bpstudio.torch.capture(model, loss, x, y, sys.argv[1])
        assert (path is None) == (get_rank() != 0), path
    optimizer.step()
weights = [torch.empty(4, 3) for _ in range(2)]
all_gather(weights, net[0].weight.detach())
assert torch.equal(*weights)
destroy_process_group()
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="gloo and torchrun on POSIX")
def test_of_two_processes_that_train_together_the_first_writes(torch: Any, tmp_path: Path) -> None:
    script = tmp_path / "launched.py"
    script.write_text(LAUNCHED, encoding="utf-8")
    out = tmp_path / "out"
    out.mkdir()
    launcher = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node=2"]
    done = subprocess.run(
        [*launcher, str(script), str(out / "iteration.json")],
        env={**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert [path.name for path in out.iterdir()] == ["iteration.json"]
    assert_agrees(read_capture(out / "iteration.json"))
