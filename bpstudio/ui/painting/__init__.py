"""Points painted by hand on a plane of two features."""
