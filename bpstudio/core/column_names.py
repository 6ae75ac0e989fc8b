"""Names of columns as people read them."""

from __future__ import annotations

import re

_UNIT = re.compile(
    r"^(.*)_(mm|cm|m|km|mg|g|kg|s|ms|h|ml|l|°c|c|pa|hz|db|usd|eur|%)$", re.IGNORECASE
)


def feature_words(name: str) -> tuple[str, str]:
    """A column's name as words, and its unit where the name ends in one: sepal_length_cm."""
    match = _UNIT.match(name)
    words, unit = (match[1], match[2]) if match else (name, "")
    return words.replace("_", " ").strip() or name, unit
