"""Build the documentation: python3 scripts/docs.py [folder]

Web pages that need no server, by default in build/docs; a warning is an error.
"""

import subprocess
import sys

import _environment

ROOT = _environment.ROOT
DEFAULT = ROOT / "build" / "docs"


def command(python: str, folder: str) -> list[str]:
    """What builds the pages into a folder."""
    options = ["-W", "--keep-going", "-E", "-q", "-b", "html", "-d", f"{folder}/.doctrees"]
    return [python, "-m", "sphinx", *options, str(ROOT / "docs"), folder]


def main(arguments: list[str]) -> int:
    """0 where all pages were built."""
    folder = arguments[0] if arguments else str(DEFAULT)
    _environment.prepare(("docs",))
    done = subprocess.run(command(str(_environment.PYTHON), folder), check=False)
    if done.returncode == 0:
        print(f"Open {folder}/index.html")
    return done.returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
