"""The line under the ledger: start and updates add up to the value, and whether exactly."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QPixmap, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from bpstudio.core.notation import format_count, format_number
from bpstudio.debugger.ledger_values import Ledger
from bpstudio.ui.icons import ICON_SIZE, icon_image
from bpstudio.ui.style import PADDING, set_role
from bpstudio.ui.theme import Appearance

_TOGETHER = "\u00a0"
_HEIGHT, _ROUND = 32, 14  # at least, and above and below the lines


class LedgerFooter(QWidget):
    """The sum, and an icon with words that say whether it is exact."""

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        set_role(self, "footer")
        self.setFixedHeight(_HEIGHT)
        self._appearance = appearance
        self._exact = True
        self.sum = QLabel()
        self.sum.setWordWrap(True)
        self.sum.setTextFormat(Qt.TextFormat.RichText)
        self.sum.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.icon, self.verdict = QLabel(), QLabel()
        self._row = row = QHBoxLayout(self)
        row.setContentsMargins(PADDING, 0, PADDING, 0)
        row.setSpacing(6)
        row.addWidget(self.sum, 1)
        row.addWidget(self.icon)
        row.addWidget(self.verdict)
        appearance.changed.connect(lambda _theme: self._show_icon())

    def show_sum(self, ledger: Ledger, place: str) -> None:
        """``place``: e3/b4 where the ledger ends in the past of what is shown, "" for now."""
        self._exact = ledger.is_exact
        self.sum.setText(sum_of(ledger, place))
        self.verdict.setText("sum exact" if self._exact else "sum is off")
        told = how_exact(ledger)
        self.verdict.setToolTip(told)
        self.icon.setToolTip(told)
        self.verdict.setAccessibleDescription(told)
        self._show_icon()
        self._fit()

    def _fit(self) -> None:
        """As high as the lines of the sum need."""
        self._row.activate()
        lines = self.sum.heightForWidth(self.sum.width())
        self.setFixedHeight(max(_HEIGHT, lines + _ROUND))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Narrower there may be more lines."""
        super().resizeEvent(event)
        self._fit()

    def _show_icon(self) -> None:
        theme, ratio = self._appearance.theme, self.devicePixelRatioF()
        name, color = ("check", theme.ready) if self._exact else ("warning", theme.warning)
        self.icon.setPixmap(QPixmap.fromImage(icon_image(name, color, ICON_SIZE, ratio)))
        self.verdict.setStyleSheet(f"color: {color}")


def sum_of(ledger: Ledger, place: str) -> str:
    """Start + updates (+ by hand) = now."""
    by_hand = sum(ledger.entry(n).change for n in ledger.whys)
    updates = ledger.now - ledger.start - by_hand
    parts = [f"Start{_TOGETHER}{_strong(ledger.start)}", _added("updates", updates)]
    if by_hand:
        parts.append(_added("by hand", by_hand))
    parts.append(f"={_TOGETHER}{place or 'now'}{_TOGETHER}{_strong(ledger.now)}")
    return f"{_TOGETHER} ".join(parts)


def _added(name: str, value: float) -> str:
    said = f"+ {name} ".replace(" ", _TOGETHER)  # a line ends between addends only
    return said + _strong(value)


def _strong(value: float) -> str:
    return f"<span style='font-weight:600'>{format_number(value)}</span>"


def how_exact(ledger: Ledger) -> str:
    """What "exact" means, and what comes out where the changes are added as floats."""
    if not ledger.is_exact:
        return (
            "The changes, found by training again, do not lead to the value that the run recorded."
        )
    said = (
        f"Each of the {format_count(len(ledger))} changes begins with the very number that the "
        "one before it ended with, to the last bit, from the start to the recorded value."
    )
    off = ledger.float_sum - ledger.now
    if off == 0.0:
        return f"{said} Added one after the other in floating point they give it exactly, too."
    return (
        f"{said} Added in floating point, which rounds each time, "
        f"they are off by {format_number(off)}."
    )
