"""Which parameter a panel is about: that of the current step, or one that was chosen."""

from __future__ import annotations

from typing import NamedTuple

from bpstudio.core.address import parse_address
from bpstudio.core.leaves import find_leaf
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


def parameter_at(place: str) -> Parameter | None:
    """The parameter that an address is about: of a step, or of a number that is given."""
    leaf = find_leaf(place)
    if leaf is not None:
        known = leaf.kind in ("w", "b", "state")
        return Parameter(leaf.l, leaf.j, leaf.k if leaf.k >= 0 else None) if known else None
    at = parse_address(place)
    if at.l is None or at.j is None:
        return None
    if at.letter == "k":
        return Parameter(at.l, at.j, at.index)
    of_bias = at.kind in ("dz_db", "dC_db") or at.phase in ("mean", "update")
    return Parameter(at.l, at.j, None) if of_bias else None


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
