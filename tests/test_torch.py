"""Capturing an iteration in a training script with PyTorch."""

from __future__ import annotations

import importlib
import subprocess
import sys
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
    )
    for arguments, words in cases:
        with pytest.raises(InputError, match=words):
            bp.torch.capture(*arguments, tmp_path / "c.json")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_the_recorded_capture_is_what_torch_gives(
    torch: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    script = importlib.import_module("golden_capture")
    capture, golden = captured(tmp_path, *script.iteration()), read_capture(GOLDEN)
    assert capture.values == pytest.approx(golden.values, rel=1e-4, abs=1e-6)
