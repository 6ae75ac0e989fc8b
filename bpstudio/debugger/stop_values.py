"""What stop conditions of training read at one update of a recorded run."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import reduce
from itertools import takewhile

import numpy as np

from bpstudio.core.errors import InputError
from bpstudio.core.records import Probes
from bpstudio.core.training import advance
from bpstudio.core.training_values import Training
from bpstudio.debugger.expressions import Expression, evaluate
from bpstudio.debugger.expressions.subscripts import MOST_PAST
from bpstudio.debugger.expressions.tree import Call, Compare, Indexed, Node, expression, walk
from bpstudio.debugger.history import Series
from bpstudio.debugger.recording import Recording
from bpstudio.debugger.training_scope import TrainingScope, Window, probes_of, training_expression
from bpstudio.debugger.training_stops import TrainingStop, joined

MOST_WORK = 2**23  # parameters · rows that are gone over again to look at the past
Value = float | bool | None
EpochEnd = tuple[float, float, float, float, float]
"""Loss, accuracy, both of the validation rows, and epochs since the best validation loss."""


def stop_values(
    recording: Recording,
    T: int,
    stops: Iterable[TrainingStop],
    epoch: EpochEnd,
    most_work: int | None = None,
) -> dict[int, Value]:
    """By the number of each stop: its left side where it compares, else whether it holds.

    None where what it reads is not there yet, or does not fit the network of that update.
    ``epoch`` is what the last whole epoch before came to: loss, accuracy, and both of the
    validation rows. ``most_work``: what would take longer is left out, in parameters · rows.
    """
    there = list(stops)
    training = recording.visit(T).segment.training
    sides = dict(_fitting_sides(there, training))
    window = _window(
        recording,
        T,
        training,
        list(sides.values()),
        epoch,
        MOST_WORK if most_work is None else most_work,
    )
    read = {number: _value(side, training, window, T) for number, side in sides.items()}
    return {stop.id: read.get(stop.id) for stop in there}


def _fitting_sides(
    stops: Iterable[TrainingStop], training: Training
) -> Iterator[tuple[int, Expression]]:
    """The number and left side of each stop whose condition can be read in this training."""
    for stop in stops:
        with suppress(InputError):
            yield stop.id, _left_side(training_expression(stop.text, training))


def stalled(losses: Series, epochs: int) -> float:
    """How many of the first so many epochs came after the lowest validation loss; NaN for none."""
    points = losses.values[: epochs // losses.stride]
    if len(points) == 0:
        return math.nan
    return float((len(points) - 1 - int(np.argmin(points))) * losses.stride)


def _back_of(side: Expression) -> int:
    return max((_back(node) for node in walk(side.tree)), default=0)


def _left_side(condition: Expression) -> Expression:
    tree = condition.tree
    return expression(condition.text, tree.operands[0]) if isinstance(tree, Compare) else condition


def _window(
    recording: Recording,
    T: int,
    training: Training,
    sides: list[Expression],
    epoch: EpochEnd,
    most_work: int,
) -> Window | None:
    """The updates up to T, as many as are looked back at; None where T cannot be made."""
    back = max(map(_back_of, sides), default=0)
    work = (training.start().parameters.size + 1) * training.settings.batch_size
    if work > most_work:
        return None
    first = max(_beginning(recording, training, T), T - min(back, most_work // work))
    probes = probes_of(training, tuple(sides))
    parts = []
    while first <= T:
        part = _part(recording, first, T, probes, epoch)
        if part is None:
            return None
        parts.append(part)
        first += len(part)
    return reduce(joined, parts)


def _beginning(recording: Recording, training: Training, T: int) -> int:
    """The first update before T from which on the network has had the sizes it has."""
    segments = [segment for segment in recording.segments if segment.first <= T]
    sizes = training.network.sizes
    same = takewhile(lambda each: each.training.network.sizes == sizes, reversed(segments))
    return min(segment.first for segment in same)


def _part(
    recording: Recording, first: int, T: int, probes: Probes, epoch: EpochEnd
) -> Window | None:
    """Updates ``first`` … T as far as the settings stay the same; None where they end before."""
    visit = recording.visit(first)
    segment, training = visit.segment, visit.segment.training
    later = (other.first for other in recording.segments if other.first > first)
    count = min([T + 1, *later]) - first
    stretch = advance(training, visit.state, count, None, probes)
    if len(stretch.batch_losses) < count or stretch.records is None:
        return None
    numbers = segment.origin + first - segment.first + np.arange(count, dtype=np.float64)
    e, b = np.divmod(numbers, training.batches_per_epoch)
    epochs = np.tile(np.array(epoch), (count, 1))
    return Window(first, stretch.batch_losses, e, b, stretch.records, epochs)


def _back(node: Node) -> int:
    """How many updates before its own a part of a condition looks at."""
    if isinstance(node, Indexed) and node.layer is None:
        return max(-min(node.indices), 0)
    return MOST_PAST if isinstance(node, Call) and node.function == "sign_flips" else 0


def _value(side: Expression, training: Training, window: Window | None, T: int) -> Value:
    if window is None or window.first > max(T - _back_of(side), 0):
        return None
    scope = TrainingScope(training, window)
    values = np.broadcast_to(evaluate(side, scope), len(window))
    known = np.broadcast_to(scope.known, len(window))
    if not known[-1]:
        return None
    return bool(values[-1]) if values.dtype == np.bool_ else float(values[-1])
