"""File › Export animation…: asking what, and writing it beside the window."""

from __future__ import annotations

from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from bpstudio.core.errors import InputError
from bpstudio.core.notation import format_count
from bpstudio.files.atomic import require_writable
from bpstudio.ui import dialogs
from bpstudio.ui.animation.dialog import AnimationDialog
from bpstudio.ui.animation.film import Film, Subject, subject_of
from bpstudio.ui.animation.job import AnimationJob
from bpstudio.ui.animation.wish import AnimationWish, stretches

if TYPE_CHECKING:
    from bpstudio.ui.window import MainWindow

PATIENCE = 5.0  # seconds that closing waits for one that was called off


class AnimationVerbs:
    """One animation at a time; keeps what was chosen last."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self._job: AnimationJob | None = None
        self._leaving: list[AnimationJob] = []  # called off, and not at an end
        self._last: AnimationWish | None = None

    @property
    def is_on(self) -> bool:
        """Whether one is being written."""
        return self._job is not None

    def ask(self) -> AnimationDialog:
        """Choose steps and looks, see the first frame, and write it."""
        window, subject = self._window, subject_of(self._window)
        choices = stretches(subject.trace, window.session.debugger.cursor)
        film = partial(self.film, subject)
        dialog = AnimationDialog(choices, len(subject.trace), self._last, film, window)
        dialog.accepted.connect(partial(self._ask_where, dialog, subject))
        dialog.open()
        return dialog

    def film(self, subject: Subject, wish: AnimationWish) -> Film:
        """The frames that are asked for."""
        return Film(subject, wish, wish.theme(self._window.appearance.theme), wish.steps)

    def _ask_where(self, dialog: AnimationDialog, subject: Subject) -> None:
        self._last = wish = dialog.wish
        place = subject.address(wish.first).replace("/", "-")
        suggestion = f"{Path(subject.data.name).stem}-{place}{wish.suffix}"
        path = dialogs.ask_where_to_save_animation(self._window, suggestion)
        if path is not None:
            self.write(path, wish, subject)

    def write(self, path: Path, wish: AnimationWish, subject: Subject | None = None) -> bool:
        """Write an animation of a pass, else of the one on show; the format follows the suffix."""
        shown = subject or subject_of(self._window)
        return self._window.attempt(lambda: self._start(path, wish, shown))

    def _start(self, path: Path, wish: AnimationWish, subject: Subject) -> None:
        if self._job is not None:
            raise InputError(f"{self._job.path} is still being written; wait for it or cancel it")
        suffix = import_module("bpstudio.files.animations.writing").animation_suffix(path)
        problem = import_module("bpstudio.files.animations.movie").movie_problem
        if suffix == ".mp4" and problem():
            raise InputError(problem())
        require_writable(path)
        film = self.film(subject, wish)
        self._job = job = AnimationJob(film, wish.fps, path, self._window)
        job.progressed.connect(self._say_progress)
        job.ended.connect(self._end)
        job.left.connect(self._forget)
        job.start()
        self._say_progress(0)

    def _say_progress(self, share: int) -> None:
        job, bar = self._job, self._window.message_bar
        if job is not None and not bar.stays:
            text = f"Writing {format_count(job.count)} frames to {job.path}: {share}\u2009%"
            bar.show_note(text, "Cancel", self.call_off)

    def _end(self, problem: str) -> None:
        job, self._job = self._job, None
        if job is None:
            return
        bar = self._window.message_bar
        if problem:
            bar.show_error(problem)
        elif not bar.stays:
            bar.show_note(
                f"An animation of {format_count(job.count)} frames was written to {job.path}."
            )
        job.deleteLater()

    def _forget(self) -> None:
        """Those called off that have ended."""
        for job in [job for job in self._leaving if not job.is_on]:
            self._leaving.remove(job)
            job.deleteLater()

    def call_off(self) -> None:
        """Call it off, without waiting for its end; no file is left."""
        job, self._job = self._job, None
        if job is not None:
            job.call_off()
            self._leaving.append(job)

    def close(self) -> None:
        """Call it off, and wait a while for its end."""
        self.call_off()
        for job in self._leaving:
            job.wait(PATIENCE)
