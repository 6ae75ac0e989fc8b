"""Data files to data sets, and traces, derivations and weights to files."""
