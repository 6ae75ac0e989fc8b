"""The dialog that shows what a data file would become, and lets the user correct it."""
