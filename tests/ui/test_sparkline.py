"""A history in a few pixels."""

from __future__ import annotations

import math

import numpy as np
import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter

from bpstudio.ui.palette import LIGHT
from bpstudio.ui.sparkline import Sparkline

BOX = QRectF(0, 0, 80, 10)
NAN, INF = math.nan, math.inf


def points(*history: float, limits: tuple[float, ...] = ()) -> list[list[tuple[float, float]]]:
    parts = Sparkline(np.array(history), limits).parts(BOX)
    return [[(round(float(x), 6), round(float(y), 6)) for x, y in part] for part in parts]


def test_the_lowest_is_at_the_bottom_and_the_last_at_the_right() -> None:
    assert points(1.0, 3.0, 2.0) == [[(0, 10), (40, 0), (80, 5)]]


def test_a_constant_is_at_half_height() -> None:
    assert points(2.0, 2.0) == [[(0, 5), (80, 5)]]
    assert points(2.0) == [[(80, 5)]]


def test_what_is_not_finite_is_a_gap() -> None:
    assert points(0.0, NAN, 1.0, INF) == [[(0, 10)], [(53.333333, 0)]]
    assert points(NAN, INF) == []


def test_a_limit_is_in_sight_where_it_is_near() -> None:
    near = Sparkline(np.array([0.0, 1.0]), (2.0,))
    assert near.span == (0.0, 2.0)
    assert near.limit_heights(BOX) == [0.0]
    far = Sparkline(np.array([0.0, 1.0]), (50.0,))
    assert far.span == (0.0, 1.0)
    assert far.limit_heights(BOX) == []


@pytest.mark.parametrize("history", [[], [NAN], [INF, 1.0], [1e308, -1e308], [0.0]])
def test_anything_can_be_drawn(history: list[float]) -> None:
    image = QImage(86, 18, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    with np.errstate(all="ignore"):
        Sparkline(np.array(history), (0.5,)).paint(painter, QRectF(image.rect()), LIGHT, True)
    painter.end()


def test_the_last_point_is_in_the_accent_where_it_just_changed() -> None:
    image = QImage(86, 18, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(QColor("#FFFFFF"))
    painter = QPainter(image)
    Sparkline(np.array([1.0, 1.0])).paint(painter, QRectF(image.rect()), LIGHT, changed=True)
    painter.end()
    assert image.pixelColor(83, 9).name().upper() == LIGHT.accent
