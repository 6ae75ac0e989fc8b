"""What a window needs from the system, looked up before Qt is imported: Qt aborts where it lacks.

Nothing here imports Qt, so that the reason can still be told.
"""

import ctypes
import os
import sys
from collections.abc import Iterable

HEADLESS = "bpstudio info, trace, train, check"

# (what Qt loads, the Debian package that holds it)
_EVERY_PLATFORM = (
    ("libEGL.so.1", "libegl1"),
    ("libGL.so.1", "libgl1"),
    ("libX11.so.6", "libx11-6"),
    ("libdbus-1.so.3", "libdbus-1-3"),
    ("libfontconfig.so.1", "libfontconfig1"),
    ("libfreetype.so.6", "libfreetype6"),
    ("libglib-2.0.so.0", "libglib2.0-0"),
    ("libgthread-2.0.so.0", "libglib2.0-0"),
    ("libxkbcommon.so.0", "libxkbcommon0"),
)
_XCB = (
    ("libX11-xcb.so.1", "libx11-xcb1"),
    ("libxcb-cursor.so.0", "libxcb-cursor0"),
    ("libxcb-icccm.so.4", "libxcb-icccm4"),
    ("libxcb-image.so.0", "libxcb-image0"),
    ("libxcb-keysyms.so.1", "libxcb-keysyms1"),
    ("libxcb-randr.so.0", "libxcb-randr0"),
    ("libxcb-render-util.so.0", "libxcb-render-util0"),
    ("libxcb-render.so.0", "libxcb-render0"),
    ("libxcb-shape.so.0", "libxcb-shape0"),
    ("libxcb-shm.so.0", "libxcb-shm0"),
    ("libxcb-sync.so.1", "libxcb-sync1"),
    ("libxcb-util.so.1", "libxcb-util1"),
    ("libxcb-xfixes.so.0", "libxcb-xfixes0"),
    ("libxcb-xkb.so.1", "libxcb-xkb1"),
    ("libxcb.so.1", "libxcb1"),
    ("libxkbcommon-x11.so.0", "libxkbcommon-x11-0"),
)
_WAYLAND = (
    ("libwayland-client.so.0", "libwayland-client0"),
    ("libwayland-cursor.so.0", "libwayland-cursor0"),
    ("libwayland-egl.so.1", "libwayland-egl1"),
)


def window_problem() -> str | None:
    """Why no window can open here and what to do about it; None where one can."""
    problem = display_problem()
    if problem:
        return problem
    missing = missing_libraries()
    return explain_missing(missing) if missing else None


def display_problem() -> str | None:
    """One line saying that there is no display and what works without; None where there is one."""
    if not sys.platform.startswith("linux"):
        return None
    platform = platform_plugin()
    if platform == "xcb" and not os.environ.get("DISPLAY"):
        named = "neither DISPLAY nor WAYLAND_DISPLAY is set"
    elif platform == "xcb" and not _x_server_answers():
        named = f"no X server answers at DISPLAY={os.environ['DISPLAY']}"
    else:
        return None
    return f"There is no display: {named}. Commands that need none: {HEADLESS}"


def missing_libraries(platform: str | None = None) -> list[tuple[str, str]]:
    """The system libraries that Qt loads and that are not there, each with its Debian package.

    `platform` is a name of a Qt platform plugin; the one that Qt would take, where not given.
    Empty on other systems than Linux, where Qt's own package is complete.
    """
    if not sys.platform.startswith("linux"):
        return []
    own = {"xcb": _XCB, "wayland": _WAYLAND}.get(platform or platform_plugin(), ())
    return [entry for entry in (*_EVERY_PLATFORM, *own) if not _loads(entry[0])]


def explain_missing(missing: list[tuple[str, str]]) -> str:
    """One line naming the missing libraries and the command that installs them on Debian."""
    names = ", ".join(library for library, _ in missing)
    return (
        f"The window needs system libraries that are missing: {names}. Install them on Debian or "
        f"Ubuntu with: {install_command(package for _, package in missing)}"
    )


def install_command(packages: Iterable[str]) -> str:
    """The command that installs Debian packages, as the user would type it."""
    sudo = "" if os.geteuid() == 0 else "sudo "
    return f"{sudo}apt-get install {' '.join(dict.fromkeys(packages))}"


def platform_plugin() -> str:
    """The name of the Qt platform plugin that Qt takes on this Linux."""
    asked = os.environ.get("QT_QPA_PLATFORM")
    if asked:
        return asked.split(";")[0].split(":")[0]
    return "wayland" if os.environ.get("WAYLAND_DISPLAY") else "xcb"


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _x_server_answers() -> bool:
    """Whether the X server of DISPLAY accepts a connection; Qt aborts where it does not."""
    try:
        xcb = ctypes.CDLL("libxcb.so.1")
    except OSError:
        return True  # named as a missing library instead
    xcb.xcb_connect.restype = ctypes.c_void_p
    connection = ctypes.c_void_p(xcb.xcb_connect(None, None))
    answers = xcb.xcb_connection_has_error(connection) == 0
    xcb.xcb_disconnect(connection)
    return answers
