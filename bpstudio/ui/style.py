"""Roles of widgets in the style sheet, and the measures of the layout."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QWidget

DOES = "does_action"
PADDING = 12
GAP = 8
SECTION_GAP = 16
RADIUS = 4

HEADER_HEIGHT = 36
FORM_ROW = 30
LIST_ROW = 28
TABLE_ROW = 23


def set_role(widget: QWidget, role: str) -> None:
    """What the style sheet takes the widget for.

    Surfaces: "panel", "bar", "header", "footer", "card", "line", "offers". Labels: "title",
    "label", "hint", "caption", "error", "key", "chip", "current".
    """
    widget.setAttribute(Qt.WidgetAttribute.WA_StyledBackground, True)
    set_style_property(widget, "role", role)


def set_primary(button: QAbstractButton, primary: bool = True) -> None:
    """The one button of a place that the user most likely wants."""
    set_style_property(button, "primary", primary)


def set_invalid(field: QWidget, invalid: bool = True) -> None:
    """A red border round a field whose value cannot be used."""
    set_style_property(field, "invalid", invalid)


def does(widget: QWidget, action: str) -> None:
    """Say that a control does what the action of that name does: its tooltip has the same key."""
    widget.setProperty(DOES, action)


def set_style_property(widget: QWidget, name: str, value: object) -> None:
    """Set a property that the style sheet asks for, and let it look again."""
    if widget.property(name) == value:
        return
    widget.setProperty(name, value)
    widget.style().unpolish(widget)
    widget.style().polish(widget)
    widget.update()
