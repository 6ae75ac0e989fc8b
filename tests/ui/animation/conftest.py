"""The window of the tests of pictures."""

from tests.ui.pictures.conftest import folder, shared_window, window

__all__ = ["folder", "shared_window", "window"]
