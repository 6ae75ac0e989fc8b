"""The form that asks what of the pass is exported, and in which format."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from bpstudio.core.notation import format_count
from bpstudio.ui.dialog_footer import footer
from bpstudio.ui.dialogs import TRACE_KINDS
from bpstudio.ui.export_choices import ExportChoice
from bpstudio.ui.form import caption, combo, label, note
from bpstudio.ui.style import FORM_ROW, GAP, PADDING, SECTION_GAP, set_role

_WIDTH = 400


class ExportDialog(QDialog):
    """One of a few choices, each with its number of steps, and the format.

    `choice` and `suffix` are what is chosen; the file is asked for afterwards.
    """

    def __init__(self, choices: Sequence[ExportChoice], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Export trace")
        self._choices = {choice.key: choice for choice in choices}
        self.buttons = {choice.key: _button(choice) for choice in choices}
        self.format: QComboBox = combo(
            "Format of the file", [(kind.title, suffix) for suffix, kind in TRACE_KINDS.items()]
        )
        self.hint = QLabel()
        self.ok = QPushButton()
        self._build()
        next(iter(self.buttons.values())).setChecked(True)
        for button in self.buttons.values():
            button.toggled.connect(self._show_choice)
        self.format.currentIndexChanged.connect(self._show_choice)
        self._show_choice()

    @property
    def choice(self) -> ExportChoice:
        """What is to be written."""
        return next(self._choices[key] for key, box in self.buttons.items() if box.isChecked())

    @property
    def suffix(self) -> str:
        """The suffix of the format."""
        return str(self.format.currentData())

    def _build(self) -> None:
        set_role(self.hint, "hint")
        self.hint.setWordWrap(True)
        self.hint.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.hint.setMinimumHeight(2 * self.hint.fontMetrics().lineSpacing() + 2)
        form = QVBoxLayout()
        form.setContentsMargins(PADDING, PADDING, PADDING, PADDING)
        form.setSpacing(GAP)
        form.addWidget(caption("What"))
        form.addLayout(self._choice_rows())
        form.addSpacing(GAP)
        form.addLayout(self._format_row())
        form.addWidget(self.hint)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(form)
        layout.addStretch(1)
        layout.addWidget(footer(self, self.ok, "Write nothing (Esc)"))
        self.setMinimumWidth(_WIDTH)

    def _choice_rows(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setVerticalSpacing(0)
        grid.setColumnStretch(0, 1)
        for row, choice in enumerate(self._choices.values()):
            count = label(f"{format_count(choice.count)} steps") if choice.export else note()
            count.setText(count.text() or choice.note)
            grid.addWidget(self.buttons[choice.key], row, 0)
            grid.addWidget(count, row, 1, Qt.AlignmentFlag.AlignRight)
            grid.setRowMinimumHeight(row, FORM_ROW - 2)
        return grid

    def _format_row(self) -> QHBoxLayout:
        name = label("Format")
        name.setBuddy(self.format)
        row = QHBoxLayout()
        row.setSpacing(SECTION_GAP)
        row.addWidget(name)
        row.addWidget(self.format, 1)
        return row

    def _show_choice(self) -> None:
        choice = self.choice
        self.ok.setText(f"Write {format_count(choice.count)} steps\u2026")
        self.ok.setToolTip("Choose the file that they are written to (Enter)")
        self.hint.setText(" ".join(filter(None, (TRACE_KINDS[self.suffix].hint, choice.note))))


def _button(choice: ExportChoice) -> QRadioButton:
    button = QRadioButton(choice.title)
    button.setEnabled(choice.export is not None)
    count = f"{format_count(choice.count)} steps"
    button.setToolTip(choice.note or f"{count} (arrow keys choose)")
    button.setAccessibleName(f"{choice.title}, {count if choice.export else choice.note}")
    return button
