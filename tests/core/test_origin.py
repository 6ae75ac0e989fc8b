"""Origins: every number comes out of its children once more, down to the data cell."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import bpstudio as bp
from bpstudio.core.dataset import Batch, Dataset
from bpstudio.core.errors import InputError
from bpstudio.core.losses import LOSSES
from bpstudio.core.network import Layer, Network
from bpstudio.core.origin import Origin, OriginItem, Provenance
from bpstudio.core.trace import Trace, compute_trace
from bpstudio.resources import resource
from tests.core import cases
from tests.core.again import again

SCALES = ("standard", "minmax", "none")


def walked(origin: Origin) -> list[OriginItem]:
    """Every item that is reached from the steps of a pass, once each."""
    found: dict[str, OriginItem] = {}
    waiting = [term.address for term in origin.trace]
    while waiting:
        address = waiting.pop()
        if address not in found:
            found[address] = origin.item(address)
            waiting += [child.address for child in origin.children(address)]
    return list(found.values())


def once_more(origin: Origin, item: OriginItem) -> float:
    """The value by the rule that the note states, from the children's values."""
    numbers = [child.value for child in origin.children(item.address)]
    if item.kind in ("x", "y"):
        return scaled(origin.data, numbers)
    if item.kind in ("w", "b"):
        return numbers[0]
    term = origin.trace[item.address]
    if "combined form" in item.note:
        a, *y = numbers
        if not origin.trace.sequence.is_softmax(term.l):
            return a - y[0]
        return a * sum(y) - y[term.j]
    return again(term, numbers)


def has_a_rule(origin: Origin, item: OriginItem) -> bool:
    """False where numbers are not finite, and at a singularity or kink of the loss."""
    numbers = [child.value for child in origin.children(item.address)]
    if not all(math.isfinite(number) for number in numbers):
        return False
    if item.kind not in ("C_j", "dC_da") or origin.is_sum(item.address):
        return True
    a, y = numbers
    loss = LOSSES[origin.trace.loss]
    return not (loss.kink and a == y) and not (loss.open_unit and not 1e-150 < a < 1.0)


def scaled(data: Dataset, numbers: list[float]) -> float:
    if len(numbers) == 1:
        return numbers[0]
    raw, shift, scale = numbers
    return (raw - shift) / scale


def require_origins(origin: Origin) -> list[OriginItem]:
    items = walked(origin)
    for item in items:
        assert repr(origin.item(item.address)) == repr(item)  # its address leads back to it
        children = origin.children(item.address)
        assert item.opens == bool(len(children)), item
        if item.opens and has_a_rule(origin, item):
            value = once_more(origin, item)
            product = item.note.startswith("product") or item.kind in ("x", "y", "w", "b")
            tolerance = {"rel": 0.0, "abs": 0.0} if product else {"rel": 1e-12, "abs": 1e-13}
            if product and not origin.trace.sequence.is_softmax(origin.trace.L):
                tolerance = {"rel": 4e-16, "abs": 0.0}  # the order of three factors
            assert item.value == pytest.approx(value, nan_ok=True, **tolerance), item
    return items


def data_for(trace: Trace, scale: str) -> Dataset:
    """A data set whose scaled rows are those of the trace's network, with other rows around."""
    rng = np.random.default_rng(5)
    n = max(trace.rows) + 1
    X = rng.normal(3.0, 2.0, (n, trace.network.sizes[0]))
    Y = cases.targets(rng, n, trace.network.sizes[-1], trace.loss)
    bounded = LOSSES[trace.loss].open_unit
    return Dataset.from_arrays(X, Y, scale="none" if bounded else scale)


def of_case(name: str, scale: str = "standard") -> Origin:
    trace = cases.varied()[name]
    data = data_for(trace, scale)
    again = compute_trace(trace.network, data.batch(trace.rows), trace.loss, update=trace.update)
    return Origin(again, data, Provenance(trace.network, 7, "xavier"))


@pytest.mark.parametrize("name", cases.varied())
@pytest.mark.parametrize("scale", SCALES)
def test_every_number_comes_out_of_its_children_down_to_the_cell(name, scale):
    kinds = {item.kind for item in require_origins(of_case(name, scale))}
    assert {"x", "y", "w", "data", "seed"} <= kinds


@settings(max_examples=25)
@given(seed=st.integers(0, 10**6), data=st.data())
def test_it_does_in_random_networks(seed, data):
    sizes = data.draw(st.lists(st.integers(1, 4), min_size=2, max_size=4))
    names = st.sampled_from([*cases.ELEMENTWISE, "softmax"])
    activations = [data.draw(names) for _ in sizes[1:]]
    loss = data.draw(st.sampled_from(cases.losses_for(activations[-1])))
    rows = data.draw(st.lists(st.integers(0, 9), min_size=1, max_size=3, unique=True))
    trace = cases.traced(sizes, activations, loss, rows=rows, lr=0.1, seed=seed)
    given_data = data_for(trace, data.draw(st.sampled_from(SCALES)))
    trace = compute_trace(trace.network, given_data.batch(rows), loss, 0.1)
    require_origins(Origin(trace, given_data, Provenance(trace.network, seed, "xavier")))


