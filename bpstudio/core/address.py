"""Addresses: the one textual name of every step, level and leaf. Text ⇄ parts, nothing else.

``s52/back/l3/j2/i1/dz_da`` names a step, every prefix of it a level that contains it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from bpstudio.core.errors import InputError

PHASES = ("fwd", "loss", "back", "mean", "update")
BATCH_PHASES = ("mean", "update")

KINDS = {
    "fwd": ("wa", "z", "a"),
    "loss": ("C_j", "C"),
    "back": (
        *("dz_da", "addend", "dC_da", "da_dz", "addend_z", "dC_dz"),
        *("dz_dw", "dC_dw", "dz_db", "dC_db"),
    ),
    "mean": ("mean_dC_dw", "mean_dC_db"),
    "update": (
        *("clip", "penalty_w", "penalised", "clipped"),
        *("velocity", "m", "v", "m_hat", "v_hat", "update_w", "update_b"),
    ),
}

_NUMBER = "(0|[1-9][0-9]{0,17})"
_PATTERN = re.compile(
    rf"(?:e{_NUMBER}/b{_NUMBER})?/?"
    rf"(?:s{_NUMBER})?/?(?:(fwd|loss|back|mean|update))?/?"
    rf"(?:l{_NUMBER})?/?(?:j{_NUMBER})?/?(?:([kim]){_NUMBER})?/?([A-Za-z][A-Za-z_]*)?"
)
_LEAF = re.compile(r"(s\d+/[xy]\d+|scale/.*|data/.*|[wb]/l.*|seed|state/.*|rate)")
_EXAMPLE = "an address reads like s52/back/l3/j2/k1/dC_dw"


@dataclass(frozen=True, slots=True)
class Address:
    """The parts of an address; None where a part is absent.

    ``epoch``/``batch`` name an iteration of a recorded run, ``row`` the sample, ``letter`` is
    'k', 'i' or 'm' and ``index`` its number. With ``kind`` it names one step, else a level.
    """

    epoch: int | None = None
    batch: int | None = None
    row: int | None = None
    phase: str | None = None
    l: int | None = None
    j: int | None = None
    letter: str | None = None
    index: int | None = None
    kind: str | None = None

    def __str__(self) -> str:
        parts: list[str] = []
        if self.epoch is not None:
            parts += [f"e{self.epoch}", f"b{self.batch}"]
        if self.row is not None:
            parts.append(f"s{self.row}")
        if self.phase is not None:
            parts.append(self.phase)
        if self.l is not None:
            parts.append(f"l{self.l}")
        if self.j is not None:
            parts.append(f"j{self.j}")
        if self.letter is not None:
            parts.append(f"{self.letter}{self.index}")
        if self.kind is not None:
            parts.append(self.kind)
        return "/".join(parts)

    def parent(self) -> Address | None:
        """The next larger level; None for the whole batch."""
        for name, cleared in _PARENTS:
            if getattr(self, name) is not None:
                return replace(self, **dict.fromkeys(cleared))
        return None


_PARENTS = (
    ("kind", ("kind",)),
    ("letter", ("letter", "index")),
    ("j", ("j",)),
    ("l", ("l",)),
    ("phase", ("phase",)),
    ("row", ("row",)),
    ("epoch", ("epoch", "batch")),
)


def parse_address(text: str) -> Address:
    """The parts of an address. InputError says what was given and what would be right."""
    stripped = text.strip().strip("/")
    match = _PATTERN.fullmatch(stripped)
    if _LEAF.fullmatch(stripped):
        raise InputError(f"{text!r} is given, not computed: no step has this address; {_EXAMPLE}")
    if not stripped or match is None:
        raise InputError(f"{text!r} is no address; {_EXAMPLE}")
    e, b, s, phase, l, j, letter, index, kind = match.groups()
    epoch, batch, row = _integer(e), _integer(b), _integer(s)
    address = Address(
        epoch, batch, row, phase, _integer(l), _integer(j), letter, _integer(index), kind
    )
    if str(address) != stripped:
        raise InputError(f"{text!r} is no address; {_EXAMPLE}")
    _require_sense(address, text)
    return address


def _integer(part: str | None) -> int | None:
    return None if part is None else int(part)


def _require_sense(address: Address, text: str) -> None:
    if address.phase is None:
        if address.kind is not None and not any(address.kind in kinds for kinds in KINDS.values()):
            raise InputError(f"{text!r} is no address; {_EXAMPLE}")
        if (address.l, address.j, address.letter, address.kind) != (None, None, None, None):
            raise InputError(
                f"{text!r} does not say which pass; put one of {', '.join(PHASES)} before it"
            )
        return
    if address.kind is not None and address.kind not in KINDS[address.phase]:
        known = ", ".join(KINDS[address.phase])
        raise InputError(f"{text!r}: {address.phase} has no term {address.kind!r}; it has {known}")
