"""What a window lacks is said before Qt is loaded, since Qt aborts without a word."""

import ctypes
import importlib.util
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from bpstudio.ui import system

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Qt on Linux")

# what every Linux has, or Qt's own package brings
GIVEN = re.compile(r"lib(Qt6|icu|c\.|m\.|z\.|zstd|stdc\+\+|gcc_s|pthread|dl\.|resolv)")


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """No display is named, and no platform asked for."""
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    return monkeypatch


def lose(monkeypatch: pytest.MonkeyPatch, *lost: str) -> None:
    """Make the loader find every library but these."""

    def load(name: str) -> None:
        if name in lost:
            raise OSError(f"{name}: cannot open shared object file")

    monkeypatch.setattr(ctypes, "CDLL", load)


def test_looking_loads_no_qt() -> None:
    look = "import sys; from bpstudio.ui import system; system.window_problem(); "
    found = "print([name for name in sys.modules if name.startswith(('PySide6', 'shiboken6'))])"
    done = subprocess.run([sys.executable, "-c", look + found], capture_output=True, text=True)
    assert done.stdout == "[]\n", done.stderr


def test_without_a_display_one_line_names_the_headless_commands(bare: pytest.MonkeyPatch) -> None:
    problem = system.window_problem()
    assert problem is not None
    assert problem.startswith("There is no display: neither DISPLAY nor WAYLAND_DISPLAY is set")
    assert problem.endswith("bpstudio info, trace, train, check")
    assert "\n" not in problem


def test_a_display_that_nobody_serves_is_named(bare: pytest.MonkeyPatch) -> None:
    bare.setenv("DISPLAY", "unix:65000")
    problem = system.display_problem()
    assert problem is not None
    assert "no X server answers at DISPLAY=unix:65000" in problem


def test_an_offscreen_window_needs_no_display(bare: pytest.MonkeyPatch) -> None:
    bare.setenv("QT_QPA_PLATFORM", "offscreen:size=800x600")
    assert system.display_problem() is None


def test_the_display_that_the_tests_use_is_no_problem() -> None:
    if os.environ["QT_QPA_PLATFORM"] == "xcb":
        assert system.window_problem() is None
    assert system.missing_libraries("offscreen") == []


def test_a_missing_library_is_named_with_the_command_that_installs_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lose(monkeypatch, "libxcb-cursor.so.0", "libgthread-2.0.so.0", "libglib-2.0.so.0")
    missing = system.missing_libraries("xcb")
    assert missing == [
        ("libglib-2.0.so.0", "libglib2.0-0"),
        ("libgthread-2.0.so.0", "libglib2.0-0"),
        ("libxcb-cursor.so.0", "libxcb-cursor0"),
    ]
    line = system.explain_missing(missing)
    assert "libglib-2.0.so.0, libgthread-2.0.so.0, libxcb-cursor.so.0" in line
    assert line.endswith("apt-get install libglib2.0-0 libxcb-cursor0")


@pytest.mark.parametrize(("user", "command"), [(0, "apt-get install a b"), (1000, "sudo apt-get")])
def test_only_root_is_spared_the_sudo(
    user: int, command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: user)
    assert system.install_command(["a", "b", "a"]).startswith(command)


def test_the_x_libraries_are_not_asked_for_offscreen(monkeypatch: pytest.MonkeyPatch) -> None:
    lose(monkeypatch, "libxcb-cursor.so.0")
    assert system.missing_libraries("offscreen") == []


@pytest.mark.parametrize("platform", ["xcb", "wayland", "offscreen"])
def test_every_library_that_qt_links_is_looked_for(
    platform: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ctypes, "CDLL", lambda name: (_ for _ in ()).throw(OSError(name)))
    looked_for = {library for library, _ in system.missing_libraries(platform)}
    assert linked_by_qt(platform) <= looked_for


def linked_by_qt(platform: str) -> set[str]:
    """The names of other packages' libraries in the binaries of Qt that a window loads."""
    spec = importlib.util.find_spec("PySide6")
    assert spec is not None
    assert spec.origin is not None
    qt = Path(spec.origin).parent / "Qt"
    own = {"xcb": ["XcbQpa"], "wayland": ["WaylandClient"]}.get(platform, [])
    binaries = [qt / f"lib/libQt6{name}.so.6" for name in ("Core", "DBus", "Gui", "Widgets", *own)]
    binaries.append(qt / f"plugins/platforms/libq{platform}.so")
    names = re.findall(rb"\0(lib[\w+.-]+\.so\.\d+)(?=\0)", b"".join(map(Path.read_bytes, binaries)))
    return {name.decode() for name in names if not GIVEN.match(name.decode())}
