"""Running a command of bpstudio in this process, and what it did."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bpstudio.cli import main
from bpstudio.resources import resource


@dataclass(frozen=True, slots=True)
class Done:
    """How a command ended and what it said."""

    code: int
    out: str
    err: str

    @property
    def complaint(self) -> str:
        """The one line of a command that refused: exit code 2, nothing else said."""
        assert (self.code, self.out) == (2, "")
        lines = self.err.splitlines()
        assert len(lines) == 1, self.err
        assert lines[0].startswith("bpstudio: ")
        return lines[0].removeprefix("bpstudio: ")


Run = Callable[..., Done]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Iterator[Run]:
    """run("info", path) → Done."""
    handler = signal.getsignal(signal.SIGTERM)

    def call(*arguments: object) -> Done:
        capsys.readouterr()
        code = main([str(argument) for argument in arguments])
        said = capsys.readouterr()
        return Done(code, said.out, said.err)

    yield call
    signal.signal(signal.SIGTERM, handler)


@pytest.fixture
def iris() -> Path:
    """The embedded data."""
    return resource("data/iris.csv")
