"""Training and files by one call each, as a notebook wants them: `train`, `Run`, `export`."""

from __future__ import annotations

import os
from collections import deque
from dataclasses import fields
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from bpstudio.core.dataset import Dataset
from bpstudio.core.errors import InputError
from bpstudio.core.html import run_html
from bpstudio.core.network import Network
from bpstudio.core.optimisers import UpdateSettings
from bpstudio.core.selection import Selection
from bpstudio.core.trace import Trace
from bpstudio.core.training import Training, TrainingSettings, prepared, train_lines
from bpstudio.core.worked import work_out
from bpstudio.debugger.debugger import Debugger
from bpstudio.debugger.experiment import Experiment
from bpstudio.debugger.passes import Passes, split
from bpstudio.files.derivations import is_derivation, write_derivation
from bpstudio.files.run_file import load_run as read_run
from bpstudio.files.run_file import save_run
from bpstudio.files.run_replay import Replay, verify
from bpstudio.files.run_values import RecordedRun
from bpstudio.files.traces import write_trace
from bpstudio.sessions.interrupt import stopped_by_interrupt
from bpstudio.sessions.recorded import recording_of
from bpstudio.sessions.recorder import Recorder

__all__ = ["Run", "export", "load_run", "train"]

Floats = NDArray[np.float64]


