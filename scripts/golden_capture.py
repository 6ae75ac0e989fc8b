"""Write tests/data/captured.json: an iteration of PyTorch, as `bpstudio.torch.capture` writes it.

    python scripts/golden_capture.py

Needs the extra `peers`.
"""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
GOLDEN = ROOT / "tests" / "data" / "captured.json"


def iteration() -> tuple[Any, Any, Any, Any]:
    """Model, loss, x and y: 3–4–3–2 in float32, 5 rows, classes."""
    torch = import_module("torch")
    torch.manual_seed(6)
    nn = torch.nn
    layers = (nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 3), nn.ReLU(inplace=True), nn.Linear(3, 2))
    return (
        nn.Sequential(*layers),
        nn.CrossEntropyLoss(),
        torch.randn(5, 3),
        torch.tensor([0, 1, 1, 0, 1]),
    )


def main() -> int:
    """Write the file."""
    sys.path.insert(0, str(ROOT))
    import_module("bpstudio.torch").capture(*iteration(), GOLDEN)
    return 0


if __name__ == "__main__":
    sys.exit(main())
