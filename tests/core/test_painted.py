"""Points painted by hand: what a touch makes, what it takes away, and the data that come of it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpstudio.core.dataset import Dataset
from bpstudio.core.errors import InputError
from bpstudio.core.generated import generate
from bpstudio.core.painted import (
    MOST_POINTS,
    NUMBERS,
    Area,
    Brush,
    Painting,
    dab,
    erased,
    lacking,
    painted_data,
    start_from,
    why_not_start_from,
)

ONE = Brush(0.05, 1)
PLACES = st.tuples(st.floats(-3, 3), st.floats(-3, 3))


def painted(*touches: tuple[float, float, float], start: Painting | None = None) -> Painting:
    made = Painting() if start is None else start
    for x, y, value in touches:
        made = dab(made, (x, y), value, ONE, 0)
    return made


def test_a_brush_of_one_point_sets_it_where_it_touches() -> None:
    made = painted((0.25, -0.5, 1), (0.1, 0.2, 0))
    assert made.points.tolist() == [[0.25, -0.5], [0.1, 0.2]]
    assert made.values.tolist() == [1, 0]
    assert made.counts() == [1, 1, 0, 0, 0]


@given(places=st.lists(PLACES, max_size=8), radius=st.floats(0.01, 0.5), count=st.integers(1, 9))
def test_points_lie_within_the_brush_and_the_plane(
    places: list[tuple[float, float]], radius: float, count: int
) -> None:
    area = Area((-2.0, 10.0), (2.0, 10.5))
    for x, y in places:
        made = dab(Painting(area=area), (x, y + 10), 0, Brush(radius, count), 5)
        assert len(made) == count
        assert (made.points >= area.low).all()
        assert (made.points <= area.high).all()
        inside = np.clip((x, y + 10), area.low, area.high)
        far = np.hypot(*((made.points - inside) / area.size).T)
        assert (far <= radius + 0.01).all()  # the last digit is rounded


def test_the_same_seed_and_touches_make_the_same_points() -> None:
    def strokes(seed: int) -> list[list[float]]:
        made = Painting()
        for x in (-0.5, 0.0, 0.5):
            made = dab(made, (x, 0.0), 0, Brush(0.1, 4), seed)
        return made.points.tolist()

    assert strokes(3) == strokes(3)
    assert strokes(3) != strokes(4)
    first = np.array(strokes(3)).reshape(3, 4, 2)
    assert not np.allclose(first[0] + [0.5, 0], first[1])  # every touch draws anew


def test_the_eraser_takes_what_it_reaches_and_only_that() -> None:
    made = painted((0.0, 0.0, 0), (0.1, 0.0, 1), (0.5, 0.0, 2))
    # the radius is a part of the plane's size, which is 2
    assert erased(made, (0.0, 0.0), 0.06).values.tolist() == [2]
    assert erased(made, (0.0, 0.0), 0.04).values.tolist() == [1, 2]
    assert erased(made, (-0.9, 0.9), 0.1) is made
    assert erased(Painting(), (0.0, 0.0), 0.5).points.shape == (0, 2)


def test_the_plane_does_not_overflow() -> None:
    full = replace(
        Painting(), points=np.zeros((MOST_POINTS - 2, 2)), values=np.zeros(MOST_POINTS - 2)
    )
    assert len(dab(full, (0, 0), 0, Brush(0.1, 2), 0)) == MOST_POINTS
    with pytest.raises(InputError, match="holds at most 5000 points"):
        dab(full, (0, 0), 0, Brush(0.1, 3), 0)


def test_classes_with_points_are_the_outputs() -> None:
    made = painted((0, 0, 3), (0.1, 0, 1), (0.2, 0, 3), (0.3, 0, 3))
    data = painted_data(made)
    assert (data.target_names, data.feature_names) == (("b", "d"), ("x0", "x1"))
    assert data.labels.tolist() == [1, 0, 1, 1]
    assert data.features[:, 0].tolist() == [0.0, 0.1, 0.2, 0.3]
    assert data.X.mean(axis=0) == pytest.approx([0, 0])


def test_numbers_are_learnt_as_they_were_painted() -> None:
    data = painted_data(painted(*((x / 4, 0, x / 2) for x in range(4)), start=NUMBERS))
    assert data.task == "regression"
    assert data.target[:, 0].tolist() == [0.0, 0.5, 1.0, 1.5]


def test_too_few_points_are_no_data() -> None:
    one_class = painted(*((x / 9, 0, 2) for x in range(8)))
    assert lacking(one_class) == "Paint points of two classes at least"
    few = painted((0, 0, 0), (0.1, 0, 1))
    with pytest.raises(InputError, match="Paint 4 points at least"):
        painted_data(few)


@pytest.mark.parametrize("kind", ["moons", "gaussians", "plane"])
def test_the_points_of_data_can_be_painted_on(kind: str) -> None:
    data = generate(kind, rows=30, seed=2)
    start = start_from(data)
    again = painted_data(start)
    assert again.features.tolist() == data.features.tolist()
    assert again.target.tolist() == data.target.tolist()
    assert (again.target_names, again.column_names) == (data.target_names, data.column_names)
    more = dab(start, (0.0, 0.0), 1.0, ONE, 0)
    assert len(painted_data(more)) == 31
    assert len(start) == 30
    if start.classes:
        assert len(set(start.classes)) == 5


def test_data_that_do_not_fit_the_plane_say_why() -> None:
    wide = Dataset.from_arrays(np.eye(3), [1.0, 2.0, 3.0])
    assert why_not_start_from(wide) == "arrays has 3 features, and the plane has two"
    with pytest.raises(InputError, match="3 features"):
        start_from(wide)
    many = Dataset.from_arrays(np.zeros((6, 2)), np.eye(6))
    assert "6 classes, and the brush 5" in why_not_start_from(many)
