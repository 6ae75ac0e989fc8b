"""Diagnoses as rows: an icon, the sentence in as many lines as it takes, the evidence, "Show"."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
)
from PySide6.QtCore import QRectF as Box
from PySide6.QtGui import QColor, QFontMetrics, QPainter
from PySide6.QtWidgets import QListView, QStyledItemDelegate, QStyleOptionViewItem

from bpstudio.core.diagnoses import Diagnosis
from bpstudio.ui.fonts import Size, ui_font
from bpstudio.ui.icons import ICON_SIZE, paint_icon
from bpstudio.ui.palette import Theme
from bpstudio.ui.row_focus import paint_focus
from bpstudio.ui.style import GAP, PADDING
from bpstudio.ui.theme import current_theme

SHOW = "Show"
MARKS = {"warning": "warning", "note": "info", "ok": "check-circle"}
WORDS = {"warning": "Warning", "note": "Note", "ok": "In order"}

DIAGNOSIS = Qt.ItemDataRole.UserRole
_TEXT = PADDING + ICON_SIZE + GAP + 2  # where the text begins
_ABOVE, _BETWEEN, _BELOW = 7, 2, 8
_WRAPPED = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignTop

Index = QModelIndex | QPersistentModelIndex
_NO_INDEX = QModelIndex()


class DiagnosisRows(QAbstractListModel):
    """The diagnoses as they were last made."""

    def __init__(self, parent: QListView) -> None:
        super().__init__(parent)
        self.diagnoses: tuple[Diagnosis, ...] = ()

    def show_diagnoses(self, diagnoses: tuple[Diagnosis, ...]) -> None:
        """Show these; rows of the same kinds only change, so that what is chosen stays so."""
        if diagnoses == self.diagnoses:
            return
        if [_key(d) for d in diagnoses] == [_key(d) for d in self.diagnoses]:
            self.diagnoses = diagnoses
            self.dataChanged.emit(self.index(0, 0), self.index(len(diagnoses) - 1, 0))
            return
        self.beginResetModel()
        self.diagnoses = diagnoses
        self.endResetModel()

    def diagnosis(self, row: int) -> Diagnosis | None:
        """The diagnosis in a row."""
        return self.diagnoses[row] if 0 <= row < len(self.diagnoses) else None

    def row_like(self, diagnosis: Diagnosis) -> int | None:
        """The row of the same kind of diagnosis."""
        kinds = [d.kind for d in self.diagnoses]
        return kinds.index(diagnosis.kind) if diagnosis.kind in kinds else None

    def rowCount(self, parent: Index = _NO_INDEX) -> int:
        """One a diagnosis."""
        return 0 if parent.isValid() else len(self.diagnoses)

    def data(self, index: Index, role: int = 0) -> Any:
        """The diagnosis; in words for who cannot see it."""
        found = self.diagnosis(index.row())
        if found is None:
            return None
        if role == DIAGNOSIS:
            return found
        if role == Qt.ItemDataRole.DisplayRole:
            return found.sentence
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            return as_text(found)
        return None


def as_text(diagnosis: Diagnosis) -> str:
    """ "Warning: the sentence, and the evidence"."""
    return f"{WORDS[diagnosis.level]}: {diagnosis.sentence} {diagnosis.evidence}"


def _key(diagnosis: Diagnosis) -> tuple[str, str]:
    return diagnosis.kind, diagnosis.level


class DiagnosisRow(QStyledItemDelegate):
    """Measures and paints a row at the width of its list."""

    def __init__(self, view: QListView) -> None:
        super().__init__(view)
        self._view = view

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """As high as its sentence is long."""
        width = self._view.viewport().width()
        sentence = _sentence_height(str(index.data()), _text_width(width))
        evidence = QFontMetrics(ui_font(Size.CAPTION)).height()
        return QSize(width, _ABOVE + sentence + _BETWEEN + evidence + _BELOW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """One row."""
        theme, diagnosis, rect = current_theme(), index.data(DIAGNOSIS), option.rect
        painter.save()
        painter.fillRect(rect, QColor(theme.surface))
        painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), QColor(theme.divider))
        mark = Box(rect.left() + PADDING, rect.top() + _ABOVE, ICON_SIZE, ICON_SIZE)
        paint_icon(painter, MARKS[diagnosis.level], mark, _tint(diagnosis.level, theme))
        _paint_text(painter, diagnosis, rect, theme)
        _paint_show(painter, rect, theme)
        paint_focus(painter, option, theme)
        painter.restore()


def show_box(rect: QRect) -> QRect:
    """Where "Show" of a row is."""
    metrics = QFontMetrics(ui_font(Size.TABLE))
    width = metrics.horizontalAdvance(SHOW)
    return QRect(rect.right() + 1 - PADDING - width, rect.top() + _ABOVE, width, metrics.height())


def is_on_show(rect: QRect, point: QPoint) -> bool:
    """Whether a point of a row is on its "Show", or so near that it is meant."""
    return show_box(rect).adjusted(-GAP, -_ABOVE, PADDING, GAP).contains(point)


def _text_width(width: int) -> int:
    return max(60, show_box(QRect(0, 0, width, 0)).left() - 2 * GAP - _TEXT)


def _sentence_height(sentence: str, width: int) -> int:
    metrics = QFontMetrics(ui_font(Size.TABLE))
    return metrics.boundingRect(QRect(0, 0, width, 1000), _WRAPPED, sentence).height()


def _tint(level: str, theme: Theme) -> str:
    return {"warning": theme.warning, "note": theme.text2, "ok": theme.ready}[level]


def _paint_text(painter: QPainter, diagnosis: Diagnosis, rect: QRect, theme: Theme) -> None:
    """The sentence, and under it the evidence on one line."""
    width = _text_width(rect.width())
    height = _sentence_height(diagnosis.sentence, width)
    box = QRect(rect.left() + _TEXT, rect.top() + _ABOVE, width, height)
    painter.setFont(ui_font(Size.TABLE))
    painter.setPen(QColor(theme.text1))
    painter.drawText(box, _WRAPPED, diagnosis.sentence)
    painter.setFont(ui_font(Size.CAPTION))
    painter.setPen(QColor(theme.text3))
    metrics = painter.fontMetrics()
    room = rect.right() - PADDING - box.left()
    said = metrics.elidedText(diagnosis.evidence, Qt.TextElideMode.ElideRight, room)
    low = QRect(box.left(), box.bottom() + 1 + _BETWEEN, room, metrics.height())
    painter.drawText(low, Qt.AlignmentFlag.AlignTop, said)


def _paint_show(painter: QPainter, rect: QRect, theme: Theme) -> None:
    painter.setFont(ui_font(Size.TABLE))
    painter.setPen(QColor(theme.accent_text))
    painter.drawText(show_box(rect), Qt.AlignmentFlag.AlignTop, SHOW)