@pytest.mark.parametrize(
    ("output", "loss", "weights", "y"),
    [
        ("sigmoid", "bce", [40.0, 0.0, -1.0], [0.0, 1.0, 1.0]),
        ("softmax", "cross_entropy", [350.0, -400.0, 0.0], [0.0, 1.0, 0.0]),
    ],
)
def test_a_saturated_output_comes_out_of_the_combined_form(output, loss, weights, y):
    above = [[w, 0.0] for w in weights]
    net = Network([Layer([[1.0], [2.0]], None, "linear"), Layer(above, None, output)])
    trace = compute_trace(net, Batch((0,), np.ones((1, 1)), np.array([y])), loss)
    assert trace.saturated.any()
    notes = [item.note for item in require_origins(Origin(trace))]
    assert any(note.startswith("combined form a") for note in notes)


# Down to the file ----------------------------------------------------------------------------


def iris(rows: tuple[int, ...] = (52,), since: str = "") -> Origin:
    data = bp.load(resource("data/iris.csv"), target="species")
    net = bp.Network.create([4, 5, 6, 3], seed=3)
    trained = net.with_weight(2, 2, 0, 1.6618) if since else net
    trace = compute_trace(trained, data.batch(rows), "sse", 0.5)
    return Origin(trace, data, Provenance(net, 3, "xavier", since))


def shown(items) -> list[tuple[str, str, str]]:
    return [(item.name, item.note, item.place) for item in items]


def test_a_gradient_shows_the_tree_of_the_drawing():
    origin = iris(since="40 updates")
    root = origin.item("s52/back/l3/j2/k2/dC_dw")
    assert root.note == "product of 3 factors"
    dC_da, da_dz, dz_dw = origin.children(root.address)
    assert (dC_da.note, dC_da.place) == ("sum of 3 addends", "s52/back/l3/j2/dC_da")
    assert da_dz.note == f"{0.0 + origin.trace.a(3)[0, 2]:.4f} (1 − {origin.trace.a(3)[0, 2]:.4f})"
    assert dz_dw.address == "s52/fwd/l2/j2/a"
    assert dz_dw.note == "sigmoid of"
    assert dz_dw.name.endswith(" = a_{2}^{(2)}")
    assert shown(origin.children(dC_da.address)) == [
        ("i = 0", "setosa", "s52/back/l3/j2/i0/addend"),
        ("i = 1", "versicolor", "s52/back/l3/j2/i1/addend"),
        ("i = 2", "virginica", "s52/back/l3/j2/i2/addend"),
    ]
    (z,) = origin.children(dz_dw.address)
    assert z.note == "4 addends + bias"
    notes = [item.note for item in origin.children(z.address)]
    assert notes[:4] == ["sepal length", "sepal width", "petal length", "petal width"]
    assert notes[4] == "bias, as it started"


def test_an_input_goes_down_to_its_line_of_the_file():
    origin = iris()
    item = origin.item("s52/x0")
    assert item.note == "sepal length, standardised"
    cell, mean, sd = origin.children("s52/x0")
    assert (cell.value, cell.place, cell.note) == (6.9, "iris.csv:54", "row 52, column 0, cm")
    assert cell.address == "data/r52/c0"
    assert (mean.address, mean.note) == ("scale/x0/mean", "mean of 150 training rows")
    assert (sd.address, sd.note) == ("scale/x0/sd", "standard deviation")
    assert (cell.value - mean.value) / sd.value == item.value


def test_a_mean_says_that_it_is_that_of_a_sample(tmp_path):
    path = tmp_path / "d.csv"
    path.write_text("x,kind\n" + "".join(f"{n},{'ab'[n % 2]}\n" for n in range(30)))
    data = bp.load(path, "kind", sample=20)
    row = int(data.rows[0])
    trace = compute_trace(Network.create([1, 2, 2]), data.batch([row]), "sse")
    origin = Origin(trace, data=data)
    assert origin.item("scale/x0/mean").note == "mean of 20 training rows of the sample"
    assert origin.item(f"data/r{row}/c0").place == f"d.csv:{row + 2}"


def test_a_target_goes_down_to_the_class_in_the_file():
    origin = iris()
    assert origin.item("s52/y1").note == "row 52 is versicolor"
    assert origin.item("s52/y0").note == "row 52 is versicolor, not setosa"
    (cell,) = origin.children("s52/y0")
    assert (cell.text, cell.value, cell.place) == ("versicolor", 0.0, "iris.csv:54")
    assert origin.item("data/r52/c4").value == 1.0  # the place of the class among all


def test_a_weight_goes_down_to_the_draw_and_says_what_happened_since():
    origin = iris(since="40 updates")
    moved, still = origin.item("w/l2/j2/k0"), origin.item("w/l2/j2/k1")
    start = origin.provenance.start.layer(2).W[2, 0]
    assert moved.note == f"start {start:.4f}, 40 updates".replace("-", "−")
    assert still.note == "as drawn"
    (draw,) = origin.children("w/l2/j2/k0")
    assert (draw.value, draw.place, draw.note) == (start, "seed 3", "start, drawn by xavier")


