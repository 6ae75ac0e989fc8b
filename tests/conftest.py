"""What holds for every test: the user's folders are out of reach and nothing is left behind."""

import gc
import os
import shutil
import signal
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from tests.distribution import distribution, order

FOLDERS = {
    "HOME": "",
    "USERPROFILE": "",
    "XDG_CACHE_HOME": ".cache",
    "XDG_CONFIG_HOME": ".config",
    "XDG_DATA_HOME": ".local/share",
    "XDG_STATE_HOME": ".local/state",
}
PATIENCE = 2.0  # seconds that a thread or a window may take to end after its test
FAILED = pytest.StashKey[bool]()
HOME = pytest.StashKey[Path]()
OUTSIDE = dict(os.environ)

settings.register_profile(
    "bpstudio",
    deadline=None,
    derandomize="CI" in os.environ,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("bpstudio")


# Sharing out -----------------------------------------------------------------------------


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    return distribution(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: order(item.path))


def pytest_collection_finish() -> None:
    """What was there before the tests stays: the looks for what is left pass over it."""
    gc.collect()
    gc.freeze()


# Out of reach ----------------------------------------------------------------------------


def pytest_configure(config: pytest.Config) -> None:
    _choose_windows()
    if _only_distributes(config):
        return  # its workers would take the new home for the user's
    _hear_ctrl_c()
    config.stash[HOME] = Path(tempfile.mkdtemp(prefix="bpstudio-tests-"))
    os.environ.update(_folders(config.stash[HOME]))
    _refuse_network()


def pytest_unconfigure(config: pytest.Config) -> None:
    if HOME in config.stash:
        shutil.rmtree(config.stash[HOME], ignore_errors=True)


def _only_distributes(config: pytest.Config) -> bool:
    return bool(config.getoption("numprocesses", None)) and not hasattr(config, "workerinput")


def _choose_windows() -> None:
    """Offscreen unless something else is asked for; each worker on its own X server."""
    displays = os.environ.get("BPSTUDIO_TEST_DISPLAYS", "").split()
    if displays:
        worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
        os.environ["DISPLAY"] = displays[worker % len(displays)]
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


def _folders(home: Path) -> dict[str, str]:
    return {name: str(home / folder) for name, folder in FOLDERS.items()}


def _hear_ctrl_c() -> None:
    """It interrupts, and what tests start, also in the background of a shell that ignores it."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def _refuse_network() -> None:
    """bpstudio never uses the network: a connection out of a test's own process is a mistake."""
    connect = socket.socket.connect

    def connect_locally(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6):
            raise AssertionError(f"a test opened a network connection to {address}")
        connect(self, address)

    socket.socket.connect = connect_locally  # type: ignore[method-assign]


@pytest.fixture(scope="session")
def outside() -> dict[str, str]:
    """The environment as it was before the tests: for pip, which reads its settings from it."""
    return dict(OUTSIDE)


@pytest.fixture(autouse=True)
def _own_settings(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A test with windows starts with the settings of a new user."""
    if not _has_windows(request):
        return
    home = tmp_path_factory.mktemp("home")
    for name, folder in _folders(home).items():
        monkeypatch.setenv(name, folder)
    QSettings = sys.modules["PySide6.QtCore"].QSettings
    for format in (QSettings.Format.NativeFormat, QSettings.Format.IniFormat):
        QSettings.setPath(format, QSettings.Scope.UserScope, str(home / ".config"))


def _has_windows(request: pytest.FixtureRequest) -> bool:
    return bool({"qtbot", "qapp"} & set(request.fixturenames))


# Nothing is left behind ------------------------------------------------------------------


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[Any]:
    report = yield
    if report.failed:
        item.stash[FAILED] = True
    return report


@pytest.fixture(autouse=True)
def _nothing_is_left_behind(request: pytest.FixtureRequest) -> Iterator[None]:
    """No thread, timer or window outlives the test that started it."""
    find = _living_in_qt if _has_windows(request) else _living_threads
    before = find()
    yield
    # the traceback of a failed test keeps its windows alive
    if not request.node.stash.get(FAILED, False):
        left = _wait_until_gone(find, before)
        assert not left, f"left behind: {left}"


def _wait_until_gone(find: Callable[[], list[Any]], before: list[Any]) -> list[Any]:
    """What is still there, that was not before, after some patience."""
    end = time.monotonic() + PATIENCE
    while left := [thing for thing in find() if thing not in before]:
        if time.monotonic() > end:
            break
        del left
        gc.collect()
        time.sleep(0.01)
    return left


def _living_threads() -> list[Any]:
    # a thread of Qt that ever ran Python stays listed as a dummy
    return [
        thread for thread in threading.enumerate() if not isinstance(thread, threading._DummyThread)
    ]


def _living_in_qt() -> list[Any]:
    """Threads, windows, active timers, what runs in Qt's pool, and a button that is held down."""
    core, widgets = sys.modules["PySide6.QtCore"], sys.modules["PySide6.QtWidgets"]
    core.QCoreApplication.processEvents()
    core.QCoreApplication.sendPostedEvents(None, core.QEvent.Type.DeferredDelete)
    pool, held = core.QThreadPool.globalInstance(), widgets.QApplication.mouseButtons()
    return [
        *_living_threads(),
        *widgets.QApplication.topLevelWidgets(),
        *_active_timers_and_threads(core),
        *([pool] if pool.activeThreadCount() else []),
        *([held] if held.value else []),
    ]


def _active_timers_and_threads(core: Any) -> list[Any]:
    """Timers that tick and threads that run, of all that Python knows."""
    main = core.QCoreApplication.instance().thread()
    found = sys.modules["shiboken6"].getAllValidWrappers()
    timers = [o for o in found if isinstance(o, core.QTimer) and o.isActive()]
    threads = [o for o in found if isinstance(o, core.QThread) and o.isRunning() and o is not main]
    return [*timers, *threads]
