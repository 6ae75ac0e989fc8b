"""Settings: what is built from them, and what is refused."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest

from bpstudio.core.dataset import Dataset
from bpstudio.core.errors import InputError
from bpstudio.core.optimisers import UpdateSettings
from bpstudio.core.schedules import Schedule
from bpstudio.core.splitting import groups_of, sides_of
from bpstudio.debugger.experiment import KEEPS_WEIGHTS, Experiment

from .conftest import small_data


def regression() -> Dataset:
    rng = np.random.default_rng(0)
    return Dataset.from_arrays(rng.normal(size=(9, 2)), rng.normal(size=(9, 1)))


def test_the_default_is_the_network_of_the_page():
    experiment = Experiment()
    assert experiment.sizes(small_data()) == (3, 5, 6, 2)
    assert (experiment.loss, experiment.output_activation) == ("sse", "sigmoid")


def test_a_new_layer_takes_the_activation_of_the_one_before():
    experiment = Experiment(activations=("tanh", "relu")).changed(hidden=(5, 6, 7))
    assert experiment.activations == ("tanh", "relu", "relu")


def test_a_removed_layer_takes_its_activation_along():
    assert Experiment().changed(hidden=(5,)).activations == ("sigmoid",)
    assert Experiment().changed(hidden=()).activations == ()


def test_numbers_get_a_linear_output():
    experiment = Experiment(loss="cross_entropy").for_data(regression())
    assert (experiment.output_activation, experiment.loss) == ("linear", "sse")


def test_classes_get_a_sigmoid_again_after_numbers():
    experiment = Experiment().for_data(regression()).for_data(small_data())
    assert experiment == Experiment()


def test_the_same_seed_draws_the_same_network():
    one, two = (Experiment(seed=3).network(small_data()) for _ in range(2))
    assert np.array_equal(one.layer(2).W, two.layer(2).W)
    other = Experiment(seed=4).network(small_data())
    assert not np.array_equal(one.layer(2).W, other.layer(2).W)


def test_it_has_all_that_decides_an_update():
    schedule = Schedule("cosine", 50, 0.1, 5)
    given = {"beta1": 0.8, "l2": 0.1, "clip": 2.0, "schedule": schedule}
    experiment = Experiment().changed(optimizer="adam", lr=0.01, **given)
    assert experiment.update == UpdateSettings("adam", 0.01, **given)
    assert Experiment(lr=0.1).update == UpdateSettings()  # the defaults are the same


@pytest.mark.parametrize("name", [each.name for each in fields(UpdateSettings)])
def test_weights_are_kept_when_an_update_s_setting_changes(name):
    assert name in KEEPS_WEIGHTS


def test_a_rate_is_suggested_for_each_optimiser():
    classes, numbers = Experiment(), Experiment().for_data(regression())
    assert [classes.suggested_rate(name) for name in ("sgd", "nesterov", "adam")] == [
        *(0.5, 0.05, 0.01)
    ]
    assert [numbers.suggested_rate(name) for name in ("sgd", "nesterov", "adam")] == [
        *(0.05, 0.05, 0.01)
    ]


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"optimizer": "lbfgs"}, "no optimizer 'lbfgs'"),
        ({"l2": -1.0}, "l2 is -1.0"),
        ({"clip": 0.0}, "greatest norm"),
        ({"lr": 0.0}, "learning rate"),
        ({"lr": float("nan")}, "learning rate"),
        ({"batch_size": 0}, "at least 1 row"),
        ({"epochs": 0}, "at least 1 epoch"),
        ({"hidden": (5, 0)}, "layer 3 has 0 nodes"),
    ],
)
def test_an_impossible_setting_is_refused_in_words(settings, said):
    with pytest.raises(InputError, match=said):
        Experiment().changed(**settings)


def test_a_loss_without_meaning_on_the_outputs_is_refused():
    experiment = Experiment(output_activation="relu", loss="bce")
    with pytest.raises(InputError, match="sigmoid or softmax"):
        experiment.network(small_data())


def test_data_that_say_their_split_are_split_so_until_others_come():
    said = ["train", "test", "train"] * 3
    data = replace(regression(), sides=sides_of("set", said, ("test",)))
    experiment = Experiment().for_data(data)
    assert experiment.split == "by column"
    assert experiment.prepared(data).validation.tolist() == [1, 4, 7]
    assert experiment.for_data(small_data()).split == "random"
    assert experiment.changed(split="random").prepared(data).validation.tolist() != [1, 4, 7]


def test_rows_of_a_single_group_are_all_trained_on():
    data = replace(regression(), groups=groups_of("plot", ["p"] * 9))
    assert len(Experiment().prepared(data).validation) == 0
