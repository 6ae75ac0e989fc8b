"""Run every check: python3 scripts/test.py [--all] [arguments of pytest]

Lint, format, types, import contracts, tests. Windows of the tests open on X servers of their own
(Xvfb) where one can be had, else offscreen. --all adds the slow tests and what they need: PyTorch,
and pdflatex and Chromium, which open derivations.
"""

import sys

# before the first line that an older Python cannot read
if sys.version_info < (3, 11):
    sys.exit(
        "bpstudio needs Python 3.11 or newer; this is Python {}.{} ({}). "
        "Start it with a newer one, such as: python3.12 scripts/test.py".format(
            sys.version_info[0], sys.version_info[1], sys.executable
        )
    )

import _checks

if __name__ == "__main__":
    sys.exit(_checks.main(sys.argv[1:]))
