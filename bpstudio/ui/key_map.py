"""Which keys each action has: those of the table, but for what the user chose."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QKeySequence

from bpstudio.ui.actions import ACTIONS, find
from bpstudio.ui.settings import Settings

Keys = tuple[str, ...]
"""Keys of one action as Qt writes them portably ("Ctrl+F11"); the first one is the one shown."""

# keys that fields and lists need for themselves
_RESERVED = frozenset(
    {"Tab", "Backtab", "Shift+Backtab", "Return", "Enter", "Backspace", "Del", "Esc", "Up", "Down"}
    | {"PgUp", "PgDown", "End"}
)
_SIGNS = {"Left": "←", "Right": "→", "Up": "↑", "Down": "↓"}


class KeyMap(QObject):
    """The keys in force. Whatever the settings hold, no key is two actions'."""

    changed = Signal()

    def __init__(self, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self._chosen = usable(settings.keys)
        self._keys = in_force(self._chosen)

    def keys(self, name: str) -> Keys:
        """The keys of an action; none where it has none."""
        return self._keys[name]

    def text(self, name: str) -> str:
        """Its keys as people read them: "Ctrl+F11 or ←"; "" for none."""
        return " or ".join(map(key_text, self._keys[name]))

    def first(self, name: str) -> str:
        """The key that is shown where there is room for one: "Ctrl+F11"."""
        return key_text(self._keys[name][0]) if self._keys[name] else ""

    def tooltip(self, name: str) -> str:
        """Name, hint and key, as shown over every control that triggers the action."""
        spec = find(name)
        text = spec.text.rstrip("…")
        if spec.hint:
            text += f": {spec.hint[0].lower()}{spec.hint[1:]}"
        return f"{text} ({self.text(name)})" if self._keys[name] else text

    def holder(self, key: str) -> str | None:
        """The action that has a key."""
        return next((name for name, keys in self._keys.items() if key in keys), None)

    def is_changed(self, name: str) -> bool:
        """Whether the keys are other ones than a new user has."""
        return self._keys[name] != defaults(name)

    def choose(self, name: str, keys: Iterable[str]) -> None:
        """Give an action these keys and no others; who had them goes without."""
        wanted = tuple(map(portable, keys))
        others = {
            other: tuple(key for key in kept if key not in wanted)
            for other, kept in self._chosen.items()
            if other != name
        }
        self._put({**others, name: wanted})

    def reset(self, name: str) -> None:
        """The keys of a new user again, as far as no other action was given them."""
        self._put({other: keys for other, keys in self._chosen.items() if other != name})

    def reset_all(self) -> None:
        """Every action has the keys of a new user."""
        self._put({})

    def _put(self, chosen: Mapping[str, Keys]) -> None:
        self._chosen = usable(chosen)
        self._keys = in_force(self._chosen)
        self._settings.keys = self._chosen
        self.changed.emit()


def defaults(name: str) -> Keys:
    """The keys of a new user."""
    return tuple(map(portable, find(name).keys))


def usable(chosen: Mapping[str, Keys]) -> dict[str, Keys]:
    """Without actions and keys that do not exist, and without choosing what is the default."""
    known = [spec.name for spec in ACTIONS if spec.name in chosen]
    valid = {name: tuple(filter(None, map(portable, chosen[name]))) for name in known}
    spoilt = {name for name in known if chosen[name] and not valid[name]}
    return {
        name: keys for name, keys in valid.items() if name not in spoilt and keys != defaults(name)
    }


def in_force(chosen: Mapping[str, Keys]) -> dict[str, Keys]:
    """Every action's keys: chosen ones come first, a default only where its key is still free."""
    names = [spec.name for spec in ACTIONS]
    taken: set[str] = set()
    keys: dict[str, Keys] = {}
    for name in sorted(names, key=lambda name: name not in chosen):
        free = [key for key in chosen.get(name, defaults(name)) if key not in taken]
        keys[name] = tuple(dict.fromkeys(free))
        taken.update(free)
    return {name: keys[name] for name in names}


def portable(key: str) -> str:
    """A key as it is stored; "" where it is none."""
    sequence = QKeySequence(key, QKeySequence.SequenceFormat.PortableText)
    text = sequence.toString(QKeySequence.SequenceFormat.PortableText)
    return text if sequence.count() == 1 and text.isprintable() else ""


def key_text(key: str) -> str:
    """One key as people read it."""
    text = QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)
    return _SIGNS.get(text, text)


def reserved(key: str) -> bool:
    """Whether fields and lists need a key for themselves."""
    return key.removeprefix("Shift+") in _RESERVED or key in _RESERVED
