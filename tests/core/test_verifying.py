"""Bring your own backprop: the first wrong term is named, and what was forgotten."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

import bpstudio as bp
from bpstudio.core.dataset import Dataset
from bpstudio.core.errors import InputError
from bpstudio.core.mistakes import variants
from bpstudio.core.network import Network
from bpstudio.core.trace import Trace, compute_trace
from bpstudio.core.verifying import Tolerance, Verdict, groups_of, verify
from tests.core.cases import network

Array = NDArray[np.float64]
Pair = tuple[Array, Array]

NET = network((3, 3, 3, 3), ("tanh", "sigmoid", "tanh"))
RANDOM = np.random.default_rng(5)
DATA = Dataset.from_arrays(RANDOM.standard_normal((6, 3)), RANDOM.standard_normal((6, 3)))


def backprop(
    weights: list[tuple[Array, Array | None]], x: Array, y: Array, wrong: str = ""
) -> list[Pair]:
    """The page's backpropagation for tanh, sigmoid, tanh and the sum of squares, by hand."""
    rules = (
        (np.tanh, lambda z: 1 - np.tanh(z) ** 2),
        (lambda z: 1 / (1 + np.exp(-z)), lambda z: np.exp(-z) / (1 + np.exp(-z)) ** 2),
        (np.tanh, lambda z: 1 - np.tanh(z) ** 2),
    )
    a_s, zs = [np.atleast_2d(x)], []
    for (W, b), (g, _) in zip(weights, rules, strict=True):
        zs.append(a_s[-1] @ W.T + (0 if b is None else b))
        a_s.append(g(zs[-1]))
    found: list[Pair] = []
    delta = (1 if wrong == "no 2" else 2) * (a_s[-1] - np.atleast_2d(y))
    if wrong == "sign":
        delta = -delta
    for at in (2, 1, 0):
        W, g_prime = weights[at][0], rules[at][1]
        if wrong != "no g'" and (wrong != "no hidden g'" or at == 2):
            delta = delta * g_prime(a_s[at + 1] if wrong == "g' at a" else zs[at])
        below = {"own a": a_s[at + 1], "z": zs[at - 1]}.get(wrong, a_s[at])
        n = 1 if wrong == "no mean" else len(delta)
        found.append((delta.T @ below / n, delta.sum(axis=0) / n))
        if wrong == "last term":
            delta = delta[:, -1:] * W[-1]
        else:
            delta = delta @ (W.T if wrong == "transposed" else W)
    return found[::-1]


def spoiled(wrong: str) -> Callable[..., list[Pair]]:
    return lambda weights, x, y: backprop(weights, x, y, wrong)


def verdict(own: Any, rows: tuple[int, ...] = (4,), **settings: Any) -> Verdict:
    return verify(own, NET, DATA, rows, **settings)


def gradients(rows: tuple[int, ...] = (4,), wrong: str = "") -> list[Pair]:
    batch = DATA.batch(rows)
    weights = [(layer.W, layer.b) for layer in NET.layers]
    return backprop(weights, batch.X, batch.Y, wrong)


@pytest.mark.parametrize("rows", [(4,), (4, 0, 2)], ids=["a row", "a batch"])
def test_a_right_function_passes_with_every_parameter_compared(rows: tuple[int, ...]) -> None:
    found = verdict(backprop, rows)
    assert found.passed
    assert str(found) == "36 numbers compared, all agree"


# the mistake, where it first shows, and what is said of it
MISTAKES = {
    "no 2": ("l4", "a factor 2 is missing"),
    "sign": ("l4", "the sign is wrong"),
    "no g'": ("l4", "the g′ of layer 4 is missing"),
    "no hidden g'": ("l3", "the g′ of layer 3 is missing"),
    "g' at a": ("l4", "the g′ of layer 4 was taken at a instead of z"),
    "own a": ("l4", "a^(4) was used in place of a^(3)"),
    "z": ("l4", "z^(3) was used in place of a^(3)"),
    "transposed": ("l3", "W^(4) is transposed"),
    "last term": ("l3", "the sum over layer 4 has its addend i = 2 alone"),
}


@pytest.mark.parametrize("rows", [(4,), (4, 0, 2)], ids=["a row", "a batch"])
@pytest.mark.parametrize("wrong", MISTAKES)
def test_each_usual_mistake_is_named_where_it_first_shows(
    wrong: str, rows: tuple[int, ...]
) -> None:
    layer, words = MISTAKES[wrong]
    first = verdict(spoiled(wrong), rows).first
    assert first is not None
    start = f"s4/back/{layer}" if len(rows) == 1 else f"mean/{layer}"
    assert first.address.startswith(f"{start}/j0/k0/")
    assert any(cause.startswith(words) for cause in first.causes), first.causes


