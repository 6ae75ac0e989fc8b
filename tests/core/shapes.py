"""Random shapes for Hypothesis."""

from hypothesis import strategies as st

from bpstudio.core.optimisers import OPTIMISERS, UpdateSettings
from bpstudio.core.sequence import StepSequence
from bpstudio.core.updates import UpdateTerms
from tests.core.naive import Shape

UPDATES = st.builds(
    lambda name, l2, clip: UpdateTerms.of(UpdateSettings(name, l2=l2, clip=clip)),
    st.sampled_from(list(OPTIMISERS)),
    st.sampled_from([0.0, 0.1]),
    st.sampled_from([None, 1.0]),
)


@st.composite
def shapes(draw: st.DrawFn, widest: int = 4, deepest: int = 5, most_rows: int = 3) -> Shape:
    """Any sizes, bias and softmax anywhere, rows in any order, with any updates or without."""
    sizes = draw(st.lists(st.integers(1, widest), min_size=2, max_size=deepest))
    flags = st.lists(st.booleans(), min_size=len(sizes) - 1, max_size=len(sizes) - 1)
    rows = draw(st.lists(st.integers(0, 999), min_size=1, max_size=most_rows, unique=True))
    updates = draw(st.one_of(st.booleans(), UPDATES))
    return Shape(tuple(sizes), tuple(draw(flags)), tuple(draw(flags)), tuple(rows), updates)


def sequence_of(shape: Shape) -> StepSequence:
    """The sequence by arithmetic."""
    return StepSequence(*shape)
