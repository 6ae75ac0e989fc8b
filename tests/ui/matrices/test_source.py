"""Every cell has its step, and is computed when that step is."""

import numpy as np
import pytest

from bpstudio.core.errors import InputError
from bpstudio.core.trace import Trace
from bpstudio.debugger.breakpoints import Breakpoint
from bpstudio.ui.canvas.state import Scales, shown_sample
from bpstudio.ui.matrices import source as sources
from bpstudio.ui.matrices.cells import breakpoint_cell, current_cell, goal_cell
from bpstudio.ui.matrices.quantities import QUANTITIES, available
from bpstudio.ui.matrices.source import Cell, Source, ramp_ends
from bpstudio.ui.matrices.words import as_tsv
from tests.ui.canvas.scenes import ADAM, trace
from tests.ui.matrices.scenes import source

SIGMOID = trace((3, 4, 2), rows=(5, 7, 2), lr=0.5)
SOFTMAX = trace((3, 4, 3), output="softmax", loss="cross_entropy", rows=(5, 7), lr=0.5)
ONE = trace((2, 3, 2), bias=False)
TRACES = pytest.mark.parametrize("passed", [SIGMOID, SOFTMAX, ONE], ids=["batch", "softmax", "one"])


def sources_of(passed: Trace, s: int = 0) -> list[Source]:
    quantities = available(passed.sequence)
    return [Source(passed, each, l, s) for each in quantities for l in range(2, passed.L + 1)]


def cells_of(one: Source) -> list[Cell]:
    rows, columns = one.shape
    return [(row, k) for row in range(rows) for k in range(columns + one.has_bias)]


@TRACES
def test_a_computed_number_is_that_of_the_step_at_its_address(passed: Trace) -> None:
    for one in sources_of(passed, s=len(passed.rows) - 1):
        for cell in cells_of(one):
            if not one.editable:
                assert one.value(cell) == passed[one.address(cell)].value
                assert one.address(cell) == one.step_address(cell)


@TRACES
def test_a_weight_is_given_and_its_step_is_the_first_that_uses_it(passed: Trace) -> None:
    one = source(passed, "w", 2)
    assert one.address((1, 0)) == "w/l2/j1/k0"
    assert one.step_address((1, 0)) == f"s{passed.rows[0]}/fwd/l2/j1/k0/wa"
    assert one.value((1, 0)) == passed.network.layer(2).W[1, 0]


@TRACES
def test_a_cell_is_computed_from_its_step_on(passed: Trace) -> None:
    for n in range(0, len(passed), 3):
        s = shown_sample(passed, passed.sequence.step(n))
        for one in sources_of(passed, s):
            for cell in cells_of(one):
                due = passed.sequence.index(one.step_address(cell))
                assert one.is_done(cell, n) == (one.editable or due <= n), (n, one.address(cell))


@TRACES
def test_the_current_cell_is_that_of_the_step(passed: Trace) -> None:
    kinds = {each.quantity.kind for each in sources_of(passed)} - {""}
    for n in range(len(passed)):
        step = passed.sequence.step(n)
        for one in sources_of(passed, shown_sample(passed, step)):
            cell = current_cell(one, step)
            if step.kind in kinds and step.l == one.l and one.quantity.kind == step.kind:
                assert cell is not None
                assert one.step_address(cell) == step.address
            elif one.quantity.kind != step.kind and one.quantity.key not in ("w", "a"):
                assert cell is None or step.kind == one.quantity.bias_kind


def test_a_step_that_takes_a_weight_lights_it() -> None:
    q = SIGMOID.sequence
    taken = q.step(q.index("s5/back/l2/j3/i1/dz_da"))
    assert current_cell(source(SIGMOID, "w", 3), taken) == (1, 3)
    assert current_cell(source(SIGMOID, "w", 2), taken) is None
    product = q.step(q.index("s5/fwd/l3/j1/k2/wa"))
    assert current_cell(source(SIGMOID, "w", 3), product) == (1, 2)


def test_the_weight_on_whose_gradient_a_step_works_is_the_goal() -> None:
    q = SIGMOID.sequence
    at = q.step(q.index("s5/back/l3/j1/k2/dz_dw"))
    assert goal_cell(source(SIGMOID, "w", 3), at) == (1, 2)
    assert goal_cell(source(SIGMOID, "w", 2), at) is None
    at = q.step(q.index("s5/back/l3/j1/dC_db"))
    assert goal_cell(source(SIGMOID, "w", 3), at) == (1, 4)
    at = q.step(q.index("s5/back/l3/j1/dC_da"))
    assert goal_cell(source(SIGMOID, "w", 3), at) is None


def test_means_need_a_batch_and_updates_a_rate() -> None:
    offered = {each.key for each in available(ONE.sequence)}
    assert set(QUANTITIES) - offered == {"mean_dC_dw", "update_w"}
    assert {each.key for each in available(SIGMOID.sequence)} == set(QUANTITIES)


