"""How the tests are shared out among the workers that run them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

FIRST = ("test_soak.py", "test_packaging.py", "test_scripts.py")
"""They take minutes: begun last, they would keep one worker busy while the others wait."""


class Distribution(LoadScopeScheduling):
    """A file a time, so that its fixtures are made once; tests of windows, which come last, singly.

    Singly throughout would cost: each handing out looks at all that was handed out before.
    """

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return nodeid if file.startswith("tests/ui/") else file


def distribution(config: pytest.Config, log: Any) -> Distribution:
    """In the order in which tests were found."""
    config.option.loadscopereorder = False
    return Distribution(config, log)


def order(path: Path) -> int:
    """The place of a test file among those that come first, the same for all others."""
    return FIRST.index(path.name) if path.name in FIRST else len(FIRST)
