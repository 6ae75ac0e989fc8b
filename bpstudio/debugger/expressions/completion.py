"""What can be typed next in an expression: names, layers and indices."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bpstudio.debugger.expressions.language import LOGIC, SOFTMAX_LETTERS, WORDS, Group, Word

MAX_NUMBERS = 50  # indices offered at once

_WORD_BEFORE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
_WORD_AFTER = re.compile(r"[A-Za-z0-9_]*")
_DIGITS_BEFORE = re.compile(r"[0-9]*\Z")
_DIGITS_AFTER = re.compile(r"[0-9]*")
_IN_LAYER = re.compile(r"(?P<name>[A-Za-z_][A-Za-z0-9_]*)\s*[\[(]\s*\Z")
_IN_INDICES = re.compile(
    r"(?P<name>[A-Za-z_][A-Za-z0-9_]*)\s*(?:\[\s*(?P<layer>L\s*-\s*[0-9]{1,9}|L|[0-9]{1,9})\s*\]\s*)?"
    r"\[\s*(?P<before>(?:[0-9]+\s*,\s*)*)\Z"
)
_LOGIC_WORDS = {"and": "Both hold", "or": "One of them holds", "not": "It does not hold"}


@dataclass(frozen=True, slots=True)
class Completion:
    """``text`` in place of the characters ``start`` … ``stop`` − 1, and what it means."""

    text: str
    start: int
    stop: int
    documentation: str

    def applied(self, text: str) -> tuple[str, int]:
        """The text with it, and where the cursor goes."""
        return text[: self.start] + self.text + text[self.stop :], self.start + len(self.text)


def complete(
    text: str,
    position: int,
    sizes: Sequence[int],
    softmax: Sequence[bool] = (),
    in_training: bool = False,
) -> tuple[Completion, ...]:
    """What can stand at a position of the text; names that begin so come first.

    ``sizes`` of the network; ``softmax`` says for l = 2 … L whether a layer is; ``in_training``
    whether it is a condition on the updates of a run.
    """
    before, after = text[:position], text[position:]
    place = _Place(tuple(sizes), tuple(softmax))
    digits = _DIGITS_BEFORE.search(before)
    typed = digits[0] if digits else ""
    offered = tuple(place.offered(before[: len(before) - len(typed)]))
    if offered and not (typed == "" and _WORD_BEFORE.search(before)):
        end = _DIGITS_AFTER.match(after)
        stop = position + (end.end() if end else 0)
        return tuple(
            Completion(number, position - len(typed), stop, documentation)
            for number, documentation in offered
            if number.startswith(typed)
        )
    return _names(before, after, in_training)


def _names(before: str, after: str, in_training: bool) -> tuple[Completion, ...]:
    found = _WORD_BEFORE.search(before)
    typed = found[0] if found else ""
    end = _WORD_AFTER.match(after)
    start, stop = len(before) - len(typed), len(before) + (end.end() if end else 0)
    called = after[stop - len(before) :].startswith("(")
    return tuple(
        Completion(_typed(word, called), start, stop, documentation)
        for word, documentation in _ranked(typed, in_training)
    )


def _ranked(typed: str, in_training: bool) -> Iterable[tuple[str, str]]:
    """Words with what was typed in them: the word itself, then those that begin so, then others."""
    wanted = typed.lower()
    words = (word for word in WORDS.values() if in_training or not word.in_training)
    documented = [(word.name, word.documentation) for word in words]
    documented += [(name, _LOGIC_WORDS[name]) for name in LOGIC]
    fitting = [pair for pair in documented if wanted in pair[0].lower()]
    return sorted(fitting, key=lambda pair: _rank(pair[0], typed))


def _rank(name: str, typed: str) -> int:
    if name == typed:
        return -1
    if name.startswith(typed):
        return 0
    return 1 if name.lower().startswith(typed.lower()) else 2


def _typed(name: str, called: bool) -> str:
    word = WORDS.get(name)
    return f"{name}(" if word is not None and word.is_function and not called else name


@dataclass(frozen=True, slots=True)
class _Place:
    """The numbers that can stand in brackets, for a network."""

    sizes: tuple[int, ...]
    softmax: tuple[bool, ...]

    def offered(self, before: str) -> Iterator[tuple[str, str]]:
        """Numbers with what they mean; none where no number is expected."""
        found = _IN_INDICES.search(before)
        word = WORDS.get(found["name"]) if found else None
        if found and word and word.layered == (found["layer"] is not None):
            yield from self._indices(word, found["layer"], found["before"].count(","))
            return
        found = _IN_LAYER.search(before)
        word = WORDS.get(found["name"]) if found else None
        if word and self._takes_layer(word, before.rstrip()[-1]):
            yield from self._layers(word)

    def _takes_layer(self, word: Word, bracket: str) -> bool:
        return word.layered if bracket == "[" else word.group is Group.LAYER

    def _layers(self, word: Word) -> Iterator[tuple[str, str]]:
        L = len(self.sizes)
        last = L - 1 if word.letters == "ji" else L
        for l in range(1 if word.name == "a" else 2, last + 1):
            what = "input" if l == 1 else "output layer" if l == L else "hidden layer"
            yield str(l), f"{what}, {self.sizes[l - 1]} nodes"
        if last == L:
            yield "L", f"output layer, {self.sizes[-1]} nodes"

    def _indices(self, word: Word, layer: str | None, number: int) -> Iterator[tuple[str, str]]:
        l = self._layer(layer)
        letters = word.letters
        if l is not None and 2 <= l <= len(self.softmax) + 1 and self.softmax[l - 2]:
            letters = SOFTMAX_LETTERS.get(word.name, letters)
        if number >= len(letters):
            return
        count, owner = self._count(letters[number], word, l)
        for index in range(min(count, MAX_NUMBERS)):
            yield str(index), f"{letters[number]} = 0..{count - 1}, node of {owner}"

    def _layer(self, text: str | None) -> int | None:
        if text is None:
            return None
        if text.startswith("L"):
            return len(self.sizes) - int(text[1:].replace(" ", "").lstrip("-") or 0)
        return int(text)

    def _count(self, letter: str, word: Word, l: int | None) -> tuple[int, str]:
        if l is None:
            return (self.sizes[0], "the input") if word.name == "x" else (self.sizes[-1], "layer L")
        owner = l + {"j": 0, "m": 0, "k": -1, "i": 1}[letter]
        return (
            (self.sizes[owner - 1], f"layer {owner}") if 1 <= owner <= len(self.sizes) else (0, "")
        )
