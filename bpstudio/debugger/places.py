"""What a user types to go somewhere: a step number, a per cent or an address."""

from __future__ import annotations

from bpstudio.core.errors import InputError
from bpstudio.debugger.debugger import Debugger

_OF_A_SAMPLE = ("fwd", "loss", "back")


def place_of(text: str, debugger: Debugger) -> int | str:
    """The step number or address that a text means. InputError where it is neither.

    An address without its sample, such as back/l3, means the sample of the current step.
    """
    typed = text.strip()
    last = len(debugger.trace) - 1
    if typed.endswith("%"):
        return share_of(typed, last + 1)
    digits = "".join(typed.split())
    if digits.isascii() and digits.isdigit():
        return int(digits[:40])  # there are never as many steps as 40 digits can say
    if _is_number(digits) or not typed:
        raise InputError(f"{typed!r} is no step; the steps of this pass are 0..{last}")
    return _with_sample(typed, debugger)


def share_of(text: str, length: int) -> int:
    """Step number of a per cent: 0 % is the first, 100 % the last."""
    try:
        share = float(text.rstrip("%").strip().replace(",", "."))
    except ValueError:
        raise InputError(f"{text!r} is no part of the pass; write for example 50 %") from None
    if not 0 <= share <= 100:
        raise InputError(f"{text!r} is no part of the pass; it goes from 0 % to 100 %")
    return round(share / 100 * (length - 1))


def _is_number(text: str) -> bool:
    try:
        float(text.replace(",", ".").replace("\u2212", "-"))
    except ValueError:
        return False
    return True


def _with_sample(address: str, debugger: Debugger) -> str:
    if address.partition("/")[0] not in _OF_A_SAMPLE:
        return address
    row = debugger.step.row
    return f"s{debugger.rows[0] if row is None else row}/{address}"
