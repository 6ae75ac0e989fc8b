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


class AnimationVerbs:
    """One animation at a time; keeps what was chosen last."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self._job: AnimationJob | None = None
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
        job.start()
        self._say_progress(0)

    def _say_progress(self, share: int) -> None:
        job = self._job
        if job is not None:
            text = f"Writing {format_count(job.count)} frames to {job.path}: {share}\u2009%"
            self._window.message_bar.show_note(text, "Cancel", self.call_off)

    def _end(self, problem: str) -> None:
        job, self._job = self._job, None
        if job is None:
            return
        if problem:
            self._window.message_bar.show_error(problem)
        else:
            text = f"An animation of {format_count(job.count)} frames was written to {job.path}."
            self._window.message_bar.show_note(text)
        job.deleteLater()

    def call_off(self) -> None:
        """Call it off; no file is left."""
        job, self._job = self._job, None
        if job is not None:
            job.call_off()
            job.deleteLater()
