"""One file a panel. Panels know the session, not each other and not the window."""
