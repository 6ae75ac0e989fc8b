"""What a ledger is about: the run that is shown, and the value as it stands."""

from __future__ import annotations

from bpstudio.core.network import Network
from bpstudio.debugger.recording import Recording
from bpstudio.debugger.session import Session
from bpstudio.ui.analysis.parameter import Parameter


def run_of(session: Session) -> Recording | None:
    """The recorded run of the network that is shown; None where it made no update."""
    recording = session.recording
    if recording is None or recording.length == 0:
        return None
    trained = recording.segments[0].training.network
    return recording if _same_shape(trained, session.network) else None


def _same_shape(one: Network, other: Network) -> bool:
    pairs = zip(one.layers, other.layers, strict=False)
    return one.sizes == other.sizes and all((a.b is None) == (b.b is None) for a, b in pairs)


def value_of(network: Network, parameter: Parameter) -> float:
    """The parameter as it stands."""
    layer = network.layer(parameter.l)
    if parameter.k is not None:
        return float(layer.W[parameter.j, parameter.k])
    assert layer.b is not None, "the parameter exists"
    return float(layer.b[parameter.j])
