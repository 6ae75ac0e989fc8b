"""Opening a trace in the window: its samples, network and loss, and whether its numbers agree."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from bpstudio.core.errors import InputError
from bpstudio.core.verifying import Mistake, Verdict
from bpstudio.files.captures import Capture, dataset_of, read_capture

if TYPE_CHECKING:
    from bpstudio.ui.window import MainWindow


def open_trace(window: MainWindow, path: Path) -> bool:
    """Step through a JSON trace, such as one captured from PyTorch; its numbers are compared.

    The cursor goes to the first that disagrees. What cannot be read leaves the session alone.
    """
    try:
        capture = read_capture(path)
        verdict = capture.compared()
    except InputError as error:
        window.message_bar.show_error(str(error))
        return False
    take_up = partial(_take_up, window, capture, path)
    if not window.attempt(lambda: window.sessions.in_another(take_up)):
        return False
    _tell(window, capture, verdict, path)
    return True


def _take_up(window: MainWindow, capture: Capture, path: Path) -> None:
    session, layers = window.session, capture.network.layers
    session.open_data(dataset_of(capture, path.name))
    session.change(
        hidden=capture.network.sizes[1:-1],
        activations=tuple(layer.activation for layer in layers[:-1]),
        output_activation=layers[-1].activation,
        loss=capture.loss,
        batch_size=len(capture.batch.rows),
        validation=0.0,
        scale="none",
    )
    session.use_network(capture.network)
    session.choose_whole_batch(True)


def _tell(window: MainWindow, capture: Capture, verdict: Verdict, path: Path) -> None:
    origin = capture.origin
    text = f"{path.name}, by {origin.by} in {origin.dtype}: {verdict}."
    if verdict.first is None:
        window.message_bar.show_note(text)
    else:
        _go(window, verdict.first)
        window.message_bar.show_error(text)


def _go(window: MainWindow, first: Mistake) -> None:
    window.attempt(lambda: window.session.debugger.goto(first.address))
