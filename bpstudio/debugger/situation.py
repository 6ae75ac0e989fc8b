"""The situation of a session, for diagnoses: cheap enough to be looked at while training."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from bpstudio.core.blas import one_blas_thread
from bpstudio.core.dataset import Batch, Dataset
from bpstudio.core.diagnoses import FEWEST_ROWS, DataSummary, LayerNorms, Situation
from bpstudio.core.network import Network
from bpstudio.core.optimisers import UpdateSettings, UpdateState
from bpstudio.core.trace import Trace, compute_trace
from bpstudio.core.training import TrainingSettings
from bpstudio.debugger.history import Series
from bpstudio.debugger.session import Session

Floats = NDArray[np.float64]

MOST_ROWS = 512
MOST_WORK = 2**22  # rows × (weights + nodes · that): a few ms
_NODE, _GELU_NODE = 30, 600  # weights that take as long as one node


def situation_of(session: Session) -> Situation:
    """The session as it was last looked at; its pass is over a sample of the training rows.

    Where an update of the past is visited it is the situation before that one: the curves, the
    settings and what the optimiser remembers are those of then.

    A network too large for a pass over `FEWEST_ROWS` is judged by what needs none.
    """
    with one_blas_thread():
        return _situation(session)


def _situation(session: Session) -> Situation:
    settings, snapshot = _settings_in_force(session), session.snapshot
    trace = _trace(session.network, session.data, settings.loss)
    epochs, at_end = _epochs_so_far(session), _is_at_end(session)
    return Situation(
        network=session.network,
        trace=trace,
        norms=_norms(session, settings.update, trace),
        data=_summary(session.data),
        losses=None if snapshot is None else _first(snapshot.epoch_losses, epochs),
        validation=None if snapshot is None else _first(snapshot.validation_losses, epochs),
        stride=1 if snapshot is None else snapshot.epoch_losses.stride,
        update=settings.update,
        updates=session.updates_done,
        finished=at_end and snapshot is not None and snapshot.state == "finished",
        halt=None if snapshot is None or not at_end else snapshot.halt,
    )


def _settings_in_force(session: Session) -> TrainingSettings:
    """Those of the update on show: as recorded, or as they were changed since."""
    visited = session.debugger.visited
    if visited is None or session.state.branches:
        return session.experiment.training
    return visited.segment.training.settings


def _is_at_end(session: Session) -> bool:
    """Whether the run is looked at as it stands now, and not somewhere in its past."""
    visited, recording = session.debugger.visited, session.recording
    return visited is None or recording is None or session.length_of(recording) == visited.T


def _epochs_so_far(session: Session) -> int | None:
    """Whole epochs before the update that is visited; None for all."""
    visited = session.debugger.visited
    return None if visited is None or _is_at_end(session) else visited.epoch


def _first(series: Series, epochs: int | None) -> Floats:
    """The points of a curve that so many epochs have completed."""
    return series.values if epochs is None else series.values[: epochs // series.stride]


def _norms(
    session: Session, update: UpdateSettings, trace: Trace | None
) -> tuple[LayerNorms, ...] | None:
    if trace is None:
        return None
    return LayerNorms.of_trace(trace, update, _remembered(session))


def _remembered(session: Session) -> UpdateState | None:
    """What the optimiser remembers before the update on show."""
    visited, snapshot = session.debugger.visited, session.snapshot
    if visited is not None:
        return visited.state.update_state
    return None if snapshot is None else snapshot.training_state.update_state


def sampled(data: Dataset, most: int) -> NDArray[np.int64]:
    """Positions of at most so many training rows, spread evenly over all of them."""
    count = min(most, len(data.training))
    places = np.linspace(0, len(data.training) - 1, count).astype(np.int64)
    return np.asarray(data.training[places])


def _trace(network: Network, data: Dataset, loss: str) -> Trace | None:
    most = min(MOST_ROWS, MOST_WORK // _work(network))
    if most < FEWEST_ROWS:
        return None
    chosen = sampled(data, most)
    batch = Batch(tuple(data.rows[chosen].tolist()), *data.scaled(chosen))
    return compute_trace(network, batch, loss)


def _work(network: Network) -> int:
    """Of one row, in weights."""
    nodes = ((len(layer.W), layer.activation == "gelu") for layer in network.layers)
    return network.n_weights + sum(n * (_GELU_NODE if slow else _NODE) for n, slow in nodes)


@lru_cache(maxsize=1)
def _summary(data: Dataset) -> DataSummary:
    """It stays the same while the network learns."""
    return DataSummary.of(data, sampled(data, MOST_ROWS))
