"""What the canvas is told: everything it shows follows from this value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import numpy as np

from bpstudio.core.address import BATCH_PHASES
from bpstudio.core.notation import Notation
from bpstudio.core.sequence import Step, StepSequence
from bpstudio.core.trace import Trace
from bpstudio.ui.ramps import nice_max

EdgeMode = Literal["weights", "gradients"]
NodeMode = Literal["a", "z", "dC_da"]

Thing = tuple[Any, ...]
"""Something of the picture: ("node", l, j), ("edge", l, j, k), ("bias", l, j), ("target", j),
("loss",), ("loss_edge", j), ("more", l, first, stop) for nodes that are folded away, or
("fold", l, first, stop) for those that were brought out by hand."""

OFF = "-off"
"""What ends the look of a disabled breakpoint."""

_FIXED_RANGES = {"sigmoid": (0.0, 1.0), "softmax": (0.0, 1.0), "tanh": (-1.0, 1.0)}


@dataclass(frozen=True, slots=True)
class Scales:
    """Ends of the colour ramps, kept for an epoch so that colours can be compared.

    ``activations`` are those of the layers l = 1 … L, low and high; the others reach from −x to x.
    """

    weights: float
    gradients: float
    z: float
    dC_da: float
    activations: tuple[tuple[float, float], ...]

    def activation(self, l: int) -> tuple[float, float]:
        """Ends of the activation ramp of layer l."""
        return self.activations[l - 1]

    @classmethod
    def of(cls, trace: Trace) -> Scales:
        """The scales that fit one trace."""
        layers = range(2, trace.L + 1)
        parameters = [np.abs(layer.W).max(initial=0.0) for layer in trace.network.layers]
        return cls(
            nice_max(parameters),
            nice_max([_largest_gradient(trace, l) for l in layers]),
            nice_max([np.abs(trace.z(l)).max() for l in layers]),
            nice_max([np.abs(trace.dC_da(l)).max() for l in layers]),
            tuple(_activation_range(trace, l) for l in range(1, trace.L + 1)),
        )


def _largest_gradient(trace: Trace, l: int) -> float:
    """The largest |∂C_0/∂w| of a layer: in an outer product, that of the two largest."""
    with np.errstate(over="ignore", invalid="ignore"):
        largest = np.abs(trace.dC_dz(l)).max(axis=1) * np.abs(trace.a(l - 1)).max(axis=1)
    return float(largest.max())


def _activation_range(trace: Trace, l: int) -> tuple[float, float]:
    """Ends of the activation ramp in layer l: those of g, else the layer's own least and most."""
    name = "" if l == 1 else trace.network.layer(l).activation
    if name in _FIXED_RANGES:
        return _FIXED_RANGES[name]
    a = trace.a(l)
    finite = a[np.isfinite(a)]
    return (float(finite.min()), float(finite.max())) if finite.size else (0.0, 1.0)


@dataclass(frozen=True, slots=True, eq=False)
class CanvasState:
    """Trace, step, and what the data set calls things.

    ``step`` None: no step is current and every number is shown. ``raw_inputs`` are the inputs of
    the shown sample as the file has them (see `shown_sample`), ``raw_targets`` its targets where
    they are numbers. ``goal`` is the weight whose gradient is asked for, (l, j, k).
    ``image_shape``: rows and columns where the inputs are pixels. ``scales`` None: those of the
    trace. ``breakpoints``: things with their looks, "line", "condition" or "log", "-off" appended
    where it is disabled. ``changed``: things whose number an edit just changed.
    """

    trace: Trace
    step: Step | None = None
    feature_names: tuple[str, ...] = ()
    target_names: tuple[str, ...] = ()
    raw_inputs: tuple[str, ...] = ()
    raw_targets: tuple[str, ...] = ()
    goal: tuple[int, int, int] | None = None
    show_arrows: bool = True
    scales: Scales | None = None
    image_shape: tuple[int, int] | None = None
    breakpoints: Mapping[Thing, str] = field(default_factory=dict)
    changed: frozenset[Thing] = frozenset()

    @property
    def facts(self) -> tuple[object, ...]:
        """Everything in it: two states with equal facts look the same."""
        return tuple(getattr(self, name) for name in self.__slots__)

    @property
    def sequence(self) -> StepSequence:
        return self.trace.sequence

    @property
    def s(self) -> int:
        """Position of the sample that is shown."""
        return shown_sample(self.trace, self.step)

    @property
    def row(self) -> int:
        """Its row in the data file."""
        return self.trace.rows[self.s]

    @property
    def after_samples(self) -> bool:
        """Whether the step belongs to the batch: gradients are means then."""
        return self.step is not None and self.step.phase in BATCH_PHASES

    @property
    def notation(self) -> Notation:
        return Notation(self.trace.L)


def step_between(before: CanvasState | None, after: CanvasState | None) -> int:
    """1 or −1 where two states are one step of one trace apart, forward or back; else 0."""
    if before is None or after is None or before.trace is not after.trace:
        return 0
    if before.step is None or after.step is None:
        return 0
    steps = after.step.index - before.step.index
    return steps if abs(steps) == 1 else 0


def neighbour(state: CanvasState, offset: int) -> CanvasState | None:
    """The state so many steps on; None beyond the ends."""
    if state.step is None or not 0 <= state.step.index + offset < len(state.sequence):
        return None
    return replace(state, step=state.sequence.step(state.step.index + offset))


def shown_sample(trace: Trace, step: Step | None) -> int:
    """The sample the canvas shows at a step: its own; in means and updates the last one."""
    if step is None:
        return 0
    return len(trace.rows) - 1 if step.s is None else step.s
