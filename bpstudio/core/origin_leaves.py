"""The leaves of an origin: inputs and targets down to the data cell, and the parameters."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from bpstudio.core.column_names import feature_words
from bpstudio.core.dataset import Dataset
from bpstudio.core.errors import InputError
from bpstudio.core.leaves import Leaf, require_leaf
from bpstudio.core.notation import CONSTANTS, format_number
from bpstudio.core.origin_parameters import parameter_item, seed_item, start_of
from bpstudio.core.origin_values import OriginItem
from bpstudio.core.scaling import Scaling
from bpstudio.core.update_values import state_of

if TYPE_CHECKING:
    from bpstudio.core.origin import Origin

_STATISTICS = {"standard": ("mean", "sd"), "minmax": ("min", "range"), "none": ()}
_SCALED = {"standard": ", standardised", "minmax": ", scaled to 0…1", "none": ""}


def leaf_item(origin: Origin, leaf: Leaf) -> OriginItem:
    """The item of a leaf. InputError where it does not exist here."""
    require_leaf(origin.trace.sequence, leaf)
    return _ITEMS[leaf.kind](origin, leaf)


def leaf_children(origin: Origin, leaf: Leaf) -> tuple[OriginItem, ...]:
    """What the number of a leaf was made of: raw cell and statistics, or the draw."""
    if leaf.kind in ("x", "y"):
        return _scaled_children(origin, leaf)
    return start_of(origin, leaf)


# Inputs and targets --------------------------------------------------------------------------


def _x(origin: Origin, leaf: Leaf) -> OriginItem:
    value = float(origin.trace.X[origin.position(leaf.row), leaf.j])
    name = origin.notation.a(1, leaf.j)
    note = _scaled_note(origin, leaf, feature_name(origin.data, leaf.j), value)
    return OriginItem(str(leaf), name, note, value, "x", str(leaf), opens=_known(origin, leaf))


def _y(origin: Origin, leaf: Leaf) -> OriginItem:
    value = float(origin.trace.Y[origin.position(leaf.row), leaf.j])
    name, data = origin.notation.y(leaf.j), origin.data
    if data is None or data.labels is None or not _known(origin, leaf):
        note = _scaled_note(origin, leaf, target_name(data, leaf.j), value)
    else:
        own = data.target_names[int(data.labels[data.position(leaf.row)])]
        this = data.target_names[leaf.j]
        note = f"row {leaf.row} is {own}" if own == this else f"row {leaf.row} is {own}, not {this}"
    return OriginItem(str(leaf), name, note, value, "y", str(leaf), opens=_known(origin, leaf))


def feature_name(data: Dataset | None, k: int) -> str:
    """A feature in words, without its unit."""
    return f"input {k}" if data is None else feature_words(data.feature_names[k])[0]


def target_name(data: Dataset | None, j: int) -> str:
    """The class or target of an output node in words."""
    return f"output node {j}" if data is None else feature_words(data.target_names[j])[0]


def _scaled_note(origin: Origin, leaf: Leaf, words: str, value: float) -> str:
    if origin.data is None:
        return "as given"
    if not _known(origin, leaf):
        return f"{words}, set by hand"
    return words + _SCALED[_scaling(origin.data, leaf).kind_of(leaf.j)]


def _scaling(data: Dataset, leaf: Leaf) -> Scaling:
    side = leaf.side or leaf.kind
    return data.scaling if side == "x" else data.target_scaling


def _known(origin: Origin, leaf: Leaf) -> bool:
    """Whether the number is the one that the data give: it may have been set by hand."""
    data, trace = origin.data, origin.trace
    if data is None:
        return False
    here, there = (trace.X, data.X) if leaf.kind == "x" else (trace.Y, data.Y)
    given = there[data.position(leaf.row), leaf.j]
    return bool(here[origin.position(leaf.row), leaf.j] == given)


def _scaled_children(origin: Origin, leaf: Leaf) -> tuple[OriginItem, ...]:
    data = origin.data
    if data is None or not _known(origin, leaf):
        return ()
    kind = _scaling(data, leaf).kind_of(leaf.j)
    statistics = [Leaf("scale", j=leaf.j, side=leaf.kind, statistic=s) for s in _STATISTICS[kind]]
    return (_cell_of(origin, data, leaf), *(_scale(origin, leaf) for leaf in statistics))


def _scale(origin: Origin, leaf: Leaf) -> OriginItem:
    data = _require_data(origin, leaf)
    scaling = _scaling(data, leaf)
    if not 0 <= leaf.j < len(scaling.shift):
        raise InputError(f"{leaf} does not exist: columns 0..{len(scaling.shift) - 1} are scaled")
    kind = scaling.kind_of(leaf.j)
    if leaf.statistic not in _STATISTICS[kind]:
        raise InputError(f"{leaf} does not exist: this column is scaled by {kind}")
    shifts = leaf.statistic in ("mean", "min")
    value = float((scaling.shift if shifts else scaling.scale)[leaf.j])
    note = _statistic_note(data, leaf)
    return OriginItem(str(leaf), "", note, value, "scale", str(leaf), opens=False)


def _statistic_note(data: Dataset, leaf: Leaf) -> str:
    part = "" if data.drawn is None else " of the sample"
    rows = f"of {len(data.training)} training rows{part}"
    words = {
        "mean": f"mean {rows}",
        "sd": "standard deviation",
        "min": f"smallest {rows}",
        "range": "largest − smallest",
    }[leaf.statistic]
    raw = (data.features if leaf.side == "x" else data.target)[data.training, leaf.j]
    constant = leaf.statistic in ("sd", "range") and raw.min() == raw.max()
    return "1, as the column is constant" if constant else words


# Cells -----------------------------------------------------------------------------------------


def feature_column(data: Dataset, k: int) -> int:
    """The file's column of a feature; of arrays, X comes first."""
    return data.feature_columns[k] if data.feature_columns else k


