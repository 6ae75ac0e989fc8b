"""From a training script with PyTorch: write an iteration as a trace that bpstudio checks.

    import bpstudio.torch
    bpstudio.torch.capture(model, loss, x, y, "iteration.json")

PyTorch is imported when `capture` is called, never before; bpstudio does not depend on it.
"""

from bpstudio.torch.capturing import capture

__all__ = ["capture"]
