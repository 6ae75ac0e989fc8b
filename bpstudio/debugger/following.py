"""Where the cursor goes when something else is traced."""

from __future__ import annotations

from bpstudio.core.address import parse_address
from bpstudio.core.errors import InputError
from bpstudio.core.sequence import Step, StepSequence


def same_place(step: Step, before: StepSequence, after: StepSequence) -> int:
    """Number of the step at the same place in another sequence; 0 where there is none.

    A sample is its position in the batch here: row 52 becomes row 53 when that is chosen.
    """
    if (before.sizes, before.biases, before.softmax) != (after.sizes, after.biases, after.softmax):
        return 0
    place = str(step.place)
    if step.s is not None:
        row = after.rows[step.s] if step.s < len(after.rows) else after.rows[0]
        place = place.replace(f"s{step.row}/", f"s{row}/", 1)
    try:
        return after.index(parse_address(place))
    except InputError:  # the means, or the updates, are no longer part of the pass
        return len(after) - 1
