"""Putting a theme on the application, and following the system's choice of light or dark."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import fields
from functools import lru_cache
from string import Template
from types import MappingProxyType

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication, QToolTip

from bpstudio.resources import resource
from bpstudio.ui.fonts import load_fonts, ui_font
from bpstudio.ui.palette import DARK, LIGHT, Theme, mix

THEMES: Mapping[str, Theme] = MappingProxyType({LIGHT.name: LIGHT, DARK.name: DARK})
CHOICES = ("system", "light", "dark")


class Appearance(QObject):
    """Which theme is on. Panels are given it, read `theme` and listen to `changed`."""

    changed = Signal(object)
    """The new Theme, after it is on the application."""

    def __init__(self, app: QApplication, choice: str = "system") -> None:
        super().__init__(app)
        self._app = app
        self._choice = choice if choice in CHOICES else "system"
        self._theme = _theme_for(self._choice)
        apply_theme(app, self._theme)
        app.styleHints().colorSchemeChanged.connect(self._follow_system)

    @property
    def theme(self) -> Theme:
        return self._theme

    @property
    def choice(self) -> str:
        """What the user asked for: "system", "light" or "dark"."""
        return self._choice

    def choose(self, choice: str) -> None:
        """Change over to "light" or "dark", or follow the "system"."""
        if choice not in CHOICES:
            raise ValueError(f"a theme is one of {', '.join(CHOICES)}, not {choice!r}")
        self._choice = choice
        self._put_on(_theme_for(choice))

    def toggle(self) -> None:
        """From light to dark or back."""
        self.choose(LIGHT.name if self._theme.dark else DARK.name)

    @contextmanager
    def lent(self, theme: Theme) -> Iterator[None]:
        """Another theme for a moment, for what is painted meanwhile; nobody is told of it."""
        before, self._theme = self._theme, theme
        try:
            yield
        finally:
            self._theme = before

    def _follow_system(self, _scheme: Qt.ColorScheme) -> None:
        if self._choice == "system":
            self._put_on(_theme_for("system"))

    def _put_on(self, theme: Theme) -> None:
        if theme is not self._theme:
            self._theme = theme
            apply_theme(self._app, theme)
            self.changed.emit(theme)


def system_is_dark() -> bool:
    """Whether the desktop asks for dark windows; False where it does not say."""
    return QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark


def current_theme() -> Theme:
    """The theme on the running application; for what has no `Appearance` at hand."""
    app = QApplication.instance()
    return THEMES.get(app.property("bpstudio_theme"), LIGHT) if app else LIGHT


def apply_theme(app: QApplication, theme: Theme) -> None:
    """Style, fonts, palette and style sheet of every window, now and later."""
    load_fonts(app)
    if app.property("bpstudio_theme") is None:
        app.setStyle("Fusion")
    app.setProperty("bpstudio_theme", theme.name)
    app.setFont(ui_font())
    app.setPalette(qt_palette(theme))
    QToolTip.setPalette(qt_palette(theme))
    app.setStyleSheet(style_sheet(theme))


@lru_cache(maxsize=4)
def style_sheet(theme: Theme) -> str:
    """The style sheet with the theme's tokens filled in."""
    template = Template(resource("style/controls.qss").read_text(encoding="utf-8"))
    return template.substitute(_tokens(theme))


def qt_palette(theme: Theme) -> QPalette:
    """The theme as Qt knows colours: for what no style sheet rule reaches."""
    role = QPalette.ColorRole
    colors = {
        role.Window: theme.surface,
        role.WindowText: theme.text1,
        role.Base: theme.surface,
        role.AlternateBase: theme.surface2,
        role.Text: theme.text1,
        role.PlaceholderText: theme.text3,
        role.Button: theme.surface,
        role.ButtonText: theme.text1,
        role.BrightText: theme.error,
        role.ToolTipBase: theme.surface,
        role.ToolTipText: theme.text1,
        role.Highlight: theme.accent_outline,
        role.HighlightedText: theme.text1,
        role.Accent: theme.accent,
        role.Link: theme.accent_text,
        role.LinkVisited: theme.accent_text,
        role.Light: theme.surface3,
        role.Midlight: theme.surface3,
        role.Mid: theme.divider,
        role.Dark: theme.border,
        role.Shadow: theme.window,
    }
    palette = QPalette()
    for name, color in colors.items():
        palette.setColor(name, QColor(color))
    for name in (role.WindowText, role.Text, role.ButtonText, role.HighlightedText):
        palette.setColor(QPalette.ColorGroup.Disabled, name, QColor(theme.text3))
    return palette


def _theme_for(choice: str) -> Theme:
    if choice == "system":
        return DARK if system_is_dark() else LIGHT
    return THEMES[choice]


def _tokens(theme: Theme) -> dict[str, str]:
    tokens = {field.name: getattr(theme, field.name) for field in fields(theme)}
    colors = {name: value for name, value in tokens.items() if isinstance(value, str)}
    return colors | {
        "accent_hover": mix(theme.accent, theme.text1, 0.12),
        "accent_pressed": mix(theme.accent, theme.text1, 0.24),
        "scroll": mix(theme.border, theme.surface, 0.4),
        "controls": resource(f"icons/controls/{theme.name}").as_posix(),
    }
