"""Small values as JSON, of which every number comes back to the bit."""

from __future__ import annotations

import math
from typing import Any

import msgspec

from bpstudio.core.errors import InputError

MOST_NESTED = 64
_NUMBER = "number"  # the only key of an object that stands for a number which is not finite
_WORDS = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}


def plain(value: Any) -> Any:
    """A value of dataclasses as JSON has it; what is not finite is {"number": "NaN"}."""
    return _written(msgspec.to_builtins(value, str_keys=True))


def _written(value: Any) -> Any:
    if isinstance(value, float) and not math.isfinite(value):
        word = "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
        return {_NUMBER: word}
    if isinstance(value, dict):
        return {key: _written(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_written(inner) for inner in value]
    return value


def unwritten(value: Any, place: str, depth: int = 0) -> Any:
    """The same with the numbers. InputError where it is nested too deeply."""
    if depth > MOST_NESTED:
        raise InputError(f"{place}: it is nested more than {MOST_NESTED} deep")
    if isinstance(value, dict):
        if value.keys() == {_NUMBER} and value[_NUMBER] in tuple(_WORDS):
            return _WORDS[value[_NUMBER]]
        return {key: unwritten(inner, place, depth + 1) for key, inner in value.items()}
    if isinstance(value, list):
        return [unwritten(inner, place, depth + 1) for inner in value]
    return value
