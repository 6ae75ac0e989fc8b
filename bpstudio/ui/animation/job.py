"""Making an animation beside the window: frames are drawn here, packed and written in a thread."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from queue import Empty, Queue
from time import perf_counter

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QImage

from bpstudio.core.background import background_thread
from bpstudio.core.errors import InputError
from bpstudio.ui.animation.film import Film

_WAITING = 4  # frames that are drawn and not yet packed: memory does not grow
_LOOK_SECONDS = 0.1
_FULL_MS = 15  # until there may be room for the next frame
_REST = 0.5  # of the time a frame took, left to the rest of the window


class _CalledOffError(Exception):
    """Ends the writing from inside."""


class AnimationJob(QObject):
    """One animation on its way into a file.

    Qt draws in the interface's thread alone, so frames are drawn one by one between other work.
    """

    progressed = Signal(int)  # per cent of the frames that are written, where that has changed
    ended = Signal(str)  # what went wrong; empty where nothing did
    left = Signal()  # in place of that, where it was called off

    def __init__(self, film: Film, fps: int, path: Path, parent: QObject) -> None:
        super().__init__(parent)
        self.path, self.count = path, len(film)
        self._film, self._fps = film, fps
        self._drawn = self._written = self._share = 0
        self._ready: Queue[bytes] = Queue(_WAITING)
        self._called_off = threading.Event()
        self._problem = "the animation could not be written"  # until it is
        self._thread = background_thread(self._work, "bpstudio animation")
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._go_on)

    def start(self) -> None:
        """Begin."""
        self._thread.start()
        self._timer.start(0)

    def call_off(self) -> None:
        """End without a file; `left` says when it has."""
        self._called_off.set()

    def wait(self, seconds: float) -> None:
        """Until it has ended."""
        self._thread.join(seconds)

    @property
    def is_on(self) -> bool:
        """Whether something is still being written."""
        return self._thread.is_alive()

    # ---- in the thread ----------------------------------------------------------------------

    def _work(self) -> None:
        # with it Pillow is loaded, which nothing else needs
        write = import_module("bpstudio.files.animations.writing").write_animation
        reel = import_module("bpstudio.files.animations.reel").Reel
        try:
            about = reel(self._film.size, self._fps, self._film.about)
            write(self.path, about, self._frames(), self._look)
            self._problem = ""
        except _CalledOffError:
            pass
        except (InputError, OSError) as error:
            self._problem = str(error)
        except MemoryError:
            self._problem = "there is not enough memory for it; choose a smaller size"

    def _frames(self) -> Iterator[bytes]:
        for n in range(self.count):
            yield self._next()
            self._written = n + 1

    def _next(self) -> bytes:
        while True:
            self._look()
            with suppress(Empty):
                return self._ready.get(timeout=_LOOK_SECONDS)

    def _look(self) -> None:
        if self._called_off.is_set():
            raise _CalledOffError

    # ---- in the interface -------------------------------------------------------------------

    def _go_on(self) -> None:
        """Draw a frame where there is room for it, and say how far it is."""
        if not self.is_on:
            self._say_end()
            return
        if self._called_off.is_set():
            self._timer.start(_FULL_MS)
            return
        share = 100 * self._written // self.count
        if share != self._share:
            self._share = share
            self.progressed.emit(share)
        if self._drawn == self.count or self._ready.full():
            self._timer.start(_FULL_MS)
            return
        started = perf_counter()
        self._ready.put_nowait(pixels_of(self._film.image(self._drawn)))
        self._drawn += 1
        self._timer.start(round(1000 * _REST * (perf_counter() - started)))

    def _say_end(self) -> None:
        if self._called_off.is_set():
            self.left.emit()
        else:
            self.ended.emit(self._problem)


def pixels_of(image: QImage) -> bytes:
    """Red, green and blue of every pixel, row after row."""
    plain = image.convertToFormat(QImage.Format.Format_RGB888)
    width, height = plain.width(), plain.height()
    rows = np.frombuffer(plain.constBits(), np.uint8).reshape(height, plain.bytesPerLine())
    return rows[:, : 3 * width].tobytes()
