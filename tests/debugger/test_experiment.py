"""Settings: what is built from them, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest

from bpstudio.core.dataset import Dataset
from bpstudio.core.errors import InputError
from bpstudio.debugger.experiment import Experiment

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


@pytest.mark.parametrize(
    ("settings", "said"),
    [
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
