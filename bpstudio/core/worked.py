"""Worked derivations: what to include, in which order, for a weight, a node, a sample or a batch.

A derivation is the chosen steps and everything they were made of, in the order of the pass, so
that each number that is used is either derived above or given.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain, groupby
from typing import TYPE_CHECKING, Literal, get_args

from bpstudio.core.derivation import label_of
from bpstudio.core.errors import InputError
from bpstudio.core.explain import ExplanationLine, explain
from bpstudio.core.notation import Notation
from bpstudio.core.operands import operands_of
from bpstudio.core.selection import Selection, selected
from bpstudio.core.sentences import sentence
from bpstudio.core.sequence import Step
from bpstudio.core.terms import Term
from bpstudio.core.worked_givens import constants, conventions, group_givens
from bpstudio.core.worked_matrices import matrix_givens, matrix_sections, require_narrow
from bpstudio.core.worked_titles import section_title, title_of
from bpstudio.core.worked_values import GivenGroup, Section, Worked, WorkedStep

if TYPE_CHECKING:
    from bpstudio.core.trace import Trace

Form = Literal["d", "delta", "matrix"]
FORMS: tuple[Form, ...] = get_args(Form)
DIGITS = range(2, 13)
MOST_STEPS = 2_000


def work_out(
    trace: Trace,
    goal: str | Selection,
    form: str = "d",
    digits: int = 4,
    prefix: str = "",
    fractions: bool = False,
) -> Worked:
    """The derivation of a level or step by its address (``s52/back/l3/j2/k2``), or of a selection.

    ``form``: ∂ fractions, δ for ∂C_0/∂z, or the matrices of whole layers. ``digits`` are decimals,
    2 … 12. ``prefix``: the iteration e3/b4/ of a recorded run. ``fractions``: 1/2 for 0.5, where a
    number is a fraction (`rational.as_fraction`). InputError where the address does not exist or
    the derivation is too long to be read.
    """
    notation = _notation(trace, form, digits, fractions)
    if form == "matrix":
        require_narrow(trace)
    goals = list(_goals(trace, goal))
    steps, leaves = _needed(trace, goals, notation, MOST_STEPS)
    if form == "matrix":
        singly = _written_singly(steps, goals)
        by_layer = matrix_sections(trace, goals, notation)
        sections = _joined((*by_layer, *_sections(trace, singly, notation)))
        givens = (*matrix_givens(trace, goals, notation), *_update_givens(trace, leaves, notation))
    else:
        sections = _sections(trace, steps, notation)
        givens = tuple(group_givens(trace, leaves, notation))
    of_update = any(step.phase == "update" for step in steps)
    return Worked(
        title_of(trace, goal, goals, notation, prefix),
        conventions(trace, notation, of_update),
        _with_constants(trace, givens, sections, steps, notation),
        sections,
    )


def _notation(trace: Trace, form: str, digits: int, fractions: bool) -> Notation:
    require_form(form)
    require_digits(digits)
    most = max(2, digits - 2)
    return Notation(trace.L, digits, delta=form != "d", power_digits=most, fractions=fractions)


def require_form(form: str) -> str:
    """The form itself. InputError names those there are."""
    if form not in FORMS:
        raise InputError(f"there is no notation {form!r}; it is one of {', '.join(FORMS)}")
    return form


def require_digits(digits: int) -> int:
    """The number itself. InputError says what is possible."""
    if digits not in DIGITS:
        raise InputError(f"{digits} digits are not possible; give {DIGITS[0]} to {DIGITS[-1]}")
    return digits


def _goals(trace: Trace, goal: str | Selection) -> Iterator[int]:
    """Numbers of the chosen steps. InputError where there are too many of them alone."""
    spans: Iterable[range]
    if isinstance(goal, Selection):
        spans = selected(trace.sequence, goal)
    else:
        spans = trace.sequence.span(goal)
    for count, n in enumerate(chain.from_iterable(spans), start=1):
        _require_short(count, MOST_STEPS)
        yield n


def _require_short(count: int, most: int) -> None:
    if count > most:
        raise InputError(
            f"this derivation takes more than {most:,} steps, too many to be read; choose one "
            f"weight or node, such as l=3,j=2,k=2, of one row, or a smaller network"
        )


def _needed(
    trace: Trace, goals: list[int], notation: Notation, most: int
) -> tuple[list[Step], set[str]]:
    """The steps and leaves that the goals are made of, and the loss that is taken apart."""
    numbers = set(goals)
    leaves: set[str] = set()
    open_ = list(goals)
    while open_:
        step = trace.sequence.step(open_.pop())
        for address in _made_of(trace, step, notation):
            if _is_leaf(address):
                leaves.add(address)
                continue
            n = trace.sequence.index(address)
            if n not in numbers:
                numbers.add(n)
                open_.append(n)
                _require_short(len(numbers), most)
    return [trace.sequence.step(n) for n in sorted(numbers)], leaves


def _made_of(trace: Trace, step: Step, notation: Notation) -> Iterator[str]:
    """Addresses of the operands, and for a derivative of the loss that it is one of."""
    if step.phase == "back":
        yield f"s{step.row}/loss/C"
    yield from _operands(trace, step, notation)


def _operands(trace: Trace, step: Step, notation: Notation) -> Iterable[str]:
    by_delta = notation.delta and step.kind in ("dC_dw", "dC_db", "addend")
    whole = by_delta or Term(trace, step).rests_on_saturated
    return operands_of(trace.sequence, step, whole)


def _is_leaf(address: str) -> bool:
    head, *rest = address.split("/")
    return head in ("w", "b", "state", "rate") or (rest != [] and rest[0][0] in "xy")


# ---- sections -----------------------------------------------------------------------------------


def _sections(trace: Trace, steps: list[Step], notation: Notation) -> tuple[Section, ...]:
    explained: set[tuple[str, str]] = set()
    sections = []
    for _, group in groupby(steps, lambda step: (step.row, step.phase, step.l)):
        members = list(group)
        worked = tuple(_worked_step(trace, step, notation, explained) for step in members)
        sections.append(Section(section_title(members[0], notation), worked))
    return tuple(sections)


def _joined(sections: Iterable[Section]) -> tuple[Section, ...]:
    """Neighbours of one title made one."""
    groups = groupby(sections, lambda section: section.title)
    return tuple(
        Section(title, tuple(step for section in group for step in section.steps))
        for title, group in groups
    )


def _written_singly(steps: list[Step], goals: list[int]) -> list[Step]:
    """What the matrix form writes number by number: mean, update and the only gradient asked for.

    Where several gradients are asked for, the matrix that has them is enough.
    """
    asked = set(goals)
    gradients = [s for s in steps if s.index in asked and s.kind in ("dC_dw", "dC_db")]
    of_batch = [step for step in steps if step.row is None]
    return [*gradients, *of_batch] if len(gradients) == 1 else of_batch


def _worked_step(
    trace: Trace, step: Step, notation: Notation, explained: set[tuple[str, str]]
) -> WorkedStep:
    term = Term(trace, step)
    name, formula, numbers = term.statement(notation)
    result = notation.number(term.value)
    if term.product is not None:
        result = rf"{notation.number(term.product)} \text{{, combined form: }} {result}"
    return WorkedStep(
        step.address,
        label_of(trace.sequence, step),
        name,
        "" if formula == name else formula,
        "" if numbers == result else numbers,
        result,
        sentence(trace, step, notation),
        _why(trace, step, notation, explained),
    )


def _why(
    trace: Trace, step: Step, notation: Notation, explained: set[tuple[str, str]]
) -> tuple[ExplanationLine, ...]:
    """The explanation of the first step of a kind; of g′, of each activation."""
    slope = trace.network.layer(step.at.l).activation if step.kind == "da_dz" else ""
    key = (step.kind, slope + ("L" if step.kind == "dC_da" and step.l == trace.L else ""))
    if step.phase in ("fwd", "loss") or key in explained:
        return ()
    explained.add(key)
    return explain(trace, step.index, notation).lines


# ---- givens -------------------------------------------------------------------------------------


def _update_givens(trace: Trace, leaves: set[str], notation: Notation) -> list[GivenGroup]:
    return group_givens(
        trace, {leaf for leaf in leaves if leaf.startswith(("state", "rate"))}, notation
    )


def _with_constants(
    trace: Trace,
    givens: tuple[GivenGroup, ...],
    sections: tuple[Section, ...],
    steps: list[Step],
    notation: Notation,
) -> tuple[GivenGroup, ...]:
    """The givens, the constants of the update among those of the update."""
    written = " ".join(step.formula for section in sections for step in section.steps)
    clips = any(step.kind == "clip" for step in steps)
    found = constants(trace, written, clips, notation)
    if not found:
        return givens
    before = tuple(group for group in givens if group.title != "The update")
    own = [given for group in givens if group.title == "The update" for given in group.givens]
    return (*before, GivenGroup("The update", (*own, *found)))
