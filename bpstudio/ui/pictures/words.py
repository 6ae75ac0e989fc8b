"""What a picture shows, in words: the data, the network, the place and the loss in force."""

from __future__ import annotations

from bpstudio.core.formulas import loss_tex
from bpstudio.core.losses import find_loss
from bpstudio.core.notation import format_count
from bpstudio.core.trace import Trace
from bpstudio.debugger.session import Session
from bpstudio.ui.markup import escaped


def about(session: Session) -> str:
    """One line to be kept in a file, the loss as LaTeX."""
    debugger = session.debugger
    place = debugger.prefix + debugger.step.address
    return about_trace(debugger.trace, session.data.name, place)


def about_trace(trace: Trace, data: str, place: str) -> str:
    """The same of any trace; ``place`` is an address, or says which steps."""
    loss = f"{find_loss(trace.loss).title}, {loss_tex(trace.loss)}"
    return f"{data}; network {sizes(trace)}; {place}; loss {trace.loss}: {loss}"


def caption(trace: Trace, data: str, place: str) -> str:
    """The same in markup, to stand under the picture."""
    parts = (escaped(data), sizes(trace), place, f"${loss_tex(trace.loss)}$")
    return " \u2002·\u2002 ".join(part for part in parts if part)


def sizes(trace: Trace) -> str:
    """4 – 5 – 6 – 3."""
    return " – ".join(format_count(n) for n in trace.network.sizes)
