"""The small things of a session, as its file has them: checked before they are believed."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from typing import Any, TypeVar

import msgspec

from bpstudio.core.errors import InputError, NewerFileError
from bpstudio.debugger.breakpoints import breakpoint_of
from bpstudio.debugger.experiment import Experiment
from bpstudio.debugger.expressions import parse
from bpstudio.debugger.marks import Marks
from bpstudio.debugger.memory import Place
from bpstudio.files.session_json import plain

T = TypeVar("T")

_LARGEST = 2**53


@dataclass(frozen=True, slots=True)
class State:
    """Everything but numbers of size; of a recorded run alone only the experiment is known."""

    experiment: Experiment
    place: Place | None = None
    marks: Marks = field(default_factory=Marks)
    begun: int = 0


def state_of(found: Any) -> State:
    """The state that a file says. InputError names what is none."""
    state = typed(found, State, "state")
    if state.experiment != state.experiment.changed():
        raise InputError("state: its experiment has not one activation for each hidden layer")
    if state.place is not None:
        _require_place(state.place)
    _require_marks(state.marks)
    if not 0 <= state.begun <= _LARGEST:
        raise InputError(f"state: {state.begun} runs cannot have begun")
    return state


def typed(found: Any, kind: type[T], what: str) -> T:
    """A JSON value as a value of that kind, every key of it known. InputError names the place."""
    try:
        made = msgspec.convert(found, kind, str_keys=True)
    except (msgspec.ValidationError, RecursionError, OverflowError) as error:
        raise InputError(f"{what}: {error}; the file is damaged") from error
    unknown = _unknown(plain(found), plain(made), what)
    if unknown:
        raise NewerFileError(
            f"{unknown} is not known to this bpstudio; a newer one wrote the file and can open it"
        )
    return made


def _unknown(found: Any, known: Any, place: str) -> str:
    """The first place in a JSON value that was not read; "" where all was."""
    if isinstance(found, dict) and isinstance(known, dict):
        inner = ((found[key], known.get(key, ...), f"{place}.{key}"[:200]) for key in found)
    elif isinstance(found, list) and isinstance(known, list) and len(found) == len(known):
        pairs = enumerate(zip(found, known, strict=True))
        inner = ((one, other, f"{place}[{n}]") for n, (one, other) in pairs)
    else:
        return "" if found == known else place
    return next((said for each in inner if (said := _unknown(*each))), "")


def _require_place(place: Place) -> None:
    speed = place.speed
    if speed is not None and not (math.isfinite(speed) and speed > 0):
        raise InputError(f"state: a speed is a number of epochs a second, given: {speed}")


def _require_marks(marks: Marks) -> None:
    for point in marks.breakpoints:
        with _naming(f"breakpoint {point.id}"):
            settings = asdict(point)
            if breakpoint_of(settings.pop("id"), settings) != point:
                raise InputError("it is not as bpstudio writes it")
    for watch in marks.watches:
        with _naming(f"watch {watch.id}"):
            _ = watch.place or parse(watch.text)
    _require_numbers([point.id for point in marks.breakpoints], marks.next_breakpoint)
    _require_numbers([watch.id for watch in marks.watches], marks.next_watch)
    _require_numbers([stop.id for stop in marks.stops], marks.next_stop)
    if not 0 <= marks.log_left_out <= _LARGEST:
        raise InputError(f"state: {marks.log_left_out} lines cannot have been left out")


@contextmanager
def _naming(what: str) -> Iterator[None]:
    try:
        yield
    except InputError as error:
        raise InputError(f"state, {what}: {error}") from error


def _require_numbers(numbers: Iterable[int], following: int) -> None:
    """They differ, and the next one is greater."""
    given = list(numbers)
    ascending = all(1 <= n < following for n in given) and following >= 1
    if not ascending or len(set(given)) < len(given):
        raise InputError(f"state: {given[:5]} are no numbers before the next, {following}")
