"""The optimiser's fields: which there are, and that they change the experiment and no weight."""

import pytest
from pytestqt.qtbot import QtBot

from bpstudio.core.optimisers import OPTIMISERS
from bpstudio.ui.optimiser_form import OptimiserForm
from bpstudio.ui.window import MainWindow


@pytest.fixture
def form(main_window: MainWindow) -> OptimiserForm:
    return main_window.experiment.optimiser


def choose(form: OptimiserForm, method: str) -> None:
    form.method.setCurrentIndex(form.method.findData(method))
    form.method.activated.emit(form.method.currentIndex())


@pytest.mark.parametrize(
    ("method", "names"),
    [
        ("sgd", set()),
        ("momentum", {"momentum"}),
        ("nesterov", {"momentum"}),
        ("rmsprop", {"rho", "epsilon"}),
        ("adam", {"beta1", "beta2", "epsilon"}),
        ("adamw", {"beta1", "beta2", "epsilon", "weight_decay"}),
    ],
)
def test_each_method_shows_its_own_settings_and_no_others(
    form: OptimiserForm, method: str, names: set[str]
) -> None:
    choose(form, method)
    shown = {name for name, box in form.settings.items() if not box.parentWidget().isHidden()}
    assert shown == names


def test_every_method_there_is_can_be_chosen(form: OptimiserForm) -> None:
    offered = [form.method.itemData(n) for n in range(form.method.count())]
    assert offered == list(OPTIMISERS)


def test_a_method_keeps_the_weights_and_brings_a_rate_that_suits_it(
    main_window: MainWindow, form: OptimiserForm
) -> None:
    network = main_window.session.network
    choose(form, "adam")
    experiment = main_window.session.experiment
    assert (experiment.optimizer, experiment.lr) == ("adam", 0.01)
    assert form.rate.value() == 0.01
    assert main_window.session.network is network


def test_numbers_go_into_the_experiment(main_window: MainWindow, form: OptimiserForm) -> None:
    choose(form, "adamw")
    form.settings["beta2"].setValue(0.95)
    form.settings["weight_decay"].setValue(0.1)
    form.l1.setValue(1e-4)
    form.l2.setValue(1e-3)
    now = main_window.session.experiment
    assert (now.beta2, now.weight_decay, now.l1, now.l2) == (0.95, 0.1, 1e-4, 1e-3)


def test_clipping_is_off_or_a_norm(main_window: MainWindow, form: OptimiserForm) -> None:
    assert not form.clip.isEnabled()
    form.clips.click()
    assert main_window.session.experiment.clip == 1.0
    form.clip.setValue(0.25)
    assert main_window.session.experiment.clip == 0.25
    form.clips.click()
    assert main_window.session.experiment.clip is None


def test_a_schedule_shows_what_it_needs(main_window: MainWindow, form: OptimiserForm) -> None:
    assert form.every.parentWidget().isHidden()
    form.schedule.setCurrentIndex(form.schedule.findData("step"))
    form.schedule.activated.emit(form.schedule.currentIndex())
    assert not form.every.parentWidget().isHidden()
    form.every.setValue(24)
    form.factor.setValue(0.5)
    form.warm_up.setValue(12)
    schedule = main_window.session.experiment.schedule
    assert (schedule.kind, schedule.every, schedule.factor, schedule.warm_up) == (
        *("step", 24, 0.5, 12),
    )


def test_a_change_while_training_goes_on_training(
    main_window: MainWindow, form: OptimiserForm, qtbot: QtBot
) -> None:
    session = main_window.session
    session.change(epochs=100_000)
    session.train()
    qtbot.waitUntil(
        lambda: session.snapshot is not None and session.snapshot.steps_done > 50,
        timeout=60_000,
    )
    form.l2.setValue(0.01)
    assert session.is_training
    session.pause()
    assert session.recording is not None
    assert [segment.why for segment in session.recording.segments] == ["start", "L2 0.01"]
