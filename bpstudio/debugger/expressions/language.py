"""The words of the language of breakpoints, watches and filters: what each means, in one line.

Whatever is not in these tables does not exist in the language.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum


class Group(Enum):
    """What sort of word it is."""

    STEP = "of the current step"
    TERM = "term"
    PASS = "of the pass"
    GIVEN = "parameter or data"
    FUNCTION = "function of numbers"
    REDUCTION = "of all numbers of a layer"
    LAYER = "function of a layer"
    TRAINING = "of an update in training"


@dataclass(frozen=True, slots=True)
class Word:
    """A word, how it is indexed and what it means.

    ``letters`` are the indices after the layer, if it has one (``layered``): w[l][j,k] has "jk".
    """

    name: str
    group: Group
    documentation: str
    letters: str = ""
    layered: bool = False
    in_training: bool = False  # it exists for the updates of a run only

    @property
    def is_function(self) -> bool:
        """Whether it is called with parentheses."""
        return self.group in (Group.FUNCTION, Group.REDUCTION, Group.LAYER)

    @property
    def form(self) -> str:
        """How it is written: dC_dw[l][j,k], x[k], abs(…), grad_norm(l), value."""
        if self.group is Group.LAYER:
            return f"{self.name}(l)"
        if self.is_function:
            return f"{self.name}(…)"
        layer = "[l]" if self.layered else ""
        indices = f"[{','.join(self.letters)}]" if self.letters else ""
        return f"{self.name}{layer}{indices}"


def _term(name: str, letters: str, documentation: str) -> Word:
    return Word(name, Group.TERM, documentation, letters, layered=True)


_STEP = (
    Word("value", Group.STEP, "The number of the current step"),
    Word("previous", Group.STEP, "The number of the step of this kind and place one sample before"),
    Word("step", Group.STEP, "The number of the step in the pass, from 0"),
    Word("row", Group.STEP, "The row of the sample in the data file, from 0"),
    Word("l", Group.STEP, "The layer of the current step; layer 1 is the input"),
    Word("j", Group.STEP, "The node of layer l, from 0"),
    Word("k", Group.STEP, "The node of layer l − 1, from 0"),
    Word("i", Group.STEP, "The node of layer l + 1, from 0"),
    Word("m", Group.STEP, "The other node of a softmax layer, from 0"),
)
_TERMS = (
    _term("wa", "jk", "w_jk a_k, one addend of z_j"),
    _term("z", "j", "The weighted sum of node j"),
    _term("a", "j", "The activation of node j; a[1][k] is the input"),
    Word("C_j", Group.TERM, "The loss of output node j", "j"),
    Word("C", Group.TERM, "C_0, the loss of the sample"),
    Word("C_0", Group.TERM, "The loss of the sample, also written C"),
    _term("dz_da", "ji", "∂z_i/∂a_j, the weight to node i of the next layer"),
    _term("addend", "ji", "What node i of the next layer adds to ∂C_0/∂a_j"),
    _term("dC_da", "j", "∂C_0/∂a_j"),
    _term("da_dz", "j", "∂a_j/∂z_j, the slope of the activation; softmax: [j,m], ∂a_m/∂z_j"),
    _term("addend_z", "jm", "Softmax: what output m adds to ∂C_0/∂z_j"),
    _term("dC_dz", "j", "∂C_0/∂z_j"),
    _term("dz_dw", "jk", "∂z_j/∂w_jk, the activation a_k before"),
    _term("dC_dw", "jk", "∂C_0/∂w_jk, the gradient of a weight for one sample"),
    _term("dz_db", "j", "∂z_j/∂b_j, always 1"),
    _term("dC_db", "j", "∂C_0/∂b_j, the gradient of a bias for one sample"),
    _term("mean_dC_dw", "jk", "∂C/∂w_jk, the mean over the batch"),
    _term("mean_dC_db", "j", "∂C/∂b_j, the mean over the batch"),
    Word("clip", Group.TERM, "What clipping multiplies the whole gradient by"),
    _term("penalty_w", "jk", "What the penalty adds to the gradient of a weight"),
    _term("penalised", "jk", "The gradient of a weight with its penalty"),
    _term("clipped", "jk", "The gradient after clipping; of a bias [l][j]"),
    _term("velocity", "jk", "The velocity of momentum; of a bias [l][j]"),
    _term("v", "jk", "RMSprop, Adam: the running mean of the squared gradients; of a bias [l][j]"),
    _term("m_hat", "jk", "Adam: the corrected mean of the gradients; of a bias [l][j]"),
    _term("v_hat", "jk", "Adam: the corrected mean of the squared gradients; of a bias [l][j]"),
    _term("update_w", "jk", "The weight after the update"),
    _term("update_b", "j", "The bias after the update"),
)
_PASS = (
    Word("loss", Group.PASS, "C, the mean loss of the samples of the batch"),
    Word("lr", Group.PASS, "The learning rate"),
    Word("L", Group.PASS, "The number of the output layer; also in dC_dw[L][j,k], dC_dw[L-1][j,k]"),
)
_GIVEN = (
    Word("w", Group.GIVEN, "The weight from node k of layer l − 1 to node j", "jk", layered=True),
    Word("b", Group.GIVEN, "The bias of node j", "j", layered=True),
    Word("x", Group.GIVEN, "Input k of the sample, scaled", "k"),
    Word("y", Group.GIVEN, "Target j of the sample, scaled", "j"),
)
_FUNCTIONS = (
    Word("abs", Group.FUNCTION, "The size of a number, without its sign"),
    Word("sqrt", Group.FUNCTION, "The square root"),
    Word("exp", Group.FUNCTION, "e to the power of a number"),
    Word("log", Group.FUNCTION, "The natural logarithm"),
    Word("sign", Group.FUNCTION, "−1, 0 or 1"),
    Word("isnan", Group.FUNCTION, "Whether it is not a number"),
    Word("isinf", Group.FUNCTION, "Whether it is infinite"),
    Word("isfinite", Group.FUNCTION, "Whether it is neither infinite nor not a number"),
)
_REDUCTIONS = (
    Word("norm", Group.REDUCTION, "The Euclidean norm, as in norm(dC_dw[3])"),
    Word("max_abs", Group.REDUCTION, "The largest size, as in max_abs(dC_dw[3])"),
    Word("mean", Group.REDUCTION, "The mean, as in mean(a[3])"),
    Word("sum", Group.REDUCTION, "The sum, as in sum(a[3])"),
    Word("min", Group.REDUCTION, "The least of a layer's numbers, min(z[3]), or of several"),
    Word("max", Group.REDUCTION, "The largest of a layer's numbers, max(z[3]), or of several"),
    Word("any", Group.REDUCTION, "Whether one of them is so, as in any(isnan(z[3]))"),
    Word("all", Group.REDUCTION, "Whether all of them are so, as in all(da_dz[3] < 1e-3)"),
)
_OF_LAYERS = (
    Word("grad_norm", Group.LAYER, "The norm of the batch's mean gradient of W and b of layer l"),
    Word("dead", Group.LAYER, "The share of nodes whose ∂a/∂z is 0 for every sample"),
    Word(
        "saturated", Group.LAYER, "The share of nodes with a mean |∂a/∂z| below 4 % of its largest"
    ),
)
_OF_UPDATES = (
    Word("epoch", Group.TRAINING, "The epoch of the update, from 0", in_training=True),
    Word("batch", Group.TRAINING, "The batch of the update in its epoch, from 0", in_training=True),
    Word("accuracy", Group.TRAINING, "The share of the batch that is right", in_training=True),
    Word(
        "stalled",
        Group.TRAINING,
        "Epochs since the validation loss was lowest: early stopping is stalled >= 10",
        in_training=True,
    ),
    Word("grad", Group.TRAINING, "The norm of the whole gradient", in_training=True),
    Word(
        "validation",
        Group.TRAINING,
        "The rows kept for validation: loss(validation), accuracy(validation)",
        in_training=True,
    ),
    Word("update_norm", Group.LAYER, "The norm of what the update adds to W", in_training=True),
    Word("weight_norm", Group.LAYER, "The norm of W before the update", in_training=True),
    Word("update_ratio", Group.LAYER, "update_norm(l) divided by weight_norm(l)", in_training=True),
    Word(
        "sign_flips",
        Group.FUNCTION,
        "How often a number changed its sign in the last 1,000 updates, sign_flips(w[3][2,1])",
        in_training=True,
    ),
)

WORDS = {
    word.name: word
    for word in (
        *_STEP, *_TERMS, *_PASS, *_GIVEN, *_FUNCTIONS, *_REDUCTIONS, *_OF_LAYERS, *_OF_UPDATES,
    )
}  # fmt: skip
OF_VALIDATION = {"loss": "loss(validation)", "accuracy": "accuracy(validation)"}
WITH_PAST = ("loss", "accuracy")  # loss[-10] is the loss ten updates before
KIND_WORDS = {
    **{word.name: word for word in _TERMS},
    "m": _term("m", "jk", "Adam: the running mean of the gradients; of a bias [l][j]"),
}
"""Every kind of term as a word; m is an index in an expression and a kind elsewhere."""
LOGIC = ("and", "or", "not")
ALIASES = {"C_0": "C"}
OF_SEVERAL = ("min", "max")  # with two arguments or more functions of numbers
SOFTMAX_LETTERS = {"da_dz": "jm"}  # letters of a softmax layer where they are others
OF_BOTH = ("clipped", "velocity", "v", "m_hat", "v_hat")  # of weights [l][j,k], of biases [l][j]

# what people write who mean an operator of the language
SPELLINGS = {
    "=": "==", "!": "not", "&": "and", "|": "or", "^": "**", "−": "-", "·": "*", "×": "*",
    "÷": "/", "≤": "<=", "≥": ">=", "≠": "!=", "²": "**2", "∧": "and", "∨": "or", "¬": "not",
    "{": "(", "}": ")",
}  # fmt: skip


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name that is most like this one, None where none is."""
    name = name[:40]
    scored = [(-_likeness(name, other), _distance(name, other), other) for other in known]
    best = min(scored, default=None)
    return best[2] if best is not None and best[0] <= -0.6 else None


def _likeness(name: str, other: str) -> float:
    return difflib.SequenceMatcher(None, name.lower(), other.lower()).ratio()


def _distance(name: str, other: str) -> int:
    """How far apart the letters lie; settles which of several equally like names is meant."""
    return sum(abs(ord(p) - ord(q)) for p, q in zip(name, other, strict=False))