def test_a_sum_in_place_of_the_mean_is_named() -> None:
    first = verdict(spoiled("no mean"), (4, 0, 2, 1, 5)).first
    assert first is not None
    assert first.causes == ("the 1/n of the mean over the 5 rows is missing",)
    assert first.given == pytest.approx(5 * first.right)


def test_a_gradient_that_is_not_zeroed_shows_at_the_second_call() -> None:
    kept = [np.zeros_like(W) for W in (layer.W for layer in NET.layers)]

    def own(weights: Any, x: Array, y: Array) -> list[Pair]:
        new = backprop(weights, x, y)
        for total, (W, _) in zip(kept, new, strict=True):
            total += W
        return [(total, b) for total, (_, b) in zip(kept, new, strict=True)]

    first = verdict(own).first
    assert first is not None
    assert "not zeroed" in first.causes[0]
    assert first.given == pytest.approx(2 * first.right)


def test_the_gradient_of_the_batch_before_is_recognised() -> None:
    rows, before = (0, 1), (2, 3, 4)
    both = [
        (W + V, b + c) for (W, b), (V, c) in zip(gradients(rows), gradients(before), strict=True)
    ]
    first = verdict(both, rows, previous_rows=before).first
    assert first is not None
    assert first.causes == ("the gradient of the batch before is still in it: it was not zeroed",)


def test_arrays_may_be_named_and_some_alone() -> None:
    (W2, _), _, (W4, b4) = gradients()
    assert verdict({"W4": W4, "b4": b4[:, None], "W2": W2}).compared == 9 + 3 + 9
    W2 = W2.copy()
    W2[1, 2] += 1e-3
    first = verdict({"W2": W2, "W4": W4}).first
    assert first is not None
    assert (first.address, first.causes) == ("s4/back/l2/j1/k2/dC_dw", ())
    assert "none of the usual mistakes gives these numbers" in str(first)


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ((4,), r"fails on 1 row, with x of the shape \(3,\) and y of \(3,\): .+; of one row x and"),
        ((4, 1), r"fails on 2 rows, with x of the shape \(2, 3\) and y of \(2, 3\): "),
    ],
)
def test_a_function_for_other_shapes_is_told_which_it_gets(
    rows: tuple[int, ...], words: str
) -> None:
    def backward(weights: Any, x: Any, y: Any) -> Any:
        return x.sum(axis=1) @ x if x.ndim == 1 else x @ x

    with pytest.raises(InputError, match=words):
        verdict(backward, rows)


def test_a_transposed_result_is_named() -> None:
    first = verdict({"W3": gradients()[1][0].T}).first
    assert first is not None
    assert first.address == "s4/back/l3/j0/k1/dC_dw"
    assert first.causes == ("the matrix of derivatives is transposed",)


def numbers(change: Callable[[dict[str, float]], object]) -> dict[str, float]:
    """A student's numbers: all of the trace, then changed."""
    trace = bp.trace(NET, DATA, [4, 1])
    found = {term.address: term.value for term in trace}
    change(found)
    return found


@pytest.mark.parametrize(
    ("kind", "change", "words"),
    [
        ("s4/fwd/l2/j0/z", lambda t, a: t[a].value - NET.layers[0].b[0], "the bias is missing"),
        ("s4/fwd/l3/j1/a", lambda t, a: t["s4/fwd/l3/j1/z"].value, "g is missing: this is z"),
        ("s1/loss/C", lambda t, a: t[a].value / 2, "this is loss half_sse"),
        ("s1/back/l4/j0/dC_da", lambda t, a: t[a].value / 2, "a factor 2 is missing"),
        ("s1/back/l4/j0/dC_dz", lambda t, a: t["s1/back/l4/j0/dC_da"].value, "the g′ of layer 4"),
    ],
    ids=["z", "a", "C", "dC_da", "dC_dz"],
)
def test_a_wrong_intermediate_number_is_named(
    kind: str, change: Callable[[Any, str], float], words: str
) -> None:
    trace = bp.trace(NET, DATA, [4, 1])
    first = verdict({kind: change(trace, kind)}, (4, 1)).first
    assert first is not None
    assert (first.address, first.index) == (kind, trace[kind].index)
    assert any(words in cause for cause in first.causes), first.causes


def test_the_first_in_the_order_of_the_steps_is_named() -> None:
    late, early = "s1/fwd/l2/j0/z", "s4/back/l2/j2/dC_db"
    found = verdict(numbers(lambda own: own.update({late: 9.0, early: 9.0})), (4, 1))
    assert found.n_wrong == 2
    assert found.first is not None
    assert found.first.address == early  # row 4 comes first in the batch


