"""A derivation as LaTeX, to be pasted into a paper: one aligned formula a block."""

from __future__ import annotations

from bpstudio.core.derivation import Block, Derivation, Part
from bpstudio.core.notation import plain, tex_factor, tex_number, tex_sum


def derivation_tex(derivation: Derivation) -> str:
    """All blocks from the goal inwards; what is pending stands as symbols only."""
    blocks = "\n\n".join(_block(block) for block in derivation.blocks)
    return f"% {derivation.address}\n{blocks}\n"


def _block(block: Block) -> str:
    title = plain(f"{block.title} {block.detail}".strip())
    lines = _RULES[block.kind](block)
    if block.result.value is not None:
        lines.append(tex_number(block.result.value))
    body = " \\\\\n  ".join(f"&= {line}" for line in lines)
    return f"% {title}\n\\[\\begin{{aligned}}\n  {block.result.symbol} {body}\n\\end{{aligned}}\\]"


def _product(block: Block) -> list[str]:
    lines = [r" \cdot ".join(_braced(part) for part in block.parts)]
    if all(part.value is not None for part in block.parts):
        lines.append(r" \cdot ".join(tex_factor(part.value or 0.0) for part in block.parts))
    return lines


def _braced(part: Part) -> str:
    if not part.formula:
        return part.symbol
    return rf"\underbrace{{{part.symbol}}}_{{{part.formula}}}"


def _sum(block: Block) -> list[str]:
    lines = [_scaled(block, " + ".join(part.symbol or r"\cdots" for part in block.parts))]
    values = [part.value for part in block.parts]
    numbers = [r"\cdots" if value is None else tex_number(value) for value in values]
    if any(value is not None for value in values):
        lines.append(_scaled(block, tex_sum(numbers)))
    return lines


def _scaled(block: Block, addends: str) -> str:
    return rf"{block.scale} \left({addends}\right)" if block.scale else addends


def _formula(block: Block) -> list[str]:
    part = block.parts[0]
    numbers = part.numbers if part.state != "pending" else ""
    return [text for text in (part.formula, numbers) if text]


_RULES = {"product": _product, "sum": _sum, "formula": _formula}
