"""The texts of a block of steps: addresses, symbols, substitutions and operands, all at once.

To the letter what `Term` says of each step, twenty times as fast: what is written of a node, an
input or a weight is written once for the block. The rest (the steps of a
softmax layer, a saturated output, other updates than plain descent) is written term by term.
"""

from __future__ import annotations

import re
from typing import NamedTuple

import numpy as np

from bpstudio.core.block_batch import is_plain_descent
from bpstudio.core.block_operands import OPERANDS
from bpstudio.core.block_statements import STATEMENTS
from bpstudio.core.block_view import View
from bpstudio.core.blocks import Block
from bpstudio.core.number_texts import tex_numbers
from bpstudio.core.trace import Trace

_STEP = re.compile(r"(s\d+/(fwd|loss|back)|mean|update)/")  # else it is a leaf of an origin


class BlockTexts(NamedTuple):
    """One entry a step, in the order of the block: samples, nodes, second indices."""

    addresses: list[str]
    symbols: list[str]
    substitutions: list[str]
    operands: list[tuple[str, ...]]


def block_texts(trace: Trace, block: Block, prefix: str = "") -> BlockTexts:
    """What is written of every step of a block.

    ``prefix``: what addresses of steps begin with, the iteration e3/b4/ of a recorded run.
    """
    view = View(trace, block, prefix)
    if _is_stated_at_once(view):
        return _at_once(view)
    return _term_by_term(view)


def _is_stated_at_once(view: View) -> bool:
    kind, block = view.block.kind, view.block
    if kind not in STATEMENTS or (view.softmax and kind in ("a", "da_dz", "dC_dz")):
        return False
    if kind.startswith("update"):
        return is_plain_descent(view)
    return kind != "dC_dz" or not any(map(any, view.broken(view.l, block.j)))


def _at_once(view: View) -> BlockTexts:
    block = view.block
    with np.errstate(over="ignore", invalid="ignore"):
        symbols, numbers = STATEMENTS[block.kind](view)
    if len(symbols) < block.size:
        symbols = symbols * (block.size // len(symbols))
    substitutions = [
        number if number == value else f"{number} = {value}"
        for number, value in zip(numbers, tex_numbers(view.values), strict=True)
    ]
    return BlockTexts(_addresses(view), symbols, substitutions, OPERANDS[block.kind](view))


def _addresses(view: View) -> list[str]:
    block, region = view.block, view.block.region
    level = region.phase + ("" if region.l is None else f"/l{region.l}")
    nodes = [f"{level}/j{j}" if region.has_j else level for j in block.j]
    letter = block.letter
    ends = [f"/{block.kind}" if letter is None else f"/{letter}{x}/{block.kind}" for x in block.x]
    tails = [node + end for node in nodes for end in ends]
    heads = [f"{head}/" for head in view.heads] if block.samples else [view.prefix]
    return [head + tail for head in heads for tail in tails]


def _term_by_term(view: View) -> BlockTexts:
    found = BlockTexts([], [], [], [])
    for number in view.block.numbers.reshape(-1).tolist():
        term = view.trace[number]
        symbol, substitution = term.written()
        found.addresses.append(view.prefix + term.address)
        found.symbols.append(symbol)
        found.substitutions.append(substitution)
        found.operands.append(tuple(prefixed(address, view.prefix) for address in term.operands))
    return found


def prefixed(address: str, prefix: str) -> str:
    """The address of a step in that iteration; a leaf has none but its own."""
    return prefix + address if prefix and _STEP.match(address) else address
