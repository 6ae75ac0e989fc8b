"""The timeline as geometry: which blocks lie where. Pure arithmetic, no Qt.

Positions are fractions of the width. The overview shows the whole pass, the detail one part of
it: the sample of the current step, or what comes after the last sample.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from bpstudio.core.notation import Notation
from bpstudio.core.sequence import Region, StepSequence

PX_PER_NODE = 24  # room a node needs to have a block of its own
PX_FOR_LABEL = 34
MINUS = "\u2212"
_LANES = {"fwd": "forward", "back": "backward"}


@dataclass(frozen=True, slots=True)
class Block:
    """Steps first … stop − 1 in one lane: "forward", "backward", "both" or "overview".

    Labels are in the markup of `bpstudio.ui.markup`; ``short`` stands where there is no room for
    ``label``.
    """

    lane: str
    first: int
    stop: int
    label: str
    short: str = ""


def detail_range(sequence: StepSequence, n: int) -> range:
    """The steps of the detail around step n: one sample, or the means and updates."""
    if n >= sequence.batch_start:
        return range(sequence.batch_start, len(sequence))
    s = n // sequence.sample_length
    return range(s * sequence.sample_length, (s + 1) * sequence.sample_length)


def detail_title(sequence: StepSequence, n: int) -> str:
    """What the detail shows."""
    if n >= sequence.batch_start:
        return "after the last row" if len(sequence.rows) > 1 else "update"
    s = n // sequence.sample_length
    title = f"row {sequence.rows[s]}"
    if len(sequence.rows) > 1:
        title += f", {s + 1} of {len(sequence.rows)}"
    return title


def lane_names(sequence: StepSequence, n: int) -> tuple[str, str]:
    """What stands before the two lanes of the detail; the second is empty where they are one."""
    if n < sequence.batch_start:
        return "Forward", "Backward"
    return ("Mean, update" if len(sequence.rows) > 1 else "Update"), ""


def overview_blocks(sequence: StepSequence, width: float) -> tuple[Block, ...]:
    """The whole pass: the rows, then means and updates; rows too narrow for a block merged."""
    length, count = sequence.sample_length, len(sequence.rows)
    px_per_row = width * length / max(len(sequence), 1)
    stride = max(1, -(-3 // max(px_per_row, 1e-9)) if px_per_row < 3 else 1)
    blocks = []
    for s in range(0, count, int(stride)):
        last = min(s + int(stride), count)
        row = str(sequence.rows[s]) if px_per_row >= PX_FOR_LABEL else ""
        blocks.append(Block("overview", s * length, last * length, row and f"row {row}", row))
    return (*blocks, *_tail_blocks(sequence, "overview"))


def _tail_blocks(sequence: StepSequence, lane: str) -> list[Block]:
    """One block for the means and one for the updates."""
    blocks = []
    for phase in ("mean", "update"):
        regions = [region for region in sequence.batch_regions if region.phase == phase]
        if regions:
            first, stop = regions[0].start, regions[-1].stop
            start = sequence.batch_start
            blocks.append(Block(lane, start + first, start + stop, phase))
    return blocks


def detail_blocks(
    sequence: StepSequence, n: int, width: float, one_lane: bool = False
) -> tuple[Block, ...]:
    """The detail around step n: a block a layer, or a block a node where there is room.

    In ``one_lane`` the blocks of layers say whether they are forward or backward.
    """
    shown = detail_range(sequence, n)
    tail = shown.start >= sequence.batch_start
    regions = sequence.batch_regions if tail else sequence.sample_regions
    notation = Notation(sequence.L)
    blocks: list[Block] = []
    for region in regions:
        word = region.phase if tail or one_lane else ""
        blocks += _region_blocks(region, shown, width, notation, word)
    return tuple(_joined(blocks))


def _region_blocks(
    region: Region, shown: range, width: float, notation: Notation, word: str
) -> list[Block]:
    first, stop = shown.start + region.start, shown.start + region.stop
    if region.l is None:
        return [Block("both", first, stop, "clip" if region.phase == "update" else "")]
    layer = notation.layer(region.l).replace("L", "$L$").replace("-", MINUS)
    lane = _LANES.get(region.phase, "both")
    name = f"{word} {layer}" if word else f"$l$ = {layer}"
    px_per_node = width * region.width / max(len(shown), 1)
    if lane != "backward" or px_per_node < PX_PER_NODE or region.nodes < 2:
        return [Block(lane, first, stop, name, layer)]
    return [
        Block(
            lane,
            first + j * region.width,
            first + (j + 1) * region.width,
            f"{layer}, {j}",
            str(j),
        )
        for j in range(region.nodes)
    ]


def _joined(blocks: list[Block]) -> list[Block]:
    """Neighbours of the same name become one: the two parts of a softmax layer, the loss."""
    joined: list[Block] = []
    for block in blocks:
        last = joined[-1] if joined else None
        if last and (last.lane, last.label) == (block.lane, block.label):
            joined[-1] = replace(last, stop=block.stop)
        else:
            joined.append(block)
    return joined


def step_at(fraction: float, steps: range) -> int:
    """The step under a position in a lane."""
    n = steps.start + int(fraction * len(steps))
    return min(max(n, steps.start), steps.stop - 1)


def fraction_of(n: float, steps: range) -> float:
    """Where step n begins in a lane."""
    return (n - steps.start) / max(len(steps), 1)
