"""The bar at the bottom of a dialog: Cancel, and the button that is named after its result."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QSizePolicy, QWidget

from bpstudio.ui.style import GAP, PADDING, set_primary, set_role

_HEIGHT = 56


def footer(dialog: QDialog, ok: QPushButton, cancel_tip: str) -> QWidget:
    """``ok`` accepts the dialog, and Enter presses it; ``cancel_tip`` says what Cancel keeps."""
    cancel = QPushButton("Cancel")
    cancel.setToolTip(cancel_tip)
    cancel.setAutoDefault(False)
    cancel.clicked.connect(dialog.reject)
    set_primary(ok)
    ok.setDefault(True)
    ok.clicked.connect(dialog.accept)
    holder = QWidget()
    set_role(holder, "footer")
    holder.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
    holder.setFixedHeight(_HEIGHT)
    inside = QHBoxLayout(holder)
    inside.setContentsMargins(PADDING, 0, PADDING, 0)
    inside.setSpacing(GAP)
    inside.addStretch(1)
    inside.addWidget(cancel)
    inside.addWidget(ok)
    return holder
