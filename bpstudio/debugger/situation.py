"""The situation of a session, for diagnoses: cheap enough to be looked at while training."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from bpstudio.core.blas import one_blas_thread
from bpstudio.core.dataset import Batch, Dataset
from bpstudio.core.diagnoses import FEWEST_ROWS, DataSummary, LayerNorms, Situation
from bpstudio.core.network import Network
from bpstudio.core.trace import Trace, compute_trace
from bpstudio.debugger.session import Session

MOST_ROWS = 512
MOST_WORK = 2**22  # rows × (weights + nodes · that): a few ms
_NODE, _GELU_NODE = 30, 600  # weights that take as long as one node


def situation_of(session: Session) -> Situation:
    """The session as it was last looked at; its pass is over a sample of the training rows.

    A network too large for a pass over `FEWEST_ROWS` is judged by what needs none.
    """
    with one_blas_thread():
        return _situation(session)


def _situation(session: Session) -> Situation:
    settings, snapshot = session.experiment.training, session.snapshot
    trace = _trace(session.network, session.data, settings.loss)
    return Situation(
        network=session.network,
        trace=trace,
        norms=_norms(session, trace),
        data=_summary(session.data),
        losses=None if snapshot is None else snapshot.epoch_losses.values,
        validation=None if snapshot is None else snapshot.validation_losses.values,
        stride=1 if snapshot is None else snapshot.epoch_losses.stride,
        update=settings.update,
        updates=0 if snapshot is None else snapshot.steps_done,
        finished=snapshot is not None and snapshot.state == "finished",
        halt=None if snapshot is None else snapshot.halt,
    )


def _norms(session: Session, trace: Trace | None) -> tuple[LayerNorms, ...] | None:
    if trace is None:
        return None
    snapshot = session.snapshot
    state = None if snapshot is None else snapshot.training_state.update_state
    return LayerNorms.of_trace(trace, session.experiment.update, state)


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
