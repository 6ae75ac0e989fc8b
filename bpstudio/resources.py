"""The sample data, fonts and icons that bpstudio ships."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
# a wheel carries them inside the package, the repository beside it
_PLACES = (_PACKAGE / "_resources", _PACKAGE.parent / "resources")


def resource(name: str) -> Path:
    """The path of the shipped file or folder `name`, such as "data/iris.csv".

    Raises FileNotFoundError where the installation lacks it.
    """
    for place in _PLACES:
        if (place / name).exists():
            return place / name
    raise FileNotFoundError(
        f"bpstudio's own file resources/{name} is missing from this installation: install it again"
    )
