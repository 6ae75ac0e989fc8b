"""Start bpstudio: python3 scripts/run.py [arguments of bpstudio]

The first start makes a virtual environment in .venv, which takes a minute; later ones find it.
"""

import sys

# before the first line that an older Python cannot read
if sys.version_info < (3, 11):
    sys.exit(
        "bpstudio needs Python 3.11 or newer; this is Python {}.{} ({}). "
        "Start it with a newer one, such as: python3.12 scripts/run.py".format(
            sys.version_info[0], sys.version_info[1], sys.executable
        )
    )

import _environment

if __name__ == "__main__":
    _environment.prepare()
    # -P: a file of the folder that the user is in is no module of bpstudio's
    _environment.hand_over([str(_environment.PYTHON), "-P", "-m", "bpstudio", *sys.argv[1:]])
