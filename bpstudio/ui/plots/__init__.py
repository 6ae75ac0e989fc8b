"""Plots of training: one view a file, all in one frame."""
