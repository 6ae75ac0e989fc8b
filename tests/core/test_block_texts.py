"""What is written of many steps at once is to the letter what is written of each."""

from __future__ import annotations

import numpy as np
import pytest

from bpstudio.core.block_texts import block_texts, prefixed
from bpstudio.core.blocks import blocks_of, portions
from bpstudio.core.dataset import Batch
from bpstudio.core.network import Layer, Network
from bpstudio.core.notation import tex_number
from bpstudio.core.number_texts import tex_numbers
from bpstudio.core.selection import Selection
from bpstudio.core.trace import Trace, compute_trace
from tests.core.cases import ELEMENTWISE, losses_for, traced, varied


def require_texts_of_terms(
    trace: Trace, chosen: Selection | None = None, size: int = 100, prefix: str = ""
) -> int:
    """Compare every block with its terms; → number of steps."""
    count = 0
    for portion in portions(trace.sequence, 0, len(trace), size=size):
        for block in blocks_of(trace.sequence, portion, chosen or Selection()):
            found = block_texts(trace, block, prefix)
            numbers = block.numbers.reshape(-1).tolist()
            for n, *texts in zip(numbers, *found, strict=True):
                term = trace[n]
                operands = tuple(prefixed(address, prefix) for address in term.operands)
                assert texts == [prefix + term.address, *term.written(), operands]
            count += len(numbers)
    return count


@pytest.mark.parametrize("size", [7, 100, 10_000])
@pytest.mark.parametrize("name", varied())
def test_every_step_reads_as_its_term(name: str, size: int) -> None:
    trace = varied()[name]
    assert require_texts_of_terms(trace, size=size) == len(trace)


@pytest.mark.parametrize("name", ELEMENTWISE)
def test_every_activation_reads_as_its_terms(name: str) -> None:
    for output in ("sigmoid", "softmax", "linear"):
        trace = traced((3, 11, 4, 2), (name, name, output), rows=(5, 0, 3))
        assert require_texts_of_terms(trace) == len(trace)


@pytest.mark.parametrize("output", ["sigmoid", "softmax", "linear"])
def test_every_loss_reads_as_its_terms(output: str) -> None:
    for loss in losses_for(output):
        trace = traced((3, 11, 4, 2), ("tanh", "relu", output), loss, rows=(5, 0, 3))
        assert require_texts_of_terms(trace) == len(trace)


@pytest.mark.parametrize("only", ["l=3", "j=1", "k=10", "kind=addend,i=2", "s=0", "phase=loss"])
def test_parts_of_a_block_read_as_their_terms(only: str) -> None:
    trace = traced((12, 11, 11), ("relu", "sigmoid"), rows=(5, 0))
    assert require_texts_of_terms(trace, Selection().only(only)) > 0


def test_steps_of_a_recorded_run_carry_their_iteration() -> None:
    for trace in (traced(rows=(5, 0), lr=0.5), traced((2, 3, 2), ("tanh", "softmax"), lr=0.5)):
        require_texts_of_terms(trace, prefix="e3/b4/")


@pytest.mark.parametrize(("activation", "loss"), [("sigmoid", "bce"), ("softmax", "cross_entropy")])
def test_a_saturated_output_says_so(activation: str, loss: str) -> None:
    net = Network([Layer(np.eye(2), None, "tanh"), Layer(500 * np.eye(2), np.ones(2), activation)])
    trace = compute_trace(
        net, Batch((0, 1), np.array([[9.0, -9.0], [0.1, 0.1]]), np.array([[0.0, 1.0]] * 2)), loss
    )
    assert trace.saturated.any()
    assert require_texts_of_terms(trace) == len(trace)


def test_what_is_not_finite_has_its_signs() -> None:
    net = Network([Layer(np.array([[1.0], [-1.0], [0.0]]), None, "linear")])
    require_texts_of_terms(compute_trace(net, Batch((0,), np.array([[np.inf]]), np.zeros((1, 3)))))


def test_numbers_are_written_as_one_by_one() -> None:
    rng = np.random.default_rng(0)
    x = rng.standard_normal(5_000) * 10.0 ** rng.integers(-12, 9, 5_000)
    edges = [0.0, -0.0, 1, -1, 9999, 1e4, 9999.99996, 1e-3, 9.9999e-4, 1e300, 5e-324]
    special = [np.inf, -np.inf, np.nan]
    for numbers in (x, np.array(edges), np.array(special), np.array([0.5, -0.5])):
        assert tex_numbers(numbers) == [tex_number(number) for number in numbers.tolist()]
