"""The notation at hand: what every symbol of the derivation means."""

from __future__ import annotations

from functools import lru_cache

from bpstudio.ui.derivation.items import Piece
from bpstudio.ui.derivation.measures import Sizes
from bpstudio.ui.derivation.sheet import Sheet
from bpstudio.ui.derivation.strip import Strip, symbol_strip
from bpstudio.ui.fonts import SEMIBOLD
from bpstudio.ui.mixed_text import MixedText

ENTRIES = (
    ("l", "layer, $1$ (the input) … $L$ (the output)"),
    ("j,\\; k,\\; i", "nodes of layer $l$, of layer $l-1$ and of layer $l+1$"),
    ("m", "another node of the same softmax layer"),
    ("w_{jk}^{(l)}", "weight from node $k$ of layer $l-1$ to node $j$ of layer $l$"),
    ("b_{j}^{(l)}", "bias of node $j$"),
    ("z_{j}^{(l)}", "what node $j$ adds up: $\\sum_k w_{jk}^{(l)} a_{k}^{(l-1)} + b_{j}^{(l)}$"),
    ("a_{j}^{(l)}", "activation of node $j$: $g(z_{j}^{(l)})$; $a^{(1)}$ is the scaled input"),
    ("g,\\; g'", "activation function of a layer, and its slope"),
    ("y_{j}", "target of output node $j$"),
    ("C_0,\\; C_{0,j}", "loss of one sample, and what output node $j$ adds to it"),
    ("C", "mean loss over the $n$ samples of a batch"),
    (
        "\\frac{\\partial C_0}{\\partial w}",
        "how fast $C_0$ changes when $w$ alone changes a little",
    ),
    ("\\eta", "learning rate: how far an update goes against the gradient"),
    ("\\text{s52}", "the sample in row 52 of the data file"),
)
COUNTING = "Nodes, samples, rows, batches and epochs count from 0, layers from 1."


@lru_cache(maxsize=16)
def legend_piece(width: float, sizes: Sizes) -> Piece:
    """A table: symbol and meaning."""
    px, sheet = sizes.px, Sheet(sizes)
    sheet.rule(0, 0, width)
    title = MixedText("Notation", sizes.table, px(20), SEMIBOLD)
    top = sheet.words(px(12), px(8), width - px(24), title, "text1").bottom() + px(4)
    strips = [symbol_strip(tex, sizes.formula, False) for tex, _ in ENTRIES]
    left = px(24) + max(strip.width for strip in strips)
    for strip, (_, meaning) in zip(strips, ENTRIES, strict=True):
        top = _put_entry(sheet, strip, meaning, left, top, width)
    counting = MixedText(COUNTING, sizes.table, px(18))
    bottom = sheet.words(px(12), top + px(4), width - px(24), counting, "text3").bottom()
    return sheet.piece(bottom + px(10))


def _put_entry(
    sheet: Sheet, strip: Strip, meaning: str, left: float, top: float, width: float
) -> float:
    px = sheet.sizes.px
    mixed = MixedText(meaning, sheet.sizes.table, px(20))
    room = width - left - px(12)
    baseline = top + max(mixed.layout(room).baseline, strip.ascent)
    sheet.strip(px(12), baseline, strip, "text1")
    box = sheet.words(left, baseline - mixed.layout(room).baseline, room, mixed, "text2")
    return max(box.bottom(), baseline + strip.descent) + px(3)
