"""What ``session.json`` says: a session with its numbers named by the members that have them."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec

from bpstudio.files.run_data import DataPart
from bpstudio.files.run_segments import MOST, SegmentPart
from bpstudio.files.run_training import NetworkPart, Whole
from bpstudio.files.session_data import ReferencedPart
from bpstudio.files.session_source import SourcePart

_MOST_RUNS = 24  # which are as many as a session keeps


class CurvePart(msgspec.Struct, forbid_unknown_fields=True):
    """``values`` has the points, the numbers that wait for theirs, and the newest number."""

    values: str
    stride: Annotated[int, msgspec.Meta(ge=1, le=2**53)]
    count: Whole


class RunPart(msgspec.Struct, forbid_unknown_fields=True):
    """A run; its segments by number."""

    name: str
    length: Whole
    segments: Annotated[list[Whole], msgspec.Meta(min_length=1, max_length=MOST)]
    curves: Annotated[dict[str, CurvePart], msgspec.Meta(max_length=MOST)]
    parent: Whole | None
    branched_at: Whole
    visited: Whole | None
    past: Annotated[dict[str, str], msgspec.Meta(max_length=10)]
    stand: dict[str, Any]


class ChangedPart(msgspec.Struct, forbid_unknown_fields=True):
    """Network and data of a visited update that were changed by hand."""

    network: NetworkPart
    data: Whole


class SessionPart(msgspec.Struct, forbid_unknown_fields=True):
    """All of it."""

    source: SourcePart | None
    datasets: Annotated[list[DataPart], msgspec.Meta(max_length=MOST)]
    referenced: Annotated[list[ReferencedPart], msgspec.Meta(max_length=MOST)]
    data: Whole  # number of the data set; those that are referenced come after the others
    network: NetworkPart | None
    start: NetworkPart | None
    changed: ChangedPart | None
    segments: Annotated[list[SegmentPart], msgspec.Meta(max_length=MOST)]
    runs: Annotated[list[RunPart], msgspec.Meta(max_length=_MOST_RUNS)]
    current: Whole | None
    state: dict[str, Any]
    window: dict[str, Any]
