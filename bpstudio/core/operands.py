"""What a step multiplies or adds and was computed before, as addresses.

A leaf of an origin that is no step has an address too: an input ``s52/x0``, a target ``s52/y1``,
a parameter as it stands ``w/l3/j2/k2`` or ``b/l3/j2``, what the optimiser remembers from the update
before ``state/velocity/l3/j2/k2`` and the learning ``rate``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from bpstudio.core.sequence import Step, StepSequence
from bpstudio.core.stretches import Addresses, Stretch
from bpstudio.core.updates import CLIP, RATE

Rule = Callable[[StepSequence, Step], Sequence[str]]


def w(l: int, j: int, k: int) -> str:
    """A weight as it stands."""
    return f"w/l{l}/j{j}/k{k}"


def b(l: int, j: int) -> str:
    """A bias as it stands."""
    return f"b/l{l}/j{j}"


def a(row: int, l: int, j: int) -> str:
    """An activation; an input in layer 1."""
    return f"s{row}/x{j}" if l == 1 else f"s{row}/fwd/l{l}/j{j}/a"


def y(row: int, j: int) -> str:
    """A target."""
    return f"s{row}/y{j}"


def fwd(row: int, l: int, j: int, rest: str) -> str:
    """A step of the forward pass."""
    return f"s{row}/fwd/l{l}/j{j}/{rest}"


def back(row: int, l: int, j: int, rest: str) -> str:
    """A step of the backward pass."""
    return f"s{row}/back/l{l}/j{j}/{rest}"


def parameter(l: int, j: int, k: int) -> str:
    """A weight as it stands; a bias where k is −1."""
    return b(l, j) if k < 0 else w(l, j, k)


def update(l: int, j: int, k: int, kind: str) -> str:
    """A step of the update of a weight; of a bias where k is −1."""
    return f"update/{_place(l, j, k)}/{kind}"


def state(slot: str, l: int, j: int, k: int) -> str:
    """What the optimiser remembers of a weight, or of a bias where k is −1."""
    return f"state/{slot}/{_place(l, j, k)}"


def _place(l: int, j: int, k: int) -> str:
    return f"l{l}/j{j}" if k < 0 else f"l{l}/j{j}/k{k}"


def operands_of(sequence: StepSequence, step: Step, saturated: bool = False) -> Sequence[str]:
    """Addresses of the operands, in the order of the formula.

    A tuple; of the scale of clipping, which is made of every gradient, a sequence that makes them
    when they are asked for. ``saturated``: the output node behind the step is, so that ∂C_0/∂z
    itself stands for its two factors.
    """
    rule = _of_update if step.phase == "update" else _RULES[step.kind]
    found = rule(sequence, step)
    if not saturated:
        return found
    return (found[0].rpartition("/")[0] + "/dC_dz", found[-1])


def _wa(q: StepSequence, step: Step) -> tuple[str, ...]:
    t = step.at
    return w(t.l, t.j, t.k), a(t.row, t.l - 1, t.k)


def _z(q: StepSequence, step: Step) -> tuple[str, ...]:
    t = step.at
    addends = tuple(fwd(t.row, t.l, t.j, f"k{k}/wa") for k in range(q.sizes[t.l - 2]))
    return (*addends, b(t.l, t.j)) if q.has_bias(t.l) else addends


def _a(q: StepSequence, step: Step) -> tuple[str, ...]:
    t = step.at
    nodes = range(q.sizes[t.l - 1]) if q.is_softmax(t.l) else (t.j,)
    return tuple(fwd(t.row, t.l, j, "z") for j in nodes)


def _C_j(q: StepSequence, step: Step) -> tuple[str, ...]:
    t = step.at
    return a(t.row, q.L, t.j), y(t.row, t.j)


def _C(q: StepSequence, step: Step) -> tuple[str, ...]:
    return tuple(f"s{step.row}/loss/j{j}/C_j" for j in range(q.sizes[-1]))


def _dz_da(q: StepSequence, step: Step) -> tuple[str, ...]:
    t = step.at
    return (w(t.l + 1, t.i, t.j),)


def _through_z(q: StepSequence, row: int, l: int, j: int) -> tuple[str, ...]:
    """∂C_0/∂z_j as factors: ∂C_0/∂a_j and ∂a_j/∂z_j, or itself in a softmax layer."""
    if q.is_softmax(l):
        return (back(row, l, j, "dC_dz"),)
    return back(row, l, j, "dC_da"), back(row, l, j, "da_dz")


def _addend(q: StepSequence, step: Step) -> tuple[str, ...]:
    t = step.at
    return (*_through_z(q, t.row, t.l + 1, t.i), back(t.row, t.l, t.j, f"i{t.i}/dz_da"))


def _dC_da(q: StepSequence, step: Step) -> tuple[str, ...]:
    t = step.at
    if t.l == q.L:
        return a(t.row, t.l, t.j), y(t.row, t.j)
    return tuple(back(t.row, t.l, t.j, f"i{i}/addend") for i in range(q.sizes[t.l]))


def _da_dz(q: StepSequence, step: Step) -> tuple[str, ...]:
    t = step.at
    if q.is_softmax(t.l):
        return a(t.row, t.l, t.m), a(t.row, t.l, t.j)
    return fwd(t.row, t.l, t.j, "z"), a(t.row, t.l, t.j)


def _addend_z(q: StepSequence, step: Step) -> tuple[str, ...]:
    t = step.at
    return back(t.row, t.l, t.m, "dC_da"), back(t.row, t.l, t.j, f"m{t.m}/da_dz")


def _dC_dz(q: StepSequence, step: Step) -> tuple[str, ...]:
    t = step.at
    if q.is_softmax(t.l):
        return tuple(back(t.row, t.l, t.j, f"m{m}/addend_z") for m in range(q.sizes[t.l - 1]))
    return _through_z(q, t.row, t.l, t.j)


def _dz_dw(q: StepSequence, step: Step) -> tuple[str, ...]:
    t = step.at
    return (a(t.row, t.l - 1, t.k),)


def _dC_dw(q: StepSequence, step: Step) -> tuple[str, ...]:
    t = step.at
    return (*_through_z(q, t.row, t.l, t.j), back(t.row, t.l, t.j, f"k{t.k}/dz_dw"))


def _dC_db(q: StepSequence, step: Step) -> tuple[str, ...]:
    t = step.at
    return (*_through_z(q, t.row, t.l, t.j), back(t.row, t.l, t.j, "dz_db"))


def _mean(rest: str) -> Rule:
    def rule(q: StepSequence, step: Step) -> tuple[str, ...]:
        t = step.at
        tail = rest.format(k=t.k)
        return tuple(back(row, t.l, t.j, tail) for row in q.rows)

    return rule


def gradient(q: StepSequence, l: int, j: int, k: int) -> str:
    """Where the update takes its gradient from: the mean, or the only sample's."""
    kind = "dC_db" if k < 0 else f"k{k}/dC_dw"
    if len(q.rows) == 1:
        return back(q.rows[0], l, j, kind)
    return f"mean/{_place(l, j, k)}/mean_{'dC_db' if k < 0 else 'dC_dw'}"


