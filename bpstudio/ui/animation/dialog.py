"""The form that asks which steps become an animation, how fast and how large, and the format."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import lru_cache
from importlib import import_module

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import (
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QPushButton,
    QWidget,
)

from bpstudio.core.notation import format_count
from bpstudio.ui.animation.film import Film
from bpstudio.ui.animation.wish import (
    MOST_FRAMES,
    SIDES,
    SPEEDS,
    TYPED,
    AnimationWish,
    Stretch,
    stride_for,
)
from bpstudio.ui.dialog_footer import footer
from bpstudio.ui.form import combo, remark, select, whole
from bpstudio.ui.form_dialog import fill, form_of, rows_of
from bpstudio.ui.look_fields import Format, LookFields, check
from bpstudio.ui.pictures.preview import Preview
from bpstudio.ui.style import SECTION_GAP

_FORM_WIDTH = 340
_FORMATS = (
    Format("WebP", ".webp", "Small and exact; for the web and for slides."),
    Format("GIF", ".gif", "For programs that know nothing newer; 256 colours a picture."),
    Format("MP4", ".mp4", "A movie, for players and video platforms."),
)
_MOVIE = 2
_FEW = 8  # steps
_SMALLEST_PAUSE = 120  # milliseconds after the last change until the preview is drawn


class AnimationDialog(QDialog):
    """``wish`` is what was chosen; the file is asked for afterwards."""

    def __init__(
        self,
        choices: Sequence[Stretch],
        count: int,
        last: AnimationWish | None,
        film: Callable[[AnimationWish], Film],
        parent: QWidget | None = None,
    ) -> None:
        """``count``: steps of the pass; ``film`` makes the frames of a wish."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Export animation")
        self._choices, self._film = list(choices), film
        titles = [(each.title, str(n)) for n, each in enumerate(choices)]
        self.stretch = combo("Which steps become frames", [*titles, ("Steps from … to …", TYPED)])
        self.first = whole("First step, counted from 0", 0, count - 1)
        self.last = whole("Last step, counted from 0", 0, count - 1)
        self.stride = whole("Steps that a frame stands for", 1, max(count, 1))
        self.fps = whole("Speed: frames a second", *SPEEDS)
        self.derivation = check("Derivation", "What is multiplied and added, under the network")
        sides = ("Width in pixels", "Height of the network in pixels")
        self.looks = LookFields(*sides, SIDES, _FORMATS)
        self.hint = remark()
        self.preview = Preview()
        self.ok = QPushButton()
        self._later = QTimer(self)
        self._show_wish(last)
        select(self.stretch, str(_first_worth_seeing(choices)))
        self._build()
        self._take_stretch()
        self._connect()
        self._show()

    def _show_wish(self, last: AnimationWish | None) -> None:
        """Looks and format as they were chosen last; the steps are those of now."""
        wish = last or AnimationWish(0, 0)
        self.fps.setValue(wish.fps)
        self.derivation.setChecked(wish.derivation)
        self.looks.show(wish)
        self._show_movie_problem()

    def _show_movie_problem(self) -> None:
        problem, box = _movie_problem(), self.looks.format
        model = box.model()
        if not problem or not isinstance(model, QStandardItemModel):
            return
        item = model.item(_MOVIE)
        item.setEnabled(False)
        item.setToolTip(problem)
        box.setToolTip(f"{box.toolTip()}. {problem}")
        if box.currentIndex() == _MOVIE:
            box.setCurrentIndex(0)

    def _build(self) -> None:
        self.ok.setToolTip("Choose the file that they are written to (Enter)")
        self.hint.setMinimumHeight(5 * self.hint.fontMetrics().lineSpacing())
        form = form_of(self._rows(), _FORM_WIDTH, self.hint)
        fill(self, form, self.preview, footer(self, self.ok, "Write nothing (Esc)"))

    def _rows(self) -> QGridLayout:
        looks = self.looks
        fields = (
            ("Steps", self.stretch),
            ("From", self.first),
            ("To", self.last),
            ("Steps a frame", self.stride),
            ("Frames a second", self.fps),
            ("Colours", looks.colors),
            ("Width", looks.width),
            ("Height", looks.height),
            ("Text and lines", looks.text),
            ("Format", looks.format),
        )
        grid = rows_of(fields)
        shown = QHBoxLayout()
        shown.setSpacing(SECTION_GAP)
        shown.addWidget(self.derivation)
        shown.addWidget(looks.caption)
        shown.addStretch(1)
        grid.addLayout(shown, len(fields), 0, 1, 2)
        return grid

    def _connect(self) -> None:
        self._later.setSingleShot(True)
        self._later.setInterval(_SMALLEST_PAUSE)
        self._later.timeout.connect(self._show)
        self.stretch.currentIndexChanged.connect(self._take_stretch)
        for field in (self.first, self.last, self.stride, self.fps):
            field.valueChanged.connect(self._change)
        self.derivation.toggled.connect(self._change)
        self.looks.on_change(self._change)

    def _take_stretch(self) -> None:
        """The ends of what was chosen, and a stride that keeps the frames few enough."""
        chosen = str(self.stretch.currentData())
        for field in (self.first, self.last):
            field.setEnabled(chosen == TYPED)
        if chosen != TYPED:
            steps = self._choices[int(chosen)].steps
            self.first.setValue(steps.start)
            self.last.setValue(steps.stop - 1)
            self.stride.setValue(stride_for(len(steps)))

    def _change(self) -> None:
        self._say()
        self._later.start()

    @property
    def wish(self) -> AnimationWish:
        """What is chosen now."""
        return AnimationWish(
            self.first.value(),
            self.last.value(),
            self.stride.value(),
            self.fps.value(),
            self.derivation.isChecked(),
            *self.looks.look,
        )

    def _say(self) -> bool:
        """How many frames there are, and what is wrong with that; whether they can be written."""
        wish = self.wish
        problem, count = _problem(wish), len(wish.steps)
        self.ok.setText(f"Write {format_count(count)} frames…" if not problem else "Write…")
        self.ok.setEnabled(not problem)
        if problem:
            self.hint.setText(problem)
        return not problem

    def _show(self) -> None:
        """The first frame, and how large the whole becomes."""
        if not self._say():
            self.preview.show_drawing(None)
            return
        wish = self.wish
        # one frame is enough to see the looks; the height is that of the whole stretch
        film = self._film(replace(wish, stride=max(wish.stride, len(wish.steps) // 16 or 1)))
        self.preview.show_image(film.image(0), film.about)
        self.hint.setText(f"{self.looks.hint} {_size_text(wish, film.size)}")


def _first_worth_seeing(choices: Sequence[Stretch]) -> int:
    """The first stretch that is more than a few steps, else the last."""
    few = (n for n, each in enumerate(choices) if len(each.steps) >= _FEW)
    return next(few, len(choices) - 1)


def _problem(wish: AnimationWish) -> str:
    count = len(wish.steps)
    if wish.last < wish.first:
        return f"The last step, {wish.last}, comes before the first, {wish.first}."
    if count > MOST_FRAMES:
        every = stride_for(wish.last - wish.first + 1)
        return (
            f"{format_count(count)} frames are more than {format_count(MOST_FRAMES)}; "
            f"take {every} steps a frame, or fewer steps."
        )
    return ""


def _size_text(wish: AnimationWish, size: tuple[int, int]) -> str:
    """How long it plays and how large it is about."""
    count, megabytes = len(wish.steps), wish.bytes_of(size) / 1e6
    seconds = format_count(max(1, round(count / wish.fps)))
    return (
        f"{format_count(count)} frames of {size[0]} × {size[1]} pixels, "
        f"{seconds}\u2009s, about {max(megabytes, 0.1):.1f}\u2009MB."
    )


@lru_cache(maxsize=1)
def _movie_problem() -> str:
    return str(import_module("bpstudio.files.animations.movie").movie_problem())