def target_column(data: Dataset, j: int) -> int:
    """The file's column of a target; of arrays, Y comes after X."""
    if not data.target_columns:
        return data.n_features + j
    return data.target_columns[0 if data.labels is not None else j]


def inputs_of(data: Dataset, column: int) -> list[int]:
    """The features that a column makes."""
    return [k for k in range(data.n_features) if feature_column(data, k) == column]


def outputs_of(data: Dataset, column: int) -> list[int]:
    """The outputs that a column makes."""
    return [j for j in range(data.n_targets) if target_column(data, j) == column]


def _cell_of(origin: Origin, data: Dataset, leaf: Leaf) -> OriginItem:
    """The cell as the feature or target sees it: of a class, 1 where it is its own."""
    column = feature_column(data, leaf.j) if leaf.kind == "x" else target_column(data, leaf.j)
    raw = data.features if leaf.kind == "x" else data.target
    value = float(raw[data.position(leaf.row), leaf.j])
    return _cell_item(data, Leaf("data", row=leaf.row, column=column), value)


def _cell(origin: Origin, leaf: Leaf) -> OriginItem:
    """The cell by itself: a number, or the place of its class among all."""
    data = _require_data(origin, leaf)
    position = data.position(leaf.row)
    inputs, outputs = inputs_of(data, leaf.column), outputs_of(data, leaf.column)
    if not inputs and not outputs:
        raise InputError(f"{leaf}: column {leaf.column} of {data.name} makes no input or target")
    numbers = data.features[position, inputs] if inputs else data.target[position, outputs]
    return _cell_item(data, leaf, float(numbers[0] if len(numbers) == 1 else numbers.argmax()))


def _cell_item(data: Dataset, leaf: Leaf, value: float) -> OriginItem:
    position = data.position(leaf.row)
    column = leaf.column
    title = data.column_names[column] if column < len(data.column_names) else ""
    unit = feature_words(title)[1]
    note = f"row {leaf.row}, column {column}" + (f", {unit}" if unit else "")
    place = f"{data.name}:{int(data.lines[position])}"
    text = _category(data, column, position)
    return OriginItem(str(leaf), "", note, value, "data", place, text, opens=False)


def _category(data: Dataset, column: int, position: int) -> str:
    """What a cell of text says; empty for a number."""
    if data.labels is not None and data.target_columns == (column,):
        return data.target_names[int(data.labels[position])]
    inputs = inputs_of(data, column)
    prefix = f"{data.column_names[column]}=" if column < len(data.column_names) else ""
    for k in inputs:
        name = data.feature_names[k]
        if prefix and name.startswith(prefix) and data.features[position, k] == 1.0:
            return name.removeprefix(prefix)
    return ""


def _require_data(origin: Origin, leaf: Leaf) -> Dataset:
    if origin.data is None:
        raise InputError(f"{leaf} is not known: this pass was computed without a data set")
    return origin.data


# What an update starts from -----------------------------------------------------------------------


def _state(origin: Origin, leaf: Leaf) -> OriginItem:
    update = origin.trace.update
    assert update is not None, "there is an update, else the leaf was refused"
    name = origin.notation.update_term(leaf.statistic, leaf.l, leaf.j, leaf.k, old=True)
    value = state_of(origin.trace, leaf.statistic, leaf.l, leaf.j, leaf.k)
    note = f"remembered after {_updates(update.state.t)}" if update.state.t else "starts at 0"
    return OriginItem(str(leaf), name, note, value, "state", str(leaf), opens=False)


def _updates(count: int) -> str:
    return "1 update" if count == 1 else f"{count} updates"


def _rate(origin: Origin, leaf: Leaf) -> OriginItem:
    update = origin.trace.update
    assert update is not None, "there is an update, else the leaf was refused"
    note, schedule = "learning rate", update.settings.schedule
    if schedule.kind != "constant" or schedule.warm_up:
        note += f" of update {update.state.t}, from {format_number(update.settings.lr)}"
    return OriginItem("rate", CONSTANTS["lr"], note, update.rate, "rate", "rate", opens=False)


_ITEMS: Mapping[str, Callable[[Origin, Leaf], OriginItem]] = {
    "x": _x,
    "y": _y,
    "w": parameter_item,
    "b": parameter_item,
    "state": _state,
    "rate": _rate,
    "scale": _scale,
    "data": _cell,
    "seed": seed_item,
}
