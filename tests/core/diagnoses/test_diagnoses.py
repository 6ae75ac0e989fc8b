"""Each diagnosis is provoked in a patient and absent in its healthy twin."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from bpstudio.core.activations import ACTIVATIONS
from bpstudio.core.diagnoses import LayerNorms, Situation, diagnose
from bpstudio.core.network import Network
from bpstudio.core.optimisers import UpdateSettings
from bpstudio.core.trace import compute_trace
from bpstudio.core.training import Halt, Probes, Training, TrainingSettings, advance
from tests.core.diagnoses.patients import (
    Patient,
    for_line,
    iris,
    line,
    net,
    scaled,
    situation,
    with_bias,
)

DEEP = (8,) * 10
LINEAR = Network.create([2, 1], output_activation="linear")
SILENCED = {0: -50.0, 1: -50.0, 3: -50.0}  # z far below 0 for every row

CASES: tuple[tuple[str, str, Patient, Patient, str], ...] = (
    (
        "dead",
        "warning",
        lambda: situation(with_bias(net(activation="relu"), 2, SILENCED), epochs=2, lr=0.01),
        lambda: situation(with_bias(net(activation="leaky_relu"), 2, SILENCED), epochs=2, lr=0.01),
        "Layer 2: 3 of 5 nodes are dead and cannot learn; use leaky relu there.",
    ),
    (
        "saturated",
        "warning",
        lambda: situation(with_bias(net(), 3, {0: 9.0, 4: -9.0}), epochs=2, lr=0.1),
        lambda: situation(net(), epochs=2, lr=0.1),
        "Layer 3: 2 of 6 nodes are saturated and hardly learn; lower the learning rate.",
    ),
    (
        "vanishing",
        "warning",
        lambda: situation(net(*DEEP)),
        lambda: situation(net(*DEEP, activation="tanh")),
        "The gradient vanishes on its way from layer 12 to layer 2; use relu in the hidden layers.",
    ),
    (
        "exploding",
        "warning",
        lambda: situation(
            scaled(net(*(16,) * 4, activation="relu", output_activation="linear"), 3.0)
        ),
        lambda: situation(net(*(16,) * 4, activation="relu", output_activation="linear")),
        "The gradient explodes in layer 2; clip it to a norm of 1.",
    ),
    (
        "updates_high",
        "warning",
        lambda: situation(net(), epochs=2, lr=10.0),
        lambda: situation(net(), epochs=2, lr=0.5),
        "Layer 4: one update moves the weights by 12 % of their size; lower the learning rate to "
        "1.",
    ),
    (
        "updates_low",
        "note",
        lambda: situation(net(), epochs=2, lr=1e-5),
        lambda: situation(net(), epochs=2, lr=0.5),
        "One update moves no layer's weights by more than 0.0001 %; raise the learning rate to "
        "0.0001.",
    ),
    (
        "not_falling",
        "warning",
        lambda: situation(net(), epochs=10, lr=1e-4),
        lambda: situation(net(), epochs=10, lr=0.5),
        "The loss does not fall; raise the learning rate to 0.001.",
    ),
    (
        "rate_low",
        "note",
        lambda: situation(net(), epochs=10, lr=1e-3),
        lambda: situation(net(), epochs=10, lr=0.1),
        "The loss falls slowly; double the learning rate to 0.002.",
    ),
    (
        "rate_high",
        "warning",
        lambda: situation(LINEAR, line(), epochs=30, lr=1.0),
        lambda: situation(LINEAR, line(), epochs=10, lr=0.02),
        "The loss rises instead of falling; halve the learning rate to 0.5.",
    ),
    (
        "rate_high",
        "warning",
        lambda: situation(net(activation="tanh"), epochs=10, lr=8.0),
        lambda: situation(net(activation="tanh"), epochs=10, lr=0.1),
        "The loss jumps from epoch to epoch; halve the learning rate to 4.",
    ),
    (
        "not_finite",
        "warning",
        lambda: situation(LINEAR, line(), epochs=10, lr=1.0, batch_size=1),
        lambda: situation(LINEAR, line(), epochs=10, lr=0.01, batch_size=1),
        "The loss is not a finite number at e8/b11; lower the learning rate to 0.1.",
    ),
    (
        "still_learning",
        "note",
        lambda: situation(net(), epochs=10, lr=0.5),
        lambda: replace(situation(net(), epochs=10, lr=0.5), finished=False),
        "The loss was still falling when the run ended; train for more epochs.",
    ),
    (
        "settled",
        "note",
        lambda: situation(for_line(), line(), epochs=200, lr=0.02),
        lambda: situation(for_line(), line(), epochs=20, lr=0.02),
        "The loss has settled at 0.0052; you can stop here.",
    ),
    (
        "over_fitting",
        "warning",
        lambda: situation(net(), epochs=200, lr=0.5),
        lambda: situation(net(), epochs=60, lr=0.5),
        "Over-fitting: the validation loss has risen by 41 % since epoch 125; stop there.",
    ),
    (
        "imbalance",
        "warning",
        lambda: situation(net(), iris(rows=[*range(60), 100, 101, 102])),
        lambda: situation(net(), iris(rows=range(150))),
        "Class virginica is rare; judge by the confusion matrix, not by the accuracy.",
    ),
    (
        "inputs_wild",
        "warning",
        lambda: _with_inputs("none"),
        lambda: _with_inputs("standard"),
        "Inputs are on wild scales, income is the largest; scale the inputs.",
    ),
    (
        "targets",
        "warning",
        lambda: situation(for_line("sigmoid"), line()),
        lambda: situation(for_line("linear"), line()),
        "Layer 3: a sigmoid output cannot reach all targets; make the output linear.",
    ),
    (
        "symmetric",
        "warning",
        lambda: situation(net(init="zeros"), epochs=8),
        lambda: situation(net(init="xavier"), epochs=8),
        "Layer 2: all 5 nodes are alike and stay alike; start from Xavier weights.",
    ),
    (
        "start_large",
        "warning",
        lambda: situation(scaled(net(), 20.0)),
        lambda: situation(net()),
        "Layer 2: the first weights are too large; start from Xavier weights.",
    ),
    (
        "start_small",
        "warning",
        lambda: situation(scaled(net(), 1e-3)),
        lambda: situation(net()),
        "Layer 2: the first weights are too small; start from Xavier weights.",
    ),
)
_names = [f"{case[0]}-{n}" for n, case in enumerate(CASES)]


def _with_inputs(scale: str) -> Situation:
    data = line(scale)
    columns = np.array([1.0, 40_000.0])
    made = type(data).from_arrays(
        data.features * columns, data.target, ("age", "income"), scale=scale
    )
    return situation(for_line(), made)


@pytest.mark.parametrize(("kind", "level", "patient", "twin", "sentence"), CASES, ids=_names)
def test_a_diagnosis_is_made_of_the_patient_and_not_of_its_twin(
    kind: str, level: str, patient: Patient, twin: Patient, sentence: str
) -> None:
    found = {d.kind: d for d in diagnose(patient())}
    assert (found[kind].level, found[kind].sentence) == (level, sentence)
    assert found[kind].evidence
    assert found[kind].place
    assert kind not in {d.kind for d in diagnose(twin())}


def evidence(situation: Situation, kind: str) -> str:
    return next(d.evidence for d in diagnose(situation) if d.kind == kind)


def test_the_evidence_has_the_numbers() -> None:
    dead = situation(with_bias(net(activation="relu"), 2, SILENCED))
    assert evidence(dead, "dead") == "Nodes 0, 1, 3: ∂a/∂z is 0 for all 120 rows."
    rare = situation(net(), iris(rows=[*range(60), 100, 101, 102]))
    # 50 of 63 rows are 79 %
    expected = "50, 10, 3 training rows; setosa for all would be 79 % right."
    assert evidence(rare, "imbalance") == expected
    healthy = situation(net())
    assert evidence(healthy, "classes") == "42, 42, 36 training rows."
    assert evidence(healthy, "inputs") == "All are about 1.00 in size."
    assert evidence(_with_inputs("none"), "inputs_wild").startswith("Usual sizes: ")
    over = evidence(situation(net(), epochs=200, lr=0.5), "over_fitting")
    assert over == "Validation 0.0597 to 0.0842, training 0.0347 to 0.0231."


def test_a_diagnosis_names_its_layer_and_node_and_a_place_that_shows_it() -> None:
    found = diagnose(situation(with_bias(net(activation="relu"), 2, {3: -50.0, 4: -50.0})))[0]
    assert (found.l, found.j, found.place) == (2, 3, "back/l2/j3/da_dz")
    trace = situation(net()).trace
    assert trace is not None
    assert trace["s52/" + found.place].kind == "da_dz"


def test_a_network_in_order_is_told_so() -> None:
    found = diagnose(situation(net(), epochs=30, lr=0.5))
    assert {d.level for d in found} == {"ok"}
    assert [d.sentence for d in found] == [
        "Inputs are on one scale.",
        "Every node lets the gradient through.",
        "Gradients reach every layer.",
        "The loss falls.",
        "Updates are in proportion to the weights.",
        "No over-fitting.",
        "Classes are balanced.",
    ]


def test_warnings_come_first_then_notes_then_what_is_in_order() -> None:
    data = iris(rows=[*range(60), *range(100, 110)])
    found = diagnose(situation(with_bias(net(activation="relu"), 2, SILENCED), data))
    assert [d.level for d in found] == ["warning", "note", *["ok"] * (len(found) - 2)]
    assert [d.kind for d in found[:2]] == ["dead", "imbalance"]


def test_a_cause_is_named_and_not_what_follows_from_it() -> None:
    every = dict.fromkeys(range(8), -50.0)
    silent = with_bias(net(8, 8, 8, activation="relu"), 3, every)
    numbers = situation(silent)
    assert numbers.norms is not None
    assert numbers.norms[0].gradient == 0  # so it vanishes, because layer 3 is dead
    assert [d.kind for d in diagnose(numbers) if d.level != "ok"] == ["dead"]


def test_wild_inputs_are_the_cause_of_saturated_nodes() -> None:
    wild = _with_inputs("none")
    assert wild.trace is not None
    assert wild.trace.da_dz(2).max() < 0.01
    assert [d.kind for d in diagnose(wild) if d.level != "ok"] == ["inputs_wild"]


def test_a_note_does_not_hide_a_warning() -> None:
    one_dead = with_bias(net(16, activation="relu"), 2, {3: -50.0})
    found = diagnose(situation(one_dead, epochs=10, lr=1e-6))
    assert [(d.kind, d.level) for d in found[:2]] == [("not_falling", "warning"), ("dead", "note")]


def test_the_worst_layer_is_named_and_the_others_mentioned() -> None:
    ill = with_bias(with_bias(net(activation="relu"), 2, SILENCED), 3, {5: -50.0})
    (found,) = (d for d in diagnose(situation(ill)) if d.kind == "dead")
    assert found.l == 2
    assert found.evidence.endswith("for all 120 rows. Some in layer 3 too.")


def test_many_nodes_are_not_all_listed() -> None:
    ill = with_bias(net(20, activation="relu"), 2, dict.fromkeys(range(9), -50.0))
    said = evidence(situation(ill), "dead")
    assert said.startswith("Nodes 0, 1, 2, 3, 4, 5 and 3 more: ")


def test_saturated_nodes_of_a_network_that_has_learned_are_only_noted() -> None:
    ill = situation(with_bias(net(), 3, {0: 9.0, 4: -9.0}), epochs=2, lr=0.1)
    learned = replace(ill, losses=np.array([1.0, 0.1]))
    assert [d.level for d in diagnose(learned) if d.kind == "saturated"] == ["note"]


def test_saturated_nodes_over_large_inputs_need_scaled_inputs() -> None:
    ill = situation(scaled(net(), 2.0), iris(scale="none"), epochs=1, lr=0.01)
    found = next(d for d in diagnose(ill) if d.kind == "saturated")
    assert found.sentence.endswith("; scale the inputs.")


def test_tiny_weights_are_told_from_squashing_activations() -> None:
    ill = situation(scaled(net(activation="tanh"), 1e-4), epochs=5)
    found = next(d for d in diagnose(ill) if d.kind == "vanishing")
    assert found.sentence.endswith("; start from Xavier weights.")


def test_a_clipped_gradient_does_not_explode() -> None:
    steep = scaled(net(*(16,) * 4, activation="relu", output_activation="linear"), 3.0)
    ill = situation(steep)
    assert ill.update is not None
    clipped = replace(ill, update=replace(ill.update, clip=1.0))
    assert "exploding" not in {d.kind for d in diagnose(clipped)}


def test_a_plateau_with_long_enough_steps_is_no_matter_of_the_rate() -> None:
    flat = replace(situation(net(), epochs=1, lr=0.5), losses=np.full(10, 0.7))
    found = next(d for d in diagnose(flat) if d.kind == "not_falling")
    assert found.sentence == "The loss does not fall; start from another seed."


def test_what_halted_a_run_is_said_with_its_place() -> None:
    halt = Halt("update", 3, 4, 0.5, "w_{0,1}^(2)")
    (found,) = diagnose(Situation(net(), halt=halt))
    assert found.place == "e3/b4"
    assert found.sentence == ("An update is not a finite number at e3/b4; lower the learning rate.")
    assert found.evidence.endswith("The first: w_{0,1}^(2).")


def test_a_run_that_was_interrupted_is_not_ill() -> None:
    assert diagnose(Situation(net(), halt=Halt("interrupted", 3, 4))) == ()


def test_nothing_is_said_of_what_is_not_known() -> None:
    assert diagnose(Situation(net())) == ()


def test_few_rows_prove_nothing_about_a_node() -> None:
    few = situation(with_bias(net(activation="relu"), 2, SILENCED), iris(rows=range(7)))
    assert "dead" not in {d.kind for d in diagnose(few)}


def test_a_short_curve_shows_no_tendency() -> None:
    short = replace(situation(net()), losses=np.array([1.0, 2.0, 3.0, 4.0, 5.0]))
    assert not {"rate_high", "loss"} & {d.kind for d in diagnose(short)}


def test_a_loss_that_rises_is_not_praised_for_not_fitting_too_well() -> None:
    rising = np.geomspace(1.0, 1e90, 8)
    said = [
        {d.kind for d in diagnose(Situation(net(), losses=losses, validation=losses))}
        for losses in (rising, rising[::-1])
    ]
    assert said == [{"rate_high"}, {"fit", "loss"}]


def test_a_loss_that_falls_on_average_is_not_shown_by_ends_that_rise() -> None:
    losses = np.array([0.90, 1.20, 1.30, 1.25, 1.10, 1.05, 1.00, 0.95, 0.92, 0.91])
    # halves: 5.75/5 = 1.15 and 4.83/5 = 0.966; the ends, 0.90 and 0.91, rise
    (found,) = (d for d in diagnose(Situation(net(), losses=losses)) if d.kind == "loss")
    assert found.sentence == "The loss falls."
    assert found.evidence == "On average 0.9660 in the last 5 epochs, 1.1500 in those before."


def test_points_of_a_long_run_stand_for_many_epochs() -> None:
    # halves of five points, five points apart: 25 % in 500 epochs is slow, in 5 it is not
    losses = np.array([1.0] * 5 + [0.75] * 5)
    kinds = [
        {d.kind for d in diagnose(Situation(net(), losses=losses, stride=stride, finished=True))}
        for stride in (1, 100)
    ]
    assert kinds == [{"still_learning"}, {"settled"}]


def test_inputs_that_are_all_0_are_the_cause_of_a_gradient_of_0() -> None:
    data = type(line()).from_arrays(np.zeros((20, 2)), np.arange(20.0))
    ill = diagnose(situation(for_line(), data))
    assert [d.sentence for d in ill if d.level == "warning"] == [
        "Every input is 0; choose other columns."
    ]


# The numbers of a layer ---------------------------------------------------------------------


@pytest.mark.parametrize("optimizer", ["sgd", "momentum", "rmsprop", "adam", "adamw"])
def test_the_norms_of_a_pass_are_those_that_a_run_records(optimizer: str) -> None:
    """One batch of all rows: the next update of the run is the one that the pass would make."""
    data = iris()
    settings = TrainingSettings(batch_size=120, optimizer=optimizer, lr=0.1)
    training = replace(Training.of(net(), data, settings), engine="numpy")
    after = advance(training, training.start(), 2).state
    recorded = advance(training, after, 1, probes=Probes()).records
    assert recorded is not None
    ill = situation(net(), epochs=2, batch_size=120, optimizer=optimizer, lr=0.1)
    assert ill.norms is not None
    for l, ours in zip((2, 3, 4), ill.norms, strict=True):
        assert ours.l == l
        assert ours.gradient == pytest.approx(recorded.grad_norm(l)[0], rel=1e-12)
        assert ours.update == pytest.approx(recorded.update_norm(l)[0], rel=1e-9)
        assert ours.weights == pytest.approx(recorded.weight_norm(l)[0], rel=1e-12)


def test_norms_are_said_to_be_over_the_rows_that_they_are_of() -> None:
    healthy = situation(net(), epochs=1)
    assert evidence(healthy, "gradients").endswith(" of the norm of layer 4, over 120 rows.")


def test_weights_of_0_have_no_ratio() -> None:
    assert LayerNorms(2, 1.0, 0.5, 0.0, 10).ratio is None
    assert LayerNorms(2, 1.0, None, 2.0, 10).ratio is None
    assert LayerNorms(2, 1.0, 0.5, 2.0, 10).ratio == 0.25


def test_norms_that_are_not_finite_are_said() -> None:
    norms = tuple(LayerNorms(l, math.nan, 1.0, 1.0, 10) for l in (2, 3, 4))
    (found,) = (d for d in diagnose(Situation(net(), norms=norms)) if d.kind == "exploding")
    assert found.evidence == "Its norm is nan."


@pytest.mark.parametrize("size", [0.0, 1e-300, 1e-3, 1.0, 1e3, 1e150, 1e300])
@pytest.mark.parametrize("activation", [name for name in ACTIVATIONS if name != "softmax"])
def test_any_network_can_be_diagnosed_and_no_kind_twice(activation: str, size: float) -> None:
    """Also one whose numbers are not finite."""
    network = scaled(net(7, 7, activation=activation, output_activation="linear"), size)
    trace = compute_trace(network, iris().batch(range(20)))
    update = UpdateSettings()
    losses = np.array([size] * 8)
    ill = Situation(
        network,
        trace,
        LayerNorms.of_trace(trace, update),
        losses=losses,
        validation=losses,
        update=update,
        updates=int(size > 1),
    )
    kinds = [d.kind for d in diagnose(ill)]
    assert len(kinds) == len(set(kinds))
    assert all(d.evidence and "\n" not in d.evidence + d.sentence for d in diagnose(ill))
