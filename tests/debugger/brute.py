"""Where breakpoints are met, step by step and number by number: slow and plain."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np

from bpstudio.core.address import KINDS
from bpstudio.core.errors import InputError
from bpstudio.core.trace import Trace
from bpstudio.debugger import expressions
from bpstudio.debugger.breakpoints import Breakpoint
from bpstudio.debugger.expressions import evaluate, truth

STEP_NAMES = ("value", "previous", "step", "row", "l", "j", "k", "i", "m")
parse = lru_cache(expressions.parse)


@lru_cache(maxsize=32)
def numbers_of(trace: Trace) -> dict[str, tuple[int, float]]:
    """Number and value of every step under its address."""
    steps = map(trace.sequence.step, range(len(trace)))
    return {step.address: (n, trace[n].value) for n, step in enumerate(steps)}


class PlainScope:
    """The names of an expression at one step, looked up by address."""

    def __init__(self, trace: Trace, n: int) -> None:
        self.trace, self.n = trace, n
        self.step = trace.sequence.step(n)
        self.known = True

    def number(self, address: str) -> float:
        """A number that is computed at step n or before."""
        index, value = numbers_of(self.trace).get(address, (0, None))
        return self.unknown() if value is None or index > self.n else value

    def unknown(self) -> float:
        self.known = False
        return math.nan

    def name(self, name: str) -> float:
        if name == "value":
            return self.trace.value(self.step)
        if name == "previous":
            return self.previous()
        if name == "step":
            return float(self.n)
        if name in STEP_NAMES:
            number = getattr(self.step, name)
            return self.unknown() if number is None else float(number)
        if name == "L":
            return float(self.trace.L)
        if name == "lr":
            return self.unknown() if self.trace.lr is None else self.trace.lr
        if name == "loss":
            self.number(f"s{self.trace.rows[-1]}/loss/C")
            return float(np.mean(self.trace.C))
        return self.beside(name)

    def previous(self) -> float:
        if not self.step.s:
            return self.unknown()
        row = self.trace.rows[self.step.s - 1]
        address = self.step.address.replace(f"s{self.step.row}/", f"s{row}/", 1)
        return self.trace[address].value

    def beside(self, kind: str) -> float:
        place = self.step
        for phase in ("fwd", "loss", "back", "mean", "update"):
            for tail in self.tails(kind):
                row = f"s{place.row}/" if place.row is not None else ""
                address = f"{row}{phase}/{tail}"
                try:
                    step = self.trace[address].step
                except InputError:
                    continue
                if step.kind == kind and step.address == address:
                    return self.number(address)
        return self.unknown()

    def tails(self, kind: str) -> list[str]:
        s = self.step
        tails = [kind] if kind in ("C", "clip") else []
        if s.j is not None:
            if kind == "C_j" and s.l in (None, self.trace.L):
                tails.append(f"j{s.j}/C_j")
            second = [(x, getattr(s, x)) for x in "kim" if getattr(s, x) is not None]
            tails += [f"l{s.l}/j{s.j}/{x}{number}/{kind}" for x, number in second]
            tails.append(f"l{s.l}/j{s.j}/{kind}")
        return tails

    def indexed(self, name: str, layer: int | None, indices: tuple[int, ...]) -> float:
        if name in ("w", "b"):
            own = self.trace.network.layer(layer)
            return float((own.W if name == "w" else own.b)[indices])
        if name in ("x", "y") or (name == "a" and layer == 1):
            if self.step.s is None:
                return self.unknown()
            return float((self.trace.Y if name == "y" else self.trace.X)[self.step.s, indices[0]])
        return self.number(self.address(name, layer, indices))

    def address(self, name: str, layer: int | None, indices: tuple[int, ...]) -> str:
        if name in KINDS["update"] or name.startswith("mean"):
            head = "mean/" if name.startswith("mean") else "update/"
        elif self.step.row is None:
            return "nowhere"
        else:
            phase = {"wa": "fwd", "z": "fwd", "a": "fwd", "C_j": "loss"}.get(name, "back")
            head = f"s{self.step.row}/{phase}/"
        letter = {"dz_da": "i", "addend": "i", "da_dz": "m", "addend_z": "m"}.get(name, "k")
        middle = f"l{layer}/" if layer is not None else ""
        second = f"{letter}{indices[1]}/" if len(indices) > 1 else ""
        return f"{head}{middle}j{indices[0]}/{second}{name}"

    def whole(self, name: str, layer: int) -> np.ndarray:
        own = self.trace.network.layer(layer) if layer > 1 else None
        if name in ("w", "b"):
            return np.ravel(own.W if name == "w" else own.b)
        shape = self.shape(name, layer)
        return np.array([self.indexed(name, layer, at) for at in np.ndindex(*shape)])

    def shape(self, name: str, layer: int) -> tuple[int, ...]:
        n = self.trace.network.sizes
        two = {
            **dict.fromkeys(("wa", "dz_dw", "dC_dw", "mean_dC_dw"), n[layer - 2]),
            **dict.fromkeys({*KINDS["update"]} - {"update_b"}, n[layer - 2]),
            **dict.fromkeys(("dz_da", "addend"), n[layer] if layer < len(n) else 0),
            "addend_z": n[layer - 1],
        }
        if name == "da_dz" and layer > 1 and self.trace.sequence.is_softmax(layer):
            return n[layer - 1], n[layer - 1]
        return (n[layer - 1], two[name]) if name in two else (n[layer - 1],)

    def of_layer(self, function: str, layer: int) -> float:
        sequence = self.trace.sequence
        if self.n < sequence.span(f"s{self.trace.rows[-1]}/back/l{layer}")[-1].stop - 1:
            return self.unknown()
        if function == "grad_norm":
            parts = [np.ravel(self.trace.mean_dC_dw(layer))]
            if sequence.has_bias(layer):
                parts.append(self.trace.mean_dC_db(layer))
            return float(np.linalg.norm(np.concatenate(parts)))
        slopes = np.abs(self.trace.da_dz(layer))
        if function == "dead":
            return float((slopes.max(axis=0) == 0).mean())
        steep = self.trace.network.layer(layer).activation not in ("sigmoid", "softmax")
        return float((slopes.mean(axis=0) < (0.04 if steep else 0.01)).mean())


def holds(trace: Trace, condition: str, n: int) -> bool:
    """Whether a condition holds at a step, with all that it reads computed."""
    scope = PlainScope(trace, n)
    result = evaluate(parse(condition), scope)
    return scope.known and bool(truth(result))


def in_place(trace: Trace, point: Breakpoint, n: int) -> bool:
    """Whether a step has the indices and the phase of a breakpoint."""
    step = trace.sequence.step(n)
    names = ("phase", "row", "l", "j", "k", "i", "m")
    return all(getattr(point, name) in (None, getattr(step, name)) for name in names)


def entered(trace: Trace, point: Breakpoint, n: int) -> bool:
    """Whether a place begins at a step: the one before is of another sample or elsewhere."""
    if not in_place(trace, point, n):
        return False
    step = trace.sequence.step(n)
    if n == 0 or trace.sequence.step(n - 1).s != step.s:
        return True
    return not in_place(trace, point, n - 1)


def makes_what_it_reads(trace: Trace, condition: str, n: int) -> bool:
    """Whether step n computes, or first uses, something that the condition reads."""
    reads = [r for r in parse(condition).at(trace.L).reads if r.name not in ("lr", "L")]
    if not reads:
        return n == 0
    return any(makes(trace, reading, n) for reading in reads)


def makes(trace: Trace, reading, n: int) -> bool:
    """Whether a number becomes known at a step; one that is given, whether it is used there."""
    name, l, indices = reading.name, reading.layer, reading.indices
    step = trace.sequence.step(n)
    if name in ("w", "b", "x", "y") or (name == "a" and l == 1):
        return (step.kind, step.l, step.j, step.k) == first_use(trace, name, l, indices)
    now, before = PlainScope(trace, n), PlainScope(trace, n - 1) if n else None
    read(now, reading)
    if before is None:
        return now.known
    read(before, reading)
    of_batch = name in ("loss", "grad_norm", "dead", "saturated")
    kept = of_batch or name.startswith(("mean", "update")) or before.step.s == step.s
    return now.known and not (before.known and kept)


def first_use(trace: Trace, name: str, l: int | None, indices: tuple[int, ...]):
    """Kind and indices of the step that takes a parameter, an input or a target."""
    if name == "w":
        W = trace.network.layer(l).W
        return ("wa", l, *(indices or (len(W) - 1, W.shape[1] - 1)))
    if name == "b":
        return ("z", l, *(indices or (trace.network.sizes[l - 1] - 1,)), None)
    if name == "y":
        return ("C_j", None, *indices, None)
    return ("wa", 2, 0, *(indices or (trace.network.sizes[0] - 1,)))


def read(scope: PlainScope, reading) -> None:
    name, layer, indices = reading.name, reading.layer, reading.indices
    if name in ("grad_norm", "dead", "saturated"):
        scope.of_layer(name, layer)
    elif indices:
        scope.indexed(name, layer, indices)
    elif layer is not None:
        scope.whole(name, layer)
    else:
        scope.name(name)


def met(trace: Trace, point: Breakpoint, n: int) -> bool:
    """Whether a breakpoint is met at a step."""
    step = trace.sequence.step(n)
    if point.kind is not None:
        fits = step.kind == point.kind and in_place(trace, point, n)
        return fits and (not point.when or holds(trace, point.when, n))
    if not point.when:
        return entered(trace, point, n)
    return looked_at(trace, point, n) and holds(trace, point.when, n)


def looked_at(trace: Trace, point: Breakpoint, n: int) -> bool:
    """Whether a condition without a kind is tested at a step."""
    reads = parse(point.when).reads
    bare = [r.name for r in reads if r.layer is None and not r.indices]
    kinds = [name for name in bare if name not in (*STEP_NAMES, "loss", "lr", "L")]
    if set(bare) & {"value", "previous", "step"}:
        return in_place(trace, point, n)
    if kinds:
        return in_place(trace, point, n) and trace.sequence.step(n).kind in kinds
    if set(bare) & set(STEP_NAMES):
        return in_place(trace, point, n)
    if point.has_place:
        return entered(trace, point, n)
    return makes_what_it_reads(trace, point.when, n)


def all_met(trace: Trace, point: Breakpoint) -> list[int]:
    """Every step at which a breakpoint is met."""
    return [n for n in range(len(trace)) if met(trace, point, n)]
