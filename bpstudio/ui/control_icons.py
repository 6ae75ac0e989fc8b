"""Arrows and ticks of Qt's own controls, as files.

A style sheet takes pictures from files only and does not tint them. `python -m
bpstudio.ui.control_icons` writes them to resources/icons/controls from the icons and the tokens;
they are shipped, and a test fails where they are out of date.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from bpstudio.resources import resource
from bpstudio.ui.icons import tinted_svg
from bpstudio.ui.palette import DARK, LIGHT, Theme

CONTROLS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "down": ("chevron-down", "text2"),
        "down-disabled": ("chevron-down", "border"),
        "up": ("chevron-up", "text2"),
        "up-disabled": ("chevron-up", "border"),
        "right": ("chevron-right", "text2"),
        "overflow": ("overflow", "text1"),
        "close": ("close", "text2"),
        "check": ("check", "text1"),
        "check-on-accent": ("check", "on_accent"),
        "check-disabled": ("check", "text3"),
        "dash-on-accent": ("minus", "on_accent"),
        "sort-up": ("arrow-up", "text1"),
        "sort-down": ("arrow-down", "text1"),
    }
)
"""File name: the icon, and the token of its colour."""


def control_path(name: str, theme: Theme) -> str:
    """Where a control's picture lies, as a style sheet's url() wants it."""
    return resource(f"icons/controls/{theme.name}/{name}.svg").as_posix()


def control_svg(name: str, theme: Theme) -> str:
    """What a control's picture holds."""
    source, token = CONTROLS[name]
    return tinted_svg(source, getattr(theme, token))


def write_controls(folder: Path) -> None:
    """Write every control's picture for both themes."""
    for theme in (LIGHT, DARK):
        (folder / theme.name).mkdir(parents=True, exist_ok=True)
        for name in CONTROLS:
            path = folder / theme.name / f"{name}.svg"
            path.write_text(control_svg(name, theme), encoding="utf-8")


if __name__ == "__main__":
    write_controls(resource("icons") / "controls")
