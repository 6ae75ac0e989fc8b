"""Confusion matrices, numbers of each class, predictions."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from bpstudio.core.metrics import classes, outputs
from bpstudio.core.notation import format_number
from bpstudio.debugger.session import Session
from bpstudio.ui.plots.confusion_picture import short_names
from tests.ui.plots.conftest import MakeView, settle, train


def counted(session: Session, positions: np.ndarray) -> list[list[int]]:
    """Row by row."""
    matrix = [[0] * 3 for _ in range(3)]
    for position in positions:
        a = outputs(session.network, session.data.X[position][None, :])
        matrix[session.data.labels[position]][int(classes(a)[0])] += 1
    return matrix


def test_the_counts_are_those_of_the_rows_one_by_one(
    make_view: MakeView, session: Session, qtbot: QtBot
) -> None:
    view = make_view("confusion", session)
    train(qtbot, session, epochs=20)
    settle(qtbot, view)
    table = view.numbers()
    found = [
        [row[2:5] for row in table.rows if row[0] == part] for part in ("validation", "training")
    ]
    for rows, positions in zip(
        found, (session.data.validation, session.data.training), strict=True
    ):
        assert [list(row) for row in rows] == counted(session, positions)


def test_precision_and_recall_of_a_class_are_copied_with_it(
    make_view: MakeView, session: Session
) -> None:
    rows = make_view("confusion", session).numbers().rows
    for part in ("validation", "training"):
        matrix = np.array([row[2:5] for row in rows if row[0] == part])
        for n, row in enumerate(row for row in rows if row[0] == part):
            taken, there = matrix[:, n].sum(), matrix[n].sum()
            expected = matrix[n, n] / taken if taken else float("nan")
            assert row[5] == pytest.approx(expected, nan_ok=True)
            assert row[6] == pytest.approx(matrix[n, n] / there)


def test_the_arrow_keys_go_through_both_matrices(
    make_view: MakeView, session: Session, qtbot: QtBot
) -> None:
    view = make_view("confusion", session)
    for _ in range(4):
        qtbot.keyClick(view.matrices, Qt.Key.Key_Right)
    qtbot.keyClick(view.matrices, Qt.Key.Key_Down)
    assert view.matrices.at == (1, 1, 0)
    assert view.side.text().startswith("Training")
    assert "versicolor" in view.side.text()


def test_the_pointer_reads_a_cell(make_view: MakeView, session: Session, qtbot: QtBot) -> None:
    view = make_view("confusion", session)
    qtbot.mouseMove(view.matrices, view.matrices.cell((0, 2, 1)).center().toPoint())
    qtbot.waitUntil(lambda: view.matrices.at == (0, 2, 1))
    assert "virginica" in view.side.text()


def test_without_validation_rows_there_is_one_matrix(
    make_view: MakeView, session: Session, qtbot: QtBot
) -> None:
    view = make_view("confusion", session)
    session.change(validation=0.0)
    settle(qtbot, view)
    assert {row[0] for row in view.numbers().rows} == {"training"}
    assert not view.part.isVisible()


def test_a_regression_shows_predictions_and_residuals_in_raw_units(
    make_view: MakeView, regression: Session
) -> None:
    view = make_view("confusion", regression)
    data = regression.data
    x, y = view.clouds[1].getData()
    a = data.target_scaling.undo(outputs(regression.network, data.X[data.training]))
    assert x == pytest.approx(data.target[data.training, 0])
    assert y == pytest.approx(a[:, 0])
    view.shape.button("residuals").click()
    x, y = view.clouds[1].getData()
    assert y == pytest.approx(a[:, 0] - x)
    view.target.setCurrentIndex(1)
    view.target.activated.emit(1)
    assert view.clouds[1].getData()[0] == pytest.approx(data.target[data.training, 1])


def test_r_squared_is_said_for_both_parts(make_view: MakeView, regression: Session) -> None:
    text, data = make_view("confusion", regression).side.text(), regression.data
    for positions in (data.training, data.validation):
        a = data.target_scaling.undo(outputs(regression.network, data.X[positions]))[:, 0]
        y = data.target[positions, 0]
        rest = sum((a[n] - y[n]) ** 2 for n in range(len(y)))
        spread = sum((y[n] - y.mean()) ** 2 for n in range(len(y)))
        assert format_number(1 - rest / spread) in text


def test_the_sample_nearest_to_the_pointer_is_read_out(
    make_view: MakeView, regression: Session
) -> None:
    view = make_view("confusion", regression)
    position = regression.data.validation[3]
    a = outputs(regression.network, regression.data.X[position][None, :])
    predicted = float(regression.data.target_scaling.undo(a)[0, 0])
    text = view.at(float(regression.data.target[position, 0]), predicted)
    assert f"Row {regression.data.rows[position]}, validation" in text
    assert format_number(predicted) in text


def test_where_it_is_narrow_only_the_chosen_matrix_is_drawn(
    make_view: MakeView, session: Session, qtbot: QtBot
) -> None:
    view = make_view("confusion", session)
    view.resize(460, 240)
    view.part.button("training").click()
    view.matrices.point_at((0, 0, 0))
    assert view.side.text().startswith("Training")
    assert not view.matrices.has((1, 0, 0))
    view.resize(600, 240)
    assert view.matrices.has((1, 0, 0))


def test_names_of_classes_are_read_as_they_are(
    make_view: MakeView, session: Session, qtbot: QtBot
) -> None:
    names = ("<i>a</i>", "b & c", "d")
    session.open_data(replace(session.data, target_names=names))
    view = make_view("confusion", session)
    settle(qtbot, view)
    for text in (view.summary(), view._of_cell((0, 0, 1))):
        assert "&lt;i&gt;a&lt;/i&gt;" in text
        assert "b &amp; c" in text


@pytest.mark.parametrize(
    ("names", "heads"),
    [
        (["yes", "no"], ["yes", "no"]),
        (["setosa", "versicolor", "virginica"], ["set", "ver", "vir"]),
        (["cultivar_0", "cultivar_1", "cultivar_2"], ["0", "1", "2"]),
        (["house one", "house two", "hut"], ["0", "1", "2"]),
        (["house no one", "house no ones"], ["0", "1"]),
    ],
)
def test_columns_are_headed_by_what_tells_the_classes_apart(
    names: list[str], heads: list[str]
) -> None:
    assert short_names(names, len, 3) == heads
