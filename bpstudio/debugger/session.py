"""The session: the data, the experiment, the debugger on it and the training run."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bpstudio.core.dataset import Dataset
from bpstudio.core.errors import InputError
from bpstudio.core.network import Network
from bpstudio.core.notation import format_count
from bpstudio.core.origin import Provenance
from bpstudio.core.training import Training, TrainingSettings
from bpstudio.debugger.debugger import Debugger
from bpstudio.debugger.experiment import KEEPS_WEIGHTS, RESPLITS, Experiment
from bpstudio.debugger.notices import Listener
from bpstudio.debugger.run import RunSnapshot, TrainingRun

_TRAINING = "training changes the numbers; pause it before you change one by hand"
FIRST_ROW = 52  # the sample shown first where the data has it: the one of the drawings


class Session:
    """Everything a window shows, and the verbs that change it.

    Every verb ends in one notification to the subscribers; a verb that raises InputError has
    changed nothing.
    """

    def __init__(self, dataset: Dataset, experiment: Experiment | None = None) -> None:
        self._experiment = (experiment or Experiment()).for_data(dataset)
        data = self._experiment.prepared(dataset)
        self._whole_batch = False
        self._speed: float | None = None
        self._run: TrainingRun | None = None
        self._snapshot: RunSnapshot | None = None
        self._run_data: Dataset | None = None
        network = self._experiment.network(data)
        self._start: Network | None = network
        rows = self._rows_from(None, data, self._experiment)
        self.debugger = Debugger(network, data, rows, self._experiment.loss, self._experiment.lr)

    # ---- what there is --------------------------------------------------------------------

    @property
    def data(self) -> Dataset:
        """The data, split and scaled, with what was changed in it by hand."""
        return self.debugger.data

    @property
    def experiment(self) -> Experiment:
        """The settings."""
        return self._experiment

    @property
    def network(self) -> Network:
        """The network as it stands."""
        return self.debugger.network

    @property
    def snapshot(self) -> RunSnapshot | None:
        """The training run as it was last looked at; None before the first."""
        return self._snapshot

    @property
    def is_training(self) -> bool:
        """Whether a run was on its way (not paused, not finished) when last looked at."""
        return self._snapshot is not None and self._snapshot.state in ("preparing", "running")

    @property
    def provenance(self) -> Provenance:
        """Where the parameters come from: the draw or a file, and what happened since."""
        updates = self._snapshot.steps_done if self._snapshot is not None else 0
        said = (
            "loaded" if self._start is None else "",
            f"{format_count(updates)} update{'s' if updates > 1 else ''}" if updates else "",
            "changed by hand" if self.debugger.was_edited else "",
        )
        since = ", ".join(part for part in said if part)
        experiment = self._experiment
        return Provenance(self._start, experiment.seed, experiment.init, since)

    @property
    def speed(self) -> float | None:
        """Epochs a second at the most; None for as fast as it goes."""
        return self._speed

    @property
    def row(self) -> int:
        """The chosen sample, the first of the batch."""
        return self.debugger.rows[0]

    @property
    def whole_batch(self) -> bool:
        """Whether the pass goes over a batch of rows, not over one."""
        return self._whole_batch

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Call ``listener(changes)`` after every verb; returns how to unsubscribe."""
        return self.debugger.subscribe(listener)

    # ---- data and experiment ----------------------------------------------------------------

    def open_data(self, dataset: Dataset) -> None:
        """Start again with other data; the settings stay as far as they fit."""
        experiment = self._experiment.for_data(dataset)
        self._rebuild(dataset, experiment, None, keep=False)

    def change(self, **settings: Any) -> None:
        """Change settings of the experiment and rebuild at once.

        All that decides an update, batch size and number of epochs keep the weights; everything
        else starts again from the seed.
        """
        experiment = self._experiment.changed(**settings)
        keep = settings.keys() <= KEEPS_WEIGHTS
        if experiment == self._experiment:
            self.debugger.announce()
            return
        if "validation" in settings:
            self.data.split(experiment.validation, experiment.seed)  # refuses what is impossible
        self._rebuild(self.data, experiment, self.row, keep)

    def restart(self) -> None:
        """Back to the weights before training: the same draw of the same seed."""
        self._rebuild(self.data, self._experiment, self.row, keep=False)

    def use_network(self, network: Network) -> None:
        """Take a network from elsewhere, such as the weights of a homework, as it is.

        InputError where it does not fit the data or the loss.
        """
        *hidden, output = network.layers
        experiment = self._experiment.changed(
            hidden=network.sizes[1:-1],
            activations=tuple(layer.activation for layer in hidden),
            output_activation=output.activation,
            bias=any(layer.b is not None for layer in network.layers),
        )
        Training.of(network, self.data, settings_of(experiment))
        self.close()
        self._run = self._snapshot = self._start = None
        self._experiment = experiment
        rate = experiment.lr
        self.debugger.load(
            network, self.data, self.debugger.rows, experiment.loss, rate, "experiment", "run"
        )

    def choose_row(self, row: int) -> None:
        """Show another sample."""
        self.debugger.choose_rows(self._rows_from(row, self.data, self._experiment))

    def choose_neighbour(self, offset: int) -> None:
        """Show the next (1) or previous (−1) sample; at the end the one at the other end."""
        position = (self.data.position(self.row) + offset) % len(self.data)
        self.choose_row(int(self.data.rows[position]))

    def choose_whole_batch(self, on: bool) -> None:
        """Let the pass go over a batch of rows from the chosen one on, or over one row."""
        before, self._whole_batch = self._whole_batch, on
        try:
            self.choose_row(self.row)
        except InputError:
            self._whole_batch = before
            raise

    # ---- training -----------------------------------------------------------------------------

    def train(self) -> None:
        """Start training, or go on. InputError where a setting is impossible."""
        if self.is_training:
            self.debugger.announce("run")
            return
        run = self._run
        if run is not None and self._can_resume(run):
            run.resume()
        else:
            self._start_run(self.network, self.data)
        self._follow()

    def pause(self) -> None:
        """Pause training; the pass is traced with the weights reached."""
        if self._run is None or not self.is_training:
            self.debugger.announce("run")
            return
        self._run.pause()
        self._run.wait_until_still()
        self._follow()

    def limit_speed(self, epochs_per_second: float | None) -> None:
        """Train no faster than that, so that one can watch; None for as fast as it goes."""
        self._speed = epochs_per_second
        if self._run is not None:
            self._run.limit_speed(self._batches_per_second())
        self.debugger.announce("run")

    def poll(self) -> bool:
        """Look at the run; the debugger follows its weights. Whether anything had changed."""
        if self._run is None or self._run.snapshot() is self._snapshot:
            return False
        self._follow()
        return True

    def close(self) -> None:
        """End the training thread; the weights stay as they were last shown."""
        if self._run is not None:
            self._run.stop()

    # ---- inside -------------------------------------------------------------------------------

    def _look(self) -> None:
        if self._run is not None:
            self._snapshot = self._run.snapshot()
        self.debugger.busy = _TRAINING if self.is_training else ""

    def _follow(self) -> None:
        """Take over what the run has reached, in one notification."""
        self._look()
        if self._snapshot is None or self._snapshot.network is self.network:
            self.debugger.announce("run")
        else:
            self.debugger.set_network(self._snapshot.network, "run")

    def _can_resume(self, run: TrainingRun) -> bool:
        """Whether the paused run still has these weights and settings."""
        now, same_data = run.snapshot(), self._run_data is self.data
        return now.state == "paused" and now.network is self.network and same_data

    def _start_run(self, network: Network, data: Dataset) -> None:
        """A new run from these weights; iterations and curves go on from the one before."""
        training = Training.of(network, data, settings_of(self._experiment))
        self._run_data = data
        speed = self._batches_per_second()
        self._run = TrainingRun(training, self._experiment.epochs, speed, after=self._run)
        self._run.start()
        self._look()

    def _batches_per_second(self) -> float | None:
        if self._speed is None:
            return None
        return self._speed * -(-len(self.data.training) // self._experiment.batch_size)

    def _rebuild(
        self, dataset: Dataset, experiment: Experiment, row: int | None, keep: bool
    ) -> None:
        """New data, network and trace. What may be refused comes first and changes nothing."""
        data = dataset
        if row is None or self._resplits(experiment):
            data = experiment.prepared(dataset)
        running = self.is_training
        network = self.network if keep else experiment.network(data)
        rows = self._rows_from(row, data, experiment)
        Training.of(network, data, settings_of(experiment))
        self.close()
        if keep:
            self._look()
            network = self._snapshot.network if running and self._snapshot else network
        else:
            self._run = self._snapshot = None
        self._experiment = experiment
        self._start = self._start if keep else network
        if running and keep:
            self._start_run(network, data)
        traced = (network, data, rows, experiment.loss, experiment.lr)
        self.debugger.load(*traced, "data", "experiment", "run", another=not keep)

    def _resplits(self, experiment: Experiment) -> bool:
        """Whether training rows or scaling become others."""
        return any(
            getattr(experiment, name) != getattr(self._experiment, name) for name in RESPLITS
        )

    def _rows_from(self, row: int | None, data: Dataset, experiment: Experiment) -> tuple[int, ...]:
        """The rows of the pass: the one chosen, or as many as a batch from there on."""
        known = data.rows
        first = row if row is not None else FIRST_ROW if FIRST_ROW in known else int(known[0])
        start = data.position(first)
        count = experiment.batch_size if self._whole_batch else 1
        positions = [(start + n) % len(data) for n in range(min(count, len(data)))]
        return tuple(int(known[position]) for position in positions)


def settings_of(experiment: Experiment) -> TrainingSettings:
    """What the training loop needs of an experiment."""
    return TrainingSettings(
        loss=experiment.loss,
        batch_size=experiment.batch_size,
        seed=experiment.seed,
        update=experiment.update,
    )