def _of_update(q: StepSequence, step: Step) -> Sequence[str]:
    if step.kind == "clip":
        return Addresses(_clip(q))
    assert q.updates is not None, "a step of an update belongs to one"
    t = step.at
    names = q.updates.made_of(step.kind, step.k is not None)
    return tuple(_named(q, name, t.l, t.j, t.k) for name in names)


def _named(q: StepSequence, name: str, l: int, j: int, k: int) -> str:
    """The address of what a step of an update takes."""
    if name == "w":
        return parameter(l, j, k)
    if name == "gradient":
        return gradient(q, l, j, k)
    if name.startswith("state/"):
        return state(name.removeprefix("state/"), l, j, k)
    return {"clip": CLIP, RATE: RATE}.get(name) or update(l, j, k, name)


def _clip(q: StepSequence) -> list[Stretch]:
    """Every gradient and, as their penalty is part of the norm, every weight."""
    layers = range(2, q.L + 1)
    found = [part for l in layers for part in _gradients(q, l)]
    if q.updates is not None and q.updates.has_penalty:
        found += [_each_weight(q, l, w) for l in layers]
    return found


def _gradients(q: StepSequence, l: int) -> tuple[Stretch, Stretch]:
    biases = q.sizes[l - 1] if q.has_bias(l) else 0
    weights = _each_weight(q, l, lambda l, j, k: gradient(q, l, j, k))
    return weights, Stretch(biases, lambda j: gradient(q, l, j, -1))


def _each_weight(q: StepSequence, l: int, address: Callable[[int, int, int], str]) -> Stretch:
    n_in = q.sizes[l - 2]
    return Stretch(q.sizes[l - 1] * n_in, lambda n: address(l, *divmod(n, n_in)))


_RULES: Mapping[str, Rule] = {
    "wa": _wa,
    "z": _z,
    "a": _a,
    "C_j": _C_j,
    "C": _C,
    "dz_da": _dz_da,
    "addend": _addend,
    "dC_da": _dC_da,
    "da_dz": _da_dz,
    "addend_z": _addend_z,
    "dC_dz": _dC_dz,
    "dz_dw": _dz_dw,
    "dC_dw": _dC_dw,
    "dz_db": lambda q, step: (),
    "dC_db": _dC_db,
    "mean_dC_dw": _mean("k{k}/dC_dw"),
    "mean_dC_db": _mean("dC_db"),
}
