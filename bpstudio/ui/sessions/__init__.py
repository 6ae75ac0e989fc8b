"""Sessions in the window: kept by themselves, opened where they were left, saved as files."""
