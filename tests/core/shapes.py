"""Random shapes for Hypothesis."""

from hypothesis import strategies as st

from bpstudio.core.sequence import StepSequence
from tests.core.naive import Shape


@st.composite
def shapes(draw: st.DrawFn, widest: int = 4, deepest: int = 5, most_rows: int = 3) -> Shape:
    """Any sizes, bias and softmax anywhere, rows in any order, with or without updates."""
    sizes = draw(st.lists(st.integers(1, widest), min_size=2, max_size=deepest))
    flags = st.lists(st.booleans(), min_size=len(sizes) - 1, max_size=len(sizes) - 1)
    rows = draw(st.lists(st.integers(0, 999), min_size=1, max_size=most_rows, unique=True))
    return Shape(
        tuple(sizes), tuple(draw(flags)), tuple(draw(flags)), tuple(rows), draw(st.booleans())
    )


def sequence_of(shape: Shape) -> StepSequence:
    """The sequence by arithmetic."""
    return StepSequence(*shape)
