"""Back and forward like a browser: the numbers whose origin was looked at."""

from __future__ import annotations


class History:
    """Addresses in the order in which they were opened, and a place among them.

    A number that was only followed (the current step while stepping) is replaced by the next one;
    one that was opened on purpose stays.
    """

    def __init__(self) -> None:
        self._visits: list[str] = []
        self._place = -1
        self._followed = False

    @property
    def current(self) -> str:
        """The address on show; empty before the first."""
        return self._visits[self._place] if self._visits else ""

    @property
    def can_go_back(self) -> bool:
        """Whether there is an earlier one."""
        return self._place > 0

    @property
    def can_go_forward(self) -> bool:
        """Whether one was left by going back."""
        return self._place < len(self._visits) - 1

    def follow(self, address: str) -> None:
        """The current step is another one."""
        if address == self.current:
            return
        if self._followed:
            self._visits[self._place :] = [address]
        else:
            self._push(address)
        self._followed = True

    def open(self, address: str) -> None:
        """A number was opened on purpose."""
        if address != self.current:
            self._push(address)
        self._followed = False

    def back(self) -> str:
        """Go to the earlier one."""
        return self._go(-1)

    def forward(self) -> str:
        """Go to the later one."""
        return self._go(1)

    def _push(self, address: str) -> None:
        self._visits[self._place + 1 :] = [address]
        self._place += 1

    def _go(self, by: int) -> str:
        self._place = min(max(self._place + by, 0), len(self._visits) - 1)
        self._followed = False
        return self.current