def test_without_a_known_start_a_weight_says_where_it_is_from():
    origin = replace(iris(), provenance=Provenance(since="loaded from weights.json"))
    item = origin.item("w/l3/j0/k0")
    assert (item.note, item.opens) == ("loaded from weights.json", False)
    assert origin.item("b/l3/j0").note == "bias, loaded from weights.json"
    with pytest.raises(InputError, match="seed is not known"):
        origin.item("seed")


def test_an_input_that_was_set_by_hand_is_not_said_to_come_from_the_file():
    origin = iris()
    batch = origin.data.batch((52,))
    X = batch.X.copy()
    X[0, 0] = 9.0
    changed = compute_trace(origin.trace.network, replace(batch, X=X), "sse")
    item = replace(origin, trace=changed).item("s52/x0")
    assert (item.value, item.note, item.opens) == (9.0, "sepal length, set by hand", False)


def test_a_text_feature_comes_from_one_cell_for_all_its_inputs():
    data = bp.load(resource("data/penguins.csv"), target="species", bad_rows="leave out")
    k = data.feature_names.index("island=Torgersen")
    net = bp.Network.create([data.n_features, 2, 3])
    origin = Origin(compute_trace(net, data.batch((0,))), data)
    cell = origin.children(f"s0/x{k}")[0]
    assert (cell.text, cell.value, cell.address) == ("Torgersen", 1.0, "data/r0/c1")
    assert [item.kind for item in origin.uses("data/r0/c1")] == ["x", "x", "x"]


# Long sums and uses ----------------------------------------------------------------------------


def test_a_long_sum_makes_only_the_items_that_are_asked_for():
    made = []

    class Counting(Origin):
        def item(self, address: str) -> OriginItem:
            made.append(address)
            return super().item(address)

    trace = cases.traced((784, 3, 2), ("tanh", "sigmoid"))
    children = Counting(trace).children("s52/fwd/l2/j1/z")
    assert len(children) == 785
    assert children[700].address == "s52/fwd/l2/j1/k700/wa"
    assert children[-1].address == "b/l2/j1"
    assert len(made) == 2


@pytest.mark.parametrize("name", cases.varied())
def test_addends_come_largest_first_when_asked(name):
    origin = of_case(name)
    for term in origin.trace:
        if origin.is_sum(term.address):
            plain = [item.value for item in origin.children(term.address)]
            ordered = [item.value for item in origin.children(term.address, largest=True)]
            by_size = sorted(plain, key=lambda v: (math.isnan(v), -abs(v)))
            assert ordered == pytest.approx(by_size, rel=0, abs=0, nan_ok=True)


def test_the_uses_of_a_number_turn_the_tree_round():
    origin = iris((52, 3))
    for item in walked(origin):
        users = {use.address for use in origin.uses(item.address)}
        for child in origin.children(item.address):
            if child.kind != "data":
                through = {use.address for use in origin.uses(child.address)}
                assert item.address in through or through & _inner(origin, item), item
        assert all(origin.item(address).address == address for address in users)
    assert [use.address for use in origin.uses("data/r52/c0")] == ["s52/x0"]
    assert [use.address for use in origin.uses("scale/x1/sd")] == ["s52/x1", "s3/x1"]
    assert len(origin.uses("seed")) == origin.trace.network.n_weights
    assert origin.uses("seed")[-1].address == "w/l4/j2/k5"


def _inner(origin: Origin, item: OriginItem) -> set[str]:
    """Operands that the tree looks through, such as ∂z/∂w = a."""
    return set(origin.trace[item.address].operands) if "/" in item.address else set()


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("s52/fwd/l2", "names a level"),
        ("scale/x0/min", "scaled by standard"),
        ("scale/x9/mean", "does not exist"),
        ("data/r52/c9", "makes no input or target"),
        ("data/r999/c0", "no row 999"),
        ("s53/x0", "row 53 is not in this trace"),
    ],
)
def test_what_has_no_origin_here_is_refused(address, message):
    with pytest.raises(InputError, match=message):
        iris().item(address)


def test_the_statistics_of_a_column_are_those_of_its_own_scaling() -> None:
    X = np.array([[1.0, 10.0, 0.0], [3.0, 30.0, 1.0]])
    data = Dataset.from_arrays(X, [1.0, 2.0], scale="standard")
    data = data.with_own_scalings([None, "minmax", "none"])
    network = Network.create([3, 1], seed=0)
    origin = Origin(compute_trace(network, data.batch([1]), "sse"), data)
    children = [[c.address for c in origin.children(f"s1/x{k}")] for k in range(3)]
    assert children == [
        ["data/r1/c0", "scale/x0/mean", "scale/x0/sd"],
        ["data/r1/c1", "scale/x1/min", "scale/x1/range"],
        ["data/r1/c2"],
    ]
    notes = [origin.item(f"s1/x{k}").note for k in range(3)]
    assert notes == ["x0, standardised", "x1, scaled to 0…1", "x2"]
    assert origin.item("scale/x1/range").value == 20.0
    with pytest.raises(InputError, match="this column is scaled by minmax"):
        origin.item("scale/x1/mean")
