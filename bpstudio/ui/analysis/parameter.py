"""Which parameter a panel is about: that of the current step, or one that was chosen."""

from __future__ import annotations

from typing import NamedTuple

from bpstudio.core.network import Network
from bpstudio.core.notation import Notation
from bpstudio.core.sequence import Step


class Parameter(NamedTuple):
    """w_jk^(l), or b_j^(l) where k is None."""

    l: int
    j: int
    k: int | None

    def tex(self, n: Notation) -> str:
        """Its symbol."""
        return n.b(self.l, self.j) if self.k is None else n.w(self.l, self.j, self.k)

    def exists_in(self, network: Network) -> bool:
        """Whether the network has it."""
        if not 2 <= self.l <= network.L:
            return False
        layer = network.layer(self.l)
        n, n_in = layer.W.shape
        if self.k is None:
            return layer.b is not None and 0 <= self.j < n
        return 0 <= self.j < n and 0 <= self.k < n_in


def parameter_of(step: Step) -> Parameter | None:
    """The parameter that a step belongs to; None where it belongs to none."""
    t = step.at
    if step.k is not None:
        return Parameter(t.l, t.j, t.k)
    if step.of_bias:
        return Parameter(t.l, t.j, None)
    if step.kind == "dz_da":
        return Parameter(t.l + 1, t.i, t.j)
    return None


class ParameterChoice:
    """Follows the step from parameter to parameter, or stays at the one that was chosen."""

    def __init__(self) -> None:
        self.parameter = Parameter(2, 0, 0)
        self.stays = False

    def choose(self, parameter: Parameter) -> None:
        """Stay at this one."""
        self.parameter, self.stays = parameter, True

    def follow(self, step: Step, network: Network) -> None:
        """The current step is another one, or the network."""
        found = parameter_of(step)
        if found is not None and not self.stays:
            self.parameter = found
        if not self.parameter.exists_in(network):
            self.parameter, self.stays = Parameter(2, 0, 0), False
