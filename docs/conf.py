"""How the documentation is built; `python3 scripts/docs.py` does it."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "docs" / "_ext")]

import bpstudio  # noqa: E402

project = "bpstudio"
version = release = bpstudio.__version__
copyright = ""
extensions = ["myst_parser", "sphinx.ext.autodoc", "bpstudio_pages"]
myst_enable_extensions = ["colon_fence", "dollarmath"]
myst_dmath_double_inline = True
myst_heading_anchors = 3
exclude_patterns = ["_ext"]
default_role = "code"

autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_typehints_format = "short"
autodoc_preserve_defaults = True
autodoc_class_signature = "separated"

html_math_renderer = "bpstudio"
html_theme = "furo"
html_title = "bpstudio"
html_show_copyright = html_show_sphinx = html_copy_source = False