def test_a_tolerance_lets_rounded_numbers_pass() -> None:
    own = [(W.round(4), b.round(4)) for W, b in gradients()]
    assert not verdict(own).passed
    assert verdict(own, tolerance=Tolerance(absolute=1e-4)).passed


def test_what_is_not_finite_is_wrong() -> None:
    (W2, b2), *rest = gradients()
    assert verdict([(W2 * np.nan, b2), *rest]).n_wrong == 9


REFUSED: dict[str, tuple[Any, str]] = {
    "nothing": ({}, "there are no numbers to compare"),
    "None": (None, "given: None; does the function return them"),
    "layers": ([(np.ones((3, 3)), None)], "gradients of 1 layers were given"),
    "no pairs": ([1, 2, 3], "layer 2: give the pair"),
    "another shape": ({"W2": np.ones((3, 2))}, "the gradient of W2 has the shape (3, 2)"),
    "another name": ({"W9": np.ones((3, 3))}, "W9 is no parameter of this network"),
    "words": ({"W2": "many"}, "the gradient of W2 is no array of numbers"),
    "a level": ({"s4/back/l3": 1.0}, "'s4/back/l3' names no single step"),
    "no step": ({"s4/back/l9/j0/dC_db": 1.0}, "does not exist"),
    "no number": ({"s4/loss/C": "x"}, "s4/loss/C is 'x'; give a number"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_does_not_fit_is_refused(name: str) -> None:
    own, words = REFUSED[name]
    with pytest.raises(InputError) as error:
        verdict(own)
    assert words in str(error.value)


def test_own_code_gets_copies_and_none_for_no_biases() -> None:
    net: Network = network((3, 2), ("linear",), bias=False)
    data = Dataset.from_arrays(np.ones((1, 3)), np.ones((1, 2)))

    def own(weights: Any, x: Array, y: Array) -> list[Any]:
        ((W, b),) = weights
        assert b is None
        result = [(np.outer(2 * (W @ x - y), x), None)]
        W[:] = 0
        return result

    assert bp.verify(own, net, data, [0]).passed


# ---- every mistake there is a name for ---------------------------------------------------------


def groups(trace: Trace) -> dict[tuple[str, int], list[str]]:
    """Addresses of every kind of step in every layer, those of an update left out."""
    found: dict[tuple[str, int], list[str]] = {}
    for term in trace:
        found.setdefault((term.kind, term.l or 0), []).append(term.address)
    return found


@pytest.mark.parametrize("rows", [(4,), (4, 0, 2)], ids=["a row", "a batch"])
def test_every_mistake_that_has_a_name_is_named_where_it_is_made(rows: tuple[int, ...]) -> None:
    trace = compute_trace(NET, DATA.batch(rows), "sse")
    named, agree = set(), Tolerance().agree
    for addresses in groups(trace).values():
        right = np.array([trace[address].value for address in addresses])
        (group,) = groups_of(trace, dict(zip(addresses, right, strict=True)))
        made = [(words, x) for words, x in variants(trace, group, right) if np.isfinite(x).all()]
        for words, wrong in made:
            if agree(wrong, right).all():
                continue
            first = verdict(dict(zip(addresses, wrong, strict=True)), rows).first
            assert first is not None, words
            alike = [other for other, numbers in made if agree(wrong, numbers).all()]
            assert set(first.causes) <= set(alike), words
            assert words in first.causes or len(first.causes) < len(alike), words
            named |= set(first.causes)
    for words in (
        *("the g′ of layer 3 is missing (∂a/∂z)", "the g′ of layer 4 is missing in the sum"),
        *("g′ was taken at a instead of z", "there is a g′ of layer 4 too many"),
        *("W is transposed", "W^(4) is transposed", "the sum over layer 4 has no W^(4)"),
        *("a factor 2 is missing", "the sign is wrong", "the bias is missing"),
        *("the matrix of derivatives is transposed", "z^(3) was used in place of a^(3)"),
        *("g is missing: this is z", "this comes from loss mse", "this is loss half_sse"),
        *("a factor 1/n_L is missing (n_L = 3 outputs)",),
        *("the sum over layer 4 lacks its addend i = 1",),
    ):
        assert words in named, words
    twice = "there is a factor 2 too many, or the gradient was not zeroed and is in it twice"
    assert twice in named
    if len(rows) > 1:
        assert "the 1/n of the mean over the 3 rows is missing" in named
        assert "there is a 1/n too many, of the 3 rows" in named
        assert "this is row 4 alone, not the mean over the 3 rows" in named
