"""The kept pictures of pieces look as the pieces do."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPainter

from bpstudio.ui.derivation import pictures as pictures_module
from bpstudio.ui.derivation.items import Piece, Placed
from bpstudio.ui.derivation.painting import paint_piece
from bpstudio.ui.derivation.panel import DerivationPanel
from bpstudio.ui.derivation.pictures import MOST, Pictures
from bpstudio.ui.palette import DARK, LIGHT, Theme
from tests.ui.derivation.scenes import ADDEND, FACTOR_3, at

WIDTH = 468


def directly(painter: QPainter, placed: Placed, theme: Theme) -> None:
    painter.translate(0, placed.y)
    paint_piece(painter, placed.piece, theme)
    painter.translate(0, -placed.y)


def pixels(paint: Any, theme: Theme, height: int) -> np.ndarray:
    """What is painted on the surface, as numbers (rows, columns, 4)."""
    image = QImage(WIDTH, height, QImage.Format.Format_RGB32)
    image.fill(theme.surface)
    with QPainter(image) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint(painter)
    return np.array(image.constBits()).reshape(height, WIDTH, 4).astype(int)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("down", [0.0, 0.375], ids=["whole", "between"])
@pytest.mark.parametrize(
    "address", ["s52/fwd/l3/j2/z", "s52/loss/j1/C_j", ADDEND, FACTOR_3, "s52/back/l3/j2/da_dz"]
)
def test_pictures_show_what_their_pieces_do(
    panel: DerivationPanel, theme: Theme, down: float, address: str
) -> None:
    panel.show_derivation(at(address), None)
    placed = [Placed(p.y + down, p.piece) for p in panel.content.view.placed]
    kept = Pictures("surface")

    def pictures(painter: QPainter) -> None:
        for each in placed:
            kept.paint(painter, each, WIDTH, theme, 1.0)

    def pieces(painter: QPainter) -> None:
        for each in placed:
            directly(painter, each, theme)

    assert (pixels(pictures, theme, 800) == pixels(pieces, theme, 800)).all()


def test_on_broken_pixels_the_piece_itself_is_painted(panel: DerivationPanel) -> None:
    panel.show_derivation(at(FACTOR_3), None)
    placed, kept = panel.content.view.placed[0], Pictures("surface")
    height = int(placed.piece.height) + 40
    wanted = pixels(lambda painter: directly(painter, placed, LIGHT), LIGHT, height)
    shown = pixels(lambda painter: kept.paint(painter, placed, WIDTH, LIGHT, 1.25), LIGHT, height)
    assert (wanted == shown).all()


def test_pictures_are_kept_and_the_oldest_give_way(panel: DerivationPanel) -> None:
    panel.show_derivation(at(FACTOR_3), None)
    placed, kept = panel.content.view.placed[0], Pictures("surface")
    first = kept.prepare(placed.piece, WIDTH, LIGHT, 1.0)
    assert kept.prepare(placed.piece, WIDTH, LIGHT, 1.0) is first
    for n in range(MOST):
        kept.prepare(placed.piece, WIDTH + 1 + n, LIGHT, 1.0)
    assert kept.prepare(placed.piece, WIDTH, LIGHT, 1.0) is not first


def test_a_prepared_step_is_not_painted_again(
    panel: DerivationPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    panel.show_derivation(at(FACTOR_3), None)
    panel.grab()
    panel.prepare(at(ADDEND))
    painted: list[object] = []
    monkeypatch.setattr(pictures_module, "paint_piece", lambda *what: painted.append(what))
    panel.show_derivation(at(ADDEND), None)
    image = panel.grab().toImage()
    assert not painted
    assert image.pixelColor(5, 5) != Qt.GlobalColor.transparent


def test_a_piece_with_nothing_in_it_is_painted_too() -> None:
    kept, nothing = Pictures("surface"), Placed(0, Piece(0, ()))
    shown = pixels(lambda painter: kept.paint(painter, nothing, WIDTH, LIGHT, 1.0), LIGHT, 10)
    assert (shown == shown[0, 0]).all()
