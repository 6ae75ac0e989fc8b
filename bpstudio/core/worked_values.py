"""A worked derivation as plain values: what is given, then every number in the order it is made."""

from __future__ import annotations

from dataclasses import dataclass

from bpstudio.core.explain import ExplanationLine


@dataclass(frozen=True, slots=True)
class Given:
    """A number that is not derived. ``name`` and ``result`` are LaTeX, ``address`` a leaf's."""

    address: str
    name: str
    result: str


@dataclass(frozen=True, slots=True)
class GivenGroup:
    """Numbers that are given together; ``title`` is markup ("Row 52", "Weights into layer $L$")."""

    title: str
    givens: tuple[Given, ...]


@dataclass(frozen=True, slots=True)
class WorkedStep:
    """One number: ``name`` = ``formula`` = ``numbers`` = ``result``, each LaTeX.

    ``formula`` is empty where the name is one already, ``numbers`` where they are the result.
    ``label`` and ``sentence`` are markup. ``why`` explains the first of its kind. A step of the
    matrix form has the address of its level, and no sentence.
    """

    address: str
    label: str
    name: str
    formula: str
    numbers: str
    result: str
    sentence: str = ""
    why: tuple[ExplanationLine, ...] = ()

    @property
    def is_plain(self) -> bool:
        """Whether the formula is a bare number, which is the result itself: 1, as z > 0."""
        return self.formula.split(r" \text")[0].replace(".", "").isdigit()


@dataclass(frozen=True, slots=True)
class Section:
    """The steps of one layer in one pass; ``title`` is markup."""

    title: str
    steps: tuple[WorkedStep, ...]


@dataclass(frozen=True, slots=True)
class Worked:
    """A whole derivation. ``title`` and ``conventions`` are markup, the latter one a line."""

    title: str
    conventions: tuple[ExplanationLine, ...]
    givens: tuple[GivenGroup, ...]
    sections: tuple[Section, ...]

    @property
    def n_steps(self) -> int:
        """How many numbers, or matrices, are derived."""
        return sum(len(section.steps) for section in self.sections)
