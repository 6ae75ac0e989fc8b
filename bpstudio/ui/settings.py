"""What the application remembers from one start to the next, in one readable file."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from platformdirs import user_config_path
from PySide6.QtCore import QByteArray, QSettings
from PySide6.QtWidgets import QApplication, QMainWindow, QStyle

from bpstudio.ui.theme import CHOICES

FOLDER_VARIABLE = "BPSTUDIO_CONFIG_DIR"
RECENT_FILES = 10
MOTIONS = ("system", "full", "reduced")
_KEYS = "keys/"


def config_folder() -> Path:
    """Where settings are kept: $BPSTUDIO_CONFIG_DIR, else the user's folder for configuration."""
    chosen = os.environ.get(FOLDER_VARIABLE)
    return Path(chosen) if chosen else user_config_path("bpstudio", appauthor=False)


class Settings:
    """The settings file. What it cannot read counts as never set; what it cannot write is lost."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path or config_folder() / "settings.ini"
        self._store = QSettings(str(self._path), QSettings.Format.IniFormat)

    @property
    def path(self) -> Path:
        return self._path

    @property
    def theme(self) -> str:
        """The choice of theme: "system", "light" or "dark"."""
        return self._choice("theme", CHOICES)

    @theme.setter
    def theme(self, choice: str) -> None:
        self._store.setValue("theme", choice)

    @property
    def motion(self) -> str:
        """Whether things move: as the "system" says, "full" or "reduced"."""
        return self._choice("motion", MOTIONS)

    @motion.setter
    def motion(self, choice: str) -> None:
        self._store.setValue("motion", choice)

    @property
    def reduced_motion(self) -> bool:
        """Whether nothing may move."""
        return system_reduces_motion() if self.motion == "system" else self.motion == "reduced"

    @property
    def layout(self) -> str:
        """The layout of the panels; "" where none was chosen."""
        return str(self._store.value("layout") or "")

    @layout.setter
    def layout(self, name: str) -> None:
        self._store.setValue("layout", name)

    @property
    def recent_files(self) -> tuple[str, ...]:
        """Files opened lately, the last one first."""
        stored: Any = self._store.value("recent_files", [], type=list)
        return tuple(str(name) for name in stored if name)[:RECENT_FILES]

    def add_recent_file(self, path: Path) -> None:
        name = str(path.resolve())
        names = [name, *(other for other in self.recent_files if other != name)]
        self._store.setValue("recent_files", names[:RECENT_FILES])

    @property
    def keys(self) -> dict[str, tuple[str, ...]]:
        """Keys that the user chose, by the action's name; none at all for ()."""
        names = [name for name in self._store.allKeys() if name.startswith(_KEYS)]
        return {name.removeprefix(_KEYS): self._keys_of(name) for name in names}

    @keys.setter
    def keys(self, chosen: Mapping[str, Sequence[str]]) -> None:
        self._store.remove(_KEYS.rstrip("/"))
        for name, keys in chosen.items():
            self._store.setValue(_KEYS + name, "; ".join(keys))

    def _keys_of(self, name: str) -> tuple[str, ...]:
        stored = self._store.value(name)
        return tuple(key for key in str(stored or "").split("; ") if key)

    def save_window(self, window: QMainWindow) -> None:
        """Keep the window's place, size and docks."""
        self._store.setValue("window/geometry", window.saveGeometry())
        self._store.setValue("window/state", window.saveState())

    def restore_window(self, window: QMainWindow) -> bool:
        """Put the window where it was; False where nothing usable is kept."""
        geometry, state = self._bytes("window/geometry"), self._bytes("window/state")
        return window.restoreGeometry(geometry) and window.restoreState(state)

    def flag(self, name: str) -> bool:
        """A yes or no of a panel, such as "loss/log_scale"; no at first."""
        return str(self._store.value(name)).lower() == "true"

    def set_flag(self, name: str, value: bool) -> None:
        self._store.setValue(name, value)

    def save(self) -> None:
        """Write now; otherwise it is written soon and at the end."""
        self._store.sync()

    def _choice(self, name: str, allowed: Sequence[str]) -> str:
        value = self._store.value(name)
        return str(value) if value in allowed else allowed[0]

    def _bytes(self, name: str) -> QByteArray:
        value = self._store.value(name)
        return value if isinstance(value, QByteArray) else QByteArray()


def system_reduces_motion() -> bool:
    """Whether the desktop asks for no animations; only Windows and macOS tell Qt."""
    told = sys.platform in ("win32", "darwin")
    duration = QStyle.StyleHint.SH_Widget_Animation_Duration
    return told and QApplication.style().styleHint(duration) == 0
