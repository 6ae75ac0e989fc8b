"""What a start loads before the first window is painted."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CODE = """
import sys
from PySide6.QtWidgets import QApplication
from bpstudio.ui.app import make_window
from bpstudio.ui.settings import Settings
app = QApplication([])
window = make_window(app, Settings())
window.show()
window.grab()
heavy = {"PIL", "arro3", "clevercsv", "duckdb", "numba", "pyqtgraph"} & set(sys.modules)
assert not heavy, heavy
"""


def test_what_takes_long_to_load_waits_until_it_is_needed(tmp_path: Path) -> None:
    own = {"BPSTUDIO_CONFIG_DIR": str(tmp_path), "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(
        [sys.executable, "-c", CODE], cwd=ROOT, env=os.environ | own, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
