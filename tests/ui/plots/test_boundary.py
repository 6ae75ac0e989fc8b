"""Decision regions over two features."""

from __future__ import annotations

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from bpstudio.core.dataset import Dataset
from bpstudio.core.notation import format_number
from bpstudio.core.passes import forward
from bpstudio.debugger.session import Session
from bpstudio.ui.palette import LIGHT, rgb
from bpstudio.ui.plots.boundary import SIZES, first_choice
from bpstudio.ui.plots.looks import class_color
from tests.ui.panels.conftest import Attempts
from tests.ui.plots.conftest import MakeView, settle, train


def test_still_it_is_drawn_as_finely_as_it_goes(make_view: MakeView, session: Session) -> None:
    view = make_view("boundary", session)
    assert view.image.image.shape == (SIZES[-1], SIZES[-1], 3)
    (left, right), (bottom, top) = view.plot.getViewBox().viewRange()
    data = session.data.features
    assert left < data[:, 2].min() < data[:, 2].max() < right
    assert bottom < data[:, 3].min() < data[:, 3].max() < top


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ("nnnn", (2, 3)),  # n: numbers, c: 0 or 1
        ("nncc", (0, 1)),
        ("ncc", (0, 2)),
        ("cc", (0, 1)),
        ("n", (0, 0)),
    ],
)
def test_features_of_more_than_two_values_are_shown_first(
    columns: str, expected: tuple[int, int]
) -> None:
    numbers = np.arange(12.0)
    X = np.stack([numbers if kind == "n" else numbers % 2 for kind in columns], axis=1)
    assert first_choice(Dataset.from_arrays(X, numbers)) == expected


def test_the_color_is_that_of_the_class_of_the_largest_output(
    make_view: MakeView, session: Session, qtbot: QtBot
) -> None:
    view = make_view("boundary", session)
    train(qtbot, session, epochs=40)
    settle(qtbot, view)
    data, table = session.data, view.numbers()
    for n in range(0, len(table.rows), 4999):
        x, y, *outputs = table.rows[n]
        raw = data.features[data.training].mean(axis=0)
        raw[2:] = x, y
        expected = forward(session.network, data.scaling.apply(raw[None, :]))[1][-1][0]
        assert outputs == pytest.approx(expected.tolist(), rel=1e-9)
        pixel = view.image.image[divmod(n, SIZES[-1])].astype(float)
        surface = np.array(rgb(LIGHT.surface), dtype=float)
        hues = [np.array(rgb(class_color(LIGHT, j)), dtype=float) - surface for j in range(3)]
        alike = [np.dot(pixel - surface, hue) / np.linalg.norm(hue) for hue in hues]
        assert int(np.argmax(alike)) == int(np.argmax(expected))


def test_samples_are_drawn_by_class_and_part(make_view: MakeView, session: Session) -> None:
    view = make_view("boundary", session)
    shapes = [(item.opts["symbol"], len(item.data)) for item in view.samples.items]
    assert len(shapes) == 6  # three classes, trained on and not
    assert sum(count for _, count in shapes) == len(session.data)
    assert {symbol for symbol, _ in shapes} == {"o", "s", "t1"}


def test_the_read_out_is_what_the_network_says_there(
    make_view: MakeView, session: Session, qtbot: QtBot
) -> None:
    view = make_view("boundary", session)
    view.held.button("row").click()
    assert view.at(1.0, 1.0) == ""  # what was drawn belongs to another plane
    settle(qtbot, view)
    x, y = session.data.features[session.data.position(session.row), 2:]
    text = view.at(float(x), float(y))
    position = session.data.position(session.row)
    for output in forward(session.network, session.data.X[position][None, :])[1][-1][0]:
        assert format_number(float(output)) in text


def test_the_same_feature_twice_is_refused_and_nothing_stale_is_shown(
    make_view: MakeView, session: Session, attempts: Attempts, qtbot: QtBot
) -> None:
    view = make_view("boundary", session)
    view.up.setCurrentIndex(2)
    view.up.activated.emit(2)
    assert "chosen twice" in attempts.refused[-1]
    assert view.image.image is None
    assert not view.samples.items
    assert view.numbers().rows == ()
    view.up.setCurrentIndex(0)
    view.up.activated.emit(0)
    settle(qtbot, view)
    assert view.image.image is not None


def test_another_row_is_another_plane_where_the_others_are_held_at_it(
    make_view: MakeView, session: Session, qtbot: QtBot
) -> None:
    view = make_view("boundary", session)
    view.held.button("row").click()
    settle(qtbot, view)
    before = view.numbers().rows
    session.choose_row(100)
    settle(qtbot, view)
    assert view.numbers().rows != before


def test_a_regression_shows_values_in_their_own_units(
    make_view: MakeView, regression: Session
) -> None:
    view = make_view("boundary", regression)
    low, high = regression.data.target[:, 0].min(), regression.data.target[:, 0].max()
    assert format_number(float(low)) in view.side.text()
    assert format_number(float(high)) in view.side.text()
    row = regression.data.features[0]
    assert "near" in view.at(float(row[1]), float(row[2]))


def test_a_single_feature_has_no_plane(
    make_view: MakeView, attempts: Attempts, session: Session
) -> None:
    from bpstudio.core.dataset import Dataset

    session.open_data(Dataset.from_arrays([[1.0], [2.0], [3.0]], [[1.0], [0.0], [1.0]]))
    view = make_view("boundary", session)
    assert "chosen twice" in attempts.refused[-1]
    assert "two different features" in view.side.text()
