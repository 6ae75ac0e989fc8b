"""What a derivation starts from: conventions in force, inputs, targets, parameters, constants."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

from bpstudio.core import formulas
from bpstudio.core.explain import ExplanationLine
from bpstudio.core.leaves import Leaf, parse_leaf
from bpstudio.core.losses import find_loss
from bpstudio.core.notation import CONSTANTS, Notation, partial
from bpstudio.core.optimisers import find_optimiser
from bpstudio.core.rational import LARGEST_DENOMINATOR
from bpstudio.core.update_values import state_of
from bpstudio.core.worked_values import Given, GivenGroup

if TYPE_CHECKING:
    from bpstudio.core.trace import Trace


def conventions(trace: Trace, notation: Notation, of_update: bool) -> tuple[ExplanationLine, ...]:
    """The network, the loss in force, what δ means, the optimiser and how numbers are written."""
    sizes = ", ".join(map(str, trace.network.sizes))
    lines = [
        ExplanationLine(
            f"A network of {trace.L} layers with {sizes} nodes. {_activations(trace, notation)} "
            f"Everything counts from 0 except layers; layer 1 is the input."
        ),
        ExplanationLine(
            f"The loss in force ({find_loss(trace.loss).title}):", formulas.loss_tex(trace.loss)
        ),
    ]
    if notation.delta:
        plain = partial("C_0", "z_{j}^{(l)}")
        symbol = r"\delta_{j}^{(l)}"
        lines.append(ExplanationLine("Written short:", f"{symbol} = {plain}"))
    if of_update and trace.update is not None:
        title = find_optimiser(trace.update.settings.optimizer).title
        lines.append(ExplanationLine(f"The update: {title}."))
    if notation.fractions:
        lines.append(
            ExplanationLine(
                f"Numbers that are fractions with a denominator up to {LARGEST_DENOMINATOR} are "
                f"written as fractions, all others rounded."
            )
        )
    return tuple(lines)


def _activations(trace: Trace, notation: Notation) -> str:
    named = (
        f"{layer.activation.replace('_', ' ')} in layer ${notation.layer(l)}$"
        for l, layer in enumerate(trace.network.layers, start=2)
    )
    return f"Activations: {', '.join(named)}."


def group_givens(trace: Trace, leaves: Iterable[str], notation: Notation) -> list[GivenGroup]:
    """Leaves by what they belong to: rows, parameters layer by layer, the update."""
    groups: dict[str, list[Given]] = {}
    for leaf in sorted(map(parse_leaf, leaves), key=_order):
        groups.setdefault(_title(leaf, notation), []).append(_given(trace, leaf, notation))
    return [GivenGroup(title, tuple(givens)) for title, givens in groups.items()]


_ORDER = ("x", "y", "w", "b", "state", "rate")


def _order(leaf: Leaf) -> tuple[int, ...]:
    of_row = leaf.kind in ("x", "y")
    group = 0 if of_row else 1 if leaf.kind in ("w", "b") else 2
    return group, leaf.row, leaf.l, _ORDER.index(leaf.kind), leaf.j, leaf.k


def _title(leaf: Leaf, n: Notation) -> str:
    if leaf.kind in ("x", "y"):
        return f"Row {leaf.row}, scaled inputs and targets"
    if leaf.kind in ("w", "b"):
        return f"Weights and biases of layer ${n.layer(leaf.l)}$"
    return "The update"


def _given(trace: Trace, leaf: Leaf, n: Notation) -> Given:
    name, value = _RULES[leaf.kind](trace, leaf, n)
    result = n.constant(value) if leaf.kind == "rate" else n.number(value)
    return Given(str(leaf), name, result)


def _w(t: Trace, leaf: Leaf, n: Notation) -> tuple[str, float]:
    return n.w(leaf.l, leaf.j, leaf.k), float(t.network.layer(leaf.l).W[leaf.j, leaf.k])


def _b(t: Trace, leaf: Leaf, n: Notation) -> tuple[str, float]:
    b = t.network.layer(leaf.l).b
    assert b is not None, "a bias that is used is there"
    return n.b(leaf.l, leaf.j), float(b[leaf.j])


def _state(t: Trace, leaf: Leaf, n: Notation) -> tuple[str, float]:
    place = leaf.l, leaf.j, leaf.k
    name = n.update_term(leaf.statistic, *place, old=True)
    return name, state_of(t, leaf.statistic, *place)


def _position(t: Trace, leaf: Leaf) -> int:
    return t.sequence.positions[leaf.row]


_RULES: Mapping[str, Callable[[Trace, Leaf, Notation], tuple[str, float]]] = {
    "x": lambda t, leaf, n: (n.a(1, leaf.j), float(t.X[_position(t, leaf), leaf.j])),
    "y": lambda t, leaf, n: (n.y(leaf.j), float(t.Y[_position(t, leaf), leaf.j])),
    "w": _w,
    "b": _b,
    "state": _state,
    "rate": lambda t, leaf, n: (CONSTANTS["lr"], t.lr or 0.0),
}


def constants(trace: Trace, written: str, clips: bool, notation: Notation) -> list[Given]:
    """Constants of the update that the formulas ``written`` name; η is a leaf and not among them.

    ``clips``: whether the limit of clipping is used, which no regular expression can tell.
    """
    if trace.update is None:
        return []
    settings = trace.update.settings
    names = [name for name, tex in CONSTANTS.items() if name not in ("lr", "clip")]
    used = [name for name in names if re.search(rf"{re.escape(CONSTANTS[name])}(?!_)", written)]
    if clips:
        used.append("clip")
    found = [
        Given("", CONSTANTS[name], notation.constant(getattr(settings, name) or 0.0))
        for name in used
    ]
    if "t + 1" in written:
        found.append(Given("", "t", str(trace.update.state.t)))
    return found
