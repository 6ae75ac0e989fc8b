"""The matrices panel: weights, gradients and node numbers as heat maps."""