class Run:
    """A recorded run: its losses, the trained network, and every update to go back to.

    Updates are counted T = 0 … ``len(run)`` − 1; a place in it is T or ``"e3/b4"``, the fifth
    batch of the fourth epoch. The last place, T = ``len(run)``, is the update that comes next.

    >>> data = bp.generate("xor", rows=40, seed=0).split(0.2, seed=0)
    >>> net = bp.Network.create([2, 4, 2], "tanh", "softmax", seed=0)
    >>> run = bp.train(net, data, loss="cross_entropy", lr=0.5, epochs=50)
    >>> run.why, len(run.losses), bool(run.losses[-1] < run.losses[0])
    ('all 50 epochs are done', 50, True)
    >>> trace = run.trace("e3/b1")          # the update of that batch, to the bit
    >>> trace["update/l2/j0/k0"].kind
    'update_w'
    >>> debugger = run.debugger("e3/b1")
    >>> debugger.step_by("batch").address, debugger.prefix
    ('s35/fwd/l2/j0/k0/wa', 'e3/b2/')
    """

    __slots__ = ("_passes", "recorded")

    def __init__(self, recorded: RecordedRun) -> None:
        """Use `train` or `load_run`."""
        self.recorded = recorded
        self._passes = Passes(recording_of(recorded))

    def __len__(self) -> int:
        """How many updates were made."""
        return self.recorded.length

    def __repr__(self) -> str:
        return f"Run({len(self):,} updates, {self.why})"

    def _repr_html_(self) -> str:
        curves = {"training": self.losses, "validation": self.validation_losses}
        return run_html(repr(self), {name: x.tolist() for name, x in curves.items() if len(x)})

    @property
    def why(self) -> str:
        """How the run ended, in words."""
        return self.recorded.why

    @property
    def network(self) -> Network:
        """The trained network: as the last update left it."""
        last = self._passes.recording.visit(len(self))
        return last.segment.training.network_at(last.state)

    @property
    def losses(self) -> Floats:
        """C of each epoch: the mean loss of its samples, each taken before its update."""
        return self._curve("epoch_losses")

    @property
    def batch_losses(self) -> Floats:
        """C of each batch before its update."""
        return self._curve("batch_losses")

    @property
    def accuracies(self) -> Floats:
        """Share of samples classified rightly in each epoch; NaN in a regression."""
        return self._curve("epoch_accuracies")

    @property
    def validation_losses(self) -> Floats:
        """C of the validation rows after each epoch; empty where there are none."""
        return self._curve("validation_losses")

    @property
    def validation_accuracies(self) -> Floats:
        """Share of the validation rows classified rightly after each epoch."""
        return self._curve("validation_accuracies")

    def _curve(self, name: str) -> Floats:
        """Of more than 262,144 points neighbours are joined to their mean."""
        return self.recorded.curves[name].values

    def place(self, T: int) -> str:
        """Update T as ``"e3/b4"``."""
        e, b = self._passes.recording.place(T)
        return f"e{e}/b{b}"

    def trace(self, at: int | str) -> Trace:
        """Everything that update computed: its batch forward and back, the mean, the update.

        InputError where the run has no such update.
        """
        return self._passes.at(self._number(at)).trace

    def debugger(self, at: int | str = 0) -> Debugger:
        """A debugger at the first step of that update; stepping leads on from update to update."""
        T = self._number(at)
        visit = self._passes.recording.visit(T)
        training = visit.segment.training
        network, loss = training.network_at(visit.state), training.settings.loss
        made = Debugger(network, visit.segment.data, visit.rows, loss)
        made.follow(self._passes)
        made.visit(T)
        return made

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the run as RUN.bps, with its data, from which every update is replayed."""
        save_run(self.recorded, path)

    def check(self, seconds: float = 1.0) -> Replay:
        """Replay the run for about that long; ``difference`` says where other bits come out."""
        return verify(self.recorded, seconds)

    def _number(self, at: int | str) -> int:
        if not isinstance(at, str):
            return int(at)
        iteration, _ = split(at)
        if iteration is None:
            raise InputError(f"{at!r} is no iteration; write e3/b4: epoch and batch, from 0")
        return self._passes.number(*iteration)


def train(
    network: Network,
    data: Dataset,
    *,
    epochs: int = 60,
    loss: str = "sse",
    lr: float | None = None,
    batch_size: int = 10,
    optimizer: str = "sgd",
    l1: float = 0.0,
    l2: float = 0.0,
    clip: float | None = None,
    shuffle: bool = True,
    seed: int = 0,
    stop_when: str | None = None,
    update: UpdateSettings | None = None,
) -> Run:
    """Train a network by mini-batches, record every update, and return the run.

    Only the training rows are trained on: ``data.split(0.2, seed=0)`` leaves a fifth for
    validation. Without ``lr`` it is one that suits the optimiser and the task. The order of an
    epoch comes from the ``seed``. ``stop_when`` is a condition such as ``"loss < 0.05"``, before
    whose update the run ends; a number that is not finite ends it too, and so does an interrupt
    (Ctrl+C, or the stop button of a notebook): ``run.why`` says which, the run is what was done.
    ``update`` has what else decides an update (momentum, schedule, …) and stands for lr,
    optimizer, l1, l2 and clip.
    InputError where something does not fit.

    >>> data = bp.generate("moons", rows=60, seed=1)
    >>> net = bp.Network.create([2, 5, 2], "tanh", "sigmoid", seed=0)
    >>> run = bp.train(net, data, epochs=200, lr=0.5, stop_when="loss < 0.1")
    >>> run.why
    'loss < 0.1 with loss = 0.0363; stopped before the update of e4/b3'
    """
    if update is None:
        suited = Experiment().for_data(data).suggested_rate(optimizer)
        rate = suited if lr is None else lr
        update = UpdateSettings(optimizer, rate, l1=l1, l2=l2, clip=clip)
    settings = TrainingSettings(loss, None, batch_size, seed, shuffle, update=update)
    training = Training.of(network, data, settings)
    experiment = _experiment(network, data, settings, epochs)
    recorder = Recorder(training, data, stop_when, record=True)
    with stopped_by_interrupt() as stop:
        training = recorder.begin(prepared(training, lambda: bool(stop[0])))
        lines = train_lines(training, experiment.epochs, perf_counter, stop, recorder)
        (end,) = deque(lines, maxlen=1)
    return Run(recorder.run(experiment, None, str(end["why"])))


def _experiment(
    network: Network, data: Dataset, settings: TrainingSettings, epochs: int
) -> Experiment:
    """The settings as the window has them when it opens the run."""
    update = {each.name: getattr(settings.update, each.name) for each in fields(UpdateSettings)}
    return (
        Experiment()
        .for_network(network)
        .changed(
            loss=settings.loss,
            batch_size=settings.batch_size,
            epochs=epochs,
            seed=settings.seed,
            validation=len(data.validation) / len(data),
            **update,
        )
    )


def load_run(path: str | os.PathLike[str]) -> Run:
    """The run in a file RUN.bps, of `Run.save` or ``bpstudio train --out``; hashes are checked.

    ``run.check()`` says whether this machine replays it to the bit. InputError says what is
    wrong with the file.

    >>> data = bp.generate("xor", rows=20, seed=0)
    >>> net = bp.Network.create([2, 3, 2], seed=0)
    >>> bp.train(net, data, epochs=3).save("xor.bps")
    >>> run = bp.load_run("xor.bps")
    >>> len(run), run.place(3), run.check().complete
    (6, 'e1/b1', True)
    """
    return Run(read_run(path))


def export(
    trace: Trace,
    path: str | os.PathLike[str],
    only: str = "",
    *,
    prefix: str = "",
    notation: str = "d",
    digits: int = 4,
    decimal_comma: bool = False,
    fractions: bool = False,
    blanks: bool = False,
) -> int:
    """Write a trace, or the steps that ``only`` chooses, to a file; → how many steps.

    The suffix picks the format: .json, .jsonl, .csv, .parquet, .npz hold the numbers; .tex, .md
    and .html are worked derivations, of the steps chosen and all they are made of, written as
    the last five say. ``prefix``: what addresses begin with in a recorded run, such as
    ``"e3/b4/"``. The file appears when it is complete. InputError where it cannot be written.

    >>> data = bp.generate("xor", rows=20, seed=0)
    >>> net = bp.Network.create([2, 3, 2], seed=0)
    >>> trace = bp.trace(net, data, rows=[4], loss="sse")
    >>> bp.export(trace, "pass.json") == len(trace)
    True
    >>> bp.export(trace, "weight.tex", only="l=2,j=1,k=0", fractions=True)
    37
    """
    chosen = Selection().only(only) if only else Selection()
    if not is_derivation(path):
        return write_trace(trace, path, chosen, prefix=prefix)
    worked = work_out(trace, chosen, notation, digits, prefix, fractions)
    write_derivation(worked, path, decimal_comma, blanks)
    return worked.n_steps
