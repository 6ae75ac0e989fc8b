"""What goes into training: data, and the weights it starts from."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from bpstudio.core.diagnoses import words
from bpstudio.core.diagnoses.gradients import TINY_WEIGHTS, share_of_xavier
from bpstudio.core.diagnoses.situation import DataSummary, Diagnosis, Level, Situation
from bpstudio.core.diagnoses.units import SATURATING
from bpstudio.core.network import Network
from bpstudio.core.trace import Trace

# Inputs are best of mean 0 and size 1: Y. LeCun et al., "Efficient BackProp", 1998. At a size of
# 10 sigmoids of Xavier's weights are flat.
LARGEST_INPUT = 10.0
EVEN = 1.05  # not worth telling apart
UNEVEN_INPUTS = 1e3  # largest against smallest: the small one needs a thousand times the weight
# H. He, E. Garcia, "Learning from imbalanced data", 2009: from 10 : 1 on the rare class suffers
UNEVEN, VERY_UNEVEN = 3.0, 10.0
# how far z is from its mean over the rows: at 6, the slope of sigmoid is 1 % of the largest
LARGEST_Z = 6.0
LARGEST_OPEN_Z = 30.0  # of functions that do not saturate

Floats = NDArray[np.float64]

RANGES = {
    "sigmoid": (0.0, 1.0),
    "softmax": (0.0, 1.0),
    "tanh": (-1.0, 1.0),
    "relu": (0.0, math.inf),
    "softplus": (0.0, math.inf),
    "elu": (-1.0, math.inf),
    "silu": (-0.2785, math.inf),  # its least value
    "gelu": (-0.17, math.inf),  # its least value
}
"""Between which numbers the outputs of an activation stay."""


def check_inputs(s: Situation) -> Iterator[Diagnosis]:
    """Columns on scales of their own."""
    if s.data is None:
        return
    sizes, names = s.data.sizes, s.data.features
    used = np.flatnonzero(sizes > 0)
    if len(used) == 0:
        sentence, said = (
            "Every input is 0; choose other columns.",
            "So no weight of layer 2 matters.",
        )
        yield Diagnosis("inputs_empty", "warning", sentence, said, "data", 1)
        return
    low, high = (int(used[pick(sizes[used])]) for pick in (np.argmin, np.argmax))
    least, most = words.size(sizes[low]), words.size(sizes[high])
    evidence = f"All are about {most} in size."
    if sizes[high] > EVEN * sizes[low]:
        evidence = f"Usual sizes: {least} ({names[low]}) to {most} ({names[high]})."
    wild = sizes[high] > LARGEST_INPUT or sizes[high] > UNEVEN_INPUTS * sizes[low]
    if wild:
        sentence = f"Inputs are on wild scales, {names[high]} is the largest; scale the inputs."
        yield Diagnosis("inputs_wild", "warning", sentence, evidence, f"x[{high}]", 1, high)
    else:
        yield Diagnosis("inputs", "ok", "Inputs are on one scale.", evidence, f"x[{high}]", 1)


def check_targets(s: Situation) -> Iterator[Diagnosis]:
    """Targets that the output cannot reach."""
    activation = s.network.layers[-1].activation
    if s.data is None or activation not in RANGES:
        return
    (least, greatest), (low, high) = s.data.targets, RANGES[activation]
    if low <= least and greatest <= high:
        return
    name = activation.replace("_", " ")
    sentence = (
        f"Layer {s.network.L}: a {name} output cannot reach all targets; make the output linear."
    )
    extent = f"between {low:g} and {high:g}" if high < math.inf else f"above {low:g}"
    targets = f"from {words.size(least)} to {words.size(greatest)}"
    evidence = f"Targets go {targets}, {name} stays {extent}."
    yield Diagnosis("targets", "warning", sentence, evidence, f"fwd/l{s.network.L}", s.network.L)


def check_classes(s: Situation) -> Iterator[Diagnosis]:
    """Rare classes."""
    data = s.data
    if data is None or len(data.counts) < 2 or sum(data.counts) == 0:
        return
    rare, common = (data.counts.index(pick(data.counts)) for pick in (min, max))
    ratio = data.counts[common] / max(data.counts[rare], 1)
    counted = _counts(data, rare, common)
    if ratio < UNEVEN:
        yield Diagnosis("classes", "ok", "Classes are balanced.", f"{counted}.", "data")
        return
    level: Level = "warning" if ratio >= VERY_UNEVEN else "note"
    sentence = (
        f"Class {data.classes[rare]} is rare; judge by the confusion matrix, not by the accuracy."
    )
    share = words.percent(data.counts[common] / sum(data.counts))
    evidence = f"{counted}; {data.classes[common]} for all would be {share} right."
    yield Diagnosis("imbalance", level, sentence, evidence, "data", s.network.L, rare)


def _counts(data: DataSummary, rare: int, common: int) -> str:
    if len(data.counts) <= 5:
        return ", ".join(map(str, data.counts)) + " training rows"
    return f"{data.counts[rare]} to {data.counts[common]} training rows a class"


def check_start(s: Situation) -> Iterator[Diagnosis]:
    """Nodes that are all the same, and the sizes of z before the first update."""
    for l in range(2, s.network.L):
        if is_symmetric(s.network, l):
            yield _symmetric(s.network, l)
            return
    if s.updates == 0 and s.telling_trace is not None:
        yield from _check_spread(s.telling_trace)


def is_symmetric(network: Network, l: int) -> bool:
    """Whether all nodes of hidden layer l have the same weights in and out: they stay the same."""
    layer, above = network.layer(l), network.layer(l + 1)
    columns = above.W.T
    if len(layer.W) < 2 or not _alike(layer.W[:2]):  # most often decided by two rows
        return False
    return _alike(layer.W) and _alike(columns) and (layer.b is None or _alike(layer.b))


def _alike(rows: Floats) -> bool:
    return not (rows != rows[0]).any()


def _symmetric(network: Network, l: int) -> Diagnosis:
    n, W = len(network.layer(l).W), network.layer(l).W
    what = "all 0" if not W.any() else "the same for each node"
    return Diagnosis(
        "symmetric",
        "warning",
        f"Layer {l}: all {n} nodes are alike and stay alike; start from Xavier weights.",
        f"The weights into layer {l} are {what}, and so are those out of it.",
        f"fwd/l{l}",
        l,
    )


def _check_spread(trace: Trace) -> Iterator[Diagnosis]:
    """Only the lowest layer that stands out: what is above follows from it."""
    for l in range(2, trace.L + 1):
        layer, z = trace.network.layer(l), trace.z(l)
        share = share_of_xavier(layer.W)
        if share < TINY_WEIGHTS:
            yield _start(l, "small", f"they have {words.percent(share)} of the size of Xavier's")
            return
        with np.errstate(over="ignore", invalid="ignore"):
            spread = float(np.sqrt(z.var(axis=0).mean()))
        if not spread <= (LARGEST_Z if layer.activation in SATURATING else LARGEST_OPEN_Z):
            said = f"z varies by {words.size(spread)} from row to row; about 1 is good"
            yield _start(l, "large", said)
            return


def _start(l: int, what: str, evidence: str) -> Diagnosis:
    sentence = f"Layer {l}: the first weights are too {what}; start from Xavier weights."
    said = f"Before the first update {evidence}."
    return Diagnosis(f"start_{what}", "warning", sentence, said, f"fwd/l{l}", l)
