"""The pass of every update of a recorded run: its steps lead to the very next parameters."""

import numpy as np
import pytest

from bpstudio.core.network import Network
from bpstudio.core.optimisers import OPTIMISERS, UpdateSettings
from bpstudio.core.parameters import views
from bpstudio.core.schedules import Schedule
from bpstudio.core.training import Training, TrainingSettings, advance
from bpstudio.debugger.passes import Passes
from bpstudio.debugger.recording import Recording
from tests.debugger.conftest import small_data

UPDATES = 11


def recorded(update: UpdateSettings) -> Recording:
    """A run of some updates, the last batch of an epoch smaller than the others."""
    data, net = small_data(), Network.create([3, 4, 2], seed=1)
    training = Training.of(net, data, TrainingSettings(batch_size=5, seed=3, update=update))
    recording, state = Recording(), training.start()
    recording.begin(training, state, data)
    recording.append(advance(training, state, UPDATES).state, UPDATES)
    return recording


@pytest.mark.parametrize("more", [{}, {"l1": 0.01, "l2": 0.1, "clip": 0.05}], ids=["plain", "all"])
@pytest.mark.parametrize("name", OPTIMISERS)
def test_the_steps_of_a_recorded_update_lead_to_the_next_parameters(name, more):
    schedule = Schedule("cosine", every=20, warm_up=3)
    recording = recorded(UpdateSettings(name, lr=0.05, schedule=schedule, **more))
    passes = Passes(recording)
    for T in (0, 2, 3, UPDATES - 1):
        trace = passes.at(T).trace
        assert trace.update.state.t == T
        after = recording.visit(T + 1).state.parameters
        for l, (W, b) in enumerate(views(trace.network, after), start=2):
            for (j, k), w in np.ndenumerate(W):
                found = trace[f"update/l{l}/j{j}/k{k}/update_w"].value
                assert found == pytest.approx(w, rel=1e-12, abs=1e-14)
            found = [trace[f"update/l{l}/j{j}/update_b"].value for j in range(len(b))]
            assert found == pytest.approx(list(b), rel=1e-12, abs=1e-14)
