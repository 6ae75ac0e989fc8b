"""Rows whose expression can be typed anew where it stands."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize, Qt
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem, QWidget

from bpstudio.ui.expression_field import ExpressionField
from bpstudio.ui.style import LIST_ROW
from bpstudio.ui.tables import begin_with

Index = QModelIndex | QPersistentModelIndex


class TypedAnew(QStyledItemDelegate):
    """Opens a field with completion over a row, and takes over what is typed."""

    def __init__(
        self,
        parent: QWidget,
        make_field: Callable[[QWidget], ExpressionField],
        keep: Callable[[int, str], object],
    ) -> None:
        """``make_field`` makes the field to type in; ``keep`` takes over row and text."""
        super().__init__(parent)
        self._make_field, self._keep = make_field, keep

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """One line high."""
        return QSize(0, LIST_ROW)

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        """A field with completion."""
        return self._make_field(parent)

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        """It begins with what stands there."""
        assert isinstance(editor, ExpressionField)
        begin_with(editor, str(index.data(Qt.ItemDataRole.EditRole)))

    def setModelData(self, editor: QWidget, model: object, index: Index) -> None:
        """Take over what was typed, where it is something else."""
        assert isinstance(editor, ExpressionField)
        if editor.text().strip() != index.data(Qt.ItemDataRole.EditRole):
            self._keep(index.row(), editor.text())
