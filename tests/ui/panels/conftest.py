"""A session on the example, and verbs whose refusals are written down."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from bpstudio.core.errors import InputError
from bpstudio.debugger.session import Session
from bpstudio.files.example import load_example


class Attempts:
    """Runs verbs as the window does; keeps what was refused."""

    def __init__(self) -> None:
        self.refused: list[str] = []

    def __call__(self, verb: Callable[[], object]) -> bool:
        try:
            verb()
        except InputError as error:
            self.refused.append(str(error))
            return False
        return True


@pytest.fixture
def attempts() -> Attempts:
    return Attempts()


@pytest.fixture
def session() -> Iterator[Session]:
    """A batch of the Iris rows, one pass of the default network."""
    made = Session(load_example())
    made.choose_whole_batch(True)
    yield made
    made.close()
