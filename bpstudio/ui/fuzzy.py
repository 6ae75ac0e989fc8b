"""Finding a name by a few of its letters."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True, slots=True, order=True)
class Match:
    """How well a name fits: the smaller, the better. ``places``: which of its letters were meant.

    Rank 0: as it stands, from the start of a word; 1: as it stands; 2: the starts of words; 3: its
    letters in their order.
    """

    rank: int
    places: tuple[int, ...]


def match(query: str, text: str) -> Match | None:
    """How a query fits a text, letters and capitals alike; None where it does not."""
    sought, within = " ".join(query.lower().split()), text.lower()
    if not sought:
        return Match(0, ())
    return (
        _as_it_stands(sought, within)
        or _by_words(sought.replace(" ", ""), within)
        or _scattered(sought.replace(" ", ""), within)
    )


def _as_it_stands(sought: str, text: str) -> Match | None:
    starts = [n for n in range(len(text)) if text.startswith(sought, n)]
    if not starts:
        return None
    start = next((n for n in starts if _starts_word(text, n)), None)
    rank = 0 if start is not None else 1
    start = starts[0] if start is None else start
    return Match(rank, tuple(range(start, start + len(sought))))


def _by_words(sought: str, text: str) -> Match | None:
    """Each letter goes on in its word or begins a later one."""

    @cache
    def rest(letter: int, after: int) -> tuple[int, ...] | None:
        if letter == len(sought):
            return ()
        for n in range(after, len(text)):
            goes_on = n == after and letter > 0
            if text[n] == sought[letter] and (goes_on or _starts_word(text, n)):
                following = rest(letter + 1, n + 1)
                if following is not None:
                    return (n, *following)
        return None

    places = rest(0, 0) if len(sought) <= len(text) else None
    return Match(2, places) if places is not None else None


def _scattered(sought: str, text: str) -> Match | None:
    places: list[int] = []
    for letter in sought:
        at = text.find(letter, places[-1] + 1 if places else 0)
        if at < 0:
            return None
        places.append(at)
    return Match(3, tuple(places))


def _starts_word(text: str, n: int) -> bool:
    return text[n].isalnum() and (n == 0 or not text[n - 1].isalnum())
