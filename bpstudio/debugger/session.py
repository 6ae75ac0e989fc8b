"""The session: the data, the experiment, the debugger on it and the training run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from bpstudio.core.dataset import Dataset
from bpstudio.core.errors import InputError
from bpstudio.core.network import Network
from bpstudio.core.notation import counted
from bpstudio.core.origin import Provenance
from bpstudio.core.training import Training, TrainingState
from bpstudio.core.updates import Update
from bpstudio.debugger.debugger import Debugger
from bpstudio.debugger.experiment import KEEPS_WEIGHTS, Experiment
from bpstudio.debugger.layer_series import LayerSeries
from bpstudio.debugger.marks import Marks
from bpstudio.debugger.notices import Change, Listener
from bpstudio.debugger.opening import Opening, prepare
from bpstudio.debugger.pace import batches_per_second
from bpstudio.debugger.passes import split
from bpstudio.debugger.recording import Recording, Visit
from bpstudio.debugger.run_values import RunSnapshot
from bpstudio.debugger.runs import Runs
from bpstudio.debugger.session_state import SessionState
from bpstudio.debugger.training_stops import TrainingStop

_TRAINING = "training changes the numbers; pause it before you change one by hand"
FIRST_ROW = 52  # the sample shown first where the data has it: the one of the drawings


class Session:
    """Everything a window shows, and the verbs that change it.

    Every verb ends in one notification to the subscribers; a verb that raises InputError has
    changed nothing.
    """

    debugger: Debugger

    def __init__(self, dataset: Dataset, experiment: Experiment | None = None) -> None:
        experiment = (experiment or Experiment()).for_data(dataset)
        data = experiment.prepared(dataset)
        network = experiment.network(data)
        self._begin(SessionState(experiment, network), Runs())
        self._open(network, data, self._rows_from(None, data, experiment))

    @classmethod
    def recalled(
        cls, state: SessionState, runs: Runs, network: Network, data: Dataset, rows: tuple[int, ...]
    ) -> Session:
        """A session in the state of another one, with its runs, and the pass over these rows."""
        made = cls.__new__(cls)
        made._begin(state, runs)
        made._open(network, data, rows)
        return made

    def _begin(self, state: SessionState, runs: Runs) -> None:
        self._experiment, self._start = state.experiment, state.start
        self._whole_batch, self._speed = state.whole_batch, state.speed
        self._branches = state.branches
        self._runs = runs

    def _open(self, network: Network, data: Dataset, rows: tuple[int, ...]) -> None:
        loss, update = self._experiment.loss, self._update_of(network)
        self.debugger = Debugger(network, data, rows, loss, update=update)
        self.debugger.follow(self._runs.book.passes)

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
    def state(self) -> SessionState:
        """All that it is besides its debugger and its runs, to be recalled."""
        chosen = (self._whole_batch, self._speed, self._branches)
        return SessionState(self._experiment, self._start, *chosen)

    @property
    def runs(self) -> Runs:
        """Its runs, to be remembered with it; its own verbs are what changes them."""
        return self._runs

    @property
    def network(self) -> Network:
        """The network as it stands."""
        return self.debugger.network

    @property
    def snapshot(self) -> RunSnapshot | None:
        """The training run as it was last looked at; None before the first."""
        return self._runs.snapshot

    @property
    def is_training(self) -> bool:
        """Whether a run was on its way (not paused, not finished) when last looked at."""
        return self._runs.is_training

    @property
    def provenance(self) -> Provenance:
        """Where the parameters come from: the draw or a file, and what happened since."""
        updates = self.updates_done
        said = (
            "loaded" if self._start is None else "",
            counted(updates, "update") if updates else "",
            "changed by hand" if self.debugger.was_edited else "",
        )
        since = ", ".join(part for part in said if part)
        experiment = self._experiment
        return Provenance(self._start, experiment.seed, experiment.init, since)

    @property
    def updates_done(self) -> int:
        """How many updates lie behind the weights on show: in the run, or before a visited one."""
        if self.debugger.visited is not None:
            return self.debugger.visited.T
        return 0 if self.snapshot is None else self.snapshot.steps_done

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

    def take_over(self, other: Session) -> None:
        """Become what another session is, in one notification; the other must not be used again.

        Subscribers and the limit of speed stay.
        """
        self.close()
        debugger, speed = self.debugger, self._speed
        vars(self).update(vars(other))
        self.debugger, self._speed = debugger, speed
        self._runs.limit_speed(self._batches_per_second(other.data))
        debugger.take_over(other.debugger)

    # ---- data and experiment ----------------------------------------------------------------

    def open_data(self, dataset: Dataset) -> None:
        """Start again with other data; the settings stay as far as they fit."""
        self.open_prepared(prepare(dataset, self._experiment))

    def open_prepared(self, opening: Opening) -> None:
        """The same with data made ready before, perhaps by another thread.

        What was made ready under other settings than the session has by now is made so again.
        """
        if opening.before != self._experiment:
            opening = prepare(opening.dataset, self._experiment, **opening.settings)
        self._begin_anew(opening.experiment, opening.network, opening.data, None)

    def change(self, **settings: Any) -> None:
        """Change settings of the experiment and rebuild at once.

        All that decides an update, batch size and number of epochs keep the weights; everything
        else starts again from the seed.
        """
        experiment = self._experiment.changed(**settings)
        if experiment == self._experiment:
            self.debugger.announce()
            return
        if settings.keys() & {"validation", "split"}:  # refuses what is impossible
            self.data.split(experiment.validation, experiment.seed, experiment.split)
        if settings.keys() <= KEEPS_WEIGHTS:
            self._go_on_with(experiment)
        else:
            self._rebuild(experiment)

    def restart(self) -> None:
        """Back to the weights before training: the same draw of the same seed."""
        self._rebuild(self._experiment)

    def use_network(self, network: Network) -> None:
        """Take a network from elsewhere, such as the weights of a homework, as it is.

        InputError where it does not fit the data or the loss.
        """
        experiment = self._experiment.for_network(network)
        Training.of(network, self.data, experiment.training)
        self.close()
        self._forget_run()
        self._start, self._experiment = None, experiment
        rows = self.debugger.rows
        self._load(network, self.data, rows, "experiment", "run", another=True)

    def choose_row(self, row: int) -> None:
        """Show another sample. InputError in a recorded pass: it has those of its batch."""
        if self.debugger.visited is not None:
            raise InputError(
                f"{self.debugger.prefix.rstrip('/')} shows the samples of its own batch; go back "
                "to now to choose another"
            )
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
        """Start training, or go on. InputError where a setting is impossible.

        From a visit to the past, where a number or a setting was changed, it goes on in a branch;
        else at the end of the run.
        """
        if self.is_training:
            self.debugger.announce("run")
            return
        if self.debugger.visited is not None:
            if self.debugger.is_changed_visit or self._branches:
                self._start_branch(self.debugger.visited)
                return
            self._show_present()
        if self._runs.goes_on_with(self.network, self.data):
            self._runs.resume()
        else:
            self._start_run(self.network, self.data, "changed by hand" if self._is_edited else "")
        self._follow()

    @property
    def _is_edited(self) -> bool:
        """Whether the run there is would go on from other numbers than it ended with."""
        recording, snapshot = self._runs.book.current, self.snapshot
        if recording is None or snapshot is None or not recording.segments:
            return False
        return snapshot.network is not self.network or recording.segments[-1].data is not self.data

    def pause(self) -> None:
        """Pause training; the pass is traced with the weights reached."""
        if not self.is_training:
            self.debugger.announce("run")
            return
        self._runs.pause()
        self._follow()

    def limit_speed(self, epochs_per_second: float | None) -> None:
        """Train no faster than that, so that one can watch; None for as fast as it goes."""
        self._speed = epochs_per_second
        self._runs.limit_speed(self._batches_per_second(self.data))
        self.debugger.announce("run")

    def poll(self) -> bool:
        """Look at the run; the debugger follows its weights. Whether anything had changed."""
        if not self._runs.has_news:
            return False
        self._follow()
        return True

    # ---- recorded runs and what stops them ------------------------------------------------------

    @property
    def recording(self) -> Recording | None:
        """The run that was recorded last; training goes on in it."""
        return self._runs.book.current

    @property
    def recordings(self) -> tuple[Recording, ...]:
        """It and its branches, in the order in which they began."""
        return self._runs.book.recordings

    def visit(self, T: int) -> None:
        """Go to the pass of update T of the recorded run; training is paused."""
        self._leave_present()
        self.debugger.visit(T)

    def visit_place(self, place: str) -> None:
        """Go to an address in the recorded run, such as e3/b4 or e3/b4/s52/back/l3."""
        self._leave_present()
        self.debugger.goto(place)

    def goto(self, place: int | str) -> None:
        """Go to a step of the pass on show; an address that says e/b is a visit."""
        if isinstance(place, str) and split(place)[0] is not None:
            self.visit_place(place)
        else:
            self.debugger.goto(place)

    def present(self) -> None:
        """Back from a visit to the weights as they stand, and the chosen rows."""
        if self.debugger.left is None:
            self.debugger.announce("run")
            return
        self._show_present()

    def choose_recording(self, recording: Recording) -> None:
        """Go on in another branch: its end becomes the present."""
        if self.is_training:
            self.pause()
        data = self._runs.choose(recording)
        self._branches = False
        self._look()
        rows = self._rows_from(None, data, self._experiment)
        self.debugger.follow(self._runs.book.passes)
        self._load(self._reached(), data, rows, "data", "run")

    def snapshot_of(self, recording: Recording) -> RunSnapshot:
        """The curves of a run as it was last looked at, to be compared with those of another."""
        seen = self._runs.seen_of(recording)
        if seen is None:
            raise InputError("this run is no longer there; choose one of those in the list")
        return seen

    def length_of(self, recording: Recording) -> int:
        """The updates of a run when it was last looked at: all that shows it says the same."""
        return self._runs.length_of(recording)

    def rename_recording(self, recording: Recording, name: str) -> None:
        """Another name for a run."""
        self._runs.book.rename(recording, name)
        self.debugger.announce("run")

    @property
    def stops(self) -> tuple[TrainingStop, ...]:
        """The conditions on updates that pause training."""
        return self._runs.book.stops

    @property
    def marks(self) -> Marks:
        """Everything that was set to stop at, to watch and to find again, to be recalled."""
        stops, following = self._runs.book.stops, self._runs.book.following_stop
        return replace(self.debugger.marks, stops=stops, next_stop=following)

    @property
    def stop_counts(self) -> Mapping[int, int]:
        """How often each of them held in this run."""
        return {} if self.snapshot is None else self.snapshot.stop_counts

    def layer_series(self) -> tuple[LayerSeries, ...]:
        """How the gradient and the updates of each layer went in this run."""
        return () if self.snapshot is None else self.snapshot.layers

    def add_stop(self, text: str, log: bool = False) -> TrainingStop:
        """Pause before an update at which this holds; with ``log`` only count it."""
        made = self._runs.book.add_stop(self._training(), text, log)
        self._use_stops()
        return made

    def change_stop(self, number: int, **settings: Any) -> TrainingStop:
        """Other settings for a stop condition: text, log, enabled."""
        made = self._runs.book.change_stop(self._training(), number, settings)
        self._use_stops()
        return made

    def remove_stop(self, number: int) -> None:
        """Take a stop condition away."""
        self._runs.book.remove_stop(number)
        self._use_stops()

    def go_to_cause(self) -> None:
        """After a number was not finite: to the first term of that update that is not."""
        if self.snapshot is None or self.snapshot.halt is None or self.recording is None:
            raise InputError("training did not stop at a number that is not finite")
        self._leave_present()
        self.debugger.visit_cause(self.recording.length)

    def close(self) -> None:
        """End the training thread; the weights stay as they were last shown."""
        self._runs.close()

    # ---- inside -------------------------------------------------------------------------------

    def _look(self) -> None:
        self._runs.look()
        self.debugger.busy = _TRAINING if self.is_training else ""

    def _follow(self) -> None:
        """Take over what the run has reached, in one notification."""
        self._look()
        self.debugger.follow(self._runs.book.passes)
        if self.snapshot is None or self.snapshot.network is self.network:
            self.debugger.announce("run")
        else:
            network = self.snapshot.network
            self.debugger.set_network(network, "run", update=self._update_of(network))

    def _load(
        self,
        network: Network,
        data: Dataset,
        rows: tuple[int, ...],
        *changes: Change,
        another: bool = False,
    ) -> None:
        """Trace this as the settings say, in one notification; see `Debugger.load`."""
        loss, update = self._experiment.loss, self._update_of(network)
        self.debugger.load(network, data, rows, loss, update, *changes, another=another)

    def _start_run(
        self, network: Network, data: Dataset, why: str = "", state: TrainingState | None = None
    ) -> None:
        """A new run from these weights, or from a state in the past."""
        training = Training.of(network, data, self._experiment.training)
        pace = self._batches_per_second(data)
        self._runs.start(training, data, self._experiment.epochs, pace, why, state)
        self.debugger.follow(self._runs.book.passes)
        self._look()

    def _reached(self) -> Network:
        """The network of a run that was just started or chosen, and may be over by now."""
        assert self.snapshot is not None, "a run has a snapshot"
        return self.snapshot.network

    def _start_branch(self, visit: Visit) -> None:
        """Train on from a visit to the past, in a recording of its own."""
        network, data = self.network, self.data
        training = Training.of(network, data, self._experiment.training)
        by_hand = self.debugger.is_changed_visit
        self._runs.book.branch(visit.T)
        self._branches = False
        start = training.start_after(visit.state, visit.segment.training)
        self._start_run(network, data, "changed by hand" if by_hand else "", start)
        rows = self._rows_from(None, data, self._experiment)
        self._load(self._reached(), data, rows, "data", "experiment", "run")

    def _leave_present(self) -> None:
        """Before a visit: training is paused."""
        if self._runs.book.current is None:
            raise InputError("nothing was trained yet; train first, then visit any update of it")
        if self.is_training:
            self.pause()

    def _show_present(self) -> None:
        assert self.debugger.left is not None, "a visit began somewhere"
        network, data, rows, _was_edited = self.debugger.left
        self._branches = False
        self._load(network, data, rows, "data", "run")

    def _training(self) -> Training:
        """Training as it would start now."""
        return Training.of(self.network, self.data, self._experiment.training)

    def _use_stops(self) -> None:
        was_training = self.is_training
        if self.snapshot is not None:
            self._runs.use_stops(self._training())
        if was_training:  # the run may have ended meanwhile, and have no other news any more
            self._follow()
            return
        self._look()
        self.debugger.announce("run")

    def _update_of(self, network: Network) -> Update:
        """What an update after a pass is, with what the optimiser remembers now."""
        return self._runs.next_update(network, self._experiment.update)

    def _forget_run(self) -> None:
        """Another experiment: its run and what was recorded of it are over."""
        self._runs.forget()
        self.debugger.follow(None)
        self._branches = False

    def _batches_per_second(self, data: Dataset) -> float | None:
        """At the speed that is set, with this data."""
        return batches_per_second(self._speed, len(data.training), self._experiment.batch_size)

    def _rebuild(self, experiment: Experiment) -> None:
        """New data, network and trace. What may be refused comes first and changes nothing."""
        resplit = experiment.splits_unlike(self._experiment)
        data = experiment.prepared(self.data) if resplit else self.data
        network = experiment.network(data)
        Training.of(network, data, experiment.training)
        self._begin_anew(experiment, network, data, self.row)

    def _begin_anew(
        self, experiment: Experiment, network: Network, data: Dataset, row: int | None
    ) -> None:
        """Another experiment, with nothing trained yet."""
        rows = self._rows_from(row, data, experiment)
        self.close()
        self._forget_run()
        self._experiment, self._start = experiment, network
        self._load(network, data, rows, "data", "experiment", "run", another=True)

    def _go_on_with(self, experiment: Experiment) -> None:
        """Other settings, and the weights stay; a run that is on its way goes on with them."""
        if self.debugger.visited is not None:
            self._change_in_the_past(experiment)
            return
        network, data, was_training = self.network, self.data, self.is_training
        rows = self._rows_from(self.row, data, experiment)
        Training.of(network, data, experiment.training)
        goes_on = was_training and self._runs.hold()
        self.close()
        self._look()
        self._experiment = experiment
        if goes_on:
            self._start_run(self._reached(), data)
        if was_training:
            network = self._reached()
        self._load(network, data, rows, "data", "experiment", "run")

    def _change_in_the_past(self, experiment: Experiment) -> None:
        """Another setting during a visit: what is trained from there is a branch."""
        Training.of(self.network, self.data, experiment.training)
        self._experiment, self._branches = experiment, True
        self.debugger.announce("experiment")

    def _rows_from(self, row: int | None, data: Dataset, experiment: Experiment) -> tuple[int, ...]:
        """The rows of the pass: the one chosen, or as many as a batch from there on."""
        first = row if row is not None else FIRST_ROW if FIRST_ROW in data.rows else data.rows[0]
        return data.rows_from(int(first), experiment.batch_size if self._whole_batch else 1)
