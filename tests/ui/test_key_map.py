from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from bpstudio.ui.actions import ACTIONS
from bpstudio.ui.key_map import KeyMap, defaults, portable, reserved
from bpstudio.ui.settings import Settings

pytestmark = pytest.mark.usefixtures("qapp")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(tmp_path / "settings.ini")


@pytest.fixture
def keys(settings: Settings) -> KeyMap:
    return KeyMap(settings)


def with_file(tmp_path: Path, text: str) -> KeyMap:
    path = tmp_path / "spoilt.ini"
    path.write_text(text, encoding="utf-8")
    return KeyMap(Settings(path))


def test_a_new_user_has_the_keys_of_the_table(keys: KeyMap) -> None:
    for spec in ACTIONS:
        assert keys.keys(spec.name) == tuple(map(portable, spec.keys))
        assert len(keys.keys(spec.name)) == len(spec.keys)
        assert not keys.is_changed(spec.name)


def test_keys_are_written_as_people_read_them(keys: KeyMap) -> None:
    assert keys.text("back_into") == "Ctrl+F11 or ←"
    assert keys.first("back_into") == "Ctrl+F11"
    assert keys.tooltip("back_into") == "Step back: back by the unit of Step by (Ctrl+F11 or ←)"
    assert (keys.text("about"), keys.tooltip("about")) == ("", "About bpstudio")


def test_a_chosen_key_takes_the_place_of_the_others_and_is_announced(
    keys: KeyMap, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(keys.changed):
        keys.choose("back_into", ["Ctrl+,"])
    assert keys.keys("back_into") == ("Ctrl+,",)
    assert keys.holder("Left") is None
    assert keys.is_changed("back_into")


def test_no_key_is_ever_two_actions(keys: KeyMap) -> None:
    keys.choose("into", ["F10"])
    assert (keys.keys("into"), keys.keys("over")) == (("F10",), ())
    keys.choose("out", ["F10"])
    assert (keys.keys("into"), keys.keys("out")) == ((), ("F10",))
    keys.reset("out")
    assert (keys.keys("over"), keys.keys("out")) == (("F10",), ("Shift+F11",))


def test_a_reset_leaves_a_key_with_the_action_it_was_given_to(keys: KeyMap) -> None:
    keys.choose("into", ["F10"])
    keys.reset("over")
    assert keys.keys("over") == ()
    keys.reset_all()
    assert all(keys.keys(spec.name) == defaults(spec.name) for spec in ACTIONS)


def test_chosen_keys_are_there_at_the_next_start(keys: KeyMap, settings: Settings) -> None:
    keys.choose("into", ["Ctrl+;", "Ctrl+,"])
    keys.choose("quit", [])
    settings.save()
    again = KeyMap(Settings(settings.path))
    assert again.keys("into") == ("Ctrl+;", "Ctrl+,")
    assert again.keys("quit") == ()
    again.reset_all()
    assert Settings(settings.path).keys == {}


@pytest.mark.parametrize(
    "text",
    [
        "[keys]\nno_such_action=F3\n",
        "[keys]\ninto=Nonsense+Key\n",
        "[keys]\ninto=@Invalid()\n",
        "[keys]\ninto=@ByteArray(\\xff\\0)\n",
        "\xff\x00[keys\ninto==;;\n",
    ],
)
def test_a_spoilt_file_leaves_the_keys_of_a_new_user(tmp_path: Path, text: str) -> None:
    keys = with_file(tmp_path, text)
    assert keys.keys("into") in (("F11", "Right"), ())
    assert keys.keys("over") == ("F10",)


def test_a_key_that_a_file_gives_twice_is_the_first_action_s(tmp_path: Path) -> None:
    keys = with_file(tmp_path, "[keys]\nout=F3\ninto=F3\n")
    assert (keys.keys("into"), keys.keys("out")) == (("F3",), ())


def test_what_is_none_is_no_key() -> None:
    assert portable("Nonsense+Key") == portable("") == portable("F1, F2") == ""
    assert portable("ctrl+shift+f11") == "Ctrl+Shift+F11"


@pytest.mark.parametrize(
    ("key", "expected"),
    [("Tab", True), ("Shift+Tab", True), ("Return", True), ("Ctrl+Return", False), ("F4", False)],
)
def test_keys_of_fields_and_lists_are_reserved(key: str, expected: bool) -> None:
    assert reserved(key) is expected