@pytest.mark.parametrize("passed", [SIGMOID, trace((3, 4, 2), rows=(5, 7), update=ADAM)])
def test_means_of_large_layers_are_computed_by_block(
    monkeypatch: pytest.MonkeyPatch, passed: Trace
) -> None:
    part = (slice(1, 4), slice(0, 3, 2))
    asked = [source(passed, key, 2) for key in ("mean_dC_dw", "update_w")]
    whole = [(each.block(*part), each.biases(part[0])) for each in asked]
    monkeypatch.setattr(sources, "MOST_KEPT", 1)
    for each, (weights, biases) in zip(asked, whole, strict=True):
        assert np.allclose(each.block(*part), weights, rtol=1e-14)
        assert np.allclose(each.biases(part[0]), biases, rtol=1e-14)


def test_the_ends_of_the_ramps_are_those_of_the_canvas() -> None:
    scales = Scales.of(SIGMOID)
    ends = {key: ramp_ends(source(SIGMOID, key, 2), scales) for key in QUANTITIES}
    assert ends["w"] == ends["update_w"] == ("diverging", (-scales.weights, scales.weights))
    assert ends["dC_dw"] == ("diverging", (-scales.gradients, scales.gradients))
    assert ends["mean_dC_dw"] == ends["dC_dw"]
    assert ends["a"] == ("activation", (0.0, 1.0))
    assert ends["z"] == ("diverging", (-scales.z, scales.z))
    assert ends["dC_da"] == ("diverging", (-scales.dC_da, scales.dC_da))
    slopes = SIGMOID.da_dz(2).max()
    assert slopes <= ends["da_dz"][1][1] <= 5 * slopes


def test_numbers_that_follow_from_the_same_have_the_same_key() -> None:
    other = trace((3, 4, 2), rows=(5, 7, 2), lr=0.25)
    assert source(SIGMOID, "dC_dw", 2, 0).key() != source(SIGMOID, "dC_dw", 2, 1).key()
    assert source(SIGMOID, "w", 2, 0).key() == source(SIGMOID, "w", 2, 1).key()
    assert source(SIGMOID, "z", 2, 0).key() == source(SIGMOID, "z", 2, 1).key()
    assert source(SIGMOID, "z", 2, 0).key() != source(other, "z", 2, 0).key()


def test_a_thing_and_its_cell_belong_together() -> None:
    w, z = source(SIGMOID, "w", 3, 1), source(SIGMOID, "z", 3, 1)
    for cell in cells_of(w):
        assert w.cell(w.thing(cell)) == cell
    assert z.thing((2, 1)) == ("node", 3, 1)
    assert z.cell(("node", 3, 1)) == (1, 1)
    assert w.cell(("edge", 2, 1, 1)) is None
    assert source(ONE, "w", 2).cell(("bias", 2, 0)) is None


def test_a_breakpoint_on_one_number_has_its_cell() -> None:
    def at(**place: object) -> Cell | None:
        return breakpoint_cell(source(SIGMOID, key, 3), Breakpoint(0, **place))  # type: ignore[arg-type]

    key = "dC_dw"
    assert at(kind="dC_dw", l=3, j=1, k=2) == (1, 2)
    assert at(kind="dC_dw", l=3, j=1, k=2, row=7) is None
    assert at(kind="dC_db", l=3, j=1) == (1, 4)
    assert at(kind="dC_dw", l=3, j=1) is None
    assert at(kind="dC_dw", l=2, j=1, k=2) is None
    assert at(kind=None, l=3, j=1, k=2) is None
    key = "z"
    assert at(kind="z", l=3, j=1, row=7) == (1, 1)
    assert at(kind="z", l=3, j=1) is None


def test_the_table_has_every_bit_and_nothing_pending() -> None:
    n = SIGMOID.sequence.index("s5/back/l3/j0/k1/dC_dw")
    lines = as_tsv(source(SIGMOID, "dC_dw", 3), n).splitlines()
    assert lines[0].split("\t") == ["", "0", "1", "2", "3", "b"]
    first, second = lines[1].split("\t"), lines[2].split("\t")
    assert float(first[2]) == SIGMOID["s5/back/l3/j0/k1/dC_dw"].value
    assert first[3:] == ["", "", ""]
    assert second == ["1", "", "", "", "", ""]


def test_a_table_names_samples_by_their_rows() -> None:
    lines = as_tsv(source(SIGMOID, "a", 3), len(SIGMOID) - 1).splitlines()
    assert [line.split("\t")[0] for line in lines] == ["", "5", "7", "2"]


def test_a_table_for_the_clipboard_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bpstudio.ui.matrices.words.MOST_COPIED", 7)
    with pytest.raises(InputError, match="has 8 numbers, at most 7"):
        as_tsv(source(SIGMOID, "w", 3), 0)
