"""Fields for the indices of a place; an empty one means any."""

from __future__ import annotations

from PySide6.QtWidgets import QLineEdit, QSizePolicy, QWidget

from bpstudio.core.address import BATCH_PHASES, KINDS
from bpstudio.core.errors import InputError
from bpstudio.debugger.expressions.language import KIND_WORDS
from bpstudio.ui.form import beside, label
from bpstudio.ui.style import set_invalid

INDICES = {
    "l": "Layer; layer 1 is the input",
    "j": "Node of layer l, from 0",
    "k": "Node of layer l − 1, from 0",
    "i": "Node of layer l + 1, from 0",
    "m": "The other node of a softmax layer, from 0",
    "row": "Row of the data file, from 0",
}


def index_fields() -> dict[str, QLineEdit]:
    """One for each index, by its letter."""
    return {name: _index_field(name, hint) for name, hint in INDICES.items()}


def in_a_row(fields: dict[str, QLineEdit]) -> QWidget:
    """The fields beside each other, each after its letter."""
    parts: list[QWidget] = []
    for name, field in fields.items():
        name_label = label(name)
        name_label.setBuddy(field)
        parts += [name_label, field]
    return beside(*parts, _spring())


def index_of(name: str, field: QLineEdit) -> int | None:
    """What was typed; None for any, or where the field does not count. InputError marks it."""
    text = field.text().strip()
    if not text or not field.isEnabled():
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 9):
        set_invalid(field)
        raise InputError(f"{name} is a whole number from 0, or empty for any; given: {text}")
    return int(text)


def letters_of(kind: str) -> tuple[str, ...]:
    """The indices that a kind can have."""
    word = KIND_WORDS[kind]
    of_batch = any(kind in KINDS[phase] for phase in BATCH_PHASES)
    letters = (*(("l",) if word.layered else ()), *word.letters)
    letters = (*letters, "m") if kind == "da_dz" else letters
    return letters if of_batch else (*letters, "row")


def _spring() -> QWidget:
    """Takes the room that is left."""
    made = QWidget()
    made.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
    return made


def _index_field(name: str, hint: str) -> QLineEdit:
    field = QLineEdit()
    field.setPlaceholderText("any")
    field.setFixedWidth(46)
    field.setToolTip(f"{hint}; empty for any")
    field.setAccessibleName(f"{name}: {hint}")
    return field
