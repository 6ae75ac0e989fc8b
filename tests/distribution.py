"""How the tests are shared out among the workers that run them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling
from xdist.workermanage import WorkerController

FIRST = ("test_soak.py", "test_packaging.py", "test_scripts.py")
"""They take minutes: begun last, they would keep one worker busy while the others wait."""


class Distribution(LoadScopeScheduling):
    """A file a time, so that its fixtures are made once; tests of windows, which come last, singly.

    Singly throughout would cost: each handing out looks at all that was handed out before.
    """

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return nodeid if file.startswith("tests/ui/") else file

    def remove_node(self, node: WorkerController) -> str | None:
        """The test in which a worker crashed (None: it ended as it should); it has failed.

        xdist would have it run again, and wait for what that worker had done already.
        """
        left = [
            (scope, test)
            for scope, unit in self.assigned_work[node].items()
            for test, is_done in unit.items()
            if not is_done
        ]
        self.assigned_work[node] = {}
        for scope, test in left[1:]:
            self.assigned_work[node].setdefault(scope, {})[test] = False
        super().remove_node(node)
        return left[0][1] if left else None

    def _reschedule(self, node: WorkerController) -> None:
        """Hand out work; a worker runs a test when it knows what follows, another or the end."""
        super()._reschedule(node)
        if not node.shutting_down and self._pending_of(self.assigned_work[node]) < 2:
            super()._reschedule(node)


def distribution(config: pytest.Config, log: Any) -> Distribution:
    """In the order in which tests were found."""
    config.option.loadscopereorder = False
    return Distribution(config, log)


def order(path: Path) -> int:
    """The place of a test file among those that come first, the same for all others."""
    return FIRST.index(path.name) if path.name in FIRST else len(FIRST)
