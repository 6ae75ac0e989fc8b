"""Gradients that vanish or explode on their way down, and updates out of proportion."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from bpstudio.core.diagnoses import words
from bpstudio.core.diagnoses.situation import Diagnosis, LayerNorms, Situation
from bpstudio.core.notation import counted, format_number

Floats = NDArray[np.float64]

# Each layer of sigmoids multiplies the gradient by ¼ at the most (M. Nielsen, "Neural networks and
# deep learning", chapter 5). Of ‖∂C/∂W^(L)‖, two hidden layers of them keep 5 to 50 % in layer 2,
# six keep 0.02 %; tanh and relu keep more than 10 % (measured on Iris, 12 seeds each).
VANISHED = 1e-2
TINY_WEIGHTS = 0.1  # of the size that Xavier's draw gives
EXPLODED = 1e2  # ‖∂C/∂W‖ of layer 2 against layer L: it grows on its way down
LARGEST_NORM = 1e3  # clipping is common at 1 to 10: R. Pascanu et al., ICML 2013

# ‖ΔW‖/‖W‖ of an update is usually about 1e-3: A. Karpathy, CS231n, notes on learning
HIGHEST_RATIO, LOWEST_RATIO = 1e-1, 1e-5
USUAL_RATIO = 1e-3
_SQUASHING = ("sigmoid", "tanh", "softmax")


def check_gradients(s: Situation) -> Iterator[Diagnosis]:
    """Layer 2 against layer L."""
    if not s.norms or len(s.norms) < 2:
        return
    low, top = s.norms[0], s.norms[-1]
    worst = next((n for n in s.norms if not n.gradient <= LARGEST_NORM), None)
    if worst is not None and not (_clips(s) and math.isfinite(worst.gradient)):
        yield _exploding(worst, f"Its norm is {format_number(worst.gradient)}.")
    elif top.gradient > 0:
        yield _compared(s, low, top, low.gradient / top.gradient)


def _compared(s: Situation, low: LayerNorms, top: LayerNorms, share: float) -> Diagnosis:
    evidence = (
        f"Norm of the gradient {format_number(low.gradient)} in layer {low.l}, "
        f"{format_number(top.gradient)} in layer {top.l}{_over(low)}."
    )
    if share > EXPLODED and not _clips(s):
        return _exploding(low, evidence)
    if share < VANISHED:
        return _vanishing(s, low, top, evidence)
    said = f"Layer {low.l} gets {share:.2f} of the norm of layer {top.l}{_over(low)}."
    return Diagnosis(
        "gradients", "ok", "Gradients reach every layer.", said, f"back/l{low.l}", low.l
    )


def _over(norms: LayerNorms) -> str:
    """What the norms are of: ", over 120 rows"."""
    return f", over {counted(norms.rows, 'row')}"


def _clips(s: Situation) -> bool:
    return s.update is not None and s.update.clip is not None


def _exploding(norms: LayerNorms, evidence: str) -> Diagnosis:
    sentence = f"The gradient explodes in layer {norms.l}; clip it to a norm of 1."
    return Diagnosis("exploding", "warning", sentence, evidence, f"back/l{norms.l}", norms.l)


def _vanishing(s: Situation, low: LayerNorms, top: LayerNorms, evidence: str) -> Diagnosis:
    hidden = [layer.activation for layer in s.network.layers[:-1]]
    if any(share_of_xavier(layer.W) < TINY_WEIGHTS for layer in s.network.layers):
        remedy = "start from Xavier weights"
    elif any(name in _SQUASHING for name in hidden):
        remedy = "use relu in the hidden layers"
    else:
        remedy = "use fewer layers"
    sentence = f"The gradient vanishes on its way from layer {top.l} to layer {low.l}; {remedy}."
    return Diagnosis("vanishing", "warning", sentence, evidence, f"back/l{low.l}", low.l)


def share_of_xavier(W: Floats) -> float:
    """√ of the mean of w², as a share of that of Xavier's draw."""
    with np.errstate(over="ignore"):
        return float(np.sqrt((W * W).mean() * sum(W.shape) / 2.0))


def ratios(s: Situation) -> list[tuple[float, int]]:
    """‖ΔW‖/‖W‖ and l of the layers where it is known."""
    known = [(n.ratio, n.l) for n in s.norms or () if n.ratio is not None]
    return [(ratio, l) for ratio, l in known if math.isfinite(ratio)]


def check_updates(s: Situation) -> Iterator[Diagnosis]:
    """Updates against the weights they change."""
    known = ratios(s)
    if not known or s.updates == 0:  # the first ones are long, and settle by themselves
        return
    (least, _), (most, l) = min(known), max(known)
    extent = f"{words.percent(least)} to {words.percent(most)}"
    evidence = f"Update to weight {extent} by layer; about 0.1 % is usual."
    place = f"update_ratio({l})"
    if most > HIGHEST_RATIO:
        sentence = (
            f"Layer {l}: one update moves the weights by {words.percent(most)} of their size; "
            f"lower the learning rate{words.rate(s.lr, 0.1)}."
        )
        yield Diagnosis("updates_high", "warning", sentence, evidence, place, l)
    elif most < LOWEST_RATIO:
        sentence = (
            f"One update moves no layer's weights by more than {words.percent(most)}; "
            f"raise the learning rate{words.rate(s.lr, 10)}."
        )
        yield Diagnosis("updates_low", "note", sentence, evidence, place, l)
    else:
        sentence = "Updates are in proportion to the weights."
        yield Diagnosis("updates", "ok", sentence, evidence, place, l)
