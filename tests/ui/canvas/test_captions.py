import itertools

from hypothesis import given
from hypothesis import strategies as st

from bpstudio.ui.canvas.captions import fitting_captions


def test_the_longest_wording_that_fits_is_taken() -> None:
    chosen = fitting_captions([100, 300], [[90, 40], [90, 40]], 400, 8)
    assert chosen == [(0, 55), (0, 255)]


def test_close_columns_take_shorter_wordings_and_leave_room_for_each_other() -> None:
    chosen = fitting_captions([100, 150, 200], [[90, 40]] * 3, 300, 8)
    assert [choice and choice[0] for choice in chosen] == [1, 1, 1]


def test_where_nothing_fits_there_is_no_caption() -> None:
    chosen = fitting_captions([100, 125, 150], [[40]] * 3, 300, 8)
    assert chosen == [(0, 80), None, (0, 130)]


def test_hidden_layers_are_worded_alike() -> None:
    centers, widths = [60, 150, 210, 300], [[40, 20], [30, 20], [99, 20], [40, 20]]
    assert [c and c[0] for c in fitting_captions(centers, widths, 400, 8)] == [0, 0, 1, 0]
    assert [c and c[0] for c in fitting_captions(centers, widths, 400, 8, (1, 2))] == [0, 1, 1, 0]


@given(
    st.lists(st.floats(0, 800), min_size=2, max_size=9),
    st.lists(st.floats(5, 200), min_size=1, max_size=3),
)
def test_captions_never_overlap_and_never_leave_the_widget(
    centers: list[float], widths: list[float]
) -> None:
    wordings = [sorted(widths, reverse=True)] * len(centers)
    chosen = fitting_captions(sorted(centers), wordings, 800, 8, range(1, len(centers) - 2))
    spans = [(c[1], c[1] + w[c[0]]) for c, w in zip(chosen, wordings, strict=True) if c]
    assert all(left >= 4 and right <= 796 for left, right in spans)
    spans.sort()
    assert all(a[1] + 8 <= b[0] + 1e-9 for a, b in itertools.pairwise(spans))
