"""Strokes that can be taken back and made again."""

from __future__ import annotations

from bpstudio.core.painted import NUMBERS, Painting


class Strokes:
    """Paintings one after the other; the present one is `now`."""

    def __init__(self, start: Painting | None = None) -> None:
        self.now = Painting() if start is None else start
        self._before: list[Painting] = []
        self._after: list[Painting] = []
        self._is_fresh = True  # the stroke that goes on has changed nothing yet

    @property
    def can_undo(self) -> bool:
        return bool(self._before)

    @property
    def can_redo(self) -> bool:
        return bool(self._after)

    def put(self, painting: Painting, begins: bool = True) -> None:
        """Another painting: a stroke of its own, or the going on of the one before."""
        self._is_fresh = self._is_fresh or begins
        if painting is self.now:
            return
        if self._is_fresh:
            self._before.append(self.now)
        self._is_fresh = False
        self._after.clear()
        self.now = painting

    def undo(self) -> None:
        """Take the last stroke back, if there is one."""
        if self._before:
            self._after.append(self.now)
            self.now = self._before.pop()

    def redo(self) -> None:
        """Make it again, if one was taken back."""
        if self._after:
            self._before.append(self.now)
            self.now = self._after.pop()


class Canvas:
    """What is painted, with its strokes, for classes and for numbers; it outlives the dialog."""

    def __init__(self) -> None:
        self.of_kind = {True: Strokes(Painting()), False: Strokes(NUMBERS)}
        self.is_classes = True

    @property
    def strokes(self) -> Strokes:
        """Those of the kind that is painted."""
        return self.of_kind[self.is_classes]
