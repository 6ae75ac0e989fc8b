"""How diagnoses write names and numbers."""

from __future__ import annotations

from collections.abc import Sequence

from bpstudio.core.notation import format_count, format_number, format_typed

_LISTED = 6  # nodes named one by one


def nodes(numbers: Sequence[int]) -> str:
    """ "Node 3", "Nodes 0, 1, 3" or, of many, the first ones and how many more."""
    listed = ", ".join(map(str, numbers[:_LISTED]))
    more = len(numbers) - _LISTED
    ending = f" and {format_count(more)} more" if more > 0 else ""
    return f"Node{'s' if len(numbers) != 1 else ''} {listed}{ending}"


def of_nodes(count: int, total: int) -> str:
    """ "3 of 5 nodes are", "the only node is"."""
    if total == 1:
        return "its only node is"
    if count == total:
        return f"all {format_count(total)} nodes are"
    return f"{format_count(count)} of {format_count(total)} nodes {'is' if count == 1 else 'are'}"


def layers(numbers: Sequence[int]) -> str:
    """ "layer 4", "layers 4, 6"; "" of none."""
    if not numbers:
        return ""
    return f"layer{'s' if len(numbers) > 1 else ''} {', '.join(map(str, numbers))}"


def size(x: float) -> str:
    """A number that need not be exact: 1022.98, 0.0038."""
    return format_number(x, 2 if abs(x) >= 0.1 else 4)


def percent(share: float) -> str:
    """A share in per cent, with as many digits as it takes: 29 %, 0.85 %, 0.0003 %."""
    value = 100 * share
    if value == 0:
        return "0 %"
    if abs(value) < 0.01:
        return f"{f'{value:.1g}' if abs(value) >= 1e-4 else format_number(value, 1)} %"
    return f"{value:.{0 if abs(value) >= 10 else 1 if abs(value) >= 1 else 2}f} %"


def rate(lr: float | None, factor: float) -> str:
    """The learning rate times a factor, as a remedy: " to 0.25"; "" where it is not known."""
    return "" if lr is None else f" to {format_typed(float(f'{lr * factor:.3g}'))}"
