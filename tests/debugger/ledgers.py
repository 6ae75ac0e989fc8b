"""Recorded runs that the tests of the ledger look through."""

from __future__ import annotations

from bpstudio.core.dataset import Dataset
from bpstudio.core.network import Network
from bpstudio.core.optimisers import UpdateSettings
from bpstudio.core.pieces import result_of
from bpstudio.core.training import Training, TrainingSettings, TrainingState, advance
from bpstudio.debugger.ledger import Ledger, ledger_steps
from bpstudio.debugger.ledger_split import Split, split_steps
from bpstudio.debugger.recording import Recording

from .conftest import small_data


def training_of(data: Dataset | None = None, batch_size: int = 5, **rule) -> Training:
    """A small network on twelve rows of two classes."""
    settings = TrainingSettings(
        batch_size=batch_size, seed=3, update=UpdateSettings(**{"lr": 0.1, **rule})
    )
    return Training.of(Network.create([3, 4, 2], seed=1), data or small_data(), settings)


def record(
    training: Training,
    updates: int,
    recording: Recording | None = None,
    state: TrainingState | None = None,
    why: str = "",
) -> tuple[Recording, TrainingState]:
    """Train and record, three updates at a time."""
    recording = recording or Recording()
    state = training.fitted(state or training.start())
    recording.begin(training, state, small_data(), why)
    left = updates
    while left > 0:
        piece = min(3, left)
        state = advance(training, state, piece).state
        recording.append(state, piece)
        left -= piece
    return recording, state


def ledger_of(recording: Recording, l=3, j=1, k: int | None = 2, until=None) -> Ledger:
    return result_of(ledger_steps(recording, l, j, k, until))


def split_of(ledger: Ledger) -> Split:
    return result_of(split_steps(ledger))
