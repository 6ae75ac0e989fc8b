"""How columns are scaled, in words."""

from __future__ import annotations

from bpstudio.core.dataset import Dataset
from bpstudio.core.notation import format_number

SCALING_NAMES = {"standard": "Standardise", "minmax": "0 to 1", "none": "As it is"}


def own_scales(data: Dataset) -> list[str]:
    """The inputs and targets that are not scaled as the rest, each with how it is."""
    pairs = ((data.feature_names, data.scaling), (data.target_names, data.target_scaling))
    return [
        f"{name}: {SCALING_NAMES[kind].lower()}"
        for names, scaling in pairs
        for name, kind in zip(names, scaling.own, strict=False)
        if kind is not None
    ]


def scaling_text(data: Dataset, k: int) -> str:
    """How input k is scaled, with the numbers."""
    scaling, name = data.scaling, data.feature_names[k]
    shift, scale = format_number(scaling.shift[k]), format_number(scaling.scale[k])
    texts = {
        "standard": f"{name}: standardised, (value − {shift}) / {scale}",
        "minmax": f"{name}: from 0 to 1, (value − {shift}) / {scale}",
        "none": f"{name}: not scaled",
    }
    return texts[scaling.kind_of(k)]
